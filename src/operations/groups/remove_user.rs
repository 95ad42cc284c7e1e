//! `POST /core/groups/{group_uuid}/remove_user/`

use crate::{
    api::{
        Body, CoreGroupsRemoveUserCreate, CoreGroupsRemoveUserCreateParams, CoreGroupsRemoveUserCreateResponse,
        Failure, UserAccountRequest,
    },
    domain::token::Caller,
    operations::{App, failure::rejected, require_superuser},
};

impl CoreGroupsRemoveUserCreate for App {
    async fn core_groups_remove_user_create(
        &self,
        caller: Caller,
        params: CoreGroupsRemoveUserCreateParams,
        body: Body<UserAccountRequest>,
    ) -> Result<CoreGroupsRemoveUserCreateResponse, Failure> {
        require_superuser(&caller)?;
        self.store.group_id(params.group_uuid).await?.ok_or(Failure::NotFound("Group"))?;
        // As in authentik, an invalid id is treated as an unknown one.
        let pk = body.read()?.accept().map_or(None, |account| i32::try_from(account.pk).ok());
        let user_id = pk.ok_or(Failure::NoRoute)?;
        if self.store.remove_member(params.group_uuid, user_id).await?.map_err(rejected)? {
            Ok(CoreGroupsRemoveUserCreateResponse::NoContent)
        } else {
            Err(Failure::NoRoute)
        }
    }
}
