//! What the store can't do, and why.

use sea_orm::{DbErr, RuntimeErr, sqlx::error::ErrorKind};

/// Why the store did not do what it was asked to.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The database refuses values. Nothing was stored.
    #[error("refused: {0:?}")]
    Refused(Vec<Objection>),
    /// More is waiting to be written than the database keeps up with.
    #[error("too many writes are waiting")]
    Busy,
    /// The database can't be reached or is too busy.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] DbErr),
    /// The database did something unexpected.
    #[error("the database failed: {0}")]
    Failed(#[source] DbErr),
}

/// What the database has against a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objection {
    /// The field of the new object.
    pub field: &'static str,
    pub problem: Problem,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Another object has it, and it has to be unique.
    Taken,
    /// It refers to an object that does not exist; the place of the first such value in its list.
    Missing(usize),
    /// A group would stand below itself.
    Cycle,
    /// No active superuser would be left.
    LastSuperuser,
}

impl Error {
    pub(super) fn taken(field: &'static str) -> Self {
        Objection { field, problem: Problem::Taken }.into()
    }

    /// Whether a unique index refused the write.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self.kind(), Some(ErrorKind::UniqueViolation))
    }

    /// Whether a foreign key points at nothing: the object it points at was just deleted.
    pub(super) fn is_dangling(&self) -> bool {
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

impl From<Objection> for Error {
    fn from(objection: Objection) -> Self {
        Self::Refused(vec![objection])
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        let unavailable = match &error {
            DbErr::ConnectionAcquire(_) => true,
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => is_passing(cause),
            _ => false,
        };
        if unavailable { Self::Unavailable(error) } else { Self::Failed(error) }
    }
}

/// Whether trying again later may help.
fn is_passing(cause: &sea_orm::sqlx::Error) -> bool {
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
