//! `PATCH /core/users/{id}/`

use crate::{
    api::{
        Body, CoreUsersPartialUpdate, CoreUsersPartialUpdateParams, CoreUsersPartialUpdateResponse, Failure,
        PatchedUserRequest,
    },
    domain::token::Caller,
    operations::App,
};

impl CoreUsersPartialUpdate for App {
    async fn core_users_partial_update(
        &self,
        caller: Caller,
        params: CoreUsersPartialUpdateParams,
        body: Body<PatchedUserRequest>,
    ) -> Result<CoreUsersPartialUpdateResponse, Failure> {
        let user = self.change_user(caller, params.id, params.include_groups, body).await?;
        Ok(CoreUsersPartialUpdateResponse::Ok(user))
    }
}
