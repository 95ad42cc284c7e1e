//! Conversion of the store's errors to responses.

use crate::{
    api::{Failure, FieldErrors},
    store::{self, Problem, Violation},
};

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Unavailable(cause) => {
                tracing::error!(%cause, "the database is unavailable");
                Self::Unavailable
            }
            store::Error::Busy => Self::Unavailable,
            store::Error::Rejected(_) | store::Error::Failed(_) => {
                tracing::error!(%error, "database error");
                Self::Internal
            }
        }
    }
}

/// Converts violations to error messages by field. `missing` returns the message for an unknown reference, by field and
/// index.
pub fn to_field_errors(violations: Vec<Violation>, missing: impl Fn(&str, usize) -> Option<String>) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for Violation { field, problem } in violations {
        let message = match problem {
            Problem::Taken => Some("This field must be unique.".to_owned()),
            Problem::Missing(place) => missing(field, place),
            Problem::Cycle => Some("A group cannot be its own ancestor.".to_owned()),
            Problem::LastSuperuser => Some("At least one active superuser must remain.".to_owned()),
        };
        errors.extend(field, message);
    }
    errors
}

/// Converts the error of a write without references that may be unknown.
pub fn rejection(error: store::Error) -> Failure {
    match error {
        store::Error::Rejected(violations) => Failure::Invalid(to_field_errors(violations, |_, _| None)),
        error => error.into(),
    }
}
