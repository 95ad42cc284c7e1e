//! Users with their groups, and groups with their members.

use super::{group::Group, user::User};

/// A user with its groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub user: User,
    /// The groups the user is a direct member of, sorted by UUID.
    pub groups: Vec<Group>,
    /// Whether any of the groups or their ancestors is a superuser group.
    pub is_superuser: bool,
}

impl Profile {
    pub fn new(user: User, groups: Vec<Group>) -> Self {
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

impl GroupWithMembers {
    /// Reduces the members to their ids, unless `keep_data`.
    pub fn with_member_data(self, keep_data: bool) -> Self {
        let members = match self.members {
            Members::Users(users) if !keep_data => Members::Ids(users.iter().map(|user| user.id).collect()),
            members => members,
        };
        Self { members, ..self }
    }
}

/// The members of a group, by ascending id.
#[derive(Clone, Debug, PartialEq)]
pub enum Members {
    Ids(Vec<i32>),
    /// The users, without their groups.
    Users(Vec<User>),
}
