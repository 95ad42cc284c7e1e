//! `DELETE /core/groups/{group_uuid}/`

use crate::{
    api::{CoreGroupsDestroy, CoreGroupsDestroyParams, CoreGroupsDestroyResponse, Failure},
    domain::token::Caller,
    operations::{App, failure::rejection, require_superuser},
};

impl CoreGroupsDestroy for App {
    async fn core_groups_destroy(
        &self,
        caller: Caller,
        params: CoreGroupsDestroyParams,
    ) -> Result<CoreGroupsDestroyResponse, Failure> {
        require_superuser(&caller)?;
        if self.store.delete_group(params.group_uuid).await.map_err(rejection)? {
            Ok(CoreGroupsDestroyResponse::NoContent)
        } else {
            Err(Failure::NotFound("Group"))
        }
    }
}
