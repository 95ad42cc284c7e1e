//! The database: SQLite in the data directory, or PostgreSQL.
//!
//! Only this module and the migrations use SeaORM. Its interface consists of domain types; rows never leave it. Every
//! write is durable when its function returns, and conflicts are detected by the write itself, never by a lookup before
//! it.

mod attributes;
mod backup;
mod by_id;
mod check;
mod connect;
mod connection;
mod credentials;
mod entities;
mod error;
mod groups;
mod metrics;
mod monitor;
mod progress;
mod replica;
mod rows;
mod service_accounts;
mod setup;
mod size;
mod superusers;
#[cfg(test)]
mod tests;
mod texts;
mod tokens;
mod users;
mod write;

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IdenStatic, Order, QueryOrder, QuerySelect,
    QueryTrait, Select, TryGetable,
    sea_query::{
        Alias, BinOper, Expr, ExprTrait, Func, LikeExpr, NullOrdering, OnConflict, Query, SelectStatement, SimpleExpr,
    },
};
use tokio::{sync::Semaphore, task::JoinSet, time::timeout};

pub use self::{
    backup::{BackedUp, BackupError, Restored, back_up, remove_unfinished, restore},
    check::{Finding, examine},
    connect::{DatabaseUrl, ReadLimits},
    error::{Checked, Error, Rejection, Violation},
    progress::Progress,
    setup::{SetUp, SetupError},
};
use self::{
    connection::{FromRow, Lister, Pool, ReadRows, Transaction, functions::FOLD_CASE},
    credentials::Credentials,
    entities::user_group,
    metrics::Metrics,
    replica::Replica,
    users::positions::Positions,
    write::Writer,
};

/// A log filter for libraries that log unimportant events at every start.
pub const LOG_FILTER: &str = "sea_orm_migration=warn,sqlx=warn";

use crate::domain::{
    case::fold_case,
    filter,
    page::{Page, PageRequest},
};

type Result<T, E = Error> = std::result::Result<T, E>;

/// How long to wait for a connection, and for a lock held by another process.
const WAIT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long to wait before a background task that panicked is started again.
const RESTART_PAUSE: Duration = Duration::from_secs(1);

/// The maximum number of ids in one `IN (...)`, a power of two. SQLite limits the parameters of a statement to 32,766.
const IDS_PER_STATEMENT: usize = 8_192;

/// Ids of advisory locks, shared by all instances that use the same PostgreSQL database.
const SETUP_LOCK: i64 = 0x726f_6c6c_6361_6c6c;
const STRUCTURE_LOCK: i64 = SETUP_LOCK + 1;

/// The directory's database.
#[derive(Clone, Debug)]
pub struct Store {
    writer: Writer,
    /// For queries that find rows by index.
    reader: Pool,
    /// For queries that may scan a table, or return many rows.
    lister: Pool,
    /// Where lists are read instead, if it has what they must show.
    replica: Option<Arc<Replica>>,
    list_timeout: Duration,
    /// One permit for each list in progress. A list that had read some rows, and then waited for others to get a connection
    /// for the rest, would keep them in memory.
    lists: Arc<Semaphore>,
    positions: Arc<Positions>,
    credentials: Arc<Credentials>,
    metrics: Metrics,
}

impl Store {
    /// Starts the background tasks. They end when the result is dropped.
    pub fn start_background_tasks(&self) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        let store = self.clone();
        tasks.spawn(async move { supervise("search index", || store.maintain_index()).await });
        let store = self.clone();
        tasks.spawn(async move { supervise("cache of callers", || store.refresh_credentials()).await });
        tasks
    }

    /// Closes all connections.
    pub async fn close(self) {
        self.writer.finish().await;
        let close_replica = async {
            if let Some(replica) = &self.replica {
                replica.close().await;
            }
        };
        tokio::join!(self.reader.close(), self.lister.close(), close_replica);
        // Closing the last connection to SQLite removes its write-ahead log, which only a writer can.
        self.writer.close().await;
    }

    /// Runs a list's queries, and ends them if they take too long. They are run again if a replica fails.
    async fn list<T, F>(&self, queries: impl Fn(Lister) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let in_turn = async {
            let _turn = self.lists.acquire().await.map_err(|_| Error::Closed)?;
            if let Some(replica) = &self.replica
                && let Some(transaction) = replica.begin(&self.reader).await
            {
                let result = queries(Lister::Replica(transaction.clone())).await;
                if !replica.end(transaction, &result).await {
                    return result;
                }
            }
            queries(Lister::Primary(self.lister.clone())).await
        };
        timeout(self.list_timeout, in_turn).await.unwrap_or_else(|_| {
            // Maybe the server doesn't answer any more.
            self.lister.drop_idle();
            Err(Error::TooSlow(self.list_timeout))
        })
    }

    /// Forgets who the callers are, so that the next request of each looks it up: for tests that count statements.
    pub fn forget_callers(&self) {
        self.credentials.clear();
    }

    /// The number of statements executed so far, for tests that limit it. `BEGIN`, `COMMIT` and the like don't count.
    pub fn statements(&self) -> u64 {
        self.metrics.statements()
    }
}

/// Runs a background task, and starts it again if it panics.
async fn supervise<T: Future<Output = ()>>(name: &str, task: impl Fn() -> T) {
    while AssertUnwindSafe(task()).catch_unwind().await.is_err() {
        tracing::error!(name, "a background task panicked and is started again");
        tokio::time::sleep(RESTART_PAUSE).await;
    }
}

