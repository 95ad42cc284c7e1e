//! Connections to the database, and statements sent over them.
//!
//! SeaORM builds the statements and reads the rows. Its pool is not used, because that asks a connection before and after
//! every statement whether it is still alive: two switches between threads each on SQLite, a round trip each on
//! PostgreSQL, and more than most statements themselves. Here a connection that breaks tells so by failing.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use deadpool::{
    Runtime,
    managed::{self, Metrics, Object, PoolError, RecycleError, RecycleResult},
};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values,
    sqlx::{self, AssertSqlSafe, ConnectOptions, Connection as _, PgConnection, postgres::PgConnectOptions},
};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Mutex;

use super::sqlite::{self, File};

/// Prepared statements that a connection keeps: a batch of each size has its own.
pub const STATEMENTS: usize = 256;

/// How long a request waits for a connection, and SQLite for a lock held by another process.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How to connect.
#[derive(Clone, Debug)]
pub enum Target {
    Sqlite(File),
    Postgres(Box<PgConnectOptions>),
}

/// An open connection.
#[derive(Debug)]
pub struct Link {
    to: Engine,
    /// Whether the last statement came to its end. One that was given up in the middle may have left anything behind.
    is_idle: bool,
}

#[derive(Debug)]
enum Engine {
    Sqlite(rusqlite::Connection),
    Postgres(PgConnection),
}

impl managed::Manager for Target {
    type Type = Link;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Link, sqlx::Error> {
        let to = match self {
            Self::Sqlite(file) => Engine::Sqlite(file.open()?),
            Self::Postgres(options) => Engine::Postgres(options.connect().await?),
        };
        Ok(Link { to, is_idle: true })
    }

    async fn recycle(&self, link: &mut Link, _: &Metrics) -> RecycleResult<sqlx::Error> {
        if link.is_idle { Ok(()) } else { Err(RecycleError::message("a statement did not end")) }
    }
}

/// How long statements may take that read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// As long as finding a row: less than to hand the statement to another thread.
    Quick,
    /// As long as reading a table.
    Slow,
}

impl Link {
    async fn execute(&mut self, statement: Statement) -> Result<ExecResult, sqlx::Error> {
        match &mut self.to {
            Engine::Sqlite(connection) => sqlite::patiently(|| sqlite::execute(connection, statement)),
            Engine::Postgres(connection) => {
                self.is_idle = false;
                let Statement { sql, values, .. } = statement;
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments(values));
                let result = query.execute(connection).await.map(Into::into);
                self.is_idle = is_alive(&result);
                result
            }
        }
    }

    async fn query_all(&mut self, statement: Statement, at: Pace) -> Result<Vec<QueryResult>, sqlx::Error> {
        match &mut self.to {
            Engine::Sqlite(connection) if at == Pace::Slow => {
                sqlite::patiently(|| sqlite::query_all(connection, statement))
            }
            Engine::Sqlite(connection) => sqlite::query_all(connection, statement),
            Engine::Postgres(connection) => {
                self.is_idle = false;
                let Statement { sql, values, .. } = statement;
                let rows = sqlx::query_with(AssertSqlSafe(sql), arguments(values)).fetch_all(connection).await;
                self.is_idle = is_alive(&rows);
                Ok(rows?.into_iter().map(Into::into).collect())
            }
        }
    }

    /// Executes statements that have no values, such as those around a transaction.
    async fn execute_plain(&mut self, sql: &str) -> Result<ExecResult, sqlx::Error> {
        match &mut self.to {
            Engine::Sqlite(connection) => sqlite::patiently(|| sqlite::execute_plain(connection, sql)),
            Engine::Postgres(connection) => {
                self.is_idle = false;
                let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(Into::into);
                self.is_idle = is_alive(&result);
                result
            }
        }
    }
}

fn arguments(values: Option<Values>) -> SqlxValues {
    SqlxValues(values.unwrap_or_else(|| Values(Vec::new())))
}

fn is_alive<T>(result: &Result<T, sqlx::Error>) -> bool {
    !matches!(result, Err(sqlx::Error::Io(_) | sqlx::Error::Protocol(_)))
}

/// Connections that are opened when they are needed, and kept.
#[derive(Clone)]
pub struct Pool {
    links: managed::Pool<Target>,
    backend: DbBackend,
    pace: Pace,
    statements: Arc<AtomicU64>,
}

impl fmt::Debug for Pool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pool").field("backend", &self.backend).finish_non_exhaustive()
    }
}

