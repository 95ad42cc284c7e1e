//! A pool of connections, opened on demand, for reads and for PostgreSQL's transactions.

use std::{
    fmt,
    ops::{Deref, DerefMut},
    sync::Arc,
    time::Duration,
};

use deadpool::{
    Runtime, Status,
    managed::{self, Object, PoolError},
};
use futures_util::{
    FutureExt,
    future::{BoxFuture, join_all},
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement, error::ConnAcquireErr};
use tokio::time::{Instant, sleep, timeout};
use tracing::Instrument;

use super::{Connection, FromRow, Opener, ReadLimit, ReadRows, Target, sqlite, transaction::Transaction};
use crate::store::{
    WAIT_TIMEOUT, error,
    metrics::{Metrics, Statements, span_of},
};

/// How often to ask for a connection while PostgreSQL has no room for another one.
const RETRY_INTERVAL: Duration = Duration::from_millis(20);

/// How long closing the connections may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// SQLite asks after so many steps of its virtual machine whether to go on, which is less than a millisecond.
const STEPS: i32 = 1_000;

/// The work of a query on a connection.
type Read<T> = for<'c> fn(&'c mut Connection, Statement, ReadLimit) -> BoxFuture<'c, Result<T, DbErr>>;

/// What a pool is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Queries that find rows by index, which is faster than handing them to another thread; and PostgreSQL's
    /// transactions.
    Rows,
    /// Queries that may scan a table. PostgreSQL ends them after this time.
    Lists(Duration),
}

/// A pool of connections.
#[derive(Clone)]
pub struct Pool {
    connections: managed::Pool<Opener>,
    backend: DbBackend,
    used_for: Use,
    limit: ReadLimit,
    /// Whose idle connections are closed when PostgreSQL has no room for one of this pool.
    sibling: Option<managed::Pool<Opener>>,
    metrics: Metrics,
    statements: Statements,
}

impl fmt::Debug for Pool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pool").field("backend", &self.backend).finish_non_exhaustive()
    }
}

/// A connection that is returned to its pool when dropped; or closed, if its last statement did not complete, so that
/// PostgreSQL ends that. In the pool it would go on until somebody else is offered the connection.
pub struct Pooled(Option<Object<Opener>>);

impl Drop for Pooled {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take()
            && !connection.is_idle()
        {
            drop(Object::take(connection));
        }
    }
}

impl Deref for Pooled {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        self.0.as_ref().expect("it is there until it is dropped")
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Connection {
        self.0.as_mut().expect("it is there until it is dropped")
    }
}

/// A connection of a pool, or one without a pool.
pub enum Lease {
    Pooled(Pooled),
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
    /// Creates a pool of at most `size` connections, whose statements are measured. Each reads what is within the limit.
    pub fn new(target: Target, size: usize, used_for: Use, limit: ReadLimit, metrics: &Metrics) -> Result<Self, DbErr> {
        let backend = match target {
            Target::Sqlite(_) => DbBackend::Sqlite,
            Target::Postgres(_) => DbBackend::Postgres,
        };
        let (kind, statement_timeout) = match used_for {
            Use::Rows => ("rows", None),
            // Later than the caller gives up.
            Use::Lists(timeout) => ("lists", Some(timeout + CLOSE_TIMEOUT)),
        };
        let statements = metrics.statements_of(kind);
        let opener = Opener::new(target, statement_timeout);
        let connections = managed::Pool::builder(opener).max_size(size).runtime(Runtime::Tokio1);
        let connections = connections.wait_timeout(Some(WAIT_TIMEOUT)).create_timeout(Some(WAIT_TIMEOUT)).build();
        let connections = connections.map_err(|error| DbErr::Custom(error.to_string()))?;
        Ok(Self { connections, backend, used_for, limit, sibling: None, metrics: metrics.clone(), statements })
    }

    /// The same pool, for which idle connections of `sibling` are closed when PostgreSQL has no room.
    pub fn beside(self, sibling: &Self) -> Self {
        Self { sibling: Some(sibling.connections.clone()), ..self }
    }

    /// Begins a transaction on PostgreSQL, in which a statement fails if it waits for a lock for this long.
    pub async fn begin(&self, lock_timeout: Duration) -> Result<Transaction, DbErr> {
        let begin = format!("BEGIN; SET LOCAL lock_timeout = {}", lock_timeout.as_millis());
        self.begin_with(&begin, ReadLimit::NONE, self.metrics.statements_of("writes")).await
    }

    /// Begins a transaction on PostgreSQL that only reads, and no more at once than this pool may. Each statement sees what
    /// was there when it began, whatever the server's default is.
    pub async fn begin_reading(&self) -> Result<Transaction, DbErr> {
        self.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED, READ ONLY", self.limit, self.statements.clone()).await
    }

