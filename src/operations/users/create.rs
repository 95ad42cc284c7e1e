//! `POST /core/users/`

use crate::{
    api::{
        Body, CoreUsersCreate, CoreUsersCreateParams, CoreUsersCreateResponse, Failure, FieldErrors, UserRequest,
        UuidRef,
    },
    domain::{
        token::Caller,
        user::{DEFAULT_PATH, NewUser, UserType, check_new_type, check_path},
    },
    operations::{
        App,
        failure::{broken_rules, worded},
        require_superuser,
    },
    store::{self, Objection},
};

impl CoreUsersCreate for App {
    async fn core_users_create(
        &self,
        caller: Caller,
        params: CoreUsersCreateParams,
        body: Body<UserRequest>,
    ) -> Result<CoreUsersCreateResponse, Failure> {
        require_superuser(&caller)?;
        let mut draft = body.read()?;
        draft.object(check(draft.fields()));
        if draft.is_wrong() {
            // The refusal is certain; this only makes it complete.
            let request = draft.fields();
            let objections = self.store.objections_to_user(&request.username, &uuids(references(request))).await?;
            draft.object(word(references(request), objections));
        }
        let request = draft.accept()?;
        let groups = references(&request).to_vec();
        match self.store.create_user(&new_user(request)).await {
            Ok(profile) => Ok(CoreUsersCreateResponse::Created(self.present_user(profile, params.include_groups))),
            Err(store::Error::Refused(objections)) => Err(Failure::Invalid(word(&groups, objections))),
            Err(error) => Err(error.into()),
        }
    }
}

fn check(request: &UserRequest) -> FieldErrors {
    broken_rules([
        ("path", request.path.as_deref().map_or(Ok(()), check_path)),
        ("type", request.r#type.map_or(Ok(()), |kind| check_new_type(kind.into()))),
    ])
}

fn references(request: &UserRequest) -> &[UuidRef] {
    request.groups.as_deref().unwrap_or_default()
}

fn uuids(references: &[UuidRef]) -> Vec<uuid::Uuid> {
    references.iter().map(|group| group.uuid).collect()
}

fn word(groups: &[UuidRef], objections: Vec<Objection>) -> FieldErrors {
    worded(objections, |_, place| groups.get(place).map(UuidRef::unknown))
}

fn new_user(request: UserRequest) -> NewUser {
    NewUser {
        groups: uuids(references(&request)),
        username: request.username,
        name: request.name,
        email: request.email.unwrap_or_default(),
        is_active: request.is_active.unwrap_or(true),
        last_login: request.last_login.take().map(|moment| moment.0),
        path: request.path.unwrap_or_else(|| DEFAULT_PATH.to_owned()),
        kind: request.r#type.map_or(UserType::default(), Into::into),
        attributes: request.attributes.unwrap_or_default(),
    }
}
