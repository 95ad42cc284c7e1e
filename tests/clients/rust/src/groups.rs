//! Groups below other groups, two of them among those.

use std::collections::HashMap;

use authentik_client::apis::core_api as core;
use authentik_client::models::{Group, GroupRequest, PatchedGroupRequest, RelatedGroup};
use serde_json::json;
use uuid::Uuid;

use crate::checks::{attributes, check, check_refused, Test, UNKNOWN};

/// What a list of groups can be asked for, as far as it is tested.
#[derive(Default)]
struct Filter<'a> {
    attributes: Option<&'a str>,
    is_superuser: Option<bool>,
    members_by_pk: Option<Vec<i32>>,
    members_by_username: Option<Vec<String>>,
    name: Option<&'a str>,
    /// Whether to include what is above and below; the members are included if not.
    include_family: Option<bool>,
}

/// Lists the groups of this run, in the order of their names.
async fn list(test: &Test, by: Filter<'_>) -> Vec<Group> {
    let members = by.include_family.map(|included| !included);
    let page = core::core_groups_list(
        &test.api,
        by.attributes,
        by.include_family,
        by.include_family,
        by.include_family,
        members,
        by.is_superuser,
        by.members_by_pk,
        by.members_by_username,
        by.name,
        Some("name"),
        None,
        None,
        Some(&test.run),
    )
    .await
    .unwrap();
    check("the number of groups", page.pagination.count, page.results.len() as f64);
    check("the proposals of a list", page.autocomplete, HashMap::new());
    page.results
}

async fn read(test: &Test, group: &Group) -> Group {
    core::core_groups_retrieve(&test.api, &group.pk.to_string(), None, None, None, None).await.unwrap()
}

async fn read_family(test: &Test, group: &Group) -> Group {
    let yes = Some(true);
    core::core_groups_retrieve(&test.api, &group.pk.to_string(), yes, yes, yes, Some(false)).await.unwrap()
}

async fn patch(test: &Test, group: &Group, request: PatchedGroupRequest) -> Group {
    core::core_groups_partial_update(&test.api, &group.pk.to_string(), Some(request)).await.unwrap()
}

/// A group as embedded in another one.
fn related(group: &Group) -> RelatedGroup {
    RelatedGroup {
        pk: group.pk,
        name: group.name.clone(),
        is_superuser: group.is_superuser,
        attributes: group.attributes.clone(),
        group_uuid: group.pk,
    }
}

/// Two groups, and one below both.
async fn create(test: &Test) -> (Group, Group, Group) {
    let request = GroupRequest::new(test.name("a-mother"));
    let mother = core::core_groups_create(&test.api, request).await.unwrap();
    let request = GroupRequest { is_superuser: Some(true), ..GroupRequest::new(test.name("b-father")) };
    let father = core::core_groups_create(&test.api, request).await.unwrap();
    // Not the order in which they were made.
    let parents = vec![father.pk, mother.pk];
    let request = GroupRequest {
        name: test.name("c-child"),
        is_superuser: Some(false),
        parents: Some(parents.clone()),
        users: Some(vec![]),
        attributes: Some(attributes()),
        roles: Some(vec![]),
    };
    let child = core::core_groups_create(&test.api, request.clone()).await.unwrap();
    let expected = Group {
        pk: child.pk,
        num_pk: child.num_pk,
        name: request.name,
        is_superuser: Some(false),
        parents: Some(parents),
        parents_obj: None,
        users: Some(vec![]),
        users_obj: Some(vec![]),
        attributes: request.attributes,
        roles: Some(vec![]),
        roles_obj: vec![],
        inherited_roles_obj: None,
        children: vec![],
        children_obj: None,
    };
    check("the group below two", &child, &expected);
    check("the group below two, read", &read(test, &child).await, &expected);
    (read(test, &mother).await, read(test, &father).await, child)
}

async fn embedded(test: &Test, mother: &Group, father: &Group, child: &Group) {
    let expected_child = Group {
        parents_obj: Some(vec![related(father), related(mother)]),
        users_obj: None,
        inherited_roles_obj: Some(vec![]),
        children_obj: Some(vec![]),
        ..child.clone()
    };
    check("the child, with its family", &read_family(test, child).await, &expected_child);
    let with_child = |parent: &Group| Group {
        parents_obj: Some(vec![]),
        users_obj: None,
        inherited_roles_obj: Some(vec![]),
        children: vec![child.pk],
        children_obj: Some(vec![related(child)]),
        ..parent.clone()
    };
    let expected = vec![with_child(mother), with_child(father), expected_child];
    check("the mother, with its family", &read_family(test, mother).await, &expected[0]);
    check(
        "all groups, with their families",
        list(test, Filter { include_family: Some(true), ..Filter::default() }).await,
        expected,
    );
}

