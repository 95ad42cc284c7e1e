//! Writes to SQLite: one thread owns the one connection that writes.
//!
//! A commit costs the same however much it makes durable. So what was queued while one batch was being written becomes
//! the next: one transaction with a savepoint per job, so that a job that fails doesn't affect the others. No batch
//! waits to be filled, so a lone write begins at once. The futures of jobs never wait here, because the connection
//! belongs to this thread.

use std::{
    any::Any,
    fmt, io,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::{DbBackend, DbErr, RuntimeErr, Statement};
use tokio::sync::oneshot;

use super::{
    Context, Created, Job,
    budget::{Budget, Permit},
    creation::{self, Creation},
    reply::{Reply, receive},
};
use crate::{
    domain::user::NewUser,
    store::{
        Error, Result, WAIT_TIMEOUT,
        connection::{
            Connection, Lease, ReadLimit, Transaction,
            sqlite::{self, File},
        },
        error::{Failure, is_locked},
        users::batch,
    },
};

/// The maximum number of jobs in a batch.
const BATCH_SIZE: usize = batch::SIZE;

/// The log is copied to the database whenever it has grown by this many pages.
const CHECKPOINT_PAGES: i32 = 8_000;

/// From this length of the log on, writing waits for long reads, without which the log can't start again.
const MAX_LOG_PAGES: i32 = 2 * CHECKPOINT_PAGES;

/// How long a checkpoint waits for reads while the log is shorter.
const CHECKPOINT_WAIT: Duration = Duration::from_millis(250);

/// The pause before a batch is tried again that another process kept from the lock.
const LOCKED_PAUSE: Duration = Duration::from_millis(5);

/// The queue of the writing thread.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Queued>,
    budget: Budget,
}

impl fmt::Debug for Writer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Writer")
    }
}

enum Queued {
    Create(Creation),
    Run(Box<dyn QueuedJob>),
    /// Close the connection.
    Close(oneshot::Sender<()>),
}

/// A queued job, regardless of its types.
trait QueuedJob: Send {
    fn queued(&self) -> Instant;

    /// Whether nobody waits for it any more.
    fn is_abandoned(&self) -> bool;

    /// Runs the job and keeps its result. Returns an error if the job did.
    fn run<'t>(&'t mut self, transaction: &'t Transaction) -> BoxFuture<'t, std::result::Result<(), Undone>>;

    /// Sends the job's result, or the error of the commit if that failed.
    fn finish(self: Box<Self>, committed: &Result<()>);

    /// Sends the panic of the job.
    fn panicked(self: Box<Self>, panic: Box<dyn Any + Send>);
}

/// A job failed, or its savepoint did.
struct Undone;

impl From<DbErr> for Undone {
    fn from(_: DbErr) -> Self {
        Self
    }
}

struct TypedJob<A, T, E> {
    arguments: A,
    job: Job<A, T, E>,
    result: Option<std::result::Result<T, E>>,
    reply: Reply<std::result::Result<T, E>>,
    queued: Instant,
    _permit: Permit,
}

impl<A: Send + Sync, T: Send, E: Failure> QueuedJob for TypedJob<A, T, E> {
    fn queued(&self) -> Instant {
        self.queued
    }

    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run<'t>(&'t mut self, transaction: &'t Transaction) -> BoxFuture<'t, std::result::Result<(), Undone>> {
        Box::pin(async move {
            let result = (self.job)(transaction, &self.arguments).await;
            self.result.insert(result).as_ref().map(|_| ()).map_err(|_| Undone)
        })
    }

    fn finish(self: Box<Self>, committed: &Result<()>) {
        self.reply.send(Ok(match (self.result, committed) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.clone().into()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            // It was not run, so the commit failed too.
            (None, Ok(())) => Err(Error::Closed.into()),
        }));
    }

    fn panicked(self: Box<Self>, panic: Box<dyn Any + Send>) {
        self.reply.send(Err(panic));
    }
}

impl Writer {
    /// Starts the thread, which ends when the writer is dropped. It opens the database for the first write.
    pub fn start(file: File, context: Context) -> io::Result<Self> {
        let (queue, receiver) = mpsc::channel();
        let budget = Budget::new(&context.metrics);
        let thread = Thread { file, context, queue: receiver, connection: None, next_checkpoint: CHECKPOINT_PAGES };
        thread::Builder::new().name("sqlite-writer".into()).spawn(move || thread.run())?;
        Ok(Self { queue, budget })
    }

