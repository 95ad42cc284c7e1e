//! Users with their groups, and groups with their members.

use std::sync::Arc;

use uuid::Uuid;

use super::{Attributes, group::Group, user::User};

/// A user with its groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub user: User,
    /// The groups the user is a direct member of, sorted by UUID.
    pub groups: Vec<Arc<Group>>,
    /// Whether any of the groups or their ancestors is a superuser group.
    pub is_superuser: bool,
}

impl Profile {
    pub fn new(user: User, groups: Vec<Arc<Group>>) -> Self {
        let is_superuser = groups.iter().any(|group| group.makes_superuser);
        Self { user, groups, is_superuser }
    }
}

/// A group with its members, and the groups directly above and below it.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupWithMembers {
    pub group: Group,
    pub members: Members,
    /// In the order in which they were given.
    pub parents: Vec<RelatedGroup>,
    /// Sorted by UUID, which is the order in which they were created.
    pub children: Vec<RelatedGroup>,
}

/// A group directly above or below another.
#[derive(Clone, Debug, PartialEq)]
pub struct RelatedGroup {
    pub uuid: Uuid,
    pub name: String,
    /// `None` if only UUIDs and names were asked for.
    pub details: Option<RelatedDetails>,
}

/// What more is told of a group directly above or below another.
#[derive(Clone, Debug, PartialEq)]
pub struct RelatedDetails {
    pub is_superuser: bool,
    pub attributes: Attributes,
}

/// What to read of the users and groups around a group besides their ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Around {
    pub members: bool,
    pub parents: bool,
    pub children: bool,
}

/// The members of a group, by ascending id.
#[derive(Clone, Debug, PartialEq)]
pub enum Members {
    Ids(Vec<i32>),
    /// The users, without their groups.
    Users(Vec<User>),
}
