//! `GET /core/groups/{group_uuid}/used_by/`

use crate::{
    api::{CoreGroupsUsedByList, CoreGroupsUsedByListParams, CoreGroupsUsedByListResponse, Failure, UsedByActionEnum},
    domain::{
        membership::{GroupWithMembers, Members},
        token::Caller,
    },
    operations::{App, present::used_by, require_superuser},
};

impl CoreGroupsUsedByList for App {
    async fn core_groups_used_by_list(
        &self,
        caller: Caller,
        params: CoreGroupsUsedByListParams,
    ) -> Result<CoreGroupsUsedByListResponse, Failure> {
        require_superuser(&caller)?;
        let group = self.store.group(params.group_uuid, true).await?;
        let GroupWithMembers { group, members } = group.ok_or(Failure::NotFound("Group"))?;
        let children = self.store.children(group.id).await?.into_iter();
        let children = children.map(|child| used_by("group", child.uuid, child.name, UsedByActionEnum::SetNull));
        let members = match members {
            Members::Users(users) => users,
            Members::Ids(_) => Vec::new(),
        };
        let members = members
            .into_iter()
            .map(|user| used_by("user", user.id, user.details.username, UsedByActionEnum::CascadeMany));
        Ok(CoreGroupsUsedByListResponse::Ok(children.chain(members).collect()))
    }
}
