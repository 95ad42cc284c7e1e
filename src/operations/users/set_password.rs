//! `POST /core/users/{id}/set_password/`

use crate::{
    api::{
        Body, CoreUsersSetPasswordCreate, CoreUsersSetPasswordCreateParams, CoreUsersSetPasswordCreateResponse,
        Failure, FieldErrors, UserPasswordSetRequest,
    },
    domain::{token::Caller, user::User},
    operations::{App, changes},
};

impl CoreUsersSetPasswordCreate for App {
    async fn core_users_set_password_create(
        &self,
        _: Caller,
        params: CoreUsersSetPasswordCreateParams,
        body: Body<UserPasswordSetRequest>,
    ) -> Result<CoreUsersSetPasswordCreateResponse, Failure> {
        let User { id, details, .. } = self.existing_user(params.id).await?.user;
        let mut draft = body.read()?;
        let mut errors = FieldErrors::default();
        errors.check("password", self.passwords.check(draft.fields().password.expose()));
        draft.add_errors(errors);
        let hash = self.passwords.hash(draft.accept()?.password.0).await?;
        if self.store.set_password_hash(id, hash).await? {
            changes::user(id, Some(&details.username), "got another password");
            Ok(CoreUsersSetPasswordCreateResponse::NoContent)
        } else {
            Err(Failure::NotFound("User"))
        }
    }
}