    async fn begin_with(&self, begin: &str, limit: ReadLimit, statements: Statements) -> Result<Transaction, DbErr> {
        let mut connection = self.connection().await?;
        if let Err(error) = connection.begin(begin).await {
            if !self.drop_idle_if_lost(&error) {
                return Err(error);
            }
            drop(connection);
            connection = self.connection().await?;
            connection.begin(begin).await?;
        }
        Ok(Transaction::new(Lease::Pooled(connection), self.backend, limit, statements))
    }

    /// How many connections there are, and who waits for one.
    pub fn status(&self) -> Status {
        self.connections.status()
    }

    /// Closes idle connections, and the pool to new ones.
    pub async fn close(&self) {
        let close = async |connection: Connection| {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "failed to close a database connection");
            }
        };
        let removed = self.connections.retain(|_, _| false).removed;
        if timeout(CLOSE_TIMEOUT, join_all(removed.into_iter().map(close))).await.is_err() {
            tracing::warn!("the database did not close its connections");
        }
        self.connections.close();
    }

    /// Takes a connection out of the pool. While PostgreSQL has no room for another one, waits for one of this pool, or
    /// for room.
    async fn connection(&self) -> Result<Pooled, DbErr> {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        loop {
            // Boxed, because this future is large, and part of that of every operation, which is copied when it is made.
            match Box::pin(self.connections.get()).await {
                Ok(connection) => return Ok(Pooled(Some(connection))),
                Err(PoolError::Backend(error)) if error::is_out_of_connections(&error) && Instant::now() < deadline => {
                    if let Some(sibling) = &self.sibling {
                        sibling.retain(|_, _| false);
                    }
                    sleep(RETRY_INTERVAL).await;
                }
                Err(PoolError::Backend(error)) => return Err(error),
                Err(error) => return Err(DbErr::ConnectionAcquire(acquire_error(&error))),
            }
        }
    }

    /// Drops all idle connections to a server, which may be of no more use.
    pub fn drop_idle(&self) {
        if self.backend == DbBackend::Postgres {
            self.connections.retain(|_, _| false);
        }
    }

    /// Whether the connection was lost, probably while it was idle. If so, all idle connections are dropped, because
    /// the others probably are lost too.
    pub fn drop_idle_if_lost(&self, error: &DbErr) -> bool {
        let is_lost = error::is_connection_lost(error);
        if is_lost {
            self.drop_idle();
        }
        is_lost
    }

    /// Reads on a connection of the pool, again if it was lost while it was idle.
    async fn read<T: Send + 'static>(&self, statement: Statement, read: Read<T>) -> Result<T, DbErr> {
        let began = self.statements.begin();
        let rows = match span_of(&statement) {
            None => self.read_again_if_lost(statement, read).await,
            Some(span) => Box::pin(self.read_again_if_lost(statement, read).instrument(span)).await,
        };
        self.statements.end(began);
        rows
    }

    async fn read_again_if_lost<T: Send + 'static>(&self, statement: Statement, read: Read<T>) -> Result<T, DbErr> {
        // Only a server can restart, and only reads are safe to retry.
        let retry = (self.backend == DbBackend::Postgres).then(|| statement.clone());
        match (self.read_once(statement, read).await, retry) {
            (Err(error), Some(statement)) if self.drop_idle_if_lost(&error) => self.read_once(statement, read).await,
            (result, _) => result,
        }
    }

    async fn read_once<T: Send + 'static>(&self, statement: Statement, read: Read<T>) -> Result<T, DbErr> {
        let mut connection = self.connection().await?;
        if self.backend == DbBackend::Postgres || self.used_for == Use::Rows {
            return read(&mut connection, statement, self.limit).await;
        }
        let client = Arc::new(());
        let is_gone = {
            let client = Arc::downgrade(&client);
            move || client.strong_count() == 0
        };
        let limit = self.limit;
        let query = move || {
            sqlite::set_interruption(connection.as_sqlite()?, Some((STEPS, is_gone)))?;
            // The future never waits.
            let rows = read(&mut connection, statement, limit).now_or_never();
            sqlite::set_interruption(connection.as_sqlite()?, None::<(_, fn() -> bool)>)?;
            rows.unwrap_or_else(|| Err(DbErr::Custom("a query to SQLite waited".into())))
        };
        let rows = tokio::task::spawn_blocking(query).await;
        drop(client);
        rows.unwrap_or_else(|error| Err(DbErr::Custom(error::resume_panic(error).to_string())))
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
        self.read(statement, |connection, statement, limit| Box::pin(connection.query_all(statement, limit))).await
    }
}

impl ReadRows for Pool {
    async fn rows<T: FromRow>(&self, statement: Statement) -> Result<Vec<T>, DbErr> {
        self.read(statement, |connection, statement, limit| Box::pin(connection.rows(statement, limit))).await
    }
}

/// Writes go through [`Store::write`](crate::store::Store::write).
fn read_only() -> DbErr {
    DbErr::Custom("the pool is for reading".into())
}
