//! Database connections.
//!
//! SeaORM builds the statements, and reads the rows that are not read [by position](ReadRows). Its own pool is not used,
//! because it pings a connection before and after every statement: two thread switches each on SQLite, a round trip each
//! on PostgreSQL, more than most statements cost.

pub mod functions;
mod limit;
mod lister;
mod pool;
mod row;
mod servers;
pub mod sqlite;
mod state;
mod transaction;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};
use futures_util::{TryFutureExt, TryStreamExt};
use sea_orm::{
    ConnectionTrait, DbErr, ExecResult, QueryResult, QueryTrait, RuntimeErr, Statement, Values,
    sqlx::{self, AssertSqlSafe, PgConnection, Row as _, postgres::PgRow},
};
use sea_query_sqlx::SqlxValues;

pub use self::{
    limit::ReadLimit,
    lister::Lister,
    pool::{Lease, Pool, Use},
    row::{FromRow, Row},
    servers::Servers,
    state::State,
    transaction::Transaction,
};
use super::error;

/// Prepared statements cached per connection.
const STATEMENT_CACHE_SIZE: usize = 128;

/// How long to open no more connections to PostgreSQL once it had no room for one. Refusing costs it a process each.
const REFUSED_PAUSE: Duration = Duration::from_millis(100);

/// A connection that reads rows by position.
pub trait ReadRows: ConnectionTrait + Sync {
    /// Executes a query and reads all rows.
    fn rows<T: FromRow>(&self, statement: Statement) -> impl Future<Output = Result<Vec<T>, DbErr>> + Send;

    /// Executes a select and reads all rows.
    fn selected<T: FromRow>(&self, select: &impl QueryTrait) -> impl Future<Output = Result<Vec<T>, DbErr>> + Send {
        self.rows(select.build(self.get_database_backend()))
    }
}

/// What to connect to.
#[derive(Clone, Debug)]
pub enum Target {
    Sqlite(sqlite::File),
    Postgres(Servers),
}

/// Opens the connections of a pool.
#[derive(Debug)]
pub struct Opener {
    target: Target,
    /// SQL that sets up a connection to PostgreSQL.
    settings: String,
    /// The same for a transaction, if each may get another session.
    local_settings: Option<Arc<str>>,
    /// When and why PostgreSQL last had no room for another connection.
    refused: Mutex<Option<(Instant, DbErr)>>,
}

/// An open connection.
#[derive(Debug)]
pub enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres { connection: PgConnection, state: State },
}

impl Opener {
    /// On PostgreSQL statements end after `statement_timeout`, if there is one.
    pub fn new(target: Target, statement_timeout: Option<Duration>) -> Self {
        // Lets PostgreSQL end a statement whose client is gone, which versions before 14 can't.
        let check =
            "SELECT set_config(name, '500', false) FROM pg_settings WHERE name = 'client_connection_check_interval'";
        // Without fresh statistics PostgreSQL takes a statement for a large one that isn't, and would compile it.
        let mut settings = vec!["jit = off".to_owned()];
        if let Some(limit) = statement_timeout {
            // With several processes for each, a few lists would hold up everybody else.
            settings.push("max_parallel_workers_per_gather = 0".into());
            settings.push(format!("statement_timeout = {}", limit.as_millis()));
        }
        let set = |command: &str| settings.iter().map(|setting| format!("{command} {setting}; ")).collect::<String>();
        let (settings, local_settings) = match &target {
            Target::Postgres(servers) if servers.are_behind_pooler() => (String::new(), Some(set("SET LOCAL").into())),
            _ => (set("SET") + check, None),
        };
        Self { target, settings, local_settings, refused: Mutex::default() }
    }

    fn refused(&self) -> std::sync::MutexGuard<'_, Option<(Instant, DbErr)>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl managed::Manager for Opener {
    type Type = Connection;
    type Error = DbErr;

