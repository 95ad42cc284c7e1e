//! `PUT`, `PATCH` and `DELETE /core/groups/{group_uuid}/`, `add_user` and `remove_user`

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN, NOBODY, Server};

fn path(group: &str) -> String {
    format!("/core/groups/{group}/")
}

#[tokio::test]
async fn a_put_empties_parent_and_members_and_a_patch_keeps_them() {
    let server = Server::start().await;
    let parent = server.group(json!({"name": "parent"})).await;
    let body = json!({"name": "g", "is_superuser": true, "parent": parent, "users": [1], "attributes": {"a": 1}});
    let mut group = server.post("/core/groups/", body).await.body;
    let url = path(group["pk"].as_str().unwrap());
    assert_eq!(server.patch(&url, json!({"attributes": {"b": 2}})).await.body["users"], json!([1]));
    let response = server.put(&url, json!({"name": "h"})).await;
    for (field, value) in [
        ("name", json!("h")),
        ("parent", Value::Null),
        ("parent_name", Value::Null),
        ("parents", json!([])),
        ("users", json!([])),
        ("users_obj", json!([])),
        ("attributes", json!({"b": 2})),
    ] {
        group[field] = value;
    }
    assert_eq!(response.both(), (200, group.clone()));
    assert_eq!(server.get(&url).await.body, group);
    for declined in [
        server.patch(&format!("{url}?include_users=false"), json!({"users": [1]})).await,
        server.put(&format!("{url}?include_users=false"), json!({"name": "h", "users": [1]})).await,
        server.post("/core/groups/?include_users=false", json!({"name": "i", "users": [1]})).await,
    ] {
        assert_eq!((&declined.body["users"], &declined.body["users_obj"]), (&json!([1]), &Value::Null));
    }
    let other = server.user("other", json!({})).await.body["pk"].clone();
    let patched = server.patch(&url, json!({"users": [other], "parent": parent})).await.body;
    assert_eq!((&patched["users"], &patched["parent_name"]), (&json!([other]), &json!("parent")));
    assert_eq!(server.patch(&url, json!({"parent": null})).await.body["parent"], Value::Null);
    server.stop().await;
}

#[tokio::test]
async fn an_invalid_change_is_reported_and_changes_nothing() {
    let server = Server::start().await;
    let group = server.post("/core/groups/", json!({"name": "g", "users": [1]})).await.body;
    let url = path(group["pk"].as_str().unwrap());
    server.group(json!({"name": "taken"})).await;
    let unknown = |text: &str| json!([format!("Invalid pk \"{text}\" - object does not exist.")]);
    for (change, expected) in [
        (json!({"name": "taken"}), json!({"name": ["This field must be unique."]})),
        (json!({"name": null}), json!({"name": ["This field may not be null."]})),
        (json!({"parent": NOBODY}), json!({"parent": unknown(NOBODY)})),
        (json!({"users": [1, 77]}), json!({"users": unknown("77")})),
        (json!({"roles": [NOBODY]}), json!({"roles": unknown(NOBODY)})),
        (json!({"parent": group["pk"]}), json!({"parent": ["Cannot set group as parent of itself."]})),
        (
            json!({"name": "taken", "users": [77], "attributes": 1}),
            json!({
                "name": ["This field must be unique."], "users": unknown("77"),
                "attributes": ["Value must be a dictionary, and not have any duplicate keys."]
            }),
        ),
    ] {
        assert_eq!(server.patch(&url, change.clone()).await.both(), (400, expected), "{change}");
        assert_eq!(server.get(&url).await.body, group, "{change}");
    }
    assert_eq!(server.put(&url, json!({})).await.both(), (400, json!({"name": ["This field is required."]})));
    server.stop().await;
}

