//! Shared by `update` and `partial_update`.

use crate::{
    api::{Body, Draft, Failure, FieldErrors, FromObject, PatchedUserRequest, User, UserRequest, UuidRef},
    domain::{
        limits::ObjectLimits,
        membership::Profile,
        user::{UserChange, check_path, check_type_change},
    },
    operations::{
        App, Included, changes, check_roles, given,
        users::create::{check_size, field_errors},
    },
};

impl App {
    /// Applies `body` to the user. As in authentik, existence is checked first, then the body.
    pub(super) async fn change_user<T>(&self, id: i64, included: Included, body: Body<T>) -> Result<User, Failure>
    where
        T: FromObject + Into<PatchedUserRequest>,
    {
        let draft = body.read().map(|draft| {
            let mut draft = draft.map(Into::into);
            draft.add_errors(check(draft.fields(), self.limits));
            draft
        });
        let is_decided = draft.as_ref().is_ok_and(|draft| !draft.has_errors() && draft.fields().r#type.is_none());
        // Then the change itself tells whether the user exists, which saves two statements.
        let draft = if is_decided { draft? } else { self.compare(id, draft).await? };
        let id = stored_id(id)?;
        let mut request = draft.accept()?;
        let groups = request.groups.take();
        let change = user_change(request, groups.as_deref());
        let updated =
            self.store.update_user(id, change.into()).await?.map_err(|rejection| {
                Failure::Invalid(field_errors(groups.as_deref().unwrap_or_default(), &rejection.0))
            })?;
        let profile = updated.ok_or(Failure::NotFound("User"))?;
        changes::user(id, Some(&profile.user.details.username), "changed");
        Ok(self.present_user(profile, included))
    }

    /// Returns the user with this id.
    ///
    /// # Errors
    ///
    /// 404 if there is none, or the id is out of range.
    pub(super) async fn existing_user(&self, id: i64) -> Result<Profile, Failure> {
        self.store.user(stored_id(id)?).await?.ok_or(Failure::NotFound("User"))
    }

    /// Adds the errors that depend on the present user and the rest of the directory.
    async fn compare(
        &self,
        id: i64,
        draft: Result<Draft<PatchedUserRequest>, Failure>,
    ) -> Result<Draft<PatchedUserRequest>, Failure> {
        let present = self.existing_user(id).await?.user;
        let mut draft = draft?;
        if let Some(kind) = draft.fields().r#type {
            let mut errors = FieldErrors::default();
            errors.check("type", check_type_change(present.details.kind, kind.into()));
            draft.add_errors(errors);
        }
        if draft.has_errors() {
            self.add_violations(present.id, &mut draft).await?;
        }
        Ok(draft)
    }

    /// Adds the constraints violated by a request that will be rejected.
    async fn add_violations(&self, id: i32, draft: &mut Draft<PatchedUserRequest>) -> Result<(), Failure> {
        let request = draft.fields();
        let groups = request.groups.as_deref().unwrap_or_default();
        let uuids: Vec<_> = groups.iter().map(|group| group.uuid).collect();
        let username = request.username.as_deref().unwrap_or_default();
        let errors = field_errors(groups, &self.store.user_violations(Some(id), username, &uuids).await?);
        draft.add_errors(errors);
        Ok(())
    }
}

/// An id of the width that the store has.
fn stored_id(id: i64) -> Result<i32, Failure> {
    i32::try_from(id).map_err(|_| Failure::NotFound("User"))
}

fn check(request: &PatchedUserRequest, limits: ObjectLimits) -> FieldErrors {
    let mut errors = check_size(limits, request.attributes.as_ref(), request.groups.as_deref());
    if let Some(path) = &request.path {
        errors.check("path", check_path(path));
    }
    errors.merge(check_roles(request.roles.as_deref()));
    errors
}

fn user_change(request: PatchedUserRequest, groups: Option<&[UuidRef]>) -> UserChange {
    UserChange {
        username: request.username,
        name: request.name,
        email: request.email,
        is_active: request.is_active,
        last_login: given(request.last_login).map(|moment| moment.map(|moment| moment.0)),
        path: request.path,
        kind: request.r#type.map(Into::into),
        attributes: request.attributes.map(Into::into),
        groups: groups.map(|groups| groups.iter().map(|group| group.uuid).collect()),
    }
}

/// `PUT` is a `PATCH` with the required fields, and with the default for omitted groups.
impl From<UserRequest> for PatchedUserRequest {
    fn from(request: UserRequest) -> Self {
        Self {
            username: Some(request.username),
            name: Some(request.name),
            is_active: request.is_active,
            last_login: request.last_login,
            groups: Some(request.groups.unwrap_or_default()),
            roles: request.roles,
            email: request.email,
            attributes: request.attributes,
            path: request.path,
            r#type: request.r#type,
        }
    }
}
