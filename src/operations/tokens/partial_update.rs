//! `PATCH /core/tokens/{identifier}/`

use crate::{
    api::{
        Body, CoreTokensPartialUpdate, CoreTokensPartialUpdateParams, CoreTokensPartialUpdateResponse, Failure,
        PatchedTokenRequest,
    },
    domain::token::Caller,
    operations::App,
};

impl CoreTokensPartialUpdate for App {
    async fn core_tokens_partial_update(
        &self,
        caller: Caller,
        params: CoreTokensPartialUpdateParams,
        body: Body<PatchedTokenRequest>,
    ) -> Result<CoreTokensPartialUpdateResponse, Failure> {
        let token = self.change_token(caller, &params.identifier, body).await?;
        Ok(CoreTokensPartialUpdateResponse::Ok(token))
    }
}
