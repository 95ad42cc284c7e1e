//! The state of a connection to PostgreSQL, and how long its statements are awaited.

use std::{pin::pin, sync::Arc, time::Duration};

use sea_orm::{DbErr, RuntimeErr};
use tokio::time::{sleep, timeout};

use super::servers::Place;
use crate::store::error;

/// How long PostgreSQL may take to answer a statement before it counts as unreachable.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// How long it may take before the other servers of the URL are asked whether one of them is the primary.
const PATIENCE: Duration = Duration::from_secs(1);

/// The state of a connection to PostgreSQL.
#[derive(Debug)]
pub struct State {
    condition: Condition,
    /// How long to wait for the answer to a statement; `None` to wait for as long as it takes.
    answer_timeout: Option<Duration>,
    /// SQL that sets up a transaction, if it is a connection to a pooler, which gives each transaction a session of
    /// PostgreSQL, and not always the same one. Nothing may be left in that.
    local_settings: Option<Arc<str>>,
    place: Place,
}

/// What a connection can be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    /// It is outside a transaction.
    Idle,
    InTransaction,
    /// For nothing: its last statement did not complete, or it is lost.
    Unusable,
}

impl State {
    pub fn new(local_settings: Option<Arc<str>>, place: Place) -> Self {
        Self { condition: Condition::Idle, answer_timeout: Some(ANSWER_TIMEOUT), local_settings, place }
    }

    /// Whether the server that it is to is still the one to use.
    pub fn is_current(&self) -> bool {
        self.place.is_current()
    }

    pub fn is_idle(&self) -> bool {
        self.condition == Condition::Idle
    }

    pub fn is_in_transaction(&self) -> bool {
        self.condition == Condition::InTransaction
    }

    /// Whether statements can be prepared for later ones.
    pub fn keeps_statements(&self) -> bool {
        self.local_settings.is_none()
    }

    /// The settings for a transaction that one statement needs to itself, if it does.
    pub fn settings_to_read(&self) -> Option<&str> {
        self.local_settings.as_deref().filter(|_| self.is_idle())
    }

    /// Notes that a transaction begins. Returns the settings for it, if there are any.
    pub fn begin(&mut self) -> Option<&str> {
        self.condition = Condition::InTransaction;
        self.local_settings.as_deref()
    }

    /// Notes that the transaction has ended.
    pub fn ended(&mut self) {
        (self.condition, self.answer_timeout) = (Condition::Idle, Some(ANSWER_TIMEOUT));
    }

    /// Notes that it can't be used any more.
    pub fn give_up(&mut self) {
        self.condition = Condition::Unusable;
    }

    /// Lets statements take as long as they need: those of the current transaction, or all if it is in none.
    pub fn wait_for_answers(&mut self) {
        self.answer_timeout = None;
    }

    /// Awaits a statement. The connection can't be used any more if it is cancelled, or the connection is lost.
    pub async fn watch<T>(&mut self, statement: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        let condition = std::mem::replace(&mut self.condition, Condition::Unusable);
        let mut statement = pin!(statement);
        let result = match self.answer_timeout {
            Some(limit) => match timeout(PATIENCE, statement.as_mut()).await {
                Ok(result) => result,
                Err(_) => Box::pin(self.await_longer(limit - PATIENCE, statement)).await?,
            },
            None => statement.await,
        };
        if !result.as_ref().is_err_and(error::ends_connection) {
            self.condition = condition;
        }
        result
    }

    /// Awaits a statement that takes long: until the limit, or until another server is the primary.
    async fn await_longer<T>(
        &self,
        limit: Duration,
        statement: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<Result<T, DbErr>, DbErr> {
        tokio::select! {
            biased;
            result = statement => Ok(result),
            error = self.place.lost() => Err(error),
            () = sleep(limit) => {
                self.place.end_generation();
                Err(unanswered(limit + PATIENCE))
            }
        }
    }
}

fn unanswered(limit: Duration) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(format!("PostgreSQL did not answer within {} seconds", limit.as_secs())))
}
