//! `PUT /core/groups/{group_uuid}/`

use crate::{
    api::{Body, CoreGroupsUpdate, CoreGroupsUpdateParams, CoreGroupsUpdateResponse, Failure, GroupRequest},
    domain::token::Caller,
    operations::{App, present::group_parts},
};

impl CoreGroupsUpdate for App {
    async fn core_groups_update(
        &self,
        _: Caller,
        params: CoreGroupsUpdateParams,
        body: Body<GroupRequest>,
    ) -> Result<CoreGroupsUpdateResponse, Failure> {
        let group = self.change_group(params.group_uuid, group_parts!(params), body).await?;
        Ok(CoreGroupsUpdateResponse::Ok(group))
    }
}
