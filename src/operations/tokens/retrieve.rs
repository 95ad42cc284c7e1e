//! `GET /core/tokens/{identifier}/`

use crate::{
    api::{CoreTokensRetrieve, CoreTokensRetrieveParams, CoreTokensRetrieveResponse, Failure},
    domain::token::Caller,
    operations::App,
};

impl CoreTokensRetrieve for App {
    async fn core_tokens_retrieve(
        &self,
        caller: Caller,
        params: CoreTokensRetrieveParams,
    ) -> Result<CoreTokensRetrieveResponse, Failure> {
        let token = self.store.token(&params.identifier, caller.token_scope()).await?;
        let token = token.ok_or(Failure::NotFound("Token"))?;
        Ok(CoreTokensRetrieveResponse::Ok(self.present_token(token)))
    }
}
