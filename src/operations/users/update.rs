//! `PUT /core/users/{id}/`

use crate::{
    api::{Body, CoreUsersUpdate, CoreUsersUpdateParams, CoreUsersUpdateResponse, Failure, UserRequest},
    domain::token::Caller,
    operations::App,
};

impl CoreUsersUpdate for App {
    async fn core_users_update(
        &self,
        caller: Caller,
        params: CoreUsersUpdateParams,
        body: Body<UserRequest>,
    ) -> Result<CoreUsersUpdateResponse, Failure> {
        let user = self.change_user(caller, params.id, params.include_groups, body).await?;
        Ok(CoreUsersUpdateResponse::Ok(user))
    }
}
