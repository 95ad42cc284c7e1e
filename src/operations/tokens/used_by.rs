//! `GET /core/tokens/{identifier}/used_by/`

use crate::{
    api::{CoreTokensUsedByList, CoreTokensUsedByListParams, CoreTokensUsedByListResponse, Failure},
    domain::token::Caller,
    operations::App,
};

impl CoreTokensUsedByList for App {
    async fn core_tokens_used_by_list(
        &self,
        caller: Caller,
        params: CoreTokensUsedByListParams,
    ) -> Result<CoreTokensUsedByListResponse, Failure> {
        let token = self.store.token(&params.identifier, caller.token_scope()).await?;
        token.ok_or(Failure::NotFound("Token"))?;
        // Nothing references tokens.
        Ok(CoreTokensUsedByListResponse::Ok(Vec::new()))
    }
}
