//! `PATCH /core/users/{id}/`

use crate::{
    api::{
        Body, CoreUsersPartialUpdate, CoreUsersPartialUpdateParams, CoreUsersPartialUpdateResponse, Failure,
        PatchedUserRequest,
    },
    domain::token::Caller,
    operations::{App, Included},
};

impl CoreUsersPartialUpdate for App {
    async fn core_users_partial_update(
        &self,
        _: Caller,
        params: CoreUsersPartialUpdateParams,
        body: Body<PatchedUserRequest>,
    ) -> Result<CoreUsersPartialUpdateResponse, Failure> {
        let included = Included { groups: params.include_groups, roles: params.include_roles };
        let user = self.change_user(params.id, included, body).await?;
        Ok(CoreUsersPartialUpdateResponse::Ok(user))
    }
}