    pub async fn write<A, T, E>(&self, size: usize, arguments: A, job: Job<A, T, E>) -> std::result::Result<T, E>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        E: Failure,
    {
        let permit = self.budget.take(size)?;
        let (reply, result) = Reply::channel();
        let job = TypedJob { arguments, job, result: None, reply, queued: Instant::now(), _permit: permit };
        self.queue.send(Queued::Run(Box::new(job))).map_err(|_| Error::Closed)?;
        receive(result).await
    }

    pub async fn create_user(&self, new: Arc<NewUser>) -> Created {
        let (creation, result) = Creation::new(new, &self.budget)?;
        self.queue.send(Queued::Create(creation)).map_err(|_| Error::Closed)?;
        receive(result).await
    }

    pub async fn finish(&self) {
        self.budget.close().await;
    }

    pub async fn close(&self) {
        let (closed, wait) = oneshot::channel();
        if self.queue.send(Queued::Close(closed)).is_ok() {
            let _ = wait.await;
        }
    }
}

/// What is written in one transaction.
#[derive(Default)]
struct Batch {
    creations: Vec<Creation>,
    jobs: Vec<Box<dyn QueuedJob>>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.creations.is_empty() && self.jobs.is_empty()
    }

    fn add(&mut self, queued: Queued) -> Option<oneshot::Sender<()>> {
        match queued {
            Queued::Create(creation) => self.creations.push(creation),
            Queued::Run(job) => self.jobs.push(job),
            Queued::Close(closed) => return Some(closed),
        }
        None
    }

    /// When the first of them was queued.
    fn queued(&self) -> Option<Instant> {
        let creations = self.creations.iter().map(|creation| creation.queued);
        creations.chain(self.jobs.iter().map(|job| job.queued())).min()
    }

    fn fail(self, error: &Error) {
        for creation in self.creations {
            creation.fail(error.clone());
        }
        for job in self.jobs {
            job.finish(&Err(error.clone()));
        }
    }

    /// Splits off what has waited for too long.
    fn take_late(&mut self) -> Self {
        let is_late = |queued: Instant| queued.elapsed() >= WAIT_TIMEOUT;
        Self {
            creations: self.creations.extract_if(.., |creation| is_late(creation.queued)).collect(),
            jobs: self.jobs.extract_if(.., |job| is_late(job.queued())).collect(),
        }
    }
}

struct Thread {
    file: File,
    context: Context,
    queue: mpsc::Receiver<Queued>,
    connection: Option<Connection>,
    /// The length of the log at which to copy it to the database, in pages.
    next_checkpoint: i32,
}

impl Thread {
    fn run(mut self) {
        while let Ok(first) = self.queue.recv() {
            let mut batch = Batch::default();
            let mut closed = batch.add(first);
            while closed.is_none() && batch.creations.len() + batch.jobs.len() < BATCH_SIZE {
                let Ok(next) = self.queue.try_recv() else { break };
                closed = batch.add(next);
            }
            batch.jobs.retain(|job| !job.is_abandoned());
            while !batch.is_empty() {
                batch = self.write(batch);
            }
            if let Some(closed) = closed {
                self.close();
                let _ = closed.send(());
                return;
            }
        }
        self.close();
    }

    fn close(&mut self) {
        if let Some(Err(error)) = self.connection.take().map(|connection| now(connection.close())) {
            tracing::warn!(%error, "failed to close the database");
        }
    }

    /// Writes a batch. Returns what is left to be tried again, if another process holds the lock.
    fn write(&mut self, mut batch: Batch) -> Batch {
        match self.begin(batch.queued()) {
            Ok(transaction) => {
                self.write_in(transaction, batch);
                self.checkpoint();
                Batch::default()
            }
            Err(error) if is_locked(&error) => {
                batch.take_late().fail(&Error::Unavailable(error));
                // SQLite itself has waited, except where it can't, as for the switch to a write-ahead log.
                thread::sleep(LOCKED_PAUSE);
                batch
            }
            Err(error) => {
                batch.fail(&error.into());
                Batch::default()
            }
        }
    }

