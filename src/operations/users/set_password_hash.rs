//! `POST /core/users/{id}/set_password_hash/`

use crate::{
    api::{
        Body, CoreUsersSetPasswordHashCreate, CoreUsersSetPasswordHashCreateParams,
        CoreUsersSetPasswordHashCreateResponse, Failure, FieldErrors, UserPasswordHashSetRequest,
    },
    domain::{password, token::Caller, user::User},
    operations::{App, changes},
};

impl CoreUsersSetPasswordHashCreate for App {
    async fn core_users_set_password_hash_create(
        &self,
        _: Caller,
        params: CoreUsersSetPasswordHashCreateParams,
        body: Body<UserPasswordHashSetRequest>,
    ) -> Result<CoreUsersSetPasswordHashCreateResponse, Failure> {
        let User { id, details, .. } = self.existing_user(params.id).await?.user;
        let mut draft = body.read()?;
        let mut errors = FieldErrors::default();
        errors.check("password", password::check_hash(draft.fields().password.expose()));
        draft.add_errors(errors);
        if self.store.set_password_hash(id, draft.accept()?.password.expose().to_owned()).await? {
            changes::user(id, Some(&details.username), "got another password");
            Ok(CoreUsersSetPasswordHashCreateResponse::NoContent)
        } else {
            Err(Failure::NotFound("User"))
        }
    }
}
