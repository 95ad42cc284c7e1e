//! `GET /core/users/paths/`

use crate::{
    api::{
        CoreUsersPathsRetrieve, CoreUsersPathsRetrieveParams, CoreUsersPathsRetrieveResponse, Failure, FieldErrors,
        UserPath,
    },
    domain::{filter::UserFilter, token::Caller},
    operations::{App, list},
};

impl CoreUsersPathsRetrieve for App {
    async fn core_users_paths_retrieve(
        &self,
        _: Caller,
        params: CoreUsersPathsRetrieveParams,
    ) -> Result<CoreUsersPathsRetrieveResponse, Failure> {
        let mut errors = FieldErrors::default();
        let search = list::search(params.search.as_deref(), &mut errors);
        list::check(errors)?;
        let filter = UserFilter { search, ..UserFilter::default() };
        let paths = self.store.paths(&filter).await?;
        Ok(CoreUsersPathsRetrieveResponse::Ok(UserPath { paths }))
    }
}
