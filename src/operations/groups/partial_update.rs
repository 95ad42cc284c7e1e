//! `PATCH /core/groups/{group_uuid}/`

use crate::{
    api::{
        Body, CoreGroupsPartialUpdate, CoreGroupsPartialUpdateParams, CoreGroupsPartialUpdateResponse, Failure,
        PatchedGroupRequest,
    },
    domain::token::Caller,
    operations::{App, present::group_parts},
};

impl CoreGroupsPartialUpdate for App {
    async fn core_groups_partial_update(
        &self,
        _: Caller,
        params: CoreGroupsPartialUpdateParams,
        body: Body<PatchedGroupRequest>,
    ) -> Result<CoreGroupsPartialUpdateResponse, Failure> {
        let group = self.change_group(params.group_uuid, group_parts!(params), body).await?;
        Ok(CoreGroupsPartialUpdateResponse::Ok(group))
    }
}
