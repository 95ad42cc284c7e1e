//! Opening the database.

use std::{fmt, path::Path, str::FromStr, sync::Arc};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbBackend, DbErr, ProxyDatabaseTrait,
    sqlx::postgres::PgConnectOptions,
};

use super::{
    Result, Store,
    connection::{Pool, STATEMENT_CACHE_SIZE, Target, WAIT_TIMEOUT},
    sqlite::{File, MigrationConnection},
};

/// The number of connections that read from SQLite.
const SQLITE_READERS: usize = 4;

/// The number of connections to PostgreSQL.
const POSTGRES_CONNECTIONS: usize = 32;

/// The URL of the database. Its `Debug` output omits the credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

/// An unsupported database URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must start with `sqlite:` or `postgres://`")]
pub struct UnknownEngine;

impl FromStr for DatabaseUrl {
    type Err = UnknownEngine;
    fn from_str(url: &str) -> std::result::Result<Self, UnknownEngine> {
        let is_supported = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        if is_supported { Ok(Self(url.to_owned())) } else { Err(UnknownEngine) }
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
    /// Creates a store for the database at `url`. Connections are opened on first use.
    ///
    /// # Errors
    ///
    /// If the URL is invalid.
    pub fn open(url: &DatabaseUrl) -> Result<Self> {
        let (writer, reader) = match url.sqlite_file() {
            Some(file) => (
                Pool::new(Target::Sqlite(File { path: file.into(), read_only: false }), 1)?,
                Pool::new(Target::Sqlite(File { path: file.into(), read_only: true }), SQLITE_READERS)?,
            ),
            None => {
                let options = PgConnectOptions::from_str(&url.0).map_err(|error| DbErr::Custom(error.to_string()))?;
                let options = options.application_name("rollcall").statement_cache_capacity(STATEMENT_CACHE_SIZE);
                let pool = Pool::new(Target::Postgres(Box::new(options)), POSTGRES_CONNECTIONS)?;
                (pool.clone(), pool)
            }
        };
        let (credentials, creations) = (Arc::default(), Arc::default());
        let lister = reader.for_lists();
        Ok(Self { writer, reader, lister, url: url.clone(), credentials, creations })
    }

    /// Opens a connection for SeaORM's migrations. Creates the SQLite file if it doesn't exist.
    pub(super) async fn connect_for_setup(&self) -> Result<DatabaseConnection> {
        let Some(file) = self.url.sqlite_file() else {
            let mut options = ConnectOptions::new(&self.url.0);
            options.max_connections(1).acquire_timeout(WAIT_TIMEOUT).sqlx_logging(false);
            return Ok(Database::connect(options).await?);
        };
        let file = File { path: file.into(), read_only: false };
        let connection: Box<dyn ProxyDatabaseTrait> = Box::new(MigrationConnection::open(&file)?);
        Ok(Database::connect_proxy(DbBackend::Sqlite, Arc::new(connection)).await?)
    }
}
