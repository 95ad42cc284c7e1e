//! What replacing and changing a group have in common.

use uuid::Uuid;

use crate::{
    api::{Body, Failure, FieldErrors, FromObject, Group, GroupRequest, MaybeUndefined, PatchedGroupRequest, UuidRef},
    domain::{
        group::{GroupChange, check_name},
        token::Caller,
    },
    operations::{App, given, groups::create::word, require_superuser},
    store,
};

impl App {
    /// Changes the group `uuid` as `body` says. The order of the checks is the original's: permission, existence, body.
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
        self.store.group(uuid, false).await?.ok_or(Failure::NotFound("Group"))?;
        let mut draft = body.read()?.map(Into::<PatchedGroupRequest>::into);
        draft.object(check(draft.fields().name.as_deref(), draft.fields().roles.as_deref()));
        if draft.is_wrong() {
            // The refusal is certain; this only makes it complete.
            let request = draft.fields();
            let change = group_change(request.clone());
            let objections = self.store.objections_to_group(Some(uuid), &change).await?;
            draft.object(word(request.parent.value(), change.users.as_deref().unwrap_or_default(), objections));
        }
        let request = draft.accept()?;
        let parent = request.parent.value().cloned();
        let change = group_change(request);
        match self.store.update_group(uuid, &change).await {
            Ok(Some(roster)) => Ok(self.present_group(roster.described(include_users))),
            Ok(None) => Err(Failure::NotFound("Group")),
            Err(store::Error::Refused(objections)) => {
                let users = change.users.as_deref().unwrap_or_default();
                Err(Failure::Invalid(word(parent.as_ref(), users, objections)))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The rules for a group that the schema can't express.
pub fn check(name: Option<&str>, roles: Option<&[UuidRef]>) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.judge("name", check_name(name.unwrap_or_default()));
    // There are no roles, so whichever is named does not exist.
    let role = roles.and_then(|roles| roles.first());
    errors.extend("roles", role.map(UuidRef::unknown));
    errors
}

fn group_change(request: PatchedGroupRequest) -> GroupChange {
    GroupChange {
        name: request.name,
        is_superuser: request.is_superuser,
        parent: given(request.parent).map(|parent| parent.map(|parent| parent.uuid)),
        users: request.users,
        attributes: request.attributes,
    }
}

/// A replacement is a change that gives the name, and empties the parent and the members if they are left out.
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
