//! `POST /core/groups/{group_uuid}/add_user/`

use crate::{
    api::{
        Body, CoreGroupsAddUserCreate, CoreGroupsAddUserCreateParams, CoreGroupsAddUserCreateResponse, Failure,
        UserAccountRequest,
    },
    domain::token::Caller,
    operations::{App, changes},
};

impl CoreGroupsAddUserCreate for App {
    async fn core_groups_add_user_create(
        &self,
        _: Caller,
        params: CoreGroupsAddUserCreateParams,
        body: Body<UserAccountRequest>,
    ) -> Result<CoreGroupsAddUserCreateResponse, Failure> {
        let user_id = self.member(params.group_uuid, body).await?;
        if self.store.add_member(params.group_uuid, user_id).await? {
            changes::membership(params.group_uuid, user_id, "added");
            Ok(CoreGroupsAddUserCreateResponse::NoContent)
        } else {
            Err(Failure::NoRoute)
        }
    }
}
