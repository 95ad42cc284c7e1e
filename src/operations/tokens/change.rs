//! Shared by `update` and `partial_update`.

use crate::{
    api::{Body, Failure, FieldErrors, FromObject, Id, IntentEnum, PatchedTokenRequest, Token, TokenRequest},
    domain::token::{Caller, TokenChange, check_intent},
    operations::{App, changes, failure::to_field_errors, given},
    store::Violation,
};

impl App {
    /// Applies `body` to the token.
    pub(super) async fn change_token<T>(
        &self,
        caller: Caller,
        identifier: &str,
        body: Body<T>,
    ) -> Result<Token, Failure>
    where
        T: FromObject + Into<PatchedTokenRequest>,
    {
        let scope = caller.token_scope();
        self.store.token(identifier, scope).await?.ok_or(Failure::NotFound("Token"))?;
        let mut draft = body.read()?.map(Into::<PatchedTokenRequest>::into);
        draft.add_errors(check(draft.fields().intent));
        if draft.has_errors() {
            // The request will be rejected anyway; report violated constraints along with the other errors.
            let request = draft.fields();
            let user = request.user.filter(|_| caller.is_superuser);
            let (new_identifier, managed) = (request.identifier.as_deref(), request.managed.value());
            let managed = managed.map(String::as_str);
            let violations = self.store.token_violations(Some(identifier), new_identifier, managed, user).await?;
            draft.add_errors(field_errors(user, &violations));
        }
        let request = draft.accept()?;
        let change = TokenChange {
            identifier: request.identifier,
            intent: request.intent.map(Into::into),
            // As in authentik, `user` is ignored unless the caller is a superuser.
            user_id: request.user.filter(|_| caller.is_superuser),
            description: request.description,
            expires: given(request.expires).map(|moment| moment.map(|moment| moment.0)),
            expiring: request.expiring,
            managed: given(request.managed),
            default_lifetime: self.lifetimes.token,
        };
        let user = change.user_id;
        let updated = self.store.update_token(identifier, scope, change.into()).await?;
        let token = updated.map_err(|rejection| Failure::Invalid(field_errors(user, &rejection.0)))?;
        let token = token.ok_or(Failure::NotFound("Token"))?;
        changes::token(&token.identifier, "changed");
        Ok(self.present_token(token))
    }
}

/// Checks the rules for tokens that the schema can't express.
pub fn check(intent: Option<IntentEnum>) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if let Some(intent) = intent {
        errors.check("intent", check_intent(intent.into()));
    }
    errors
}

/// Converts violations to error messages by field.
pub fn field_errors(user: Option<i64>, violations: &[Violation]) -> FieldErrors {
    to_field_errors(violations, |_| user.map(|id| ("user", Id::unknown(id))))
}

/// `PUT` is a `PATCH` with the identifier.
impl From<TokenRequest> for PatchedTokenRequest {
    fn from(request: TokenRequest) -> Self {
        Self {
            managed: request.managed,
            identifier: Some(request.identifier),
            intent: request.intent,
            user: request.user,
            description: request.description,
            expires: request.expires,
            expiring: request.expiring,
        }
    }
}
