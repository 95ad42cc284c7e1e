//! The storage of a directory: a temporary data directory and its own database.

use std::{env, fs::OpenOptions, path::PathBuf, process::Command};

use tempfile::TempDir;

use crate::{
    BoxError,
    bench::Bench,
    options::{self, Engine},
    postgres::Database,
    process::Process,
    requests::TOKEN,
};

/// Deleted when dropped.
pub struct Home<'b> {
    data: TempDir,
    database: Option<Database<'b>>,
    program: PathBuf,
    log: PathBuf,
}

impl<'b> Home<'b> {
    /// Creates empty storage.
    pub fn new(bench: &'b Bench, engine: Engine) -> Result<Self, BoxError> {
        let data = tempfile::Builder::new().prefix("rollcall-bench-").tempdir_in(options::temporary())?;
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(bench.postgres()?.database()?),
        };
        Ok(Self { data, database, program: bench.server.clone(), log: bench.server_log.clone() })
    }

    /// Starts the server with default settings.
    pub fn start(&self) -> Result<Process, BoxError> {
        let mut command = Command::new(&self.program);
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("ROLLCALL_")) {
                command.env_remove(name);
            }
        }
        if let Some(database) = &self.database {
            command.env("ROLLCALL_DATABASE_URL", database.url());
        }
        let log = OpenOptions::new().append(true).create(true).open(&self.log)?;
        command
            .arg("serve")
            .env("ROLLCALL_LISTEN", "127.0.0.1:0")
            .env("ROLLCALL_DATA_DIR", self.data.path())
            .env("ROLLCALL_BOOTSTRAP_TOKEN", TOKEN)
            .stderr(log);
        Process::start(&mut command)
    }

    /// The database, on PostgreSQL.
    pub fn database(&self) -> Option<&Database<'b>> {
        self.database.as_ref()
    }

    /// The database file, on SQLite.
    pub fn sqlite_file(&self) -> PathBuf {
        self.data.path().join("rollcall.sqlite3")
    }
}
