//! `GET /core/groups/{group_uuid}/used_by/`

use crate::{
    api::{CoreGroupsUsedByList, CoreGroupsUsedByListParams, CoreGroupsUsedByListResponse, Failure, UsedByActionEnum},
    domain::{
        membership::{Around, GroupWithMembers, Members},
        token::Caller,
    },
    operations::{App, present::used_by},
};

impl CoreGroupsUsedByList for App {
    async fn core_groups_used_by_list(
        &self,
        _: Caller,
        params: CoreGroupsUsedByListParams,
    ) -> Result<CoreGroupsUsedByListResponse, Failure> {
        let around = Around { members: true, ..Around::default() };
        let group = self.store.group(params.group_uuid, around).await?;
        let GroupWithMembers { members, mut children, .. } = group.ok_or(Failure::NotFound("Group"))?;
        children.sort_by(|one, other| one.name.cmp(&other.name));
        let children =
            children.into_iter().map(|child| used_by("group", child.uuid, child.name, UsedByActionEnum::SetNull));
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
