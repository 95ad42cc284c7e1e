//! What replacing and changing a user have in common.

use crate::{
    api::{Body, Draft, Failure, FieldErrors, FromObject, PatchedUserRequest, User, UserRequest, UuidRef},
    domain::{
        token::Caller,
        user::{Profile, UserChange, UserType, check_path, check_type_change},
    },
    operations::{App, given, require_superuser, users::create::word},
    store,
};

impl App {
    /// Changes the user `id` as `body` says. The order of the checks is the original's: permission, existence, body.
    pub(super) async fn change_user<T>(
        &self,
        caller: Caller,
        id: i64,
        include_groups: bool,
        body: Body<T>,
    ) -> Result<User, Failure>
    where
        T: FromObject + Into<PatchedUserRequest>,
    {
        require_superuser(&caller)?;
        let present = self.existing_user(id).await?;
        let id = present.user.id;
        let mut draft = body.read()?.map(Into::into);
        draft.object(check(present.user.details.kind, draft.fields()));
        if draft.is_wrong() {
            self.complete(id, &mut draft).await?;
        }
        let mut request = draft.accept()?;
        let groups = request.groups.take();
        match self.store.update_user(id, &user_change(request, groups.as_deref())).await {
            Ok(Some(profile)) => Ok(self.present_user(profile, include_groups)),
            Ok(None) => Err(Failure::NotFound("User")),
            Err(store::Error::Refused(objections)) => {
                Err(Failure::Invalid(word(&groups.unwrap_or_default(), objections)))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The user with this id.
    ///
    /// # Errors
    ///
    /// 404 when there is none; an id that no user can have is one that no user has.
    pub(super) async fn existing_user(&self, id: i64) -> Result<Profile, Failure> {
        let id = i32::try_from(id).map_err(|_| Failure::NotFound("User"))?;
        self.store.user(id).await?.ok_or(Failure::NotFound("User"))
    }

    /// Adds what the store has against a draft that is refused anyway.
    async fn complete(&self, id: i32, draft: &mut Draft<PatchedUserRequest>) -> Result<(), Failure> {
        let request = draft.fields();
        let groups = request.groups.as_deref().unwrap_or_default();
        let uuids: Vec<_> = groups.iter().map(|group| group.uuid).collect();
        let username = request.username.as_deref().unwrap_or_default();
        let errors = word(groups, self.store.objections_to_user(Some(id), username, &uuids).await?);
        draft.object(errors);
        Ok(())
    }
}

fn check(present: UserType, request: &PatchedUserRequest) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if let Some(path) = &request.path {
        errors.judge("path", check_path(path));
    }
    if let Some(kind) = request.r#type {
        errors.judge("type", check_type_change(present, kind.into()));
    }
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
        attributes: request.attributes,
        groups: groups.map(|groups| groups.iter().map(|group| group.uuid).collect()),
    }
}

/// A replacement is a change that gives the required fields, and empties the list of groups if it is left out.
impl From<UserRequest> for PatchedUserRequest {
    fn from(request: UserRequest) -> Self {
        Self {
            username: Some(request.username),
            name: Some(request.name),
            is_active: request.is_active,
            last_login: request.last_login,
            groups: Some(request.groups.unwrap_or_default()),
            email: request.email,
            attributes: request.attributes,
            path: request.path,
            r#type: request.r#type,
        }
    }
}
