//! `POST /core/groups/{group_uuid}/add_user/`

use crate::{
    api::{
        Body, CoreGroupsAddUserCreate, CoreGroupsAddUserCreateParams, CoreGroupsAddUserCreateResponse, Failure,
        UserAccountRequest,
    },
    domain::token::Caller,
    operations::{App, require_superuser},
};

impl CoreGroupsAddUserCreate for App {
    async fn core_groups_add_user_create(
        &self,
        caller: Caller,
        params: CoreGroupsAddUserCreateParams,
        body: Body<UserAccountRequest>,
    ) -> Result<CoreGroupsAddUserCreateResponse, Failure> {
        require_superuser(&caller)?;
        self.store.group_id(params.group_uuid).await?.ok_or(Failure::NotFound("Group"))?;
        // As in authentik, an invalid id is treated as an unknown one.
        let pk = body.read()?.accept().map_or(None, |account| i32::try_from(account.pk).ok());
        let user_id = pk.ok_or(Failure::NoRoute)?;
        if self.store.add_member(params.group_uuid, user_id).await? {
            Ok(CoreGroupsAddUserCreateResponse::NoContent)
        } else {
            Err(Failure::NoRoute)
        }
    }
}