impl Pool {
    /// A pool of at most so many connections.
    pub fn new(target: Target, size: usize) -> Result<Self, DbErr> {
        let backend = match target {
            Target::Sqlite(_) => DbBackend::Sqlite,
            Target::Postgres(_) => DbBackend::Postgres,
        };
        let links = managed::Pool::builder(target).max_size(size).runtime(Runtime::Tokio1);
        let links = links.wait_timeout(Some(PATIENCE)).create_timeout(Some(PATIENCE)).build();
        let links = links.map_err(|error| DbErr::Custom(error.to_string()))?;
        Ok(Self { links, backend, pace: Pace::Quick, statements: Arc::default() })
    }

    /// The same connections, for statements that may read a whole table.
    pub fn for_lists(&self) -> Self {
        Self { pace: Pace::Slow, ..self.clone() }
    }

    /// How many statements were sent so far, besides those around transactions.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Begins a transaction. On SQLite it takes the write lock at once: a transaction that starts by reading could not
    /// be made to wait for another's later.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        let begin = if self.backend == DbBackend::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
        let mut link = self.link().await?;
        if let Err(error) = link.execute_plain(begin).await {
            if !self.is_stale(&error) {
                return Err(failed(error));
            }
            drop(link);
            link = self.link().await?;
            link.execute_plain(begin).await.map_err(failed)?;
        }
        Ok(Transaction { link: Mutex::new(Some(link)), backend: self.backend, statements: self.statements.clone() })
    }

    /// Closes the connections that nobody uses, and lets nobody open more.
    pub async fn close(&self) {
        for link in self.links.retain(|_, _| false).removed {
            let closed = match link.to {
                Engine::Sqlite(connection) => connection.close().map_err(|(_, error)| error.to_string()),
                Engine::Postgres(connection) => connection.close().await.map_err(|error| error.to_string()),
            };
            if let Err(error) = closed {
                tracing::warn!(error, "a database connection did not close");
            }
        }
        self.links.close();
    }

    async fn link(&self) -> Result<Object<Target>, DbErr> {
        self.links.get().await.map_err(|error| match error {
            PoolError::Backend(error) => DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))),
            error => {
                DbErr::Conn(RuntimeErr::SqlxError(Arc::new(sqlx::Error::Io(std::io::Error::other(error.to_string())))))
            }
        })
    }

    /// Whether the connection had broken while nobody used it. Then the others have too, and all are thrown away.
    fn is_stale(&self, error: &sqlx::Error) -> bool {
        let is_stale = matches!(error, sqlx::Error::Io(_));
        if is_stale {
            self.links.retain(|_, _| false);
        }
        is_stale
    }
}

/// A transaction. Dropped before it is committed, it is rolled back.
pub struct Transaction {
    /// There until the transaction ends.
    link: Mutex<Option<Object<Target>>>,
    backend: DbBackend,
    statements: Arc<AtomicU64>,
}

impl Transaction {
    pub async fn commit(mut self) -> Result<(), DbErr> {
        self.end("COMMIT").await
    }

    pub async fn rollback(mut self) -> Result<(), DbErr> {
        self.end("ROLLBACK").await
    }

    async fn end(&mut self, sql: &str) -> Result<(), DbErr> {
        match self.link.get_mut().take() {
            Some(mut link) => {
                let ended = link.execute_plain(sql).await;
                // The transaction may still be open, so nobody else may use the connection.
                link.is_idle &= ended.is_ok();
                ended.map(|_| ()).map_err(failed)
            }
            None => Ok(()),
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(mut link) = self.link.get_mut().take() else { return };
        // Until the roll-back came to its end, the connection is of no use to others.
        link.is_idle = false;
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                match link.execute_plain("ROLLBACK").await {
                    Ok(_) => link.is_idle = true,
                    Err(error) => tracing::warn!(%error, "a transaction was not rolled back but cut off"),
                }
            });
        }
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

#[async_trait::async_trait]
impl ConnectionTrait for Pool {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        self.link().await?.execute(statement).await.map_err(failed)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        self.link().await?.execute_plain(sql).await.map_err(failed)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        // Only a server goes away and comes back.
        let again = (self.backend == DbBackend::Postgres).then(|| statement.clone());
        let result = self.link().await?.query_all(statement, self.pace).await;
        match (result, again) {
            // Reading twice does no harm.
            (Err(error), Some(statement)) if self.is_stale(&error) => {
                self.link().await?.query_all(statement, self.pace).await.map_err(failed)
            }
            (result, _) => result.map_err(failed),
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let mut link = self.link.lock().await;
        link.as_mut().ok_or_else(ended)?.execute(statement).await.map_err(failed)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let mut link = self.link.lock().await;
        link.as_mut().ok_or_else(ended)?.execute_plain(sql).await.map_err(failed)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let mut link = self.link.lock().await;
        link.as_mut().ok_or_else(ended)?.query_all(statement, Pace::Quick).await.map_err(failed)
    }
}

fn ended() -> DbErr {
    DbErr::Custom("the transaction has ended".into())
}
