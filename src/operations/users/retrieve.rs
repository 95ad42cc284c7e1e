//! `GET /core/users/{id}/`

use crate::{
    api::{CoreUsersRetrieve, CoreUsersRetrieveParams, CoreUsersRetrieveResponse, Failure},
    domain::token::Caller,
    operations::{App, require_superuser},
};

impl CoreUsersRetrieve for App {
    async fn core_users_retrieve(
        &self,
        caller: Caller,
        params: CoreUsersRetrieveParams,
    ) -> Result<CoreUsersRetrieveResponse, Failure> {
        require_superuser(&caller)?;
        // An id that no user can have is one that no user has.
        let id = i32::try_from(params.id).map_err(|_| Failure::NotFound("User"))?;
        let profile = self.store.user(id).await?.ok_or(Failure::NotFound("User"))?;
        Ok(CoreUsersRetrieveResponse::Ok(self.present_user(profile, params.include_groups)))
    }
}
