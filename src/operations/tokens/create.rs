//! `POST /core/tokens/`

use crate::{
    api::{Body, CoreTokensCreate, CoreTokensCreateResponse, Failure, TokenRequest},
    domain::token::{Caller, Intent, NewToken, expiry, new_key},
    operations::{
        App, changes, given,
        tokens::change::{check, field_errors},
    },
};

impl CoreTokensCreate for App {
    async fn core_tokens_create(
        &self,
        caller: Caller,
        body: Body<TokenRequest>,
    ) -> Result<CoreTokensCreateResponse, Failure> {
        let mut draft = body.read()?;
        draft.add_errors(check(draft.fields().intent));
        if draft.has_errors() {
            // The request will be rejected anyway; report violated constraints along with the other errors.
            let request = draft.fields();
            let user = request.user.filter(|_| caller.is_superuser);
            let identifier = Some(request.identifier.as_str()).filter(|identifier| !identifier.is_empty());
            let managed = request.managed.value().map(String::as_str);
            let violations = self.store.token_violations(None, identifier, managed, user).await?;
            draft.add_errors(field_errors(user, &violations));
        }
        let request = draft.accept()?;
        // As in authentik, `user` is ignored unless the caller is a superuser.
        let owner = request.user.filter(|_| caller.is_superuser).unwrap_or(caller.id.into());
        let expires = given(request.expires).flatten().map(|moment| moment.0);
        let new = NewToken {
            identifier: request.identifier,
            intent: request.intent.map_or(Intent::default(), Into::into),
            description: request.description.unwrap_or_default(),
            expires: expiry(request.expiring.unwrap_or(true), expires, self.lifetimes.token),
            managed: given(request.managed).flatten(),
            key: new_key(),
        };
        let created = self.store.create_token(&self.secret, owner, new.into()).await?;
        let token = created.map_err(|rejection| Failure::Invalid(field_errors(Some(owner), &rejection.0)))?;
        changes::token(&token.identifier, "created");
        Ok(CoreTokensCreateResponse::Created(self.present_token(token)))
    }
}
