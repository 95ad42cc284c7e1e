//! `GET /core/users/{id}/used_by/`

use crate::{
    api::{CoreUsersUsedByList, CoreUsersUsedByListParams, CoreUsersUsedByListResponse, Failure, UsedByActionEnum},
    domain::token::Caller,
    operations::{App, present::used_by},
};

impl CoreUsersUsedByList for App {
    async fn core_users_used_by_list(
        &self,
        _: Caller,
        params: CoreUsersUsedByListParams,
    ) -> Result<CoreUsersUsedByListResponse, Failure> {
        let profile = self.existing_user(params.id).await?;
        let tokens = self.store.tokens_of(profile.user.id).await?;
        let tokens = tokens.into_iter().map(|(id, name)| used_by("token", id, name, UsedByActionEnum::Cascade));
        let groups = profile.groups.iter();
        let groups =
            groups.map(|group| used_by("group", group.uuid, group.name.clone(), UsedByActionEnum::CascadeMany));
        Ok(CoreUsersUsedByListResponse::Ok(tokens.chain(groups).collect()))
    }
}
