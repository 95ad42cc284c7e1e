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
        };
        errors.extend(field, message);
    }
    errors
}
