//! `GET /core/tokens/`

use crate::{
    api::{CoreTokensList, CoreTokensListParams, CoreTokensListResponse, Failure, FieldErrors, PaginatedTokenList},
    domain::{
        filter::{TokenField, TokenFilter},
        token::Caller,
    },
    operations::{App, list},
};

impl CoreTokensList for App {
    async fn core_tokens_list(
        &self,
        caller: Caller,
        params: CoreTokensListParams,
    ) -> Result<CoreTokensListResponse, Failure> {
        let request = list::page(params.page, params.page_size)?;
        let order = list::ordering(params.ordering.as_deref(), sort_field);
        let mut errors = FieldErrors::default();
        let search = list::search(params.search.as_deref(), &mut errors);
        list::check(errors)?;
        let filter = TokenFilter {
            identifier: params.identifier,
            description: params.description,
            intent: params.intent.map(Into::into),
            managed: params.managed,
            expires: params.expires.map(|moment| moment.0),
            expiring: params.expiring,
            username: params.user_username,
            search,
        };
        let page = self.store.tokens(&filter, &order, request, caller.token_scope()).await?.ok_or(Failure::NoPage)?;
        let pagination = list::pagination(&page);
        let results = page.items.into_iter().map(|token| self.present_token(token)).collect();
        Ok(CoreTokensListResponse::Ok(PaginatedTokenList { pagination, results, autocomplete: list::autocomplete() }))
    }
}

/// The field with this name in the contract.
fn sort_field(name: &str) -> Option<TokenField> {
    Some(match name {
        "pk" => TokenField::Id,
        "identifier" => TokenField::Identifier,
        "intent" => TokenField::Intent,
        "user" => TokenField::Owner,
        "description" => TokenField::Description,
        "expires" => TokenField::Expires,
        "expiring" => TokenField::Expiring,
        "managed" => TokenField::Managed,
        _ => return None,
    })
}
