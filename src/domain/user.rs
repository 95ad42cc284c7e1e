//! Users, and their rules beyond the contract's schema.

use chrono::{DateTime, Utc};
use strum::{Display, EnumString, IntoStaticStr, VariantNames};
use uuid::Uuid;

use super::{Attributes, clock, random};

/// The default path, as in authentik.
pub const DEFAULT_PATH: &str = "users";

/// The type of a user. Its words are those of the contract, and of the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Display, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum UserType {
    #[default]
    Internal,
    External,
    ServiceAccount,
    InternalServiceAccount,
}

/// The fields of a user that clients can set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    pub username: String,
    pub name: String,
    pub email: String,
    pub is_active: bool,
    pub last_login: Option<DateTime<Utc>>,
    pub path: String,
    pub kind: UserType,
    pub attributes: Attributes,
}

/// A stored user.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    pub id: i32,
    /// Of version 7, so it holds the time of the user's creation.
    pub uuid: Uuid,
    pub details: Details,
    /// When a detail, the password, or a membership changed.
    pub last_updated: DateTime<Utc>,
    /// When the password changed; `None` if it never did.
    pub password_changed: Option<DateTime<Utc>>,
}

impl User {
    /// A user that begins to exist now. Its id is assigned by the database.
    pub fn new(details: Details) -> Self {
        Self { id: 0, uuid: random::uuid(), details, last_updated: clock::now(), password_changed: None }
    }

    /// When the user was created, to the millisecond.
    pub fn date_joined(&self) -> DateTime<Utc> {
        const TIME: u32 = 48;
        let milliseconds = self.uuid.as_u128() >> (u128::BITS - TIME);
        i64::try_from(milliseconds).ok().and_then(DateTime::from_timestamp_millis).unwrap_or_default()
    }

    /// When the password changed, or the user was created.
    pub fn password_change_date(&self) -> DateTime<Utc> {
        self.password_changed.unwrap_or_else(|| self.date_joined())
    }
}

/// A user to be created.
#[derive(Clone, Debug, PartialEq)]
pub struct NewUser {
    pub details: Details,
    /// UUIDs of the user's groups.
    pub groups: Vec<Uuid>,
}

/// Changes to a user; fields that are `None` stay as they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserChange {
    pub username: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub is_active: Option<bool>,
    pub last_login: Option<Option<DateTime<Utc>>>,
    pub path: Option<String>,
    pub kind: Option<UserType>,
    pub attributes: Option<Attributes>,
    /// UUIDs of the new groups, which replace the present ones.
    pub groups: Option<Vec<Uuid>>,
}

/// A violated rule. The messages are authentik's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("Ensure this field has no more than {MAX_PATH} characters.")]
    PathTooLong,
    #[error("No leading or trailing slashes allowed.")]
    OuterSlash,
    #[error("No empty segments in user path allowed.")]
    EmptySegment,
    #[error("Setting a user to internal service account is not allowed.")]
    InternalServiceAccount,
    #[error("Ensure this field has no more than {MAX_USERNAME} characters.")]
    UsernameTooLong,
    #[error("Can't change internal service account to other user type.")]
    StaysInternalServiceAccount,
}

/// The maximum length of a username, in code points, as in the contract.
const MAX_USERNAME: usize = 150;

/// The maximum length of a path, in code points. authentik has no limit; this stays below PostgreSQL's limit for index
/// entries in any script.
const MAX_PATH: usize = 640;

/// Checks a username where the contract's schema doesn't.
///
/// # Errors
///
/// If it is too long.
pub fn check_username(username: &str) -> Result<(), Invalid> {
    if username.chars().count() > MAX_USERNAME { Err(Invalid::UsernameTooLong) } else { Ok(()) }
}

/// Checks a user's path: non-empty segments separated by slashes.
///
/// # Errors
///
/// The first rule it violates.
pub fn check_path(path: &str) -> Result<(), Invalid> {
    if path.chars().count() > MAX_PATH {
        return Err(Invalid::PathTooLong);
    }
    if path.starts_with('/') || path.ends_with('/') {
        return Err(Invalid::OuterSlash);
    }
    if path.split('/').any(str::is_empty) {
        return Err(Invalid::EmptySegment);
    }
    Ok(())
}

/// Checks the type that a client set for a new user.
///
/// # Errors
///
/// If clients can't set it.
pub fn check_new_type(kind: UserType) -> Result<(), Invalid> {
    if kind == UserType::InternalServiceAccount { Err(Invalid::InternalServiceAccount) } else { Ok(()) }
}

/// Checks a change of a user's type by a client.
///
/// # Errors
///
/// If clients can't set or change one of the two.
pub fn check_type_change(old: UserType, new: UserType) -> Result<(), Invalid> {
    match old {
        _ if old == new => Ok(()),
        UserType::InternalServiceAccount => Err(Invalid::StaysInternalServiceAccount),
        _ => check_new_type(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_no_outer_slash_and_no_empty_segment() {
        for (path, expected) in [
            ("users", Ok(())),
            ("a/ /b", Ok(())),
            ("/", Err(Invalid::OuterSlash)),
            ("/a", Err(Invalid::OuterSlash)),
            ("/a//b", Err(Invalid::OuterSlash)),
            ("a/", Err(Invalid::OuterSlash)),
            ("a//b", Err(Invalid::EmptySegment)),
        ] {
            assert_eq!(check_path(path), expected, "{path}");
        }
    }
}
