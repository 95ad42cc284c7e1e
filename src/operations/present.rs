//! Conversion of users, groups and tokens to the contract's types.

use serde_json::{Map, Value};

use super::App;
use crate::{
    api::{self, JsonObject, Timestamp, UsedByActionEnum},
    domain::{
        Attributes,
        group::Group,
        membership::{GroupWithMembers, Members, Profile},
        token::Token,
        user::User,
    },
};

impl App {
    /// A user, with its groups as objects if `include_groups`.
    pub(super) fn present_user(&self, profile: Profile, include_groups: bool) -> api::User {
        let Profile { user: User { id, uuid, details }, groups, is_superuser } = profile;
        api::User {
            pk: id.into(),
            uid: self.secret.uid(id),
            avatar: self.avatars.of(&details),
            is_superuser,
            groups: groups.iter().map(|group| group.uuid).collect(),
            groups_obj: include_groups.then(|| groups.iter().map(|group| present_user_group(group)).collect()),
            username: details.username,
            name: details.name,
            is_active: details.is_active,
            last_login: details.last_login.map(Timestamp),
            email: details.email,
            attributes: details.attributes.into(),
            path: details.path,
            r#type: details.kind.into(),
            uuid,
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
            settings: Attributes::from(all.filter_map(settings).flatten().collect::<Map<_, _>>()).into(),
            groups: groups
                .iter()
                .map(|group| api::UserSelfGroups { name: group.name.clone(), pk: group.uuid.to_string() })
                .collect(),
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
            user_obj: self.present_user(token.owner, true),
            description: token.description,
            expires: token.expires.map(Timestamp),
            expiring: token.expiring,
        }
    }

    /// A group with its members.
    pub(super) fn present_group(&self, group: GroupWithMembers) -> api::Group {
        let GroupWithMembers { group, members } = group;
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
            users,
            users_obj,
            attributes: group.attributes.into(),
            roles: Vec::new(),
            roles_obj: Vec::new(),
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
