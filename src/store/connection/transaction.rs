//! A transaction; one that writes, as the jobs of [`Store::write`](crate::store::Store::write) see it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, ExecResult, ProxyDatabaseTrait, ProxyExecResult,
    ProxyRow, QueryResult, RuntimeErr, Statement, from_query_result_to_proxy_row, sea_query::Value,
};
use tokio::sync::Mutex;
use tracing::{Instrument, Span};

use super::{Connection, FromRow, Lease, ReadLimit, ReadRows};
use crate::store::metrics::{Statements, span, span_of};

/// An open transaction. Only the writer begins and ends it.
#[derive(Clone)]
pub struct Transaction(Arc<Shared>);

struct Shared {
    /// `None` once the transaction has ended.
    connection: Mutex<Option<Lease>>,
    backend: DbBackend,
    /// What one statement may read.
    limit: ReadLimit,
    statements: Statements,
    affects_callers: AtomicBool,
}

impl Transaction {
    pub fn new(connection: Lease, backend: DbBackend, limit: ReadLimit, statements: Statements) -> Self {
        let connection = Mutex::new(Some(connection));
        Self(Arc::new(Shared { connection, backend, limit, statements, affects_callers: AtomicBool::new(false) }))
    }

    /// Declares that this write may revoke a caller's rights or token, so that the cache of callers must be cleared.
    pub fn affect_callers(&self) {
        self.0.affects_callers.store(true, Ordering::Relaxed);
    }

    pub fn affects_callers(&self) -> bool {
        self.0.affects_callers.load(Ordering::Relaxed)
    }

    /// Takes the connection, which ends the use of this transaction.
    pub async fn take_connection(&self) -> Option<Lease> {
        self.0.connection.lock().await.take()
    }

    /// Executes a statement without parameters that is not counted, such as `SAVEPOINT`.
    pub async fn control(&self, sql: &str) -> Result<(), DbErr> {
        let mut connection = self.0.connection.lock().await;
        let statement = Statement::from_string(self.0.backend, sql);
        connection.as_mut().ok_or_else(ended)?.execute(statement).await.map(|_| ())
    }

    /// Lets statements take as long as they need, on PostgreSQL.
    pub async fn wait_for_answers(&self) {
        if let Some(connection) = self.0.connection.lock().await.as_mut() {
            connection.wait_for_answers();
        }
    }

    /// Whether SQLite has not ended the transaction by itself, as it does after some errors.
    pub async fn is_open(&self) -> bool {
        let connection = self.0.connection.lock().await;
        let connection = connection.as_ref().and_then(|connection| connection.as_sqlite().ok());
        connection.is_some_and(|connection| !connection.is_autocommit())
    }

    /// Commits on PostgreSQL. The connection is reused only if that succeeds.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.end("COMMIT").await
    }

    /// Rolls back on PostgreSQL, unless the connection can't be used any more. It is reused only if that succeeds;
    /// otherwise it is closed, and PostgreSQL rolls back when it notices.
    pub async fn rollback(self) {
        let _ = self.end("ROLLBACK").await;
    }

    async fn end(self, sql: &str) -> Result<(), DbErr> {
        let mut connection = self.take_connection().await.ok_or_else(ended)?;
        if !connection.is_in_transaction() {
            // PostgreSQL would not answer, and that takes long.
            return Err(lost());
        }
        connection.execute_plain(sql).await?;
        connection.ended();
        Ok(())
    }

    /// A connection for SeaORM's migrations, which need its own type.
    pub async fn for_migrations(&self) -> Result<DatabaseConnection, DbErr> {
        let proxy: Box<dyn ProxyDatabaseTrait> = Box::new(MigrationConnection(self.clone()));
        Database::connect_proxy(self.0.backend, Arc::new(proxy)).await
    }

    /// Executes a statement, and measures it.
    async fn measured<T>(
        &self,
        span: Option<Span>,
        execute: impl AsyncFnOnce(&mut Connection) -> Result<T, DbErr>,
    ) -> Result<T, DbErr> {
        let began = self.0.statements.begin();
        let mut connection = self.0.connection.lock().await;
        let connection = connection.as_mut().ok_or_else(ended)?;
        let result = match span {
            None => execute(connection).await,
            Some(span) => Box::pin(execute(connection).instrument(span)).await,
        };
        self.0.statements.end(began);
        result
    }
}

fn lost() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("the connection was lost in the transaction".into()))
}

fn ended() -> DbErr {
    DbErr::Custom("the transaction has ended".into())
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.0.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.measured(span_of(&statement), async |connection| connection.execute(statement).await).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.measured(span(self.0.backend, sql), async |connection| connection.execute_plain(sql).await).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let span = span_of(&statement);
        self.measured(span, async |connection| connection.query_all(statement, self.0.limit).await).await
    }
}

impl ReadRows for Transaction {
    async fn rows<T: FromRow>(&self, statement: Statement) -> Result<Vec<T>, DbErr> {
        let span = span_of(&statement);
        self.measured(span, async |connection| connection.rows(statement, self.0.limit).await).await
    }
}

/// The transaction in the form that SeaORM's migrations accept. They begin and commit transactions of their own, which
/// do nothing here: all migrations are one transaction.
struct MigrationConnection(Transaction);

impl std::fmt::Debug for MigrationConnection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MigrationConnection")
    }
}

#[async_trait::async_trait]
impl ProxyDatabaseTrait for MigrationConnection {
    async fn query(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        let rows = self.0.query_all_raw(statement).await?;
        Ok(rows.iter().map(|row| with_wide_integers(from_query_result_to_proxy_row(row))).collect())
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        // Without parameters it may be several statements.
        match &statement.values {
            Some(values) if !values.0.is_empty() => self.0.execute_raw(statement).await.map(Into::into),
            _ => self.0.execute_unprepared(&statement.sql).await.map(Into::into),
        }
    }
}

/// Makes all integers 64 bits wide, as the table of applied migrations has them. SQLite declares integers of all
/// widths alike.
fn with_wide_integers(mut row: ProxyRow) -> ProxyRow {
    for value in row.values.values_mut() {
        if let Value::Int(number) = *value {
            *value = Value::BigInt(number.map(i64::from));
        }
    }
    row
}
