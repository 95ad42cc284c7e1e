//! `GET /core/users/{id}/`

use crate::{
    api::{CoreUsersRetrieve, CoreUsersRetrieveParams, CoreUsersRetrieveResponse, Failure},
    domain::token::Caller,
    operations::{App, Included, require_superuser},
};

impl CoreUsersRetrieve for App {
    async fn core_users_retrieve(
        &self,
        caller: Caller,
        params: CoreUsersRetrieveParams,
    ) -> Result<CoreUsersRetrieveResponse, Failure> {
        require_superuser(&caller)?;
        let profile = self.existing_user(params.id).await?;
        let included = Included { groups: params.include_groups, roles: params.include_roles };
        Ok(CoreUsersRetrieveResponse::Ok(self.present_user(profile, included)))
    }
}
