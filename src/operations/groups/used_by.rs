//! `GET /core/groups/{group_uuid}/used_by/`

use crate::{
    api::{CoreGroupsUsedByList, CoreGroupsUsedByListParams, CoreGroupsUsedByListResponse, Failure, UsedByActionEnum},
    domain::{
        membership::{Around, GroupWithMembers, Members},
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
        let around = Around { members: true, children: true, parents: false };
        let group = self.store.group(params.group_uuid, around).await?;
        let GroupWithMembers { members, children, .. } = group.ok_or(Failure::NotFound("Group"))?;
        let named = children.into_iter().filter_map(|child| Some((child.uuid, child.details?.name)));
        let mut children: Vec<_> = named.collect();
        children.sort_by(|(_, one), (_, other)| one.cmp(other));
        let children = children.into_iter().map(|(uuid, name)| used_by("group", uuid, name, UsedByActionEnum::SetNull));
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
