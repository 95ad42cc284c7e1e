//! Conversion of users, groups and tokens to the contract's types.

use serde_json::{Map, Value};

use super::App;
use crate::{
    api::{self, JsonObject, Timestamp, UsedByActionEnum},
    domain::{
        Attributes,
        group::Group,
        membership::{Around, GroupWithMembers, Members, Profile, RelatedDetails, RelatedGroup},
        token::Token,
        user::User,
    },
};

/// What a user's answer has besides ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Included {
    pub groups: bool,
    pub roles: bool,
}

impl Included {
    pub const ALL: Self = Self { groups: true, roles: true };
}

/// What a group's answer has besides ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupParts {
    pub around: Around,
    pub inherited_roles: bool,
}

/// Reads [`GroupParts`] from the parameters of an operation.
macro_rules! group_parts {
    ($params:ident) => {
        $crate::operations::present::GroupParts {
            around: $crate::domain::membership::Around {
                members: $params.include_users,
                parents: $params.include_parents,
                children: $params.include_children,
            },
            inherited_roles: $params.include_inherited_roles,
        }
    };
}
pub(super) use group_parts;

impl App {
    /// A user, with more as told.
    pub(super) fn present_user(&self, profile: Profile, included: Included) -> api::User {
        let Profile { user, groups, is_superuser } = profile;
        let (date_joined, password_change_date) = (user.date_joined(), user.password_change_date());
        let User { id, uuid, details, last_updated, .. } = user;
        api::User {
            pk: id.into(),
            uid: self.secret.uid(id),
            avatar: self.avatars.of(&details),
            is_superuser,
            groups: groups.iter().map(|group| group.uuid).collect(),
            groups_obj: included.groups.then(|| groups.iter().map(|group| present_user_group(group)).collect()),
            roles: Vec::new(),
            roles_obj: included.roles.then(Vec::new),
            username: details.username,
            name: details.name,
            is_active: details.is_active,
            last_login: details.last_login.map(Timestamp),
            date_joined: Timestamp(date_joined),
            email: details.email,
            attributes: details.attributes.into(),
            path: details.path,
            r#type: details.kind.into(),
            uuid,
            password_change_date: Timestamp(password_change_date),
            last_updated: Timestamp(last_updated),
        }
    }

    /// A user, as returned to itself.
    pub(super) fn present_self(&self, profile: Profile) -> api::UserSelf {
        let Profile { user: User { id, details, .. }, groups, is_superuser } = profile;
        let settings = |attributes: &Attributes| match attributes.members().swap_remove("settings") {
            Some(Value::Object(settings)) => Some(settings),
            _ => None,
        };
        let all = groups.iter().map(|group| &group.attributes).chain([&details.attributes]);
        api::UserSelf {
            pk: id.into(),
            uid: self.secret.uid(id),
            avatar: self.avatars.of(&details),
            is_superuser,
            is_current: true,
            settings: Attributes::from(all.filter_map(settings).flatten().collect::<Map<_, _>>()).into(),
            groups: groups
                .iter()
                .map(|group| api::UserSelfGroups { name: group.name.clone(), pk: group.uuid.to_string() })
                .collect(),
            roles: Vec::new(),
            username: details.username,
            name: details.name,
            is_active: details.is_active,
            email: details.email,
            r#type: details.kind.into(),
            system_permissions: Vec::new(),
        }
    }

    /// A token with its owner.
    pub(super) fn present_token(&self, token: Token) -> api::Token {
        api::Token {
            pk: token.id,
            managed: token.managed,
            identifier: token.identifier,
            intent: token.intent.into(),
            user: token.owner.user.id.into(),
            user_obj: self.present_user(token.owner, Included::ALL),
            description: token.description,
            expires: token.expires.map(Timestamp),
            expiring: token.expiring,
        }
    }

    /// A group, with more as told.
    pub(super) fn present_group(&self, group: GroupWithMembers, parts: GroupParts) -> api::Group {
        let GroupParts { around, inherited_roles } = parts;
        let GroupWithMembers { group, members, parents, children } = group;
        let (parent, parent_name) = group.parent.map(|parent| (parent.uuid, parent.name)).unzip();
        let (users, users_obj) = match members {
            Members::Ids(ids) => (ids.into_iter().map(i64::from).collect(), None),
            Members::Users(users) => (
                users.iter().map(|user| user.id.into()).collect(),
                Some(users.into_iter().map(|user| self.present_member(user)).collect()),
            ),
        };
        api::Group {
            pk: group.uuid,
            num_pk: group.id.into(),
            name: group.name,
            is_superuser: group.is_superuser,
            parent,
            parent_name,
            parents: parents.iter().map(|parent| parent.uuid).collect(),
            parents_obj: around.parents.then(|| present_related(parents)),
            users,
            users_obj,
            attributes: group.attributes.into(),
            roles: Vec::new(),
            roles_obj: Vec::new(),
            inherited_roles_obj: inherited_roles.then(Vec::new),
            children: children.iter().map(|child| child.uuid).collect(),
            children_obj: around.children.then(|| present_related(children)),
        }
    }

    fn present_member(&self, user: User) -> api::GroupMember {
        let User { id, details, .. } = user;
        api::GroupMember {
            pk: id.into(),
            uid: self.secret.uid(id),
            username: details.username,
            name: details.name,
            is_active: details.is_active,
            last_login: details.last_login.map(Timestamp),
            email: details.email,
            attributes: details.attributes.into(),
        }
    }
}

fn present_related(groups: Vec<RelatedGroup>) -> Vec<api::RelatedGroup> {
    let present = |RelatedGroup { uuid, name, details }| {
        details.map(|RelatedDetails { is_superuser, attributes }| api::RelatedGroup {
            pk: uuid,
            name,
            is_superuser,
            attributes: attributes.into(),
            group_uuid: uuid,
        })
    };
    groups.into_iter().filter_map(present).collect()
}

fn present_user_group(group: &Group) -> api::UserGroup {
    let parent = group.parent.as_ref();
    api::UserGroup {
        pk: group.uuid,
        num_pk: group.id.into(),
        name: group.name.clone(),
        is_superuser: group.is_superuser,
        parent: parent.map(|parent| parent.uuid),
        parent_name: parent.map(|parent| parent.name.clone()),
        attributes: group.attributes.clone().into(),
    }
}

impl From<Attributes> for JsonObject {
    fn from(attributes: Attributes) -> Self {
        Self(attributes.into())
    }
}

impl From<JsonObject> for Attributes {
    fn from(object: JsonObject) -> Self {
        object.0.into()
    }
}

/// An object that references another one. The app's name is authentik's.
pub fn used_by(model: &str, pk: impl ToString, name: String, action: UsedByActionEnum) -> api::UsedBy {
    api::UsedBy { app: "authentik_core".into(), model_name: model.into(), pk: pk.to_string(), name, action }
}
