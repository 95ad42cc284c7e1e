//! `GET /core/groups/`

use crate::{
    api::{
        CoreGroupsList, CoreGroupsListParams, CoreGroupsListResponse, Failure, FieldErrors, PaginatedGroupList,
        not_available,
    },
    domain::{
        filter::{GroupField, GroupFilter},
        token::Caller,
    },
    operations::{App, list, present::group_parts},
};

impl CoreGroupsList for App {
    async fn core_groups_list(
        &self,
        _: Caller,
        params: CoreGroupsListParams,
    ) -> Result<CoreGroupsListResponse, Failure> {
        let request = list::page(params.page, params.page_size)?;
        let order = list::ordering(params.ordering.as_deref(), sort_field);
        let parts = group_parts!(params);
        let filter = self.group_filter(params).await?;
        let page = self.store.groups(&filter, &order, request, parts.around).await?.ok_or(Failure::NoPage)?;
        let pagination = list::pagination(&page);
        let results = page.items.into_iter().map(|group| self.present_group(group, parts)).collect();
        Ok(CoreGroupsListResponse::Ok(PaginatedGroupList { pagination, results, autocomplete: list::autocomplete() }))
    }
}

impl App {
    /// Parses the filters. As in authentik, the given members must exist.
    async fn group_filter(&self, params: CoreGroupsListParams) -> Result<GroupFilter, Failure> {
        let mut errors = FieldErrors::default();
        let attributes = list::attributes(params.attributes.as_deref(), &mut errors);
        if !params.members_by_pk.is_empty()
            && let Some(place) = self.store.first_unknown_user_id(&params.members_by_pk).await?
        {
            errors.add("members_by_pk", not_available(params.members_by_pk[place]));
        }
        if !params.members_by_username.is_empty()
            && let Some(place) = self.store.first_unknown_username(&params.members_by_username).await?
        {
            errors.add("members_by_username", not_available(&params.members_by_username[place]));
        }
        let search = list::search(params.search.as_deref(), &mut errors);
        list::check(errors)?;
        Ok(GroupFilter {
            name: params.name,
            is_superuser: params.is_superuser,
            member_ids: params.members_by_pk,
            member_names: params.members_by_username,
            attributes,
            search,
        })
    }
}

/// The field with this name in the contract.
fn sort_field(name: &str) -> Option<GroupField> {
    Some(match name {
        "pk" => GroupField::Uuid,
        "num_pk" => GroupField::Id,
        "name" => GroupField::Name,
        "is_superuser" => GroupField::IsSuperuser,
        _ => return None,
    })
}
