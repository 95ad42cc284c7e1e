//! Where the queries of a list are run.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use super::{FromRow, Pool, ReadRows, Transaction};

/// Where the queries of one list are run.
#[derive(Clone)]
pub enum Lister {
    /// On any connections of the pool.
    Primary(Pool),
    /// In a transaction on a read replica.
    Replica(Transaction),
}

#[async_trait::async_trait]
impl ConnectionTrait for Lister {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Primary(pool) => pool.get_database_backend(),
            Self::Replica(transaction) => transaction.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Primary(pool) => pool.execute_raw(statement).await,
            Self::Replica(transaction) => transaction.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Primary(pool) => pool.execute_unprepared(sql).await,
            Self::Replica(transaction) => transaction.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Primary(pool) => pool.query_all_raw(statement).await,
            Self::Replica(transaction) => transaction.query_all_raw(statement).await,
        }
    }
}

impl ReadRows for Lister {
    async fn rows<T: FromRow>(&self, statement: Statement) -> Result<Vec<T>, DbErr> {
        match self {
            Self::Primary(pool) => pool.rows(statement).await,
            Self::Replica(transaction) => transaction.rows(statement).await,
        }
    }
}
