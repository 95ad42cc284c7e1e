//! Opening the database.

use std::{fmt, path::Path, str::FromStr, sync::Arc};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbBackend, DbErr, ProxyDatabaseTrait,
    sqlx::postgres::PgConnectOptions,
};

use super::{
    Result, Store,
    connection::{PATIENCE, Pool, STATEMENTS, Target},
    sqlite::{Alone, File},
};

/// Connections that read from SQLite side by side.
const SQLITE_READERS: usize = 4;

/// Connections to PostgreSQL.
const POSTGRES_CONNECTIONS: usize = 32;

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
    /// A store in the database at `url`, which is opened when it is first asked something.
    ///
    /// # Errors
    ///
    /// When the URL can't be understood.
    pub fn open(url: &DatabaseUrl) -> Result<Self> {
        let (writer, reader) = match url.sqlite_file() {
            Some(file) => (
                Pool::new(Target::Sqlite(File { path: file.into(), read_only: false }), 1)?,
                Pool::new(Target::Sqlite(File { path: file.into(), read_only: true }), SQLITE_READERS)?,
            ),
            None => {
                let options = PgConnectOptions::from_str(&url.0).map_err(|error| DbErr::Custom(error.to_string()))?;
                let options = options.application_name("rollcall").statement_cache_capacity(STATEMENTS);
                let pool = Pool::new(Target::Postgres(Box::new(options)), POSTGRES_CONNECTIONS)?;
                (pool.clone(), pool)
            }
        };
        let (credentials, creations) = (Arc::default(), Arc::default());
        let lister = reader.for_lists();
        Ok(Self { writer, reader, lister, url: url.clone(), credentials, creations })
    }

    /// A connection as SeaORM's migrations want it. A SQLite file is created when it is not there.
    pub(super) async fn connect_for_setup(&self) -> Result<DatabaseConnection> {
        let Some(file) = self.url.sqlite_file() else {
            let mut options = ConnectOptions::new(&self.url.0);
            options.max_connections(1).acquire_timeout(PATIENCE).sqlx_logging(false);
            return Ok(Database::connect(options).await?);
        };
        let file = File { path: file.into(), read_only: false };
        let alone: Box<dyn ProxyDatabaseTrait> = Box::new(Alone::open(&file)?);
        Ok(Database::connect_proxy(DbBackend::Sqlite, Arc::new(alone)).await?)
    }
}
