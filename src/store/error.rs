//! Errors of the store.

use sea_orm::{DbErr, RuntimeErr, sqlx::error::ErrorKind};

/// Why an operation of the store failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Values violate a constraint. Nothing was stored.
    #[error("rejected: {0:?}")]
    Rejected(Vec<Violation>),
    /// The write queue is full.
    #[error("the write queue is full")]
    Busy,
    /// The database can't be reached or is too busy.
    #[error("the database is unavailable: {0}")]
    Unavailable(#[source] DbErr),
    /// An unexpected database error.
    #[error("database error: {0}")]
    Failed(#[source] DbErr),
}

/// A violated constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The field with the offending value.
    pub field: &'static str,
    pub problem: Problem,
}

/// The kind of constraint that is violated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The value must be unique, and another object has it.
    Taken,
    /// The referenced object doesn't exist. Holds the index of the first such value in its list.
    Missing(usize),
    /// The group would be its own ancestor.
    Cycle,
    /// No active superuser would be left.
    LastSuperuser,
}

impl Error {
    pub(super) fn taken(field: &'static str) -> Self {
        Violation { field, problem: Problem::Taken }.into()
    }

    /// Whether a unique index rejected the write.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self.kind(), Some(ErrorKind::UniqueViolation))
    }

    /// Whether a foreign key rejected the write: the referenced object doesn't exist.
    pub(super) fn is_missing_reference(&self) -> bool {
        matches!(self.kind(), Some(ErrorKind::ForeignKeyViolation))
    }

    fn kind(&self) -> Option<ErrorKind> {
        let Self::Failed(DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = self
        else {
            return None;
        };
        cause.as_database_error().map(|error| error.kind())
    }
}

impl From<Violation> for Error {
    fn from(violation: Violation) -> Self {
        Self::Rejected(vec![violation])
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        let unavailable = match &error {
            DbErr::ConnectionAcquire(_) => true,
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => is_transient(cause),
            _ => false,
        };
        if unavailable { Self::Unavailable(error) } else { Self::Failed(error) }
    }
}

/// Whether a retry may succeed.
fn is_transient(cause: &sea_orm::sqlx::Error) -> bool {
    use sea_orm::sqlx::Error::{Database, Io, PoolClosed, PoolTimedOut, WorkerCrashed};
    match cause {
        Io(_) | PoolTimedOut | PoolClosed | WorkerCrashed => true,
        // SQLite: busy, locked, full. PostgreSQL: connection errors, resources, serialization, shutdown.
        Database(error) => error.code().is_some_and(|code| {
            ["5", "6", "13", "261", "517"].contains(&code.as_ref())
                || ["08", "40", "53", "57"].iter().any(|class| code.len() == 5 && code.starts_with(class))
        }),
        _ => false,
    }
}