    /// Begins a transaction. It takes the write lock at once, because one that started with a read would fail instead
    /// of waiting for the lock later. Waits until the job queued at `since` has waited for [`WAIT_TIMEOUT`].
    fn begin(&mut self, since: Option<Instant>) -> std::result::Result<Transaction, DbErr> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::Sqlite(self.file.open()?),
        };
        let waited = since.map(|since| since.elapsed()).unwrap_or_default();
        let begun = connection.as_sqlite().and_then(|connection| {
            sqlite::set_busy_timeout(connection, WAIT_TIMEOUT.saturating_sub(waited))?;
            sqlite::execute(connection, Statement::from_string(DbBackend::Sqlite, "BEGIN IMMEDIATE"))
        });
        match begun {
            Ok(_) => {
                let statements = self.context.metrics.statements_of("writes");
                Ok(Transaction::new(Lease::Own(connection), DbBackend::Sqlite, ReadLimit::NONE, statements))
            }
            Err(error) => {
                // After any other error it is opened again.
                self.connection = is_locked(&error).then_some(connection);
                Err(error)
            }
        }
    }

    /// Writes a batch in an open transaction, commits, and sends the results.
    fn write_in(&mut self, transaction: Transaction, batch: Batch) {
        let (open, start) = (&transaction, Instant::now());
        let (creations, jobs) = (batch.creations.len(), batch.jobs.len());
        let write = |users: Arc<[Arc<NewUser>]>| async move {
            let scope = if jobs == 0 && users.len() == creations { Scope::Transaction } else { Scope::Savepoint };
            undo_on_failure(open, scope, batch::write(open, &users)).await
        };
        let created = now(creation::write_all(batch.creations, write));
        let scope = if jobs == 1 && creations == 0 { Scope::Transaction } else { Scope::Savepoint };
        let mut done = Vec::with_capacity(jobs);
        for mut job in batch.jobs {
            let run = || now(undo_on_failure(&transaction, scope, job.run(&transaction)));
            match catch_unwind(AssertUnwindSafe(run)) {
                Ok(_) => done.push(job),
                Err(panic) => job.panicked(panic),
            }
        }
        let affects_callers = transaction.affects_callers();
        let committed = self.commit(&transaction);
        self.context.metrics.transaction(creations + jobs, start.elapsed());
        if affects_callers {
            // Even if the commit failed, because it may have succeeded all the same.
            self.context.credentials.clear();
        }
        created.finish(&committed);
        for job in done {
            job.finish(&committed);
        }
    }

    /// Commits, and keeps the connection if that succeeds. Otherwise it is opened again for the next batch.
    fn commit(&mut self, transaction: &Transaction) -> Result<()> {
        let committed = now(transaction.control("COMMIT"));
        if let (Ok(()), Some(Lease::Own(connection))) = (&committed, now(transaction.take_connection())) {
            self.connection = Some(connection);
        }
        committed.map_err(Error::Uncertain)
    }

    /// Copies the log to the database if it has grown enough. Without this it would grow as long as there is always a
    /// read that uses it.
    fn checkpoint(&mut self) {
        let pages = sqlite::log_pages();
        let Some(connection) = self.connection.as_ref().filter(|_| pages >= self.next_checkpoint) else { return };
        let wait = if pages < MAX_LOG_PAGES { CHECKPOINT_WAIT } else { WAIT_TIMEOUT };
        let copied = connection.as_sqlite().and_then(|connection| {
            sqlite::set_busy_timeout(connection, wait)?;
            sqlite::checkpoint(connection)
        });
        let starts_again = copied.unwrap_or_else(|error| {
            tracing::warn!(%error, "failed to copy the write-ahead log to the database");
            false
        });
        self.next_checkpoint = if starts_again { CHECKPOINT_PAGES } else { pages + CHECKPOINT_PAGES };
    }
}

/// What is undone if a job fails.
#[derive(Clone, Copy)]
enum Scope {
    /// The transaction, which has no other job.
    Transaction,
    Savepoint,
}

/// Does `work`, and undoes it if it fails.
async fn undo_on_failure<T, E: From<DbErr>>(
    transaction: &Transaction,
    scope: Scope,
    work: impl Future<Output = std::result::Result<T, E>>,
) -> std::result::Result<T, E> {
    // After a severe error, such as a full disk, SQLite ends the whole transaction.
    if !transaction.is_open().await {
        return Err(DbErr::Conn(RuntimeErr::Internal("the transaction was rolled back".into())).into());
    }
    let (begin, keep, undo) = match scope {
        Scope::Transaction => (None, None, ["ROLLBACK", "BEGIN IMMEDIATE"]),
        Scope::Savepoint => (Some("SAVEPOINT job"), Some("RELEASE job"), ["ROLLBACK TO job", "RELEASE job"]),
    };
    if let Some(begin) = begin {
        transaction.control(begin).await?;
    }
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(value)) => {
            if let Some(keep) = keep {
                transaction.control(keep).await?;
            }
            Ok(value)
        }
        failed => {
            if transaction.is_open().await {
                for sql in undo {
                    transaction.control(sql).await?;
                }
            }
            failed.unwrap_or_else(|panic| resume_unwind(panic))
        }
    }
}

/// Runs a future that never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("a job on SQLite waits only for its connection, which is here")
}
