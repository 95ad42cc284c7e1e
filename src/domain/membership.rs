//! Users with their groups, and groups with their members.

use std::sync::Arc;

use super::{group::Group, user::User};

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

/// A group with its members.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupWithMembers {
    pub group: Group,
    pub members: Members,
}

/// The members of a group, by ascending id.
#[derive(Clone, Debug, PartialEq)]
pub enum Members {
    Ids(Vec<i32>),
    /// The users, without their groups.
    Users(Vec<User>),
}
