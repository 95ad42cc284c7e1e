//! `GET /core/users/{id}/`

use crate::{
    api::{CoreUsersRetrieve, CoreUsersRetrieveParams, CoreUsersRetrieveResponse, Failure},
    domain::token::Caller,
    operations::{App, Included},
};

impl CoreUsersRetrieve for App {
    async fn core_users_retrieve(
        &self,
        _: Caller,
        params: CoreUsersRetrieveParams,
    ) -> Result<CoreUsersRetrieveResponse, Failure> {
        let profile = self.existing_user(params.id).await?;
        let included = Included { groups: params.include_groups, roles: params.include_roles };
        Ok(CoreUsersRetrieveResponse::Ok(self.present_user(profile, included)))
    }
}
