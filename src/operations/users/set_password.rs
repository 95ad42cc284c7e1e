//! `POST /core/users/{id}/set_password/`

use crate::{
    api::{
        Body, CoreUsersSetPasswordCreate, CoreUsersSetPasswordCreateParams, CoreUsersSetPasswordCreateResponse,
        Failure, FieldErrors, UserPasswordSetRequest,
    },
    domain::{password, token::Caller},
    operations::{App, require_superuser},
};

impl CoreUsersSetPasswordCreate for App {
    async fn core_users_set_password_create(
        &self,
        caller: Caller,
        params: CoreUsersSetPasswordCreateParams,
        body: Body<UserPasswordSetRequest>,
    ) -> Result<CoreUsersSetPasswordCreateResponse, Failure> {
        require_superuser(&caller)?;
        let id = self.existing_user(params.id).await?.user.id;
        let mut draft = body.read()?;
        let mut errors = FieldErrors::default();
        errors.check("password", password::check(&draft.fields().password, self.password_min_length));
        draft.add_errors(errors);
        let password = draft.accept()?.password.into();
        // Hashing takes tens of milliseconds by design, and would block other requests of this thread.
        let hash = tokio::task::spawn_blocking(move || password::hash(&password)).await;
        let hash = hash.map_err(|error| {
            tracing::error!(%error, "failed to hash a password");
            Failure::Internal
        })?;
        if self.store.set_password_hash(id, hash).await? {
            Ok(CoreUsersSetPasswordCreateResponse::NoContent)
        } else {
            Err(Failure::NotFound("User"))
        }
    }
}
