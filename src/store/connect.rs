//! Opening the database.

use std::{fmt, fs, num::NonZeroUsize, path::Path, str::FromStr, sync::Arc, time::Duration};

use deadpool::managed::Manager;
use sea_orm::{DbErr, sqlx};
use tokio::sync::Semaphore;

use super::{
    Store,
    connection::{
        Connection, Opener, Pool, ReadLimit, Servers, Target, Use,
        sqlite::{Durability, File},
    },
    metrics::Metrics,
    replica::Replica,
    write::{Context, PostgresWriter, SqliteWriter, Writer},
};

/// The number of connections that read rows from SQLite, and the number of those that read lists.
const SQLITE_READERS: usize = 4;

/// One in so many connections to PostgreSQL is for lists.
const LISTS_SHARE: usize = 4;

/// The URL of the database. One of PostgreSQL may name several servers, of which the primary is used. Its `Debug` output is
/// only the scheme.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

/// What is wrong with a database URL. Contains no part of it, because it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    #[error("expected `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/NAME`")]
    UnknownEngine,
    #[error("{0}; expected `postgres://USER:PASSWORD@HOST:PORT/NAME`")]
    Malformed(String),
    #[error("a parameter after the `?` has an unknown value; for example `?sslmode=require` is known")]
    UnknownValue,
}

impl FromStr for DatabaseUrl {
    type Err = InvalidUrl;
    fn from_str(url: &str) -> Result<Self, InvalidUrl> {
        if ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            Servers::from_str(url).map_err(invalid)?;
        } else if !url.starts_with("sqlite:") {
            return Err(InvalidUrl::UnknownEngine);
        }
        Ok(Self(url.to_owned()))
    }
}

/// sqlx quotes the value of a parameter.
fn invalid(error: sqlx::Error) -> InvalidUrl {
    let message = match &error {
        sqlx::Error::Configuration(cause) => cause.to_string(),
        other => other.to_string(),
    };
    if message.contains('"') { InvalidUrl::UnknownValue } else { InvalidUrl::Malformed(message) }
}

impl DatabaseUrl {
    /// The SQLite file in the data directory.
    pub fn in_directory(directory: &Path) -> Self {
        Self(format!("sqlite:{}", directory.join("rollcall.sqlite3").display()))
    }

    /// The URL for people, without the password.
    pub fn without_password(&self) -> String {
        let servers = Servers::from_str(&self.0).ok().filter(|_| self.sqlite_file().is_none());
        servers.map_or_else(|| self.0.clone(), |servers| servers.without_password())
    }

    /// The SQLite file, if it doesn't exist, or was created by a start that was killed before it wrote anything.
    pub fn missing_file(&self) -> Option<&Path> {
        let is_missing = |file: &&Path| fs::metadata(file).map_or(true, |metadata| metadata.len() == 0);
        self.sqlite_file().map(Path::new).filter(is_missing)
    }

    /// Opens a connection that changes nothing. The SQLite file has to exist.
    pub(super) async fn open_to_examine(&self) -> Result<Connection, DbErr> {
        match self.sqlite_file() {
            Some(file) => {
                let file = File { path: file.into(), read_only: false, durability: Durability::PowerCut };
                file.open_to_examine().map(Connection::Sqlite)
            }
            None => Opener::new(self.postgres()?, None).create().await,
        }
    }

    /// PostgreSQL at this URL.
    fn postgres(&self) -> Result<Target, DbErr> {
        self.servers().map(Target::Postgres)
    }

    fn servers(&self) -> Result<Servers, DbErr> {
        Servers::from_str(&self.0).map_err(|error| DbErr::Custom(error.to_string()))
    }

    pub fn is_postgres(&self) -> bool {
        self.sqlite_file().is_none()
    }

    /// The file, if it is SQLite.
    pub fn sqlite_file(&self) -> Option<&str> {
        self.0.strip_prefix("sqlite:").map(|file| file.strip_prefix("//").unwrap_or(file))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The password may be before the host or in the query.
        let (scheme, _) = self.0.split_once(':').unwrap_or_default();
        write!(formatter, "{scheme}:…")
    }
}

