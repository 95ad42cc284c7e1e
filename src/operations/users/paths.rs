//! `GET /core/users/paths/`

use crate::{
    api::{CoreUsersPathsRetrieve, CoreUsersPathsRetrieveParams, CoreUsersPathsRetrieveResponse, Failure, UserPath},
    domain::{
        filter::{UserFilter, search_words},
        token::Caller,
    },
    operations::App,
};

impl CoreUsersPathsRetrieve for App {
    async fn core_users_paths_retrieve(
        &self,
        caller: Caller,
        params: CoreUsersPathsRetrieveParams,
    ) -> Result<CoreUsersPathsRetrieveResponse, Failure> {
        let search = search_words(params.search.as_deref().unwrap_or_default());
        let filter = UserFilter { search, ..UserFilter::default() };
        // Only superusers see users.
        let paths = if caller.is_superuser { self.store.paths(&filter).await? } else { Vec::new() };
        Ok(CoreUsersPathsRetrieveResponse::Ok(UserPath { paths }))
    }
}
