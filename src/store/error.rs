//! Errors of the store.

use std::{sync::Arc, time::Duration};

use rusqlite::ffi::{SQLITE_BUSY, SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_IOERR, SQLITE_LOCKED, SQLITE_READONLY};
use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, error::ErrorKind},
};
use tokio::task::JoinError;

/// Why the store failed. That a rule rejected a write is not an error: see [`Rejection`].
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Too many writes are waiting, or conflict with this one.
    #[error("too many writes are waiting or conflicting")]
    Busy,
    /// A list took longer than this.
    #[error("a list took longer than {0:?}")]
    TooSlow(Duration),
    /// A result has more than this many bytes.
    #[error("a result has more than {0} bytes")]
    TooLarge(usize),
    /// The store is closed, because the program is ending.
    #[error("the store is closed")]
    Closed,
    /// The database can't be reached, is too busy, or can't be written. Nothing was stored.
    #[error("the database is unavailable: {0}")]
    Unavailable(#[source] DbErr),
    /// The commit failed, so the write may or may not have been stored.
    #[error("the outcome of a commit is unknown: {0}")]
    Uncertain(#[source] DbErr),
    /// An unexpected database error.
    #[error("database error: {0}")]
    Failed(#[source] DbErr),
}

/// A write that may be rejected by rules, such as that usernames are unique.
pub type Checked<T> = Result<std::result::Result<T, Rejection>, Error>;

/// All rules that a write violates. Nothing was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection(pub Vec<Violation>);

/// A violated rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// Another user has this username.
    UsernameTaken,
    /// Another group has this name.
    GroupNameTaken,
    /// Another token has this identifier.
    IdentifierTaken,
    /// Another token has this value of `managed`.
    ManagedTaken,
    /// Another token has this key.
    KeyTaken,
    /// A group doesn't exist. Holds the index of the first such group in its list.
    UnknownGroup(usize),
    /// A member doesn't exist. Holds the index of the first such user in its list.
    UnknownMember(usize),
    /// A parent group doesn't exist. Holds the index of the first such group in its list.
    UnknownParent(usize),
    /// The owner of a token doesn't exist.
    UnknownOwner,
    /// The group would be its own ancestor.
    Cycle,
    /// No active superuser would be left.
    LastSuperuser,
}

/// Why a write stopped.
#[derive(Clone, Debug)]
pub(super) enum Stop {
    Failed(Error),
    /// It violates this rule.
    Rule(Violation),
    /// It violates a constraint of the database; which one remains to be found out.
    Constraint,
}

impl From<Violation> for Stop {
    fn from(violation: Violation) -> Self {
        Self::Rule(violation)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match &error {
            Error::Failed(cause) if is_constraint_violation(cause) => Self::Constraint,
            _ => Self::Failed(error),
        }
    }
}

impl From<DbErr> for Stop {
    fn from(error: DbErr) -> Self {
        Error::from(error).into()
    }
}

/// The result of a write's transaction.
pub(super) trait Failure: From<Error> + Send + 'static {
    /// The database's error, if that is what made it fail and nothing was stored.
    fn cause(&self) -> Option<&DbErr>;
}

impl Failure for Error {
    fn cause(&self) -> Option<&DbErr> {
        match self {
            Self::Busy | Self::TooSlow(_) | Self::TooLarge(_) | Self::Closed | Self::Uncertain(_) => None,
            Self::Unavailable(cause) | Self::Failed(cause) => Some(cause),
        }
    }
}

impl Failure for Stop {
    fn cause(&self) -> Option<&DbErr> {
        match self {
            Self::Failed(error) => error.cause(),
            Self::Rule(_) | Self::Constraint => None,
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if let Some(TooLarge(limit)) = sqlx_error(&error).and_then(TooLarge::of) {
            Self::TooLarge(limit)
        } else if is_transient(&error) {
            Self::Unavailable(error)
        } else {
            Self::Failed(error)
        }
    }
}

/// A statement would read more than this many bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the result has more than {0} bytes")]
pub(super) struct TooLarge(pub usize);

impl From<TooLarge> for DbErr {
    fn from(error: TooLarge) -> Self {
        Self::Query(RuntimeErr::SqlxError(Arc::new(sqlx::Error::Decode(error.into()))))
    }
}

impl TooLarge {
    /// The limit that an error is about.
    fn of(error: &sqlx::Error) -> Option<Self> {
        match error {
            sqlx::Error::Decode(cause) => cause.downcast_ref().copied(),
            _ => None,
        }
    }
}

/// Whether a unique index or a foreign key rejected the write.
fn is_constraint_violation(error: &DbErr) -> bool {
    let kind = sqlx_error(error).and_then(|error| error.as_database_error()).map(|error| error.kind());
    matches!(kind, Some(ErrorKind::UniqueViolation | ErrorKind::ForeignKeyViolation))
}

/// Whether the connection can't be used any more, or no longer to write: its server has become a standby.
pub(super) fn is_connection_lost(error: &DbErr) -> bool {
    use sqlx::Error::{Io, Protocol, Tls};
    match sqlx_error(error) {
        Some(Io(_) | Protocol(_) | Tls(_)) => true,
        // Connection exceptions, shutdowns, timeouts of a session, and a server that only reads.
        _ => postgres_code(error, |code| {
            code.starts_with("08") || ["57P01", "57P02", "57P03", "57P05", "25P03", "25006"].contains(&code)
        }),
    }
}

/// Whether the connection must not be used any more: it is lost, or has more to say than was read.
pub(super) fn ends_connection(error: &DbErr) -> bool {
    is_connection_lost(error) || sqlx_error(error).and_then(TooLarge::of).is_some()
}

/// Whether PostgreSQL has no room for another connection.
pub(super) fn is_out_of_connections(error: &DbErr) -> bool {
    postgres_code(error, |code| code == "53300")
}

/// Whether PostgreSQL gave up a transaction because of others at the same time: a deadlock, or a failed serialization.
pub(super) fn is_contended(error: &DbErr) -> bool {
    postgres_code(error, |code| code.starts_with("40"))
}

/// Whether SQLite's lock is held by another process.
pub(super) fn is_locked(error: &DbErr) -> bool {
    sqlite_code(error).is_some_and(|code| [SQLITE_BUSY, SQLITE_LOCKED].contains(&code))
}

/// Whether a retry may succeed later.
fn is_transient(error: &DbErr) -> bool {
    const SQLITE: [i32; 6] = [SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN];
    matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_))
        || is_connection_lost(error)
        || is_contended(error)
        || sqlite_code(error).is_some_and(|code| SQLITE.contains(&code))
        // Resources, interventions by the operator, and locks that were not released in time.
        || postgres_code(error, |code| code.starts_with("53") || code.starts_with("57") || code == "55P03")
}

/// Resumes the panic of a task. Returns the error if the task was cancelled instead.
pub fn resume_panic(error: JoinError) -> JoinError {
    match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(error) => error,
    }
}

fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

fn code(error: &DbErr) -> Option<String> {
    Some(sqlx_error(error)?.as_database_error()?.code()?.into_owned())
}

/// Tests the SQLSTATE of an error of PostgreSQL, which has five characters.
fn postgres_code(error: &DbErr, test: impl Fn(&str) -> bool) -> bool {
    code(error).is_some_and(|code| code.len() == 5 && test(&code))
}

/// The primary result code of an error of SQLite, whose extended codes have at most four digits.
fn sqlite_code(error: &DbErr) -> Option<i32> {
    let code = code(error).filter(|code| code.len() < 5)?;
    Some(code.parse::<i32>().ok()? & 0xff)
}
