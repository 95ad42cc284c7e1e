//! `rollcall check`.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
};

use crate::support::{
    database::Database,
    program::{Running, rollcall, stderr},
    program_on,
};

/// Runs `rollcall check`. Returns its exit code and what it prints.
fn check(command: &mut Command) -> (Option<i32>, String) {
    let output = command.arg("check").output().unwrap();
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    (output.status.code(), text + &stderr(&output))
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_directory_that_serves_is_fine_while_it_serves_and_later() {
    let database = Database::create().await;
    let command = || program_on(&database);
    let server = Running::start(&mut command());
    let (code, text) = check(&mut command());
    assert_eq!(code, Some(0), "{text}");
    for expected in [
        "ok       the settings can be used",
        "ok       there is a secret key",
        "ok       the database can be reached",
        "ok       it is of this version of Rollcall",
        "ok       the secret key is the one of this database",
        "ok       it has 1 users, 1 groups and 1 tokens",
        "ok       active superusers: 1",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    server.stop();
    let before = names(database.directory());
    assert_eq!(check(&mut command()), (Some(0), text));
    assert_eq!(names(database.directory()), before, "nothing is left behind");

    let (code, text) = check(command().env("ROLLCALL_SECRET_KEY", "another secret key"));
    assert_eq!(code, Some(1));
    assert!(text.contains("problem  the secret key is not the one this database was created with"), "{text}");
    assert!(text.ends_with("error: problems found: 1\n"), "{text}");

    database.execute("UPDATE users SET is_active = FALSE").await;
    database.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 1)").await;
    let (_, text) = check(&mut command());
    assert!(text.contains("problem  the database is of a newer version of Rollcall"), "{text}");
    database.execute("DELETE FROM seaql_migrations WHERE version = 'm9999_later'").await;
    let (_, text) = check(&mut command());
    assert!(text.contains("problem  there is no active superuser"), "{text}");
    database.execute("DELETE FROM seaql_migrations WHERE version = 'm0006_parents_and_dates'").await;
    let (_, text) = check(&mut command());
    assert!(text.contains("problem  the database is of an older version of Rollcall"), "{text}");
    database.remove().await;
}

#[test]
fn a_directory_that_does_not_exist_is_told_and_not_created() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let (code, text) = check(&mut rollcall(&data));
    assert_eq!(code, Some(1));
    assert!(
        text.contains(&format!("problem  {}/rollcall.sqlite3: there is no database yet", data.display())),
        "{text}"
    );
    assert!(text.contains("problem  no secret key can be read"), "{text}");
    assert!(!data.exists());
}

#[tokio::test]
async fn a_database_that_was_not_set_up_or_cannot_be_reached_is_told_without_its_password() {
    let database = Database::create().await;
    let at = |url: &str| {
        let mut command = rollcall(database.directory());
        command.env("ROLLCALL_DATABASE_URL", url).env("ROLLCALL_SECRET_KEY", "a secret for this test");
        check(&mut command)
    };
    let (code, text) = at(&database.url);
    assert_eq!(code, Some(1));
    let expected = if database.is_postgres() { "the database is empty" } else { "there is no database yet" };
    assert!(text.contains(expected), "{text}");
    let (code, text) = at("postgres://me:hush@127.0.0.1:1/d?password=hush");
    assert_eq!(code, Some(1));
    assert!(text.contains("Database: postgres://me@127.0.0.1:1/d\n") && !text.contains("hush"), "{text}");
    database.remove().await;
}

#[test]
fn a_damaged_file_and_a_key_for_everybody_are_told() {
    let directory = tempfile::tempdir().unwrap();
    Running::start(&mut rollcall(directory.path())).stop();
    fs::set_permissions(directory.path().join("secret.key"), Permissions::from_mode(0o604)).unwrap();
    // Also moves what may be left in the write-ahead log to the file.
    let (code, text) = check(&mut rollcall(directory.path()));
    assert_eq!(code, Some(1));
    assert!(text.contains("secret.key: every user of this system can read it"), "{text}");
    assert!(text.contains("ok       the file is intact"), "{text}");
    let file = directory.path().join("rollcall.sqlite3");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xa5);
    fs::write(&file, bytes).unwrap();
    let (code, text) = check(&mut rollcall(directory.path()));
    assert_eq!(code, Some(1));
    assert!(text.contains("malformed") || text.contains("the file is damaged"), "{text}");
}

#[test]
fn settings_that_do_not_fit_together_are_told() {
    let directory = tempfile::tempdir().unwrap();
    Running::start(&mut rollcall(directory.path())).stop();
    let (code, text) = check(rollcall(directory.path()).env("ROLLCALL_LISTEN", "0.0.0.0:8000"));
    assert_eq!(code, Some(1));
    assert!(text.contains("problem  0.0.0.0:8000: without TLS"), "{text}");
    let (_, text) = check(rollcall(directory.path()).env("ROLLCALL_TLS_KEY", "key.pem"));
    assert!(text.contains("are used together"), "{text}");
}
