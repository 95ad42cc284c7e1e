//! Database connections and their pool.
//!
//! SeaORM builds the statements and reads the rows. Its own pool is not used, because it pings a connection before and
//! after every statement: two thread switches each on SQLite, a round trip each on PostgreSQL, more than most
//! statements cost. This pool notices a broken connection when a statement fails, and retries what is safe to retry.

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

/// Prepared statements cached per connection. Batches of different sizes are different statements.
pub const STATEMENT_CACHE_SIZE: usize = 256;

/// How long to wait for a connection, and on SQLite for a lock held by another process.
pub const WAIT_TIMEOUT: Duration = Duration::from_secs(5);

/// What to connect to.
#[derive(Clone, Debug)]
pub enum Target {
    Sqlite(File),
    Postgres(Box<PgConnectOptions>),
}

/// An open connection.
#[derive(Debug)]
pub struct Connection {
    engine: Engine,
    /// Whether the last statement completed. The state after a cancelled one is unknown.
    is_reusable: bool,
}

#[derive(Debug)]
enum Engine {
    Sqlite(rusqlite::Connection),
    Postgres(PgConnection),
}

impl managed::Manager for Target {
    type Type = Connection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Connection, sqlx::Error> {
        let engine = match self {
            Self::Sqlite(file) => Engine::Sqlite(file.open()?),
            Self::Postgres(options) => Engine::Postgres(options.connect().await?),
        };
        Ok(Connection { engine, is_reusable: true })
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<sqlx::Error> {
        if connection.is_reusable { Ok(()) } else { Err(RecycleError::message("a statement did not complete")) }
    }
}

/// How expensive queries are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReadCost {
    /// They find rows by index, which is faster than handing the query to another thread.
    Low,
    /// They may scan a table.
    High,
}

impl Connection {
    async fn execute(&mut self, statement: Statement) -> Result<ExecResult, sqlx::Error> {
        match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::blocking(|| sqlite::execute(connection, statement)),
            Engine::Postgres(connection) => {
                self.is_reusable = false;
                let Statement { sql, values, .. } = statement;
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments(values));
                let result = query.execute(connection).await.map(Into::into);
                self.is_reusable = is_alive(&result);
                result
            }
        }
    }

    async fn query_all(&mut self, statement: Statement, cost: ReadCost) -> Result<Vec<QueryResult>, sqlx::Error> {
        match &mut self.engine {
            Engine::Sqlite(connection) if cost == ReadCost::High => {
                sqlite::blocking(|| sqlite::query_all(connection, statement))
            }
            Engine::Sqlite(connection) => sqlite::query_all(connection, statement),
            Engine::Postgres(connection) => {
                self.is_reusable = false;
                let Statement { sql, values, .. } = statement;
                let rows = sqlx::query_with(AssertSqlSafe(sql), arguments(values)).fetch_all(connection).await;
                self.is_reusable = is_alive(&rows);
                Ok(rows?.into_iter().map(Into::into).collect())
            }
        }
    }

    /// Executes SQL without parameters, such as `BEGIN` and `COMMIT`.
    async fn execute_plain(&mut self, sql: &str) -> Result<ExecResult, sqlx::Error> {
        match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::blocking(|| sqlite::execute_plain(connection, sql)),
            Engine::Postgres(connection) => {
                self.is_reusable = false;
                let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(Into::into);
                self.is_reusable = is_alive(&result);
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

/// A pool of connections, opened on demand.
#[derive(Clone)]
pub struct Pool {
    connections: managed::Pool<Target>,
    backend: DbBackend,
    read_cost: ReadCost,
    statements: Arc<AtomicU64>,
}

impl fmt::Debug for Pool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pool").field("backend", &self.backend).finish_non_exhaustive()
    }
}

impl Pool {
    /// Creates a pool of at most `size` connections.
    pub fn new(target: Target, size: usize) -> Result<Self, DbErr> {
        let backend = match target {
            Target::Sqlite(_) => DbBackend::Sqlite,
            Target::Postgres(_) => DbBackend::Postgres,
        };
        let connections = managed::Pool::builder(target).max_size(size).runtime(Runtime::Tokio1);
        let connections = connections.wait_timeout(Some(WAIT_TIMEOUT)).create_timeout(Some(WAIT_TIMEOUT)).build();
        let connections = connections.map_err(|error| DbErr::Custom(error.to_string()))?;
        Ok(Self { connections, backend, read_cost: ReadCost::Low, statements: Arc::default() })
    }

