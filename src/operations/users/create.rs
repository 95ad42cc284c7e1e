//! `POST /core/users/`

use crate::{
    api::{
        Body, CoreUsersCreate, CoreUsersCreateParams, CoreUsersCreateResponse, Failure, FieldErrors, JsonObject,
        UserRequest, UuidRef,
    },
    domain::{
        limits::ObjectLimits,
        token::Caller,
        user::{DEFAULT_PATH, Details, NewUser, UserType, check_new_type, check_path},
    },
    operations::{App, Included, changes, check_attributes, check_roles, failure::to_field_errors},
    store::Violation,
};

impl CoreUsersCreate for App {
    async fn core_users_create(
        &self,
        _: Caller,
        params: CoreUsersCreateParams,
        body: Body<UserRequest>,
    ) -> Result<CoreUsersCreateResponse, Failure> {
        let mut draft = body.read()?;
        draft.add_errors(check(draft.fields(), self.limits));
        if draft.has_errors() {
            // The request will be rejected anyway; report violated constraints along with the other errors.
            let request = draft.fields();
            let violations = self.store.user_violations(None, &request.username, &uuids(references(request))).await?;
            draft.add_errors(field_errors(references(request), &violations));
        }
        let mut request = draft.accept()?;
        let groups = request.groups.take().unwrap_or_default();
        let created = self.store.create_user(new_user(request, uuids(&groups))).await?;
        let profile = created.map_err(|rejection| Failure::Invalid(field_errors(&groups, &rejection.0)))?;
        changes::user(profile.user.id, Some(&profile.user.details.username), "created");
        Ok(CoreUsersCreateResponse::Created(
            self.present_user(profile, Included { groups: params.include_groups, roles: params.include_roles }),
        ))
    }
}

fn check(request: &UserRequest, limits: ObjectLimits) -> FieldErrors {
    let mut errors = check_size(limits, request.attributes.as_ref(), request.groups.as_deref());
    if let Some(path) = &request.path {
        errors.check("path", check_path(path));
    }
    if let Some(kind) = request.r#type {
        errors.check("type", check_new_type(kind.into()));
    }
    errors.merge(check_roles(request.roles.as_deref()));
    errors
}

/// Checks what a request stores for a user against the server's limits.
pub fn check_size(limits: ObjectLimits, attributes: Option<&JsonObject>, groups: Option<&[UuidRef]>) -> FieldErrors {
    let mut errors = check_attributes(attributes, limits);
    errors.check("groups", limits.check_groups(groups.map_or(0, <[_]>::len)));
    errors
}

fn references(request: &UserRequest) -> &[UuidRef] {
    request.groups.as_deref().unwrap_or_default()
}

fn uuids(references: &[UuidRef]) -> Vec<uuid::Uuid> {
    references.iter().map(|group| group.uuid).collect()
}

/// Converts violations to error messages by field.
pub fn field_errors(groups: &[UuidRef], violations: &[Violation]) -> FieldErrors {
    to_field_errors(violations, |violation| match violation {
        Violation::UnknownGroup(place) => groups.get(place).map(|group| ("groups", group.unknown())),
        _ => None,
    })
}

fn new_user(request: UserRequest, groups: Vec<uuid::Uuid>) -> NewUser {
    let details = Details {
        username: request.username,
        name: request.name,
        email: request.email.unwrap_or_default(),
        is_active: request.is_active.unwrap_or(true),
        last_login: request.last_login.take().map(|moment| moment.0),
        path: request.path.unwrap_or_else(|| DEFAULT_PATH.to_owned()),
        kind: request.r#type.map_or(UserType::default(), Into::into),
        attributes: request.attributes.map(Into::into).unwrap_or_default(),
    };
    NewUser { details, groups }
}