async fn filters(test: &Test, mother: &Group, father: &Group, child: &Group) {
    let all = vec![mother.clone(), father.clone(), child.clone()];
    check("all groups", list(test, Filter::default()).await, all);
    let by_name = Filter { name: Some(&child.name), ..Filter::default() };
    check("groups by name", list(test, by_name).await, vec![child.clone()]);
    let by_kind = Filter { is_superuser: Some(true), ..Filter::default() };
    check("groups of superusers", list(test, by_kind).await, vec![father.clone()]);
    let by_attributes = Filter { attributes: Some(r#"{"nested__a__0__b": true}"#), ..Filter::default() };
    check("groups by attributes", list(test, by_attributes).await, vec![child.clone()]);
    let me = core::core_users_me_retrieve(&test.api).await.unwrap().user;
    let by_member = Filter { members_by_pk: Some(vec![me.pk]), ..Filter::default() };
    check("groups by the id of a member", list(test, by_member).await, vec![]);
    let by_member = Filter { members_by_username: Some(vec![me.username]), ..Filter::default() };
    check("groups by the name of a member", list(test, by_member).await, vec![]);
}

async fn change(test: &Test, mother: &Group, father: &Group, child: Group) -> Group {
    let name = test.name("c-renamed");
    let request = PatchedGroupRequest { name: Some(name.clone()), ..PatchedGroupRequest::new() };
    let renamed = patch(test, &child, request).await;
    check("a patch of the name", &renamed, &Group { name, ..child });

    for parents in [vec![mother.pk], vec![], vec![mother.pk, father.pk]] {
        let request = PatchedGroupRequest { parents: Some(parents.clone()), ..PatchedGroupRequest::new() };
        let found = patch(test, &renamed, request).await;
        check("a patch of the parents", &found, &Group { parents: Some(parents), ..renamed.clone() });
        check("the patched group, read", read(test, &renamed).await, found);
    }

    let request = GroupRequest { attributes: Some(HashMap::new()), ..GroupRequest::new(renamed.name.clone()) };
    let replaced = core::core_groups_update(&test.api, &renamed.pk.to_string(), request).await.unwrap();
    let expected = Group { parents: Some(vec![]), attributes: Some(HashMap::new()), ..renamed };
    check("a replacement without parents", &replaced, &expected);
    let parents = Some(vec![father.pk, mother.pk]);
    let request = GroupRequest { parents: parents.clone(), ..GroupRequest::new(replaced.name.clone()) };
    let replaced = core::core_groups_update(&test.api, &replaced.pk.to_string(), request).await.unwrap();
    check("a replacement with parents", &replaced, &Group { parents, ..expected });
    replaced
}

async fn refusals(test: &Test, mother: &Group, child: &Group) {
    let refused = |group: &Group, parents: Vec<Uuid>| {
        let id = group.pk.to_string();
        let request = PatchedGroupRequest { parents: Some(parents), ..PatchedGroupRequest::new() };
        async move { core::core_groups_partial_update(&test.api, &id, Some(request)).await }
    };
    let body = json!({"parents": ["A group cannot be its own ancestor."]});
    check_refused("a circle", refused(mother, vec![child.pk]).await, 400, body);
    let body = json!({"parents": [format!("Invalid pk \"{UNKNOWN}\" - object does not exist.")]});
    let parents = vec![mother.pk, UNKNOWN.parse().unwrap()];
    check_refused("an unknown parent", refused(child, parents).await, 400, body);
    let taken = core::core_groups_create(&test.api, GroupRequest::new(mother.name.clone())).await;
    check_refused("a taken name", taken, 400, json!({"name": ["This field must be unique."]}));
}

async fn destroy(test: &Test, mother: &Group, father: &Group, child: &Group) {
    core::core_groups_destroy(&test.api, &father.pk.to_string()).await.unwrap();
    let expected = Group { parents: Some(vec![mother.pk]), ..child.clone() };
    check("the parent that is left", read(test, child).await, expected);
    for group in [child, mother] {
        core::core_groups_destroy(&test.api, &group.pk.to_string()).await.unwrap();
        let found = core::core_groups_retrieve(&test.api, &group.pk.to_string(), None, None, None, None).await;
        check_refused("a deleted group", found, 404, json!({"detail": "No Group matches the given query."}));
    }
}

pub async fn run(test: &Test) {
    let (mother, father, child) = create(test).await;
    embedded(test, &mother, &father, &child).await;
    filters(test, &mother, &father, &child).await;
    let child = change(test, &mother, &father, child).await;
    refusals(test, &mother, &child).await;
    destroy(test, &mother, &father, &child).await;
}
