//! `GET /core/groups/{group_uuid}/`

use crate::{
    api::{CoreGroupsRetrieve, CoreGroupsRetrieveParams, CoreGroupsRetrieveResponse, Failure},
    domain::token::Caller,
    operations::{App, present::group_parts},
};

impl CoreGroupsRetrieve for App {
    async fn core_groups_retrieve(
        &self,
        _: Caller,
        params: CoreGroupsRetrieveParams,
    ) -> Result<CoreGroupsRetrieveResponse, Failure> {
        let parts = group_parts!(params);
        let group = self.store.group(params.group_uuid, parts.around).await?;
        let group = group.ok_or(Failure::NotFound("Group"))?;
        Ok(CoreGroupsRetrieveResponse::Ok(self.present_group(group, parts)))
    }
}
