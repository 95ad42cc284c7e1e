//! `POST /core/tokens/{identifier}/set_key/`

use crate::{
    api::{
        Body, CoreTokensSetKeyCreate, CoreTokensSetKeyCreateParams, CoreTokensSetKeyCreateResponse, Failure,
        FieldErrors, TokenSetKeyRequest,
    },
    domain::token::{Caller, check_key},
    operations::{App, changes, failure::rejected},
};

impl CoreTokensSetKeyCreate for App {
    async fn core_tokens_set_key_create(
        &self,
        caller: Caller,
        params: CoreTokensSetKeyCreateParams,
        body: Body<TokenSetKeyRequest>,
    ) -> Result<CoreTokensSetKeyCreateResponse, Failure> {
        let scope = caller.token_scope();
        self.store.token(&params.identifier, scope).await?.ok_or(Failure::NotFound("Token"))?;
        let mut draft = body.read()?;
        let mut errors = FieldErrors::default();
        errors.check("key", check_key(draft.fields().key.expose(), self.limits.token_key));
        draft.add_errors(errors);
        let key = draft.accept()?.key.0;
        if self.store.set_token_key(&self.secret, &params.identifier, scope, &key).await?.map_err(rejected)? {
            changes::token(&params.identifier, "got another key");
            Ok(CoreTokensSetKeyCreateResponse::NoContent)
        } else {
            Err(Failure::NotFound("Token"))
        }
    }
}
