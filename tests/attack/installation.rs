//! A database and a data directory with which the program is started again and again.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Command,
    sync::MutexGuard,
    time::Duration,
};

use crate::{
    database::{Database, number},
    postgres::command_in,
    program::{Running, with_settings},
    small_files::SmallFiles,
    target::{TOKEN, turn},
};

pub struct Installation {
    /// The URL of the database, if it is on PostgreSQL.
    pub postgres: Option<String>,
    /// The data directory.
    pub data: PathBuf,
    /// A command that runs others where the data directory is, with its arguments.
    inside: Vec<String>,
    directory: tempfile::TempDir,
    database: Option<Database>,
    _turn: MutexGuard<'static, ()>,
}

impl Installation {
    /// With a new database, on the engine of the tests.
    pub async fn create() -> Self {
        let database = Database::create().await;
        let database = if database.is_postgres() { Some(database) } else { None };
        let postgres = database.as_ref().map(|database| database.url.clone());
        Self { database, ..Self::new(postgres) }
    }

    /// On the PostgreSQL database at this URL.
    pub fn on(url: &str) -> Self {
        Self::new(Some(url.to_owned()))
    }

    /// On SQLite, in this file system.
    pub fn in_small(files: &SmallFiles) -> Self {
        Self { data: files.directory().join("data"), inside: files.inside(), ..Self::new(None) }
    }

    fn new(postgres: Option<String>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data");
        Self { postgres, data, inside: Vec::new(), directory, database: None, _turn: turn() }
    }

    /// The file of the database, if it is on SQLite.
    pub fn file(&self) -> Option<PathBuf> {
        self.postgres.is_none().then(|| self.data.join("rollcall.sqlite3"))
    }

    /// The command that serves.
    pub fn serve(&self) -> Command {
        let program = command_in(&self.inside, env!("CARGO_BIN_EXE_rollcall"));
        let mut command = with_settings(program, &self.data);
        command.arg("serve").env("ROLLCALL_BOOTSTRAP_TOKEN", TOKEN);
        if let Some(url) = &self.postgres {
            command.env("ROLLCALL_DATABASE_URL", url);
        }
        command
    }

    pub fn start(&self) -> Running {
        let log = self.log();
        let log = File::options().append(true).create(true).open(log).unwrap();
        Running::start_with_log(&mut self.serve(), log)
    }

    /// Returns the number that a query selects as `number`.
    pub async fn number(&self, sql: &str) -> i64 {
        match &self.postgres {
            Some(url) => number(url, sql).await,
            None => open(&self.file().unwrap()).query_row(sql, [], |row| row.get("number")).unwrap(),
        }
    }

    /// Waits until PostgreSQL has no process left that worked for a server which has ended. One of them may still
    /// commit what that server sent last.
    pub async fn wait_for_sessions(&self, started_until: i64) {
        let Some(url) = &self.postgres else { return };
        let sql = format!(
            "SELECT count(*) AS number FROM pg_stat_activity WHERE datname = current_database()
             AND application_name = 'rollcall' AND backend_start <= to_timestamp({started_until} / 1000000.0)"
        );
        for _ in 0..500 {
            if number(url, &sql).await == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("sessions of a server that has ended are left");
    }

    /// The time of PostgreSQL, in microseconds.
    pub async fn time(&self) -> i64 {
        let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint) AS number";
        match &self.postgres {
            Some(url) => number(url, sql).await,
            None => 0,
        }
    }

    fn log(&self) -> PathBuf {
        self.directory.path().join("log")
    }

    /// Asserts that no start panicked, and removes the database.
    pub async fn remove(self) {
        let log = std::fs::read_to_string(self.log()).unwrap();
        assert!(!log.contains("panicked"), "{log}");
        if let Some(database) = self.database {
            database.remove().await;
        }
    }
}

/// Opens the file of a database to read it.
pub fn open(file: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// Asserts that the file of a database is whole, and that its search index agrees with the users.
pub fn check_file(file: &Path) {
    let connection = open(file);
    let first = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0));
    assert_eq!(first("PRAGMA integrity_check").unwrap(), "ok");
    assert_eq!(first("PRAGMA foreign_key_check"), Err(rusqlite::Error::QueryReturnedNoRows));
    // Whoever is not indexed yet, or has changed since, may have any entries or none.
    let due = r#"(SELECT "user_id" FROM "changed_users"
        UNION ALL SELECT "id" FROM "users" WHERE "id" > (SELECT "indexed_to" FROM "user_index"))"#;
    let rows = r#""key", "value", "user_id""#;
    for (expected, found, user) in [
        (r#"SELECT "id" FROM "users""#, r#"SELECT "id" FROM "users_search_docsize""#, "id"),
        (
            &*format!(r#"SELECT DISTINCT {rows} FROM "user_attribute_rows""#),
            &format!(r#"SELECT {rows} FROM "user_attributes""#),
            "user_id",
        ),
    ] {
        for (some, others) in [(expected, found), (found, expected)] {
            let sql =
                format!(r#"SELECT count(*) FROM (SELECT * FROM ({some}) WHERE "{user}" NOT IN {due} EXCEPT {others})"#);
            let differences: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert_eq!(differences, 0, "in {some}, not in {others}");
        }
    }
}