fn is_postgres(connection: &impl ConnectionTrait) -> bool {
    connection.get_database_backend() == DbBackend::Postgres
}

/// Inserts memberships: the pairs of user id and group id that `pairs` selects. Returns their number.
async fn insert_memberships(connection: &impl ConnectionTrait, pairs: SelectStatement) -> Result<u64> {
    let insert = Query::insert()
        .into_table(user_group::Entity)
        .columns([user_group::Column::UserId, user_group::Column::GroupId])
        .select_from(pairs)
        .map_err(|error| DbErr::Custom(error.to_string()))?
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .to_owned();
    Ok(connection.execute(&insert).await?.rows_affected())
}

/// Takes a lock on PostgreSQL, waiting for others; it is held until the transaction ends.
async fn lock(transaction: &Transaction, number: i64) -> Result<()> {
    if is_postgres(transaction) {
        let lock = Func::cust("pg_advisory_xact_lock").arg(Expr::val(number));
        transaction.query_one(&Query::select().expr(lock).to_owned()).await?;
    }
    Ok(())
}

/// Prepares a write that may revoke superuser rights or move groups. Such writes run one at a time, because each
/// depends on what the others could change.
async fn lock_structure(transaction: &Transaction) -> Result<()> {
    transaction.affect_callers();
    lock(transaction, STRUCTURE_LOCK).await
}

/// Pads a list of ids with its last one to the next power of two, so that few different statements are cached.
fn padded<T: Clone>(ids: &[T]) -> impl Iterator<Item = T> {
    let missing = ids.len().next_power_of_two() - ids.len();
    ids.iter().chain(ids.last().into_iter().cycle().take(missing)).cloned()
}

/// Escapes `text` for use in a `LIKE` pattern.
fn like_pattern(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Matches a prefix, case-sensitively. It is a range, which can use an index: `LIKE` ignores case on SQLite, and a
/// prepared `LIKE` can't use the index on PostgreSQL.
fn starts_with(backend: DbBackend, column: SimpleExpr, text: &str) -> SimpleExpr {
    let end = format!("{text}{}", char::MAX);
    if backend == DbBackend::Postgres {
        // These operators compare bytes, regardless of collation.
        let not_before = column.clone().binary(BinOper::Custom("~>=~"), text);
        return not_before.and(column.binary(BinOper::Custom("~<~"), end));
    }
    column.clone().gte(text).and(column.lt(end))
}

/// Matches a `LIKE` pattern case-insensitively: on PostgreSQL by the rules of the database's locale.
fn ilike(backend: DbBackend, column: SimpleExpr, pattern: String) -> SimpleExpr {
    if backend == DbBackend::Postgres {
        return Func::upper(column).binary(BinOper::Like, Func::upper(Expr::val(pattern)));
    }
    Func::cust(FOLD_CASE).arg(column).like(LikeExpr::new(fold_case(&pattern)).escape('\\'))
}

/// Sorts by the fields, and then by `last`, which is unique, so that the order is stable. NULL is the least, as in
/// SQLite, except in the column `never`, where it is the greatest; PostgreSQL would always make it that.
fn order_by<E: EntityTrait, F: Copy>(
    mut select: Select<E>,
    ordering: &filter::Ordering<F>,
    column: impl Fn(F) -> E::Column,
    last: E::Column,
    never: Option<E::Column>,
) -> Select<E> {
    for (field, descending) in ordering {
        let column = column(*field);
        let order = if *descending { Order::Desc } else { Order::Asc };
        let is_greatest = never.as_ref().is_some_and(|never| never.as_str() == column.as_str());
        let nulls = if *descending == is_greatest { NullOrdering::First } else { NullOrdering::Last };
        // Said only where there can be any: an index that sorts would be of no use otherwise.
        select = if column.def().is_null() {
            select.order_by_with_nulls(column, order, nulls)
        } else {
            select.order_by(column, order)
        };
    }
    select.order_by_asc(last)
}

/// Returns the values of one column. SeaORM's `into_tuple` reads by index, which SQLite's rows here can't.
async fn column<E: EntityTrait, T: TryGetable>(
    connection: &impl ConnectionTrait,
    select: Select<E>,
    column: E::Column,
) -> Result<Vec<T>> {
    let rows = connection.query_all(&select.select_only().column(column).into_query()).await?;
    Ok(rows.iter().map(|row| row.try_get("", column.as_str())).collect::<Result<_, DbErr>>()?)
}

/// Counts the rows of `select`.
async fn count<E: EntityTrait>(connection: &impl ReadRows, select: Select<E>) -> Result<u64> {
    let query = Query::select()
        .expr(Expr::cust("CAST(count(*) AS bigint)"))
        .from_subquery(select.into_query(), Alias::new("found"))
        .to_owned();
    let number: Option<i64> = connection.rows(connection.get_database_backend().build(&query)).await?.pop();
    Ok(number.unwrap_or_default().unsigned_abs())
}

/// Returns a page of a sorted `select`; `None` if there is no such page. The whole list is counted, unless the page is
/// the last one.
async fn page<E: EntityTrait, T: FromRow>(
    connection: &impl ReadRows,
    select: Select<E>,
    request: PageRequest,
) -> Result<Option<Page<T>>> {
    let some = select.clone().offset(request.offset()).limit(request.size);
    let items: Vec<T> = connection.selected(&some).await?;
    let count = match request.count_if_last(items.len()) {
        Some(count) => count,
        None => count(connection, select).await?,
    };
    Ok(request.exists(count).then_some(Page { request, count, items }))
}
