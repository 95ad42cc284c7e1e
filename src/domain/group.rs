//! Groups, and their rules beyond the contract's schema.

use uuid::Uuid;

use super::Attributes;

/// A group as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The integer id, `num_pk` on the wire.
    pub id: i32,
    pub uuid: Uuid,
    pub name: String,
    /// Whether the group itself is a superuser group.
    pub is_superuser: bool,
    /// Whether its members are superusers: the group or one of its ancestors is a superuser group.
    pub makes_superuser: bool,
    /// The first of its parents.
    pub parent: Option<Parent>,
    pub attributes: Attributes,
}

/// A group's first parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent {
    pub uuid: Uuid,
    pub name: String,
}

/// The maximum length of a group's name, in code points. authentik has no limit and fails with names that exceed
/// PostgreSQL's limit for index entries, 2,704 bytes; this stays below it in any script.
const MAX_NAME: usize = 640;

/// A name that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Ensure this field has no more than {MAX_NAME} characters.")]
pub struct NameTooLong;

/// Checks the name of a group.
///
/// # Errors
///
/// If it is too long.
pub fn check_name(name: &str) -> Result<(), NameTooLong> {
    if name.chars().count() > MAX_NAME { Err(NameTooLong) } else { Ok(()) }
}

/// A group to be created.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewGroup {
    pub name: String,
    pub is_superuser: bool,
    /// UUIDs of the groups that it is below.
    pub parents: Vec<Uuid>,
    /// Ids of the members.
    pub users: Vec<i64>,
    pub attributes: Attributes,
}

/// Changes to a group; fields that are `None` stay as they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupChange {
    pub name: Option<String>,
    pub is_superuser: Option<bool>,
    /// UUIDs of the new parents, which replace the present ones.
    pub parents: Option<Vec<Uuid>>,
    /// Ids of the new members, which replace the present ones.
    pub users: Option<Vec<i64>>,
    pub attributes: Option<Attributes>,
}

impl From<NewGroup> for GroupChange {
    fn from(new: NewGroup) -> Self {
        Self {
            name: Some(new.name),
            is_superuser: Some(new.is_superuser),
            parents: Some(new.parents),
            users: Some(new.users),
            attributes: Some(new.attributes),
        }
    }
}
