//! Shared by `create`, `update` and `partial_update`.

use std::sync::Arc;

use uuid::Uuid;

use crate::{
    api::{
        Body, Failure, FieldErrors, FromObject, Group, GroupRequest, Id, JsonObject, MaybeUndefined,
        PatchedGroupRequest, UuidRef,
    },
    domain::{
        group::{GroupChange, check_name},
        limits::ObjectLimits,
    },
    operations::{
        App, changes, check_attributes, check_roles, failure::to_field_errors, groups::parents::GivenParents,
        present::GroupParts,
    },
    store::Violation,
};

impl App {
    /// Applies `body` to the group. As in authentik, existence is checked first, then the body.
    pub(super) async fn change_group<T>(&self, uuid: Uuid, parts: GroupParts, body: Body<T>) -> Result<Group, Failure>
    where
        T: FromObject + Into<PatchedGroupRequest>,
    {
        self.store.group_id(uuid).await?.ok_or(Failure::NotFound("Group"))?;
        let mut draft = body.read()?.map(Into::<PatchedGroupRequest>::into);
        let parents = GivenParents::new(draft.fields().parent.clone(), draft.fields().parents.clone());
        if parents.include(uuid) {
            draft.add_errors(parents.own());
        }
        let PatchedGroupRequest { name, attributes, roles, .. } = draft.fields();
        let errors = check(name.as_deref(), attributes.as_ref(), roles.as_deref(), &parents, self.limits);
        draft.add_errors(errors);
        if draft.has_errors() {
            // The request will be rejected anyway; report violated constraints along with the other errors.
            let change = group_change(draft.fields().clone(), &parents);
            let violations = self.store.group_violations(Some(uuid), &change).await?;
            draft.add_errors(field_errors(&parents, change.users.as_deref().unwrap_or_default(), &violations));
        }
        let change = Arc::new(group_change(draft.accept()?, &parents));
        let updated = self.store.update_group(uuid, change.clone(), parts.around).await?.map_err(|rejection| {
            let users = change.users.as_deref().unwrap_or_default();
            Failure::Invalid(field_errors(&parents, users, &rejection.0))
        })?;
        let group = updated.ok_or(Failure::NotFound("Group"))?;
        changes::group(uuid, Some(&group.group.name), "changed");
        Ok(self.present_group(group, parts))
    }
}

/// Checks the rules for groups that the schema can't express.
pub fn check(
    name: Option<&str>,
    attributes: Option<&JsonObject>,
    roles: Option<&[UuidRef]>,
    parents: &GivenParents,
    limits: ObjectLimits,
) -> FieldErrors {
    let mut errors = parents.check(limits);
    errors.check("name", check_name(name.unwrap_or_default()));
    errors.merge(check_attributes(attributes, limits));
    errors.merge(check_roles(roles));
    errors
}

/// Converts violations to error messages by field.
pub fn field_errors(parents: &GivenParents, users: &[i64], violations: &[Violation]) -> FieldErrors {
    to_field_errors(violations, |violation| match violation {
        Violation::UnknownMember(place) => users.get(place).map(|id| ("users", Id::unknown(*id))),
        _ => parents.error(violation),
    })
}

fn group_change(request: PatchedGroupRequest, parents: &GivenParents) -> GroupChange {
    GroupChange {
        name: request.name,
        is_superuser: request.is_superuser,
        parents: parents.uuids(),
        users: request.users,
        attributes: request.attributes.map(Into::into),
    }
}

/// `PUT` is a `PATCH` with the name, and with defaults for omitted parents and omitted members.
impl From<GroupRequest> for PatchedGroupRequest {
    fn from(request: GroupRequest) -> Self {
        Self {
            name: Some(request.name),
            is_superuser: request.is_superuser,
            parent: match request.parent {
                MaybeUndefined::Undefined if request.parents.is_none() => MaybeUndefined::Null,
                parent => parent,
            },
            parents: request.parents,
            users: Some(request.users.unwrap_or_default()),
            attributes: request.attributes,
            roles: request.roles,
        }
    }
}
