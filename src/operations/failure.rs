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
            store::Error::TooLarge(limit) => Self::Invalid(FieldErrors::one(
                "non_field_errors",
                format!(
                    "The response would have more than {limit} bytes (ROLLCALL_MAX_RESPONSE). \
                     Ask for a smaller page_size, or leave out members with include_users=false."
                ),
            )),
            store::Error::Failed(_) => {
                tracing::error!(%error, "database error");
                Self::Internal
            }
        }
    }
}

/// The message for a value that another object has. It is authentik's.
pub const NOT_UNIQUE: &str = "This field must be unique.";

/// Converts violations to error messages by field. `of_request` returns those whose field or message depends on the
/// request.
pub fn to_field_errors(
    violations: &[Violation],
    of_request: impl Fn(Violation) -> Option<(&'static str, String)>,
) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for violation in violations {
        let (field, message) = match *violation {
            Violation::UsernameTaken => ("username", NOT_UNIQUE),
            Violation::GroupNameTaken => ("name", NOT_UNIQUE),
            Violation::IdentifierTaken => ("identifier", NOT_UNIQUE),
            Violation::ManagedTaken => ("managed", NOT_UNIQUE),
            Violation::KeyTaken => ("key", NOT_UNIQUE),
            Violation::LastSuperuser => ("non_field_errors", "At least one active superuser must remain."),
            Violation::UnknownGroup(_)
            | Violation::UnknownMember(_)
            | Violation::UnknownParent(_)
            | Violation::UnknownOwner
            | Violation::Cycle => {
                if let Some((field, message)) = of_request(*violation) {
                    errors.add(field, message);
                }
                continue;
            }
        };
        errors.add(field, message);
    }
    errors
}

/// Converts the rejection of a write without references that may be unknown.
pub fn rejected(rejection: Rejection) -> Failure {
    Failure::Invalid(to_field_errors(&rejection.0, |_| None))
}
