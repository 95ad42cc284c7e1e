//! Where the directory is kept: SQLite in the data directory, or PostgreSQL.
//!
//! Only this module and the migrations know SeaORM. It hands out and takes domain values; a row never leaves it. Every
//! write is durable when its function returns, and conflicts are read from the write itself, never looked up before.

mod attributes;
mod connect;
mod connection;
mod credentials;
mod entities;
mod error;
mod groups;
mod setup;
mod sqlite;
mod superusers;
mod tokens;
mod users;

use std::sync::{Arc, OnceLock};

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, Order, QueryOrder, QuerySelect, QueryTrait,
    Select,
    sea_query::{Alias, BinOper, Expr, ExprTrait, Func, LikeExpr, OnConflict, Query, SelectStatement, SimpleExpr},
};

pub use self::{
    connect::DatabaseUrl,
    error::{Error, Objection, Problem},
    setup::SetupError,
};
use self::{
    connection::{Pool, Transaction},
    credentials::Credentials,
    entities::user_group,
};

/// A log filter for the libraries underneath, which tell at every start what is not worth telling.
pub const LESS_LOG: &str = "sea_orm_migration=warn,sqlx=warn";

use crate::domain::{
    filter::Ordering,
    page::{Page, PageRequest},
};

type Result<T> = std::result::Result<T, Error>;

/// Ids in one `IN (...)`: engines bound the parameters of a statement, SQLite at 32,766.
const IDS_PER_STATEMENT: usize = 10_000;

/// The numbers of locks that instances on one PostgreSQL share.
const SETUP_LOCK: i64 = 0x726f_6c6c_6361_6c6c;
const STRUCTURE_LOCK: i64 = SETUP_LOCK + 1;

/// The directory's database.
#[derive(Clone, Debug)]
pub struct Store {
    /// SQLite has one writer, so this pool holds one connection there.
    writer: Pool,
    reader: Pool,
    /// The reader's connections, for statements that may read a whole table.
    lister: Pool,
    url: DatabaseUrl,
    credentials: Arc<Credentials>,
    creations: Arc<OnceLock<users::Queue>>,
}

impl Store {
    /// Begins a write.
    async fn begin(&self) -> Result<Transaction> {
        Ok(self.writer.begin().await?)
    }

    /// Begins a write that may take superusers their rights or move groups. Such writes wait for one another: each
    /// looks at what the others could change (SQLite has one writer anyway).
    async fn begin_structural(&self) -> Result<Transaction> {
        let transaction = self.begin().await?;
        lock(&transaction, STRUCTURE_LOCK).await?;
        Ok(transaction)
    }

    /// Does what is to be done beside requests, for as long as it is polled.
    pub async fn keep_up(&self) {
        tokio::join!(self.keep_index(), self.keep_credentials());
    }

    /// Closes all connections.
    pub async fn close(self) {
        self.reader.close().await;
        // The last connection to SQLite that closes clears up its log.
        self.writer.close().await;
    }

    /// How many statements were sent so far, for tests that bound their number.
    pub fn statements(&self) -> u64 {
        let writes = if is_postgres(&self.writer) { 0 } else { self.writer.statements() };
        self.reader.statements() + writes
    }
}

fn is_postgres(connection: &impl ConnectionTrait) -> bool {
    connection.get_database_backend() == DbBackend::Postgres
}

/// Inserts the pairs of user id and group id that `pairs` selects, in one statement; answers how many there were.
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

/// Waits for whoever else holds the lock; it is held until the transaction ends.
async fn lock(transaction: &impl ConnectionTrait, number: i64) -> Result<()> {
    if is_postgres(transaction) {
        let lock = Func::cust("pg_advisory_xact_lock").arg(Expr::val(number));
        transaction.query_one(&Query::select().expr(lock).to_owned()).await?;
    }
    Ok(())
}

/// `text` as part of a `LIKE` pattern that it matches literally.
fn like_pattern(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Whether a text starts so: a range, which an index can answer whatever the text. `LIKE` would tell letter cases apart
/// on PostgreSQL only, and a statement prepared for any pattern could not use the index there.
fn starts_with(backend: DbBackend, column: SimpleExpr, text: &str) -> SimpleExpr {
    let end = format!("{text}{}", char::MAX);
    if backend == DbBackend::Postgres {
        // Bytewise, whatever the collation.
        let not_before = column.clone().binary(BinOper::Custom("~>=~"), text);
        return not_before.and(column.binary(BinOper::Custom("~<~"), end));
    }
    column.clone().gte(text).and(column.lt(end))
}

/// Whether a text ends so.
fn ends_with(backend: DbBackend, column: SimpleExpr, text: &str) -> SimpleExpr {
    if backend == DbBackend::Postgres {
        return column.like(LikeExpr::new(format!("%{}", like_pattern(text))).escape('\\'));
    }
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    // `substr(x, -0)` would be the whole text.
    if text.is_empty() {
        column.is_not_null()
    } else {
        Func::cust("substr").args([column, Expr::val(-length)]).eq(text)
    }
}

/// Compares whatever the letter case, by the engine's own rules for both sides: what is spelled alike always matches.
/// SQLite's `LIKE` knows the case of ASCII letters only.
fn ilike(backend: DbBackend, column: SimpleExpr, pattern: String) -> SimpleExpr {
    if backend == DbBackend::Postgres {
        return Func::upper(column).binary(BinOper::Like, Func::upper(Expr::val(pattern)));
    }
    column.like(LikeExpr::new(pattern).escape('\\'))
}

/// Orders a list by the fields that `column` knows, and then by `last`, which is unique: the order is always stable.
fn ordered<E: EntityTrait>(
    mut select: Select<E>,
    ordering: &Ordering,
    column: impl Fn(&str) -> Option<E::Column>,
    last: E::Column,
) -> Select<E> {
    for (field, down) in ordering {
        if let Some(column) = column(field) {
            select = select.order_by(column, if *down { Order::Desc } else { Order::Asc });
        }
    }
    select.order_by_asc(last)
}

/// How many rows `select` finds.
async fn count<E: EntityTrait>(connection: &impl ConnectionTrait, select: Select<E>) -> Result<u64> {
    let query = Query::select()
        .expr(Expr::cust("CAST(count(*) AS bigint)"))
        .from_subquery(select.into_query(), Alias::new("found"))
        .to_owned();
    whole_number(connection, &query).await
}

/// The one number that `query` selects, or zero.
async fn whole_number(connection: &impl ConnectionTrait, query: &SelectStatement) -> Result<u64> {
    let row = connection.query_one(query).await?;
    let number: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    Ok(number.unwrap_or_default().unsigned_abs())
}

/// The page of an ordered `select` that is asked for; `None` when there is no such page. `count` counts the whole list,
/// which a page that is not full makes unnecessary.
async fn page<E, M>(
    connection: &impl ConnectionTrait,
    select: Select<E>,
    request: PageRequest,
    count: impl AsyncFnOnce(Select<E>) -> Result<u64>,
) -> Result<Option<Page<M>>>
where
    E: EntityTrait<Model = M>,
    M: FromQueryResult + Send + Sync,
{
    let items = select.clone().offset(request.offset()).limit(request.size).all(connection).await?;
    let shown = items.len() as u64;
    let is_last = shown < request.size && (shown > 0 || request.offset() == 0);
    let count = if is_last { request.offset() + shown } else { count(select).await? };
    Ok(request.exists(count).then_some(Page { request, count, items }))
}
