//! `POST /core/groups/{group_uuid}/remove_user/`

use crate::{
    api::{
        Body, CoreGroupsRemoveUserCreate, CoreGroupsRemoveUserCreateParams, CoreGroupsRemoveUserCreateResponse,
        Failure, UserAccountRequest,
    },
    domain::token::Caller,
    operations::{App, changes, failure::rejected},
};

impl CoreGroupsRemoveUserCreate for App {
    async fn core_groups_remove_user_create(
        &self,
        _: Caller,
        params: CoreGroupsRemoveUserCreateParams,
        body: Body<UserAccountRequest>,
    ) -> Result<CoreGroupsRemoveUserCreateResponse, Failure> {
        let user_id = self.member(params.group_uuid, body).await?;
        if self.store.remove_member(params.group_uuid, user_id).await?.map_err(rejected)? {
            changes::membership(params.group_uuid, user_id, "removed");
            Ok(CoreGroupsRemoveUserCreateResponse::NoContent)
        } else {
            Err(Failure::NoRoute)
        }
    }
}
