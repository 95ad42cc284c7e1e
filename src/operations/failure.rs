//! Conversion of the store's errors and rejections to responses.

use crate::{
    api::{Failure, FieldErrors},
    store::{self, Rejection, Violation},
};

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Unavailable(_) | store::Error::Uncertain(_) => {
                tracing::error!(%error, "the database is unavailable");
                Self::Unavailable
            }
            store::Error::Busy | store::Error::Closed => {
                tracing::warn!(%error, "a write was refused");
                Self::Unavailable
            }
            store::Error::TooSlow(limit) => {
                tracing::warn!(%error, "a list was ended");
                Self::TooSlow { seconds: limit.as_secs() }
            }
            store::Error::Failed(_) => {
                tracing::error!(%error, "database error");
                Self::Internal
            }
        }
    }
}

/// The message for a value that another object has. It is authentik's.
pub const NOT_UNIQUE: &str = "This field must be unique.";

/// Converts violations to error messages by field. `unknown` returns the message for an unknown reference.
pub fn to_field_errors(violations: &[Violation], unknown: impl Fn(Violation) -> Option<String>) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for violation in violations {
        let unique = || Some(NOT_UNIQUE.to_owned());
        let (field, message) = match *violation {
            Violation::UsernameTaken => ("username", unique()),
            Violation::GroupNameTaken => ("name", unique()),
            Violation::IdentifierTaken => ("identifier", unique()),
            Violation::ManagedTaken => ("managed", unique()),
            Violation::KeyTaken => ("key", unique()),
            Violation::UnknownGroup(_) => ("groups", unknown(*violation)),
            Violation::UnknownMember(_) => ("users", unknown(*violation)),
            Violation::UnknownParent => ("parent", unknown(*violation)),
            Violation::UnknownOwner => ("user", unknown(*violation)),
            Violation::Cycle => ("parent", Some("A group cannot be its own ancestor.".to_owned())),
            Violation::LastSuperuser => {
                ("non_field_errors", Some("At least one active superuser must remain.".to_owned()))
            }
        };
        errors.extend(field, message);
    }
    errors
}

/// Converts the rejection of a write without references that may be unknown.
pub fn rejected(rejection: Rejection) -> Failure {
    Failure::Invalid(to_field_errors(&rejection.0, |_| None))
}
