//! `GET /core/tokens/{identifier}/view_key/`

use secrecy::ExposeSecret;

use crate::{
    api::{
        CoreTokensViewKeyRetrieve, CoreTokensViewKeyRetrieveParams, CoreTokensViewKeyRetrieveResponse, Failure,
        TokenView,
    },
    domain::token::Caller,
    operations::App,
};

impl CoreTokensViewKeyRetrieve for App {
    async fn core_tokens_view_key_retrieve(
        &self,
        caller: Caller,
        params: CoreTokensViewKeyRetrieveParams,
    ) -> Result<CoreTokensViewKeyRetrieveResponse, Failure> {
        let key = self.store.token_key(&self.secret, &params.identifier, caller.token_scope()).await?;
        let key = key.ok_or(Failure::NotFound("Token"))?.expose_secret().to_owned();
        Ok(CoreTokensViewKeyRetrieveResponse::Ok(TokenView { key }))
    }
}