/// Limits on reads.
#[derive(Clone, Copy, Debug)]
pub struct ReadLimits {
    /// How long a list may take.
    pub list_time: Duration,
    /// The most bytes that a statement may return.
    pub bytes: usize,
}

impl ReadLimits {
    /// The defaults of the settings.
    pub const DEFAULT: Self = Self { list_time: Duration::from_secs(10), bytes: 32 * 1024 * 1024 };
}

impl Store {
    /// Creates a store for the database at `url`, with at most `connections` connections if it is PostgreSQL, or two if
    /// that is less. They are opened on first use. To be called in a Tokio runtime.
    ///
    /// # Errors
    ///
    /// If the URL is invalid.
    pub fn open(url: &DatabaseUrl, connections: NonZeroUsize, limits: ReadLimits) -> super::Result<Self> {
        Self::open_with(url, connections, limits, Durability::PowerCut)
    }

    /// Creates a store in a SQLite file for tests, which a power cut may break. To be called in a Tokio runtime.
    ///
    /// # Errors
    ///
    /// If its thread can't be started.
    pub fn open_for_tests(file: &Path, limits: ReadLimits) -> super::Result<Self> {
        let url = DatabaseUrl(format!("sqlite:{}", file.display()));
        Self::open_with(&url, NonZeroUsize::MIN, limits, Durability::Crash)
    }

    /// The same store, which reads lists from the PostgreSQL replica at `url` as long as that has what they must show, by as
    /// many connections as lists have to the primary.
    ///
    /// # Errors
    ///
    /// If the URL is invalid.
    pub fn with_replica(self, url: &DatabaseUrl, limits: ReadLimits) -> super::Result<Self> {
        let (lists, limit) = (self.lists.available_permits(), ReadLimit::new(limits.bytes));
        let target = Target::Postgres(url.servers()?.with_standbys());
        let pool = Pool::new(target, lists, Use::Lists(limits.list_time), limit, &self.metrics)?;
        Ok(Self { replica: Some(Arc::new(Replica::new(pool))), ..self })
    }

    fn open_with(
        url: &DatabaseUrl,
        connections: NonZeroUsize,
        limits: ReadLimits,
        durability: Durability,
    ) -> super::Result<Self> {
        let ReadLimits { list_time: list_timeout, bytes } = limits;
        let context = Context { credentials: Arc::default(), metrics: Metrics::default() };
        let pool = |target, size, used_for| Pool::new(target, size, used_for, ReadLimit::new(bytes), &context.metrics);
        let lists = Use::Lists(list_timeout);
        let (reader, lister, at_once, writer) = match url.sqlite_file() {
            Some(file) => {
                let readers = Target::Sqlite(File { path: file.into(), read_only: true, durability });
                let lister = pool(readers.clone(), SQLITE_READERS, lists)?;
                let file = File { path: file.into(), read_only: false, durability };
                let writer = SqliteWriter::start(file, context.clone());
                let writer = writer.map_err(|error| DbErr::Custom(error.to_string()))?;
                (pool(readers, SQLITE_READERS, Use::Rows)?, lister, SQLITE_READERS, Writer::Sqlite(writer))
            }
            None => {
                let target = url.postgres()?;
                let for_lists = (connections.get() / LISTS_SHARE).max(1);
                let for_rows = connections.get().saturating_sub(for_lists).max(1);
                let reader = pool(target.clone(), for_rows, Use::Rows)?;
                let lister = pool(target, for_lists, lists)?.beside(&reader);
                (reader.clone(), lister, for_lists, Writer::Postgres(PostgresWriter::start(reader, context.clone())))
            }
        };
        let Context { credentials, metrics } = context;
        let (lists, positions) = (Arc::new(Semaphore::new(at_once)), Arc::default());
        Ok(Self { writer, reader, lister, replica: None, list_timeout, lists, positions, credentials, metrics })
    }
}
