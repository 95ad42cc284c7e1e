//! Users, their groups and dates.

use std::collections::HashMap;
use std::time::Duration;

use authentik_client::apis::core_api as core;
use authentik_client::models::{
    Group, GroupRequest, PartialGroup, PatchedUserRequest, User, UserAccountRequest, UserPasswordSetRequest,
    UserRequest, UserTypeEnum,
};
use serde_json::json;
use uuid::Uuid;

use crate::checks::{attributes, check, check_refused, date, Date, Test, UNKNOWN};

/// What a list of users can be asked for, as far as it is tested.
#[derive(Default)]
struct Filter<'a> {
    attributes: Option<&'a str>,
    date_joined: Option<Date>,
    date_joined_after: Option<Date>,
    groups_by_name: Option<Vec<String>>,
    groups_by_pk: Option<Vec<Uuid>>,
    include_groups_and_roles: Option<bool>,
    is_active: Option<bool>,
    is_superuser: Option<bool>,
    last_login: Option<Date>,
    last_login_is_null: Option<bool>,
    last_login_before: Option<Date>,
    last_updated_after: Option<Date>,
    last_updated_before: Option<Date>,
    kinds: Option<Vec<UserTypeEnum>>,
    username: Option<&'a str>,
    uuid: Option<&'a str>,
}

/// Lists the users of this run, in the order of their ids.
async fn list(test: &Test, by: Filter<'_>) -> Vec<User> {
    let page = core::core_users_list(
        &test.api,
        by.attributes,
        by.date_joined,
        by.date_joined_after,
        None,
        None,
        by.groups_by_name,
        by.groups_by_pk,
        by.include_groups_and_roles,
        by.include_groups_and_roles,
        by.is_active,
        by.is_superuser,
        by.last_login,
        None,
        by.last_login_is_null,
        by.last_login_before,
        None,
        by.last_updated_after,
        by.last_updated_before,
        None,
        Some("pk"),
        None,
        None,
        None,
        Some(&test.name("rust")),
        None,
        None,
        None,
        by.kinds,
        by.username,
        by.uuid,
    )
    .await
    .unwrap();
    check("the number of users", page.pagination.count, page.results.len() as f64);
    check("the proposals of a list", page.autocomplete, HashMap::new());
    page.results
}

async fn read(test: &Test, user: &User) -> User {
    core::core_users_retrieve(&test.api, user.pk).await.unwrap()
}

/// A group as embedded in a user.
fn in_user(group: &Group) -> PartialGroup {
    PartialGroup {
        pk: group.pk,
        num_pk: group.num_pk,
        name: group.name.clone(),
        is_superuser: group.is_superuser,
        attributes: group.attributes.clone(),
    }
}

/// Creates a user with everything, and one with little.
async fn create(test: &Test, group: &Group) -> (User, User) {
    let request = UserRequest {
        username: test.name("full"),
        name: "Grace Hopper".to_owned(),
        is_active: Some(true),
        last_login: Some(Some(date("2024-05-06T07:08:09.123456+05:30"))),
        groups: Some(vec![group.pk]),
        roles: Some(vec![]),
        email: Some("grace@example.com".to_owned()),
        attributes: Some(attributes()),
        path: Some(test.name("rust") + "/staff"),
        r#type: Some(UserTypeEnum::External),
    };
    let full = core::core_users_create(&test.api, request.clone()).await.unwrap();
    let expected = User {
        pk: full.pk,
        username: request.username,
        name: request.name,
        is_active: request.is_active,
        last_login: request.last_login,
        date_joined: full.date_joined,
        is_superuser: true,
        groups: request.groups,
        groups_obj: Some(vec![in_user(group)]),
        roles: Some(vec![]),
        roles_obj: Some(vec![]),
        email: request.email,
        avatar: full.avatar.clone(),
        attributes: request.attributes,
        uid: full.uid.clone(),
        path: request.path,
        r#type: request.r#type,
        uuid: full.uuid,
        password_change_date: full.date_joined,
        last_updated: full.last_updated,
    };
    check("the full user", &full, &expected);
    check("the full user, read", &read(test, &full).await, &expected);
    let since_creation = full.last_updated.signed_duration_since(full.date_joined);
    check("the full user has not changed", (0..100).contains(&since_creation.num_milliseconds()), true);
    let age = chrono::Utc::now().signed_duration_since(full.date_joined);
    check("the full user is new", age.num_minutes(), 0);

    // They must not have the same date.
    tokio::time::sleep(Duration::from_millis(2)).await;
    let path = Some(test.name("rust"));
    let request = UserRequest { path, ..UserRequest::new(test.name("small"), String::new()) };
    (full, core::core_users_create(&test.api, request).await.unwrap())
}

