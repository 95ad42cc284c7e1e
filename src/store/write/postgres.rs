//! Writes to PostgreSQL: tasks that run side by side, so that one needn't wait for another's commit.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::DbErr;
use tokio::{
    sync::{Mutex, mpsc},
    time::sleep,
};
use tracing::Instrument;

use super::{
    Context, Created, Job,
    budget::Budget,
    creation::{self, Creation},
    reply::receive,
};
use crate::{
    domain::{random, user::NewUser},
    store::{
        Error, Result, WAIT_TIMEOUT,
        connection::Pool,
        error::{Failure, is_contended, resume_panic},
        users::batch,
    },
};

/// How often a transaction is run if the database gives it up.
const ATTEMPTS: u32 = 6;

/// The longest pause before the second attempt, in milliseconds; it doubles with each further one.
const PAUSE: u64 = 8;

/// How long a statement waits for a lock. A job that meets several locks waits for each.
const LOCK_TIMEOUT: Duration = Duration::from_secs(3);

/// The shortest time for which a batch waits for a lock.
const MIN_WAIT: Duration = Duration::from_millis(500);

/// The number of batches of new users written concurrently.
const BATCHES: usize = 2;

/// Runs transactions on the connections of a pool.
#[derive(Clone, Debug)]
pub struct Writer {
    database: Database,
    creations: mpsc::UnboundedSender<Creation>,
    budget: Budget,
}

#[derive(Clone, Debug)]
struct Database {
    pool: Pool,
    context: Context,
}

impl Writer {
    /// Starts the tasks that create users. They end when the writer is dropped.
    pub fn start(pool: Pool, context: Context) -> Self {
        let budget = Budget::new(&context.metrics);
        let database = Database { pool, context };
        let (creations, queue) = mpsc::unbounded_channel();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..BATCHES {
            tokio::spawn(write_batches(database.clone(), queue.clone()));
        }
        Self { database, creations, budget }
    }

    pub async fn write<A, T, E>(&self, size: usize, arguments: A, job: Job<A, T, E>) -> Result<T, E>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        E: Failure,
    {
        let permit = self.budget.take(size)?;
        let database = self.database.clone();
        // A task of its own, which goes on if the client disconnects.
        let written = async move {
            let (_permit, start) = (permit, Instant::now());
            let written = database.transact(LOCK_TIMEOUT, &arguments, job).await;
            database.context.metrics.transaction(1, start.elapsed());
            written
        };
        let task = tokio::spawn(written.in_current_span());
        task.await.unwrap_or_else(|error| {
            resume_panic(error);
            Err(Error::Closed.into())
        })
    }

    pub async fn create_user(&self, new: Arc<NewUser>) -> Created {
        let (creation, result) = Creation::new(new, &self.budget)?;
        self.creations.send(creation).map_err(|_| Error::Closed)?;
        receive(result).await
    }

    pub async fn finish(&self) {
        self.budget.close().await;
    }
}

/// Writes whatever is queued, until the queue is closed.
async fn write_batches(database: Database, queue: Arc<Mutex<mpsc::UnboundedReceiver<Creation>>>) {
    let mut creations = Vec::with_capacity(batch::SIZE);
    while queue.lock().await.recv_many(&mut creations, batch::SIZE).await > 0 {
        // Those that waited long enough would wait again, for a database that hardly answers.
        for late in creations.extract_if(.., |creation| creation.queued.elapsed() > WAIT_TIMEOUT) {
            late.fail(Error::Busy);
        }
        let database = &database;
        // So that those who waited for another batch don't wait for twice as long.
        let waited = creations.iter().map(|creation| creation.queued.elapsed()).max().unwrap_or_default();
        let wait = LOCK_TIMEOUT.saturating_sub(waited).max(MIN_WAIT);
        let write = |users: Arc<[Arc<NewUser>]>| async move {
            let (start, number) = (Instant::now(), users.len());
            let written =
                database.transact(wait, &users, |transaction, users| Box::pin(batch::write(transaction, users))).await;
            database.context.metrics.transaction(number, start.elapsed());
            written
        };
        creation::write_all(creations.drain(..), write).await.finish(&Ok(()));
    }
}

impl Database {
    /// Runs a job in a transaction, again if the database gives it up before it is committed. Statements wait for a
    /// lock for at most `wait`.
    async fn transact<A, T, E: Failure>(&self, wait: Duration, arguments: &A, job: Job<A, T, E>) -> Result<T, E> {
        let mut attempt = 1;
        loop {
            let error = match self.attempt(wait, arguments, job).await {
                Err(error) if attempt < ATTEMPTS && error.cause().is_some_and(|cause| self.may_retry(cause)) => error,
                result => return result,
            };
            tracing::debug!(attempt, cause = ?error.cause(), "running a transaction again");
            // Random, so that transactions that met once don't meet again.
            let pause = (PAUSE << attempt) * u64::from(random::bytes::<1>()[0]) / 256;
            sleep(Duration::from_millis(pause)).await;
            attempt += 1;
        }
    }

    async fn attempt<A, T, E: Failure>(&self, wait: Duration, arguments: &A, job: Job<A, T, E>) -> Result<T, E> {
        let transaction = self.pool.begin(wait).await.map_err(Error::from)?;
        let result = job(&transaction, arguments).await;
        if result.is_err() {
            transaction.rollback().await;
            return result;
        }
        let affects_callers = transaction.affects_callers();
        let committed = transaction.commit().await;
        if affects_callers {
            // Even if the commit failed, because it may have succeeded all the same.
            self.context.credentials.clear();
        }
        match committed {
            Ok(()) => result,
            Err(error) if is_contended(&error) => Err(Error::Unavailable(error).into()),
            Err(error) => Err(Error::Uncertain(error).into()),
        }
    }

    /// Whether an uncommitted transaction that failed for this reason may be run again at once.
    fn may_retry(&self, cause: &DbErr) -> bool {
        is_contended(cause) || self.pool.drop_idle_if_lost(cause)
    }
}