    /// The same pool, for queries that may scan a table.
    pub fn for_lists(&self) -> Self {
        Self { read_cost: ReadCost::High, ..self.clone() }
    }

    /// The number of statements executed so far, without `BEGIN`, `COMMIT` and `ROLLBACK`.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Begins a transaction. On SQLite it takes the write lock at once: a transaction that started with a read would
    /// fail instead of waiting for the lock later.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        let begin = if self.backend == DbBackend::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
        let mut connection = self.connection().await?;
        if let Err(error) = connection.execute_plain(begin).await {
            if !self.is_stale(&error) {
                return Err(failed(error));
            }
            drop(connection);
            connection = self.connection().await?;
            connection.execute_plain(begin).await.map_err(failed)?;
        }
        Ok(Transaction {
            connection: Mutex::new(Some(connection)),
            backend: self.backend,
            statements: self.statements.clone(),
        })
    }

    /// Closes idle connections, and the pool to new ones.
    pub async fn close(&self) {
        for connection in self.connections.retain(|_, _| false).removed {
            let closed = match connection.engine {
                Engine::Sqlite(connection) => connection.close().map_err(|(_, error)| error.to_string()),
                Engine::Postgres(connection) => connection.close().await.map_err(|error| error.to_string()),
            };
            if let Err(error) = closed {
                tracing::warn!(error, "failed to close a database connection");
            }
        }
        self.connections.close();
    }

    async fn connection(&self) -> Result<Object<Target>, DbErr> {
        self.connections.get().await.map_err(|error| match error {
            PoolError::Backend(error) => DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))),
            error => {
                DbErr::Conn(RuntimeErr::SqlxError(Arc::new(sqlx::Error::Io(std::io::Error::other(error.to_string())))))
            }
        })
    }

    /// Whether the connection broke while it was idle. If so, all idle connections are dropped, because the others
    /// probably broke too.
    fn is_stale(&self, error: &sqlx::Error) -> bool {
        let is_stale = matches!(error, sqlx::Error::Io(_));
        if is_stale {
            self.connections.retain(|_, _| false);
        }
        is_stale
    }
}

/// A transaction. It is rolled back if dropped before it is committed.
pub struct Transaction {
    /// `None` once the transaction has ended.
    connection: Mutex<Option<Object<Target>>>,
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
        match self.connection.get_mut().take() {
            Some(mut connection) => {
                let ended = connection.execute_plain(sql).await;
                // After an error the transaction may still be open, so the connection must not be reused.
                connection.is_reusable &= ended.is_ok();
                ended.map(|_| ()).map_err(failed)
            }
            None => Ok(()),
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.get_mut().take() else { return };
        // The connection must not be reused until the rollback completes.
        connection.is_reusable = false;
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                match connection.execute_plain("ROLLBACK").await {
                    Ok(_) => connection.is_reusable = true,
                    Err(error) => tracing::warn!(%error, "failed to roll back a transaction; closing its connection"),
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
        self.connection().await?.execute(statement).await.map_err(failed)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        self.connection().await?.execute_plain(sql).await.map_err(failed)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        // Only a server can restart, and only reads are safe to retry.
        let retry = (self.backend == DbBackend::Postgres).then(|| statement.clone());
        let result = self.connection().await?.query_all(statement, self.read_cost).await;
        match (result, retry) {
            (Err(error), Some(statement)) if self.is_stale(&error) => {
                self.connection().await?.query_all(statement, self.read_cost).await.map_err(failed)
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
        let mut connection = self.connection.lock().await;
        connection.as_mut().ok_or_else(ended)?.execute(statement).await.map_err(failed)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let mut connection = self.connection.lock().await;
        connection.as_mut().ok_or_else(ended)?.execute_plain(sql).await.map_err(failed)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let mut connection = self.connection.lock().await;
        connection.as_mut().ok_or_else(ended)?.query_all(statement, ReadCost::Low).await.map_err(failed)
    }
}

fn ended() -> DbErr {
    DbErr::Custom("the transaction has ended".into())
}
