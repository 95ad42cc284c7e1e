//! A pool of connections, opened on demand, for reads and for PostgreSQL's transactions.

use std::{
    fmt,
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use deadpool::{
    Runtime,
    managed::{self, Object, PoolError},
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement, error::ConnAcquireErr};
use tokio::time::{Instant, sleep};

use super::{Connection, Opener, Target, sqlite, transaction::Transaction};
use crate::store::{WAIT_TIMEOUT, error};

/// How often to ask for a connection while PostgreSQL has no room for another one.
const RETRY_INTERVAL: Duration = Duration::from_millis(20);

/// How expensive queries are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReadCost {
    /// They find rows by index, which is faster than handing the query to another thread.
    Low,
    /// They may scan a table.
    High,
}

/// A pool of connections.
#[derive(Clone)]
pub struct Pool {
    connections: managed::Pool<Opener>,
    backend: DbBackend,
    read_cost: ReadCost,
    statements: Arc<AtomicU64>,
}

impl fmt::Debug for Pool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pool").field("backend", &self.backend).finish_non_exhaustive()
    }
}

/// A connection that is returned to its pool when dropped, or one without a pool.
pub enum Lease {
    Pooled(Object<Opener>),
    Own(Connection),
}

impl Deref for Lease {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        match self {
            Self::Pooled(connection) => connection,
            Self::Own(connection) => connection,
        }
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Connection {
        match self {
            Self::Pooled(connection) => connection,
            Self::Own(connection) => connection,
        }
    }
}

impl Pool {
    /// Creates a pool of at most `size` connections, which counts its statements in `statements`.
    pub fn new(target: Target, size: usize, statements: Arc<AtomicU64>) -> Result<Self, DbErr> {
        let backend = match target {
            Target::Sqlite(_) => DbBackend::Sqlite,
            Target::Postgres(_) => DbBackend::Postgres,
        };
        let connections = managed::Pool::builder(Opener::new(target)).max_size(size).runtime(Runtime::Tokio1);
        let connections = connections.wait_timeout(Some(WAIT_TIMEOUT)).create_timeout(Some(WAIT_TIMEOUT)).build();
        let connections = connections.map_err(|error| DbErr::Custom(error.to_string()))?;
        Ok(Self { connections, backend, read_cost: ReadCost::Low, statements })
    }

    /// The same pool, for queries that may scan a table.
    pub fn for_lists(&self) -> Self {
        Self { read_cost: ReadCost::High, ..self.clone() }
    }

    /// Begins a transaction on PostgreSQL, in which a statement fails if it waits for a lock for this long.
    pub async fn begin(&self, lock_timeout: Duration) -> Result<Transaction, DbErr> {
        // Sent together.
        let begin = format!("BEGIN; SET LOCAL lock_timeout = {}", lock_timeout.as_millis());
        let mut connection = self.connection().await?;
        if let Err(error) = connection.execute_plain(&begin).await {
            if !self.drop_idle_if_lost(&error) {
                return Err(error);
            }
            drop(connection);
            connection = self.connection().await?;
            connection.execute_plain(&begin).await?;
        }
        connection.set_clean(false);
        Ok(Transaction::new(Lease::Pooled(connection), self.backend, self.statements.clone()))
    }

    /// Closes idle connections, and the pool to new ones.
    pub async fn close(&self) {
        for connection in self.connections.retain(|_, _| false).removed {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "failed to close a database connection");
            }
        }
        self.connections.close();
    }

    /// Takes a connection out of the pool. While PostgreSQL has no room for another one, waits for one of this pool.
    async fn connection(&self) -> Result<Object<Opener>, DbErr> {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        loop {
            match self.connections.get().await {
                Ok(connection) => return Ok(connection),
                Err(PoolError::Backend(error)) if error::is_out_of_connections(&error) && Instant::now() < deadline => {
                    sleep(RETRY_INTERVAL).await;
                }
                Err(PoolError::Backend(error)) => return Err(error),
                Err(error) => return Err(DbErr::ConnectionAcquire(acquire_error(&error))),
            }
        }
    }

    /// Whether the connection was lost, probably while it was idle. If so, all idle connections are dropped, because
    /// the others probably are lost too.
    pub fn drop_idle_if_lost(&self, error: &DbErr) -> bool {
        let is_lost = error::is_connection_lost(error);
        if is_lost {
            self.connections.retain(|_, _| false);
        }
        is_lost
    }

    async fn query(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut connection = self.connection().await?;
        if self.backend == DbBackend::Sqlite && self.read_cost == ReadCost::High {
            let query = move || sqlite::query_all(connection.as_sqlite()?, statement);
            let rows = tokio::task::spawn_blocking(query).await;
            return rows.unwrap_or_else(|error| Err(DbErr::Custom(error::resume_panic(error).to_string())));
        }
        connection.query_all(statement).await
    }
}

fn acquire_error(error: &PoolError<DbErr>) -> ConnAcquireErr {
    if matches!(error, PoolError::Closed) { ConnAcquireErr::ConnectionClosed } else { ConnAcquireErr::Timeout }
}

#[async_trait::async_trait]
impl ConnectionTrait for Pool {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    async fn execute_raw(&self, _: Statement) -> Result<ExecResult, DbErr> {
        Err(read_only())
    }

    async fn execute_unprepared(&self, _: &str) -> Result<ExecResult, DbErr> {
        Err(read_only())
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        // Only a server can restart, and only reads are safe to retry.
        let retry = (self.backend == DbBackend::Postgres).then(|| statement.clone());
        match (self.query(statement).await, retry) {
            (Err(error), Some(statement)) if self.drop_idle_if_lost(&error) => self.query(statement).await,
            (result, _) => result,
        }
    }
}

/// Writes go through [`Store::write`](crate::store::Store::write).
fn read_only() -> DbErr {
    DbErr::Custom("the pool is for reading".into())
}
