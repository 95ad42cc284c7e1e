//! `GET /core/tokens/{identifier}/view_key/`

use crate::{
    api::{
        CoreTokensViewKeyRetrieve, CoreTokensViewKeyRetrieveParams, CoreTokensViewKeyRetrieveResponse, Failure, Secret,
        TokenView,
    },
    domain::token::Caller,
    operations::{App, changes},
};

impl CoreTokensViewKeyRetrieve for App {
    async fn core_tokens_view_key_retrieve(
        &self,
        caller: Caller,
        params: CoreTokensViewKeyRetrieveParams,
    ) -> Result<CoreTokensViewKeyRetrieveResponse, Failure> {
        let key = self.store.token_key(&self.secret, &params.identifier, caller.token_scope()).await?;
        let key = key.ok_or(Failure::NotFound("Token"))?;
        changes::token(&params.identifier, "key viewed");
        Ok(CoreTokensViewKeyRetrieveResponse::Ok(TokenView { key: Secret(key) }))
    }
}