#[tokio::test]
async fn cycles_of_any_length_are_rejected_even_in_a_race() {
    let server = Server::start().await;
    let mut groups: Vec<String> = Vec::new();
    for number in 0..6 {
        let parent = groups.last().cloned();
        groups.push(server.group(json!({"name": format!("g{number}"), "parent": parent})).await);
    }
    let itself = json!({"parent": ["Cannot set group as parent of itself."]});
    assert_eq!(server.patch(&path(&groups[0]), json!({"parent": groups[0]})).await.both(), (400, itself));
    let below = json!({"parent": ["A group cannot be its own ancestor."]});
    for descendant in &groups[1..] {
        assert_eq!(server.patch(&path(&groups[0]), json!({"parent": descendant})).await.both(), (400, below.clone()));
    }
    for round in 0..10 {
        let a = server.group(json!({"name": format!("a{round}")})).await;
        let b = server.group(json!({"name": format!("b{round}")})).await;
        let (to_b, to_a) = (path(&a), path(&b));
        let responses =
            join_all([server.patch(&to_b, json!({"parent": b})), server.patch(&to_a, json!({"parent": a}))]).await;
        let mut statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_deleted_group_leaves_members_and_children_behind() {
    let server = Server::start().await;
    let group = server.group(json!({"name": "g", "users": [1]})).await;
    let child = server.group(json!({"name": "child", "parent": group})).await;
    assert_eq!(server.delete(&path(&group)).await.status, 204);
    let unknown = (404, json!({"detail": "No Group matches the given query."}));
    assert_eq!(server.get(&path(&group)).await.both(), unknown);
    assert_eq!(server.delete(&path(&group)).await.both(), unknown);
    assert_eq!(server.patch(&path(&group), json!({})).await.both(), unknown);
    assert_eq!(server.get(&path(&child)).await.body["parent"], Value::Null);
    assert_eq!(server.get("/core/users/1/").await.body["groups"].as_array().unwrap().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn adding_and_removing_members_is_idempotent() {
    let server = Server::start().await;
    let group = path(&server.group(json!({"name": "g"})).await);
    let pk = server.user("ada", json!({})).await.body["pk"].clone();
    for (verb, users) in [("add_user", json!([pk])), ("remove_user", json!([]))] {
        for _ in 0..2 {
            assert_eq!(server.post(&format!("{group}{verb}/"), json!({"pk": pk})).await.status, 204);
            assert_eq!(server.get(&group).await.body["users"], users);
        }
        for body in [json!({"pk": 999_999_999}), json!({"pk": null}), json!({"pk": "999999999"}), json!({})] {
            let response = server.post(&format!("{group}{verb}/"), body.clone()).await;
            assert_eq!(response.both(), (404, json!({"detail": "Not found."})), "{body}");
        }
        let word = server.post(&format!("{group}{verb}/"), json!({"pk": "ada"})).await;
        let expected = json!({"pk": ["Incorrect type. Expected pk value, received str."]});
        assert_eq!(word.both(), (400, expected));
        let malformed = server.post_bytes(&format!("{group}{verb}/"), "{").await;
        let expected = json!({"detail": "JSON parse error - unexpected end of data: line 1 column 2 (char 1)"});
        assert_eq!(malformed.both(), (400, expected));
        let nowhere = server.post(&format!("{}{verb}/", path(NOBODY)), json!({"pk": pk})).await;
        assert_eq!(nowhere.both(), (404, json!({"detail": "No Group matches the given query."})));
        assert_eq!(server.post(&format!("/core/groups/x/{verb}/"), json!({"pk": pk})).await.status, 404);
    }
    server.stop().await;
}

#[tokio::test]
async fn racing_additions_and_removals_never_fail() {
    let server = Server::start().await;
    let group = path(&server.group(json!({"name": "g"})).await);
    let pk = server.user("ada", json!({})).await.body["pk"].clone();
    let change = |number: usize| {
        let verb = if number.is_multiple_of(2) { "add_user" } else { "remove_user" };
        let (group, pk, server) = (&group, &pk, &server);
        async move { server.post(&format!("{group}{verb}/"), json!({"pk": pk})).await.status }
    };
    assert!(join_all((0..60).map(change)).await.iter().all(|status| *status == 204));
    // Either side may have won; the group and the user must agree on it.
    let members = server.get(&group).await.body["users"].clone();
    let is_member = server.get(&format!("/core/users/{pk}/")).await.body["groups"] != json!([]);
    assert_eq!(members, if is_member { json!([pk]) } else { json!([]) });
    server.stop().await;
}

#[tokio::test]
async fn only_superusers_may_change_groups() {
    let server = Server::start().await;
    let group = path(&server.group(json!({"name": "g"})).await);
    let token = server.plain_token().await;
    for (method, url) in [
        (Method::PUT, group.clone()),
        (Method::PATCH, group.clone()),
        (Method::DELETE, group.clone()),
        (Method::POST, format!("{group}add_user/")),
        (Method::POST, format!("{group}remove_user/")),
    ] {
        let request = server.request(method.clone(), &url).body("{");
        assert_eq!(server.send(request.bearer_auth(&token)).await.status, 403, "{method} {url}");
        if method != Method::DELETE {
            let request = server.request(method.clone(), &url).bearer_auth(ADMIN).header("content-type", "text/plain");
            assert_eq!(server.send(request.body("{")).await.status, 415, "{method} {url}");
        }
    }
    server.stop().await;
}
