//! A directory's place: a temporary data directory, and a database of its own.

use std::{env, fs::OpenOptions, path::PathBuf, process::Command};

use tempfile::TempDir;

use crate::{
    Failed,
    bench::Bench,
    options::{self, Engine},
    postgres::Database,
    process::Process,
    requests::TOKEN,
};

/// Gone when it is dropped, with all that is in it.
pub struct Home<'b> {
    data: TempDir,
    database: Option<Database<'b>>,
    log: PathBuf,
}

impl<'b> Home<'b> {
    /// An empty one.
    pub fn new(bench: &'b Bench, engine: Engine) -> Result<Self, Failed> {
        let data = tempfile::Builder::new().prefix("rollcall-bench-").tempdir_in(options::temporary())?;
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(bench.postgres()?.database()?),
        };
        Ok(Self { data, database, log: bench.server_log.clone() })
    }

    /// Starts the release server here, with its default settings.
    pub fn start(&self) -> Result<Process, Failed> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
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

    /// The database on PostgreSQL, if it is one.
    pub fn database(&self) -> Option<&Database<'b>> {
        self.database.as_ref()
    }

    /// The file of the database, if it is SQLite's.
    pub fn sqlite_file(&self) -> PathBuf {
        self.data.path().join("rollcall.sqlite3")
    }
}