async fn filters(test: &Test, full: &User, small: &User, group: &Group) {
    let finds = |what: &'static str, expected: &[&User], by: Filter<'static>| {
        let expected: Vec<User> = expected.iter().map(|&user| user.clone()).collect();
        async move { check(what, list(test, by).await, expected) }
    };
    let login = Some(date("2024-05-06T01:38:09.123456Z"));
    let joined = Some(full.date_joined);
    let (earlier, later) = (Some(full.last_updated), Some(small.last_updated));
    let any = Filter::default;
    finds("all users", &[full, small], any()).await;
    finds("users by attributes", &[full], Filter { attributes: Some(r#"{"nested__a__0__b": true}"#), ..any() }).await;
    finds("by the name of a group", &[full], Filter { groups_by_name: Some(vec![group.name.clone()]), ..any() }).await;
    finds("by the id of a group", &[full], Filter { groups_by_pk: Some(vec![group.pk]), ..any() }).await;
    finds("active users", &[full, small], Filter { is_active: Some(true), ..any() }).await;
    finds("superusers", &[full], Filter { is_superuser: Some(true), ..any() }).await;
    let kinds = Some(vec![UserTypeEnum::Internal, UserTypeEnum::ServiceAccount]);
    finds("users by type", &[small], Filter { kinds, ..any() }).await;
    finds("by date_joined", &[full], Filter { date_joined: joined, ..any() }).await;
    finds("by a later date_joined", &[small], Filter { date_joined_after: joined, ..any() }).await;
    finds("by a later last_updated", &[small], Filter { last_updated_after: earlier, ..any() }).await;
    finds("by an earlier last_updated", &[full], Filter { last_updated_before: later, ..any() }).await;
    finds("by last_login", &[full], Filter { last_login: login, ..any() }).await;
    finds("by an earlier last_login", &[], Filter { last_login_before: login, ..any() }).await;
    finds("by no last_login", &[small], Filter { last_login_is_null: Some(true), ..any() }).await;
    finds("by any last_login", &[full], Filter { last_login_is_null: Some(false), ..any() }).await;

    let by_name = Filter { username: Some(&small.username), ..any() };
    check("users by username", list(test, by_name).await, vec![small.clone()]);
    let short = User { groups_obj: None, roles_obj: None, ..full.clone() };
    let uuid = full.uuid.to_string();
    let by_uuid = Filter { uuid: Some(&uuid), include_groups_and_roles: Some(false), ..any() };
    check("users by uuid, without groups and roles", list(test, by_uuid).await, vec![short]);
}

async fn change(test: &Test, full: User, group: &Group) {
    let request = PatchedUserRequest {
        name: Some("Ada".to_owned()),
        last_login: Some(None),
        groups: Some(vec![]),
        is_active: Some(false),
        ..PatchedUserRequest::new()
    };
    let patched = core::core_users_partial_update(&test.api, full.pk, Some(request)).await.unwrap();
    let expected = User {
        name: "Ada".to_owned(),
        last_login: Some(None),
        groups: Some(vec![]),
        groups_obj: Some(vec![]),
        is_active: Some(false),
        is_superuser: false,
        avatar: patched.avatar.clone(),
        last_updated: patched.last_updated,
        ..full.clone()
    };
    check("the patched user", &patched, &expected);
    check("the patched user is later", patched.last_updated > full.last_updated, true);
    check("the patched user, read", &read(test, &full).await, &expected);

    let member = UserAccountRequest::new(full.pk);
    core::core_groups_add_user_create(&test.api, &group.pk.to_string(), member.clone()).await.unwrap();
    check("the groups of a new member", read(test, &full).await.groups, Some(vec![group.pk]));
    core::core_groups_remove_user_create(&test.api, &group.pk.to_string(), member).await.unwrap();
    check("the groups of a former member", read(test, &full).await.groups, Some(vec![]));

    let request = UserRequest::new(test.name("replaced"), String::new());
    let replaced = core::core_users_update(&test.api, full.pk, request).await.unwrap();
    check("the replaced user", (replaced.username.as_str(), replaced.name.as_str()), (&test.name("replaced"), ""));
    let password = UserPasswordSetRequest::new("correct horse battery staple".to_owned());
    core::core_users_set_password_create(&test.api, full.pk, password).await.unwrap();
    let found = read(test, &full).await;
    check("the change of the password", found.password_change_date > replaced.last_updated, true);
    check("when the user joined", found.date_joined, full.date_joined);
}

async fn refusals(test: &Test, small: &User) {
    let unknown = json!([format!("Invalid pk \"{UNKNOWN}\" - object does not exist.")]);
    let nothing = Some(vec![UNKNOWN.parse().unwrap()]);
    let request = PatchedUserRequest { roles: nothing.clone(), groups: nothing, ..PatchedUserRequest::new() };
    let answer = core::core_users_partial_update(&test.api, small.pk, Some(request)).await;
    check_refused("unknown groups and roles", answer, 400, json!({"groups": unknown, "roles": unknown}));
    let answer = core::core_users_create(&test.api, UserRequest::new(small.username.clone(), String::new())).await;
    check_refused("a taken name", answer, 400, json!({"username": ["This field must be unique."]}));
}

pub async fn run(test: &Test) {
    let request = GroupRequest { is_superuser: Some(true), ..GroupRequest::new(test.name("staff")) };
    let group = core::core_groups_create(&test.api, request).await.unwrap();
    let (full, small) = create(test, &group).await;
    filters(test, &full, &small, &group).await;
    refusals(test, &small).await;
    let pks = [full.pk, small.pk];
    change(test, full, &group).await;
    for pk in pks {
        core::core_users_destroy(&test.api, pk).await.unwrap();
        let found = core::core_users_retrieve(&test.api, pk).await;
        check_refused("a deleted user", found, 404, json!({"detail": "No User matches the given query."}));
    }
    core::core_groups_destroy(&test.api, &group.pk.to_string()).await.unwrap();
}
