//! Database connections.
//!
//! SeaORM builds the statements and reads the rows. Its own pool is not used, because it pings a connection before and
//! after every statement: two thread switches each on SQLite, a round trip each on PostgreSQL, more than most
//! statements cost.

mod pool;
pub mod sqlite;
mod transaction;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};
use sea_orm::{
    DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values,
    sqlx::{self, AssertSqlSafe, ConnectOptions, PgConnection, postgres::PgConnectOptions},
};
use sea_query_sqlx::SqlxValues;

pub use self::{
    pool::{Lease, Pool},
    transaction::Transaction,
};
use super::error;

/// Prepared statements cached per connection.
pub const STATEMENT_CACHE_SIZE: usize = 128;

/// How long to open no more connections to PostgreSQL once it had no room for one. Refusing costs it a process each.
const REFUSED_PAUSE: Duration = Duration::from_millis(100);

/// What to connect to.
#[derive(Clone, Debug)]
pub enum Target {
    Sqlite(sqlite::File),
    Postgres(Box<PgConnectOptions>),
}

/// Opens the connections of a pool.
#[derive(Debug)]
pub struct Opener {
    target: Target,
    /// When and why PostgreSQL last had no room for another connection.
    refused: Mutex<Option<(Instant, DbErr)>>,
}

/// An open connection.
#[derive(Debug)]
pub enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres {
        connection: PgConnection,
        /// Whether it is outside a transaction, and its last statement completed. Otherwise it must not be reused.
        is_clean: bool,
    },
}

impl Opener {
    pub fn new(target: Target) -> Self {
        Self { target, refused: Mutex::default() }
    }

    fn refused(&self) -> std::sync::MutexGuard<'_, Option<(Instant, DbErr)>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl managed::Manager for Opener {
    type Type = Connection;
    type Error = DbErr;

    async fn create(&self) -> Result<Connection, DbErr> {
        let options = match &self.target {
            Target::Sqlite(file) => return Ok(Connection::Sqlite(file.open()?)),
            Target::Postgres(options) => options,
        };
        if let Some((at, error)) = &*self.refused()
            && at.elapsed() < REFUSED_PAUSE
        {
            return Err(error.clone());
        }
        // Boxed, because every query's future has room for this one, which is 9 KiB.
        let connection = Box::pin(options.connect()).await.map_err(failed).inspect_err(|error| {
            if error::is_out_of_connections(error) {
                *self.refused() = Some((Instant::now(), error.clone()));
            }
        })?;
        Ok(Connection::Postgres { connection, is_clean: true })
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<DbErr> {
        match connection {
            Connection::Postgres { is_clean: false, .. } => Err(RecycleError::message("a statement did not complete")),
            _ => Ok(()),
        }
    }
}

impl Connection {
    pub async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(connection) => sqlite::execute(connection, statement),
            Self::Postgres { connection, is_clean } => {
                let query = sqlx::query_with(AssertSqlSafe(statement.sql), arguments(statement.values));
                watch(is_clean, query.execute(connection)).await.map(Into::into)
            }
        }
    }

    pub async fn query_all(&mut self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(connection) => sqlite::query_all(connection, statement),
            Self::Postgres { connection, is_clean } => {
                let query = sqlx::query_with(AssertSqlSafe(statement.sql), arguments(statement.values));
                let rows = watch(is_clean, query.fetch_all(connection)).await?;
                Ok(rows.into_iter().map(Into::into).collect())
            }
        }
    }

    /// Executes SQL without parameters.
    pub async fn execute_plain(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(connection) => sqlite::execute_plain(connection, sql),
            Self::Postgres { connection, is_clean } => {
                watch(is_clean, sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection)).await.map(Into::into)
            }
        }
    }

    /// Marks the connection as being inside a transaction, until it is marked as clean again.
    fn set_clean(&mut self, clean: bool) {
        if let Self::Postgres { is_clean, .. } = self {
            *is_clean = clean;
        }
    }

    /// The connection to SQLite that this is.
    pub fn as_sqlite(&self) -> Result<&rusqlite::Connection, DbErr> {
        match self {
            Self::Sqlite(connection) => Ok(connection),
            Self::Postgres { .. } => Err(DbErr::Custom("not a connection to SQLite".into())),
        }
    }

    pub async fn close(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(connection) => sqlite::close(connection),
            Self::Postgres { connection, .. } => sqlx::Connection::close(connection).await.map_err(failed),
        }
    }
}

/// Awaits a statement. Its connection is no longer clean if the statement is cancelled or the connection is lost.
async fn watch<T>(is_clean: &mut bool, statement: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, DbErr> {
    let was_clean = std::mem::replace(is_clean, false);
    let result = statement.await.map_err(failed);
    *is_clean = was_clean && !result.as_ref().is_err_and(error::is_connection_lost);
    result
}

fn arguments(values: Option<Values>) -> SqlxValues {
    SqlxValues(values.unwrap_or_else(|| Values(Vec::new())))
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}
