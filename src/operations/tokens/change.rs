//! What replacing and changing a token have in common.

use crate::{
    api::{Body, Failure, FieldErrors, FromObject, Id, IntentEnum, PatchedTokenRequest, Token, TokenRequest},
    domain::token::{Caller, TokenChange, check_intent},
    operations::{App, failure::worded, given},
    store::{self, Objection},
};

impl App {
    /// Changes the token `identifier` as `body` says.
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
        draft.object(check(draft.fields().intent));
        if draft.is_wrong() {
            // The refusal is certain; this only makes it complete.
            let request = draft.fields();
            let user = request.user.filter(|_| caller.is_superuser);
            let (new_identifier, managed) = (request.identifier.as_deref(), request.managed.value());
            let managed = managed.map(String::as_str);
            let objections = self.store.objections_to_token(Some(identifier), new_identifier, managed, user).await?;
            draft.object(word(user, objections));
        }
        let request = draft.accept()?;
        let change = TokenChange {
            identifier: request.identifier,
            intent: request.intent.map(Into::into),
            // As in the original, what others say of the owner is not heard.
            user_id: request.user.filter(|_| caller.is_superuser),
            description: request.description,
            expires: given(request.expires).map(|moment| moment.map(|moment| moment.0)),
            expiring: request.expiring,
            managed: given(request.managed),
        };
        match self.store.update_token(identifier, scope, &change).await {
            Ok(Some(token)) => Ok(self.present_token(token)),
            Ok(None) => Err(Failure::NotFound("Token")),
            Err(store::Error::Refused(objections)) => Err(Failure::Invalid(word(change.user_id, objections))),
            Err(error) => Err(error.into()),
        }
    }
}

/// The rules for a token that the schema can't express.
pub fn check(intent: Option<IntentEnum>) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if let Some(intent) = intent {
        errors.judge("intent", check_intent(intent.into()));
    }
    errors
}

/// Words what the store has against a token.
pub fn word(user: Option<i64>, objections: Vec<Objection>) -> FieldErrors {
    worded(objections, |_, _| user.map(Id::unknown))
}

/// A replacement is a change that gives the identifier.
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
