//! Shared by `create`, `update` and `partial_update`.

use std::sync::Arc;

use uuid::Uuid;

use crate::{
    api::{
        Body, Failure, FieldErrors, FromObject, Group, GroupRequest, Id, MaybeUndefined, PatchedGroupRequest, UuidRef,
    },
    domain::{
        group::{GroupChange, check_name},
        token::Caller,
    },
    operations::{App, failure::to_field_errors, given, require_superuser},
    store::Violation,
};

impl App {
    /// Applies `body` to the group. As in authentik, permission is checked first, then existence, then the body.
    pub(super) async fn change_group<T>(
        &self,
        caller: Caller,
        uuid: Uuid,
        include_users: bool,
        body: Body<T>,
    ) -> Result<Group, Failure>
    where
        T: FromObject + Into<PatchedGroupRequest>,
    {
        require_superuser(&caller)?;
        self.store.group_id(uuid).await?.ok_or(Failure::NotFound("Group"))?;
        let mut draft = body.read()?.map(Into::<PatchedGroupRequest>::into);
        draft.add_errors(check(draft.fields().name.as_deref(), draft.fields().roles.as_deref()));
        if draft.has_errors() {
            // The request will be rejected anyway; report violated constraints along with the other errors.
            let request = draft.fields();
            let change = group_change(request.clone());
            let violations = self.store.group_violations(Some(uuid), &change).await?;
            draft.add_errors(field_errors(
                request.parent.value(),
                change.users.as_deref().unwrap_or_default(),
                &violations,
            ));
        }
        let request = draft.accept()?;
        let parent = request.parent.value().cloned();
        let change = Arc::new(group_change(request));
        let updated = self.store.update_group(uuid, change.clone(), include_users).await?.map_err(|rejection| {
            let users = change.users.as_deref().unwrap_or_default();
            Failure::Invalid(field_errors(parent.as_ref(), users, &rejection.0))
        })?;
        let group = updated.ok_or(Failure::NotFound("Group"))?;
        Ok(self.present_group(group))
    }
}

/// Checks the rules for groups that the schema can't express.
pub fn check(name: Option<&str>, roles: Option<&[UuidRef]>) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.check("name", check_name(name.unwrap_or_default()));
    // There are no roles, so any given one is unknown.
    let role = roles.and_then(|roles| roles.first());
    errors.extend("roles", role.map(UuidRef::unknown));
    errors
}

/// Converts violations to error messages by field.
pub fn field_errors(parent: Option<&UuidRef>, users: &[i64], violations: &[Violation]) -> FieldErrors {
    to_field_errors(violations, |unknown| match unknown {
        Violation::UnknownParent => parent.map(UuidRef::unknown),
        Violation::UnknownMember(place) => users.get(place).map(|id| Id::unknown(*id)),
        _ => None,
    })
}

fn group_change(request: PatchedGroupRequest) -> GroupChange {
    GroupChange {
        name: request.name,
        is_superuser: request.is_superuser,
        parent: given(request.parent).map(|parent| parent.map(|parent| parent.uuid)),
        users: request.users,
        attributes: request.attributes.map(Into::into),
    }
}

/// `PUT` is a `PATCH` with the name, and with defaults for an omitted parent and omitted members.
impl From<GroupRequest> for PatchedGroupRequest {
    fn from(request: GroupRequest) -> Self {
        Self {
            name: Some(request.name),
            is_superuser: request.is_superuser,
            parent: match request.parent {
                MaybeUndefined::Undefined => MaybeUndefined::Null,
                parent => parent,
            },
            users: Some(request.users.unwrap_or_default()),
            attributes: request.attributes,
            roles: request.roles,
        }
    }
}
