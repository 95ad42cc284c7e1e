//! `PUT /core/users/{id}/`

use crate::{
    api::{Body, CoreUsersUpdate, CoreUsersUpdateParams, CoreUsersUpdateResponse, Failure, UserRequest},
    domain::token::Caller,
    operations::{App, Included},
};

impl CoreUsersUpdate for App {
    async fn core_users_update(
        &self,
        _: Caller,
        params: CoreUsersUpdateParams,
        body: Body<UserRequest>,
    ) -> Result<CoreUsersUpdateResponse, Failure> {
        let included = Included { groups: params.include_groups, roles: params.include_roles };
        let user = self.change_user(params.id, included, body).await?;
        Ok(CoreUsersUpdateResponse::Ok(user))
    }
}
