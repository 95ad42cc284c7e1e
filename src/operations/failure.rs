//! How errors of the rules and of the store become failures of a request.

use crate::{
    api::{Failure, FieldErrors},
    store::{self, Objection, Problem},
};

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Unavailable(cause) => {
                tracing::error!(%cause, "the database is not available");
                Self::Unavailable
            }
            store::Error::Busy => Self::Unavailable,
            store::Error::Refused(_) | store::Error::Failed(_) => {
                tracing::error!(%error, "the database failed");
                Self::Internal
            }
        }
    }
}

/// Words what the store has against values. `missing` words a reference to nothing, by field and place.
pub fn worded(objections: Vec<Objection>, missing: impl Fn(&str, usize) -> Option<String>) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for Objection { field, problem } in objections {
        let message = match problem {
            Problem::Taken => Some("This field must be unique.".to_owned()),
            Problem::Missing(place) => missing(field, place),
            Problem::Cycle => Some("A group can't stand below itself.".to_owned()),
            Problem::LastSuperuser => Some("The directory needs an active superuser.".to_owned()),
        };
        errors.extend(field, message);
    }
    errors
}

/// How a write fails whose values refer to nothing that may be missing.
pub fn refusal(error: store::Error) -> Failure {
    match error {
        store::Error::Refused(objections) => Failure::Invalid(worded(objections, |_, _| None)),
        error => error.into(),
    }
}
