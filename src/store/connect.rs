//! Opening the database.

use std::{fmt, path::Path, str::FromStr, sync::Arc, time::Duration};

use sea_orm::{
    ConnectOptions, Database,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::{Result, Store};

/// Connections that read from SQLite side by side.
const SQLITE_READERS: u32 = 4;

/// Connections to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 32;

/// How long a request waits for a connection, and SQLite for a lock held by another process.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the database is. Printing it hides the password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

/// The setting names no database that the store can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("has to start with `sqlite:` or `postgres://`")]
pub struct UnknownEngine;

impl FromStr for DatabaseUrl {
    type Err = UnknownEngine;
    fn from_str(url: &str) -> std::result::Result<Self, UnknownEngine> {
        let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        if known { Ok(Self(url.to_owned())) } else { Err(UnknownEngine) }
    }
}

impl DatabaseUrl {
    /// The SQLite file in the data directory.
    pub fn in_directory(directory: &Path) -> Self {
        Self(format!("sqlite:{}", directory.join("rollcall.sqlite3").display()))
    }

    fn sqlite_file(&self) -> Option<&str> {
        self.0.strip_prefix("sqlite:").map(|file| file.strip_prefix("//").unwrap_or(file))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.0.split_once(':').unwrap_or((&self.0, ""));
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        write!(formatter, "{scheme}:{host}")
    }
}

impl Store {
    /// Opens the database; a SQLite file is created when it is not there.
    ///
    /// # Errors
    ///
    /// When the database can't be reached or opened.
    pub async fn open(url: &DatabaseUrl) -> Result<Self> {
        let Some(file) = url.sqlite_file() else {
            let pool = Database::connect(options(&url.0, POSTGRES_CONNECTIONS)).await?;
            return Ok(Self {
                writer: pool.clone(),
                reader: pool,
                credentials: Arc::default(),
                creations: Arc::default(),
            });
        };
        let sqlite = |file: String, read_only: bool| {
            move |_: SqliteConnectOptions| {
                SqliteConnectOptions::new()
                    .filename(&file)
                    .create_if_missing(!read_only)
                    .read_only(read_only)
                    .journal_mode(SqliteJournalMode::Wal)
                    // An answered write survives a power cut, not only a crash of the process.
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(PATIENCE)
            }
        };
        let mut one_writer = options("sqlite:", 1);
        one_writer.map_sqlx_sqlite_opts(sqlite(file.to_owned(), false));
        let writer = Database::connect(one_writer).await?;
        let mut readers = options("sqlite:", SQLITE_READERS);
        readers.map_sqlx_sqlite_opts(sqlite(file.to_owned(), true));
        let reader = Database::connect(readers).await?;
        Ok(Self { writer, reader, credentials: Arc::default(), creations: Arc::default() })
    }
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).acquire_timeout(PATIENCE).sqlx_logging(false);
    options
}
