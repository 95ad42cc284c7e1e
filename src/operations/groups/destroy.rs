//! `DELETE /core/groups/{group_uuid}/`

use crate::{
    api::{CoreGroupsDestroy, CoreGroupsDestroyParams, CoreGroupsDestroyResponse, Failure},
    domain::token::Caller,
    operations::{App, changes, failure::rejected},
};

impl CoreGroupsDestroy for App {
    async fn core_groups_destroy(
        &self,
        _: Caller,
        params: CoreGroupsDestroyParams,
    ) -> Result<CoreGroupsDestroyResponse, Failure> {
        if self.store.delete_group(params.group_uuid).await?.map_err(rejected)? {
            changes::group(params.group_uuid, None, "deleted");
            Ok(CoreGroupsDestroyResponse::NoContent)
        } else {
            Err(Failure::NotFound("Group"))
        }
    }
}
