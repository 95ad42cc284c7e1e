//! On PostgreSQL, whose own programs do it.

use std::process::Command;

use super::TOKEN;
use crate::support::{
    database::Database,
    program::{Running, stderr},
    program_on,
};

#[tokio::test]
async fn on_postgresql_the_commands_to_run_are_told_and_work() {
    let (database, other) = (Database::create().await, Database::create().await);
    if database.is_postgres() {
        Running::start(program_on(&database).env("ROLLCALL_BOOTSTRAP_TOKEN", TOKEN)).stop();
        let file = database.directory().join("it's a backup");
        // Runs what a command says is to be run.
        let run = |database: &Database, command: &str, start: &str| {
            let url = database.url.replace("postgres@", "postgres:hush@");
            let mut told = program_on(database);
            let output = told.env("ROLLCALL_DATABASE_URL", url).arg(command).arg(&file).output().unwrap();
            let text = stderr(&output);
            assert!(output.status.code() == Some(2) && !text.contains("hush"), "{text}");
            let shell = text.find(start).map(|place| text[place..].trim()).unwrap_or_else(|| panic!("{text}"));
            let done = Command::new("sh").args(["-c", shell]).output().unwrap();
            assert!(done.status.success(), "{shell}: {}", stderr(&done));
        };
        run(&database, "backup", "pg_dump ");
        run(&other, "restore", "pg_restore ");
        let mut command = program_on(&other);
        command.env("ROLLCALL_DATA_DIR", database.directory());
        let check = command.arg("check").output().unwrap();
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
        let mut command = program_on(&other);
        let server = Running::start(command.env("ROLLCALL_DATA_DIR", database.directory()));
        assert_eq!(server.me(TOKEN).await.0, 200);
        server.stop();
    }
    database.remove().await;
    other.remove().await;
}
