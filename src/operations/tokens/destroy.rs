//! `DELETE /core/tokens/{identifier}/`

use crate::{
    api::{CoreTokensDestroy, CoreTokensDestroyParams, CoreTokensDestroyResponse, Failure},
    domain::token::Caller,
    operations::{App, changes},
};

impl CoreTokensDestroy for App {
    async fn core_tokens_destroy(
        &self,
        caller: Caller,
        params: CoreTokensDestroyParams,
    ) -> Result<CoreTokensDestroyResponse, Failure> {
        if self.store.delete_token(&params.identifier, caller.token_scope()).await? {
            changes::token(&params.identifier, "deleted");
            Ok(CoreTokensDestroyResponse::NoContent)
        } else {
            Err(Failure::NotFound("Token"))
        }
    }
}