    async fn create(&self) -> Result<Connection, DbErr> {
        let servers = match &self.target {
            Target::Sqlite(file) => return Ok(Connection::Sqlite(file.open()?)),
            Target::Postgres(servers) => servers,
        };
        if let Some((at, error)) = &*self.refused()
            && at.elapsed() < REFUSED_PAUSE
        {
            return Err(error.clone());
        }
        // Boxed, because every query's future has room for this one, which is 9 KiB.
        let (connection, place) = Box::pin(servers.connect(&self.settings)).await.inspect_err(|error| {
            if error::is_out_of_connections(error) {
                *self.refused() = Some((Instant::now(), error.clone()));
            }
        })?;
        let local_settings = self.local_settings.clone().map(|settings| match connection.server_version_num() {
            Some(140_000..) => format!("{settings}SET LOCAL client_connection_check_interval = 500; ").into(),
            _ => settings,
        });
        Ok(Connection::Postgres { connection, state: State::new(local_settings, place) })
    }

    /// Those that can't be used again don't come back; see [`pool::Pooled`].
    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<DbErr> {
        match connection {
            Connection::Postgres { state, .. } if !state.is_current() => Err(RecycleError::message("too old")),
            _ => Ok(()),
        }
    }
}

impl Connection {
    pub async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(connection) => sqlite::execute(connection, statement),
            Self::Postgres { connection, state } => {
                let query = sqlx::query_with(AssertSqlSafe(statement.sql), arguments(statement.values))
                    .persistent(state.keeps_statements());
                state.watch(query.execute(connection).map_err(failed)).await.map(Into::into)
            }
        }
    }

    /// Executes a query and returns all rows, if they are within the limit.
    pub async fn query_all(&mut self, statement: Statement, limit: ReadLimit) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(connection) => sqlite::query_all(connection, statement, limit),
            Self::Postgres { .. } => {
                let read = |row: PgRow, limit: &mut ReadLimit| {
                    limit.count((0..row.len()).map(|index| limit::size_in_postgres(&row, index)).sum())?;
                    Ok(row.into())
                };
                self.fetch(statement, limit, read).await
            }
        }
    }

    /// Executes a query and reads all rows, if they are within the limit.
    pub async fn rows<T: FromRow>(&mut self, statement: Statement, limit: ReadLimit) -> Result<Vec<T>, DbErr> {
        match self {
            Self::Sqlite(connection) => sqlite::rows(connection, statement, limit),
            Self::Postgres { .. } => self.fetch(statement, limit, |row, limit| row::read_postgres(&row, limit)).await,
        }
    }

    /// Executes a query and hands over each row, so that only one is in memory.
    pub async fn visit<T: FromRow>(
        &mut self,
        statement: Statement,
        mut visit: impl FnMut(T) + Send,
    ) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(connection) => sqlite::visit(connection, statement, visit),
            Self::Postgres { .. } => {
                let read = |row: PgRow, limit: &mut ReadLimit| {
                    visit(row::read_postgres(&row, limit)?);
                    Ok(())
                };
                self.fetch(statement, ReadLimit::NONE, read).await.map(|_| ())
            }
        }
    }

    /// Executes a query on PostgreSQL and reads each row.
    async fn fetch<T: Send>(
        &mut self,
        statement: Statement,
        mut limit: ReadLimit,
        mut read: impl FnMut(PgRow, &mut ReadLimit) -> Result<T, DbErr> + Send,
    ) -> Result<Vec<T>, DbErr> {
        let Self::Postgres { connection, state } = self else { return Ok(Vec::new()) };
        let query = sqlx::query_with(AssertSqlSafe(statement.sql), arguments(statement.values))
            .persistent(state.keeps_statements());
        // A pooler could prepare the statement in one session, and execute it in another one.
        let begin = state.settings_to_read().map(|settings| format!("BEGIN READ ONLY; {settings}"));
        let read_all = async {
            if let Some(begin) = &begin {
                sqlx::raw_sql(AssertSqlSafe(begin.as_str())).execute(&mut *connection).await.map_err(failed)?;
            }
            let mut all = Vec::new();
            let mut rows = query.fetch(&mut *connection);
            while let Some(row) = rows.try_next().await.map_err(failed)? {
                all.push(read(row, &mut limit)?);
            }
            drop(rows);
            if begin.is_some() {
                sqlx::raw_sql("COMMIT").execute(&mut *connection).await.map_err(failed)?;
            }
            Ok(all)
        };
        let result = state.watch(read_all).await;
        if begin.is_some() && result.is_err() {
            // The transaction is still open.
            state.give_up();
        }
        result
    }

    /// Executes SQL without parameters.
    pub async fn execute_plain(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(connection) => sqlite::execute_plain(connection, sql),
            Self::Postgres { connection, state } => {
                let executed = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection);
                state.watch(executed.map_err(failed)).await.map(Into::into)
            }
        }
    }

    /// Whether it can be used again: it is outside a transaction, and its last statement completed.
    fn is_idle(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres { state, .. } => state.is_idle(),
        }
    }

    /// Whether PostgreSQL would answer to the end of a transaction.
    fn is_in_transaction(&self) -> bool {
        matches!(self, Self::Postgres { state, .. } if state.is_in_transaction())
    }

    /// Begins a transaction on PostgreSQL by this SQL.
    async fn begin(&mut self, sql: &str) -> Result<(), DbErr> {
        let mut all = sql.to_owned();
        if let Self::Postgres { state, .. } = self {
            all.extend(state.begin().into_iter().flat_map(|settings| ["; ", settings]));
        }
        // One round trip.
        self.execute_plain(&all).await.map(|_| ())
    }

    /// Notes that the transaction has ended.
    fn ended(&mut self) {
        if let Self::Postgres { state, .. } = self {
            state.ended();
        }
    }

    /// Lets statements take as long as they need: those of the current transaction, or all if it is in none.
    pub fn wait_for_answers(&mut self) {
        if let Self::Postgres { state, .. } = self {
            state.wait_for_answers();
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

fn arguments(values: Option<Values>) -> SqlxValues {
    SqlxValues(values.unwrap_or_else(|| Values(Vec::new())))
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

#[cfg(test)]
mod tests {
    use sea_orm::DbBackend;

    use super::*;
    use crate::store::tests::TestStore;

    #[tokio::test]
    async fn postgresql_compiles_no_statements() {
        let test = TestStore::open().await;
        if test.is_postgres() {
            let setting = "SELECT setting FROM pg_settings WHERE name = 'jit'";
            for pool in [&test.store.reader, &test.store.lister] {
                let statement = Statement::from_string(DbBackend::Postgres, setting);
                assert_eq!(pool.rows::<String>(statement).await.unwrap(), ["off"]);
            }
        }
        test.remove().await;
    }

    #[tokio::test]
    async fn nothing_is_left_in_a_session_behind_a_pooler() {
        let test = TestStore::open().await;
        if let Some(store) = test.behind_pooler() {
            let statement = |sql: &str| Statement::from_string(DbBackend::Postgres, sql);
            for pool in [&store.reader, &store.lister] {
                for _ in 0..3 {
                    assert_eq!(pool.rows::<i64>(statement("SELECT 7::bigint")).await.unwrap(), [7]);
                }
                pool.rows::<i64>(statement("SELECT 1 / 0")).await.unwrap_err();
                let prepared = statement("SELECT count(*) FROM pg_prepared_statements");
                assert_eq!(pool.rows::<i64>(prepared).await.unwrap(), [0]);
                let setting = "SELECT setting FROM pg_settings WHERE name = 'jit'";
                assert_eq!(pool.rows::<String>(statement(setting)).await.unwrap(), ["off"], "for the transaction");
            }
            let transaction = store.reader.begin(Duration::from_secs(1)).await.unwrap();
            assert_eq!(transaction.rows::<i64>(statement("SELECT 7::bigint")).await.unwrap(), [7]);
            transaction.commit().await.unwrap();
            store.close().await;
        }
        test.remove().await;
    }
}
