//! The one way to write.
//!
//! Every change of the directory is a job of [`Store::write`]: a function that gets an open transaction. The writer
//! begins and commits, runs the job again if the database gave it up because of other transactions, and clears the
//! cache of callers if the job may have revoked a right. A job that has begun comes to its end even if nobody waits for
//! it any more.
//!
//! SQLite has one writer, a [thread](sqlite) that commits together whatever was queued while it wrote. On
//! [PostgreSQL](postgres) jobs are tasks, which run side by side.

mod budget;
mod creation;
mod postgres;
mod reply;
mod sqlite;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tracing::{Instrument, Span, debug_span};

pub use self::{creation::Created, postgres::Writer as PostgresWriter, sqlite::Writer as SqliteWriter};
use super::{
    Error, Result, Store,
    connection::Transaction,
    credentials::Credentials,
    error::{Checked, Failure, Rejection, Stop, Violation},
    metrics::Metrics,
};
use crate::{
    domain::user::NewUser,
    telemetry::{TRACES, is_tracing},
};

/// What a job does in its transaction, with its arguments. It may run more than once. It must return every error of
/// the database: PostgreSQL commits nothing after one, and says so to nobody.
pub(super) type Job<A, T, E> = for<'t> fn(&'t Transaction, &'t A) -> BoxFuture<'t, Result<T, E>>;

/// How often a rejected write is tried again if nothing that rejects it can be found any more.
const REJECTED_ATTEMPTS: usize = 3;

/// The queue of an engine.
#[derive(Clone, Debug)]
pub enum Writer {
    Sqlite(SqliteWriter),
    Postgres(PostgresWriter),
}

impl Store {
    /// Runs `job` in a transaction, which is committed if the job succeeds, and durable when this returns.
    ///
    /// # Errors
    ///
    /// The job's; [`Error::Busy`] if too much is queued, [`Error::Unavailable`] if the database is, and
    /// [`Error::Uncertain`] if the commit failed.
    pub(super) async fn write<A, T, E>(&self, arguments: A, job: Job<A, T, E>) -> Result<T, E>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        E: Failure,
    {
        self.write_sized(0, arguments, job).await
    }

    /// Like [`write`](Self::write), with arguments that hold about `size` bytes.
    pub(super) async fn write_sized<A, T, E>(&self, size: usize, arguments: A, job: Job<A, T, E>) -> Result<T, E>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        E: Failure,
    {
        if is_tracing() {
            return Box::pin(self.writer.write(size, arguments, job).instrument(span())).await;
        }
        self.writer.write(size, arguments, job).await
    }

    /// Queues a user to be created together with others; `None` if it violates a constraint.
    pub(super) async fn write_user(&self, new: Arc<NewUser>) -> Created {
        if is_tracing() {
            return Box::pin(self.writer.create_user(new).instrument(span())).await;
        }
        self.writer.create_user(new).await
    }

    /// For writes whose violated rule is always known.
    pub(super) async fn no_violations() -> Result<Vec<Violation>> {
        Ok(Vec::new())
    }

    /// Runs `write`. If a rule rejects it, returns all violated rules, which `violations` looks up.
    pub(super) async fn checked<T, W, V>(&self, write: impl Fn() -> W, violations: impl Fn() -> V) -> Checked<T>
    where
        W: Future<Output = Result<T, Stop>>,
        V: Future<Output = Result<Vec<Violation>>>,
    {
        for _ in 0..REJECTED_ATTEMPTS {
            let rule = match write().await {
                Ok(written) => return Ok(Ok(written)),
                Err(Stop::Failed(error)) => return Err(error),
                Err(Stop::Rule(violation)) => Some(violation),
                Err(Stop::Constraint) => None,
            };
            // Boxed, because it is rare, and larger than the write.
            let mut all = Box::pin(violations()).await?;
            all.extend(rule.filter(|rule| !all.contains(rule)));
            if !all.is_empty() {
                return Ok(Err(Rejection(all)));
            }
            // What it conflicted with is gone by now.
        }
        Err(Error::Busy)
    }
}

impl Writer {
    async fn write<A, T, E>(&self, size: usize, arguments: A, job: Job<A, T, E>) -> Result<T, E>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        E: Failure,
    {
        match self {
            Self::Sqlite(writer) => writer.write(size, arguments, job).await,
            Self::Postgres(writer) => writer.write(size, arguments, job).await,
        }
    }

    async fn create_user(&self, new: Arc<NewUser>) -> Created {
        match self {
            Self::Sqlite(writer) => writer.create_user(new).await,
            Self::Postgres(writer) => writer.create_user(new).await,
        }
    }

    /// Waits for the queued writes, and rejects all further ones.
    pub async fn finish(&self) {
        match self {
            Self::Sqlite(writer) => writer.finish().await,
            Self::Postgres(writer) => writer.finish().await,
        }
    }

    /// Closes the connection, if the writer has one of its own.
    pub async fn close(&self) {
        if let Self::Sqlite(writer) = self {
            writer.close().await;
        }
    }
}

/// The span of a write in the trace of a request, from its queueing to its commit.
fn span() -> Span {
    debug_span!(target: TRACES, "write")
}

/// What writers need besides the database.
#[derive(Clone, Debug)]
pub struct Context {
    pub credentials: Arc<Credentials>,
    pub metrics: Metrics,
}
