//! Groups.

use uuid::Uuid;

use super::Attributes;
use super::user::User;

/// A group as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The integer id, `num_pk` on the wire.
    pub id: i32,
    pub uuid: Uuid,
    pub name: String,
    /// Whether this group itself makes its members superusers.
    pub is_superuser: bool,
    /// Whether its members are superusers: it makes them so itself, or a group above it does.
    pub makes_superuser: bool,
    pub parent: Option<Parent>,
    pub attributes: Attributes,
}

/// The group that another one belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent {
    pub uuid: Uuid,
    pub name: String,
}

/// A group with its members.
#[derive(Clone, Debug, PartialEq)]
pub struct Roster {
    pub group: Group,
    pub members: Members,
}

impl Roster {
    /// The same, without the members' data unless `describe`.
    pub fn described(self, describe: bool) -> Self {
        let members = match self.members {
            Members::Users(users) if !describe => Members::Ids(users.iter().map(|user| user.id).collect()),
            members => members,
        };
        Self { members, ..self }
    }
}

/// The members of a group, by ascending id.
#[derive(Clone, Debug, PartialEq)]
pub enum Members {
    Ids(Vec<i32>),
    /// Without their groups.
    Users(Vec<User>),
}

/// The longest name of a group, in code points. authentik has no limit and fails beyond what an index of PostgreSQL
/// holds, 2,704 bytes; this stays below it whatever the script.
const MAX_NAME: usize = 640;

/// A name that no group can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Ensure this field has no more than {MAX_NAME} characters.")]
pub struct NameTooLong;

/// Checks the name of a group.
///
/// # Errors
///
/// When it is too long.
pub fn check_name(name: &str) -> Result<(), NameTooLong> {
    if name.chars().count() > MAX_NAME { Err(NameTooLong) } else { Ok(()) }
}

/// A group to store.
#[derive(Clone, Debug, PartialEq)]
pub struct NewGroup {
    pub name: String,
    pub is_superuser: bool,
    pub parent: Option<Uuid>,
    /// Ids of the members.
    pub users: Vec<i64>,
    pub attributes: Attributes,
}

/// What to change of a group; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupChange {
    pub name: Option<String>,
    pub is_superuser: Option<bool>,
    pub parent: Option<Option<Uuid>>,
    /// Ids of the users that are to be its members, and no others.
    pub users: Option<Vec<i64>>,
    pub attributes: Option<Attributes>,
}

impl From<NewGroup> for GroupChange {
    fn from(new: NewGroup) -> Self {
        Self {
            name: Some(new.name),
            is_superuser: Some(new.is_superuser),
            parent: Some(new.parent),
            users: Some(new.users),
            attributes: Some(new.attributes),
        }
    }
}
