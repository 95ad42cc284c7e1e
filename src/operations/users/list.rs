//! `GET /core/users/`

use crate::{
    api::{
        CoreUsersList, CoreUsersListParams, CoreUsersListResponse, Failure, FieldErrors, PaginatedUserList,
        not_available,
    },
    domain::{
        filter::{UserField, UserFilter},
        token::Caller,
    },
    operations::{App, Included, list},
};

impl CoreUsersList for App {
    async fn core_users_list(&self, _: Caller, params: CoreUsersListParams) -> Result<CoreUsersListResponse, Failure> {
        let request = list::page(params.page, params.page_size)?;
        let order = list::ordering(params.ordering.as_deref(), sort_field);
        let included = Included { groups: params.include_groups, roles: params.include_roles };
        let filter = self.user_filter(params).await?;
        let page = self.store.users(&filter, &order, request).await?.ok_or(Failure::NoPage)?;
        let pagination = list::pagination(&page);
        let results = page.items.into_iter().map(|profile| self.present_user(profile, included)).collect();
        Ok(CoreUsersListResponse::Ok(PaginatedUserList { pagination, results, autocomplete: list::autocomplete() }))
    }
}

impl App {
    /// Parses the filters. As in authentik, the given groups must exist.
    async fn user_filter(&self, params: CoreUsersListParams) -> Result<UserFilter, Failure> {
        let mut errors = FieldErrors::default();
        let attributes = list::attributes(params.attributes.as_deref(), &mut errors);
        if !params.groups_by_name.is_empty()
            && let Some(place) = self.store.first_unknown_group_name(&params.groups_by_name).await?
        {
            errors.add("groups_by_name", not_available(&params.groups_by_name[place]));
        }
        if !params.groups_by_pk.is_empty()
            && let Some(place) = self.store.first_unknown_group(&params.groups_by_pk).await?
        {
            errors.add("groups_by_pk", not_available(params.groups_by_pk[place]));
        }
        // There are no roles, so any is unknown.
        if let Some(name) = params.roles_by_name.first() {
            errors.add("roles_by_name", not_available(name));
        }
        if let Some(uuid) = params.roles_by_pk.first() {
            errors.add("roles_by_pk", not_available(uuid));
        }
        let search = list::search(params.search.as_deref(), &mut errors);
        list::check(errors)?;
        Ok(UserFilter {
            username: params.username,
            email: params.email,
            name: params.name,
            path: params.path,
            path_prefix: params.path_startswith,
            is_active: params.is_active,
            in_superuser_group: params.is_superuser,
            uuid: params.uuid,
            date_joined: list::time(params.date_joined, params.date_joined_gt, params.date_joined_lt),
            last_updated: list::time(params.last_updated, params.last_updated_gt, params.last_updated_lt),
            last_login: list::time(params.last_login, params.last_login_gt, params.last_login_lt),
            last_login_is_null: params.last_login_isnull,
            kinds: params.r#type.into_iter().map(Into::into).collect(),
            group_names: params.groups_by_name,
            group_uuids: params.groups_by_pk,
            attributes,
            search,
        })
    }
}

/// The field with this name in the contract.
fn sort_field(name: &str) -> Option<UserField> {
    Some(match name {
        "pk" => UserField::Id,
        "uuid" => UserField::Uuid,
        "username" => UserField::Username,
        "name" => UserField::Name,
        "email" => UserField::Email,
        "is_active" => UserField::IsActive,
        "last_login" => UserField::LastLogin,
        "date_joined" => UserField::DateJoined,
        "last_updated" => UserField::LastUpdated,
        "path" => UserField::Path,
        "type" => UserField::Kind,
        _ => return None,
    })
}
