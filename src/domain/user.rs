//! Users, and the rules for them that the contract's schema can't express.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Attributes, group::Group};

/// Where users stand unless told otherwise, as in authentik.
pub const DEFAULT_PATH: &str = "users";

/// What kind of user this is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserType {
    #[default]
    Internal,
    External,
    ServiceAccount,
    InternalServiceAccount,
}

/// What a client says of a user.
#[derive(Clone, Debug, PartialEq)]
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

/// A user as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    pub id: i32,
    pub uuid: Uuid,
    pub details: Details,
}

/// A user with its groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub user: User,
    /// The groups it is a direct member of, by UUID.
    pub groups: Vec<Group>,
    /// Through any group or an ancestor of one.
    pub is_superuser: bool,
}

impl Profile {
    pub fn new(user: User, groups: Vec<Group>) -> Self {
        let is_superuser = groups.iter().any(|group| group.makes_superuser);
        Self { user, groups, is_superuser }
    }
}

/// A user to store.
#[derive(Clone, Debug, PartialEq)]
pub struct NewUser {
    pub details: Details,
    /// Ids of the groups it becomes a member of.
    pub groups: Vec<Uuid>,
}

/// What to change of a user; what is `None` stays.
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
    /// The groups it is to be a member of, and of no others.
    pub groups: Option<Vec<Uuid>>,
}

/// A rule that a value breaks; the text is the original's.
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

/// The longest username, in code points; the contract's schemas of users say so too.
const MAX_USERNAME: usize = 150;

/// The longest path, in code points. authentik has no limit; this is what an index of PostgreSQL holds whatever the
/// script.
const MAX_PATH: usize = 640;

/// Checks a username where the contract's schema doesn't bound it.
///
/// # Errors
///
/// When it is too long.
pub fn check_username(username: &str) -> Result<(), Invalid> {
    if username.chars().count() > MAX_USERNAME { Err(Invalid::UsernameTooLong) } else { Ok(()) }
}

/// Checks where a user is to stand: segments between slashes, none of them empty.
///
/// # Errors
///
/// The first rule that `path` breaks.
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

/// Checks the type that a client chose for a new user.
///
/// # Errors
///
/// When it is the type that only the directory itself gives.
pub fn check_new_type(kind: UserType) -> Result<(), Invalid> {
    if kind == UserType::InternalServiceAccount { Err(Invalid::InternalServiceAccount) } else { Ok(()) }
}

/// Checks the type that a client chose for a user that has the type `present`.
///
/// # Errors
///
/// When only the directory itself may give or take one of the two.
pub fn check_type_change(present: UserType, wanted: UserType) -> Result<(), Invalid> {
    match present {
        _ if present == wanted => Ok(()),
        UserType::InternalServiceAccount => Err(Invalid::StaysInternalServiceAccount),
        _ => check_new_type(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_no_outer_slash_and_no_empty_segment() {
        for (path, verdict) in [
            ("users", Ok(())),
            ("a/ /b", Ok(())),
            ("/", Err(Invalid::OuterSlash)),
            ("/a", Err(Invalid::OuterSlash)),
            ("/a//b", Err(Invalid::OuterSlash)),
            ("a/", Err(Invalid::OuterSlash)),
            ("a//b", Err(Invalid::EmptySegment)),
        ] {
            assert_eq!(check_path(path), verdict, "{path}");
        }
    }
}
