//! Where the directory is kept: SQLite in the data directory, or PostgreSQL.
//!
//! Only this module and the migrations know SeaORM. It hands out and takes domain values; a row never leaves it. Every
//! write is durable when its function returns, and conflicts are read from the write itself, never looked up before.

mod connect;
mod entities;
mod error;
mod groups;
mod setup;
mod tokens;
mod users;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
    sea_query::{Query, SelectStatement},
};

use self::entities::user_group;
pub use self::{
    connect::DatabaseUrl,
    error::{Error, Objection, Problem},
    setup::{Administrator, SetupError},
};

/// A log filter for the libraries underneath, which tell at every start what is not worth telling.
pub const LESS_LOG: &str = "sea_orm_migration=warn,sqlx=warn";

type Result<T> = std::result::Result<T, Error>;

/// Ids in one `IN (...)`: engines bound the parameters of a statement, SQLite at 32,766.
const IDS_PER_STATEMENT: usize = 10_000;

/// The directory's database.
#[derive(Clone, Debug)]
pub struct Store {
    /// SQLite has one writer, so this pool holds one connection there.
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Store {
    /// Begins a write. On SQLite it takes the write lock at once: a transaction that starts by reading could not be
    /// made to wait for another's later.
    async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }

    /// Closes all connections.
    pub async fn close(self) {
        for pool in [self.reader, self.writer] {
            if let Err(error) = pool.close().await {
                tracing::warn!(%error, "a database connection did not close");
            }
        }
    }

    /// Calls `count` for every statement from now on, for tests that bound their number.
    pub fn on_statement(&mut self, count: impl Fn() + Clone + Send + Sync + 'static) {
        for pool in [&mut self.reader, &mut self.writer] {
            let count = count.clone();
            pool.set_metric_callback(move |_| count());
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.reader.ping().await?)
    }
}

fn is_postgres(connection: &impl ConnectionTrait) -> bool {
    connection.get_database_backend() == sea_orm::DbBackend::Postgres
}

/// Inserts the pairs of user id and group id that `pairs` selects, in one statement; answers how many there were.
async fn insert_memberships(connection: &impl ConnectionTrait, pairs: SelectStatement) -> Result<u64> {
    let insert = Query::insert()
        .into_table(user_group::Entity)
        .columns([user_group::Column::UserId, user_group::Column::GroupId])
        .select_from(pairs)
        .map_err(|error| DbErr::Custom(error.to_string()))?
        .to_owned();
    Ok(connection.execute(&insert).await?.rows_affected())
}
