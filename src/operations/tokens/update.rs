//! `PUT /core/tokens/{identifier}/`

use crate::{
    api::{Body, CoreTokensUpdate, CoreTokensUpdateParams, CoreTokensUpdateResponse, Failure, TokenRequest},
    domain::token::Caller,
    operations::App,
};

impl CoreTokensUpdate for App {
    async fn core_tokens_update(
        &self,
        caller: Caller,
        params: CoreTokensUpdateParams,
        body: Body<TokenRequest>,
    ) -> Result<CoreTokensUpdateResponse, Failure> {
        let token = self.change_token(caller, &params.identifier, body).await?;
        Ok(CoreTokensUpdateResponse::Ok(token))
    }
}
