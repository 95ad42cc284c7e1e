//! `parent`, `parents` and `children` of groups

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{NOBODY, Server};

const ALL: &str = "?include_parents=true&include_children=true&include_inherited_roles=true";

fn path(group: &str) -> String {
    format!("/core/groups/{group}/")
}

/// Creates groups with these names and no parents.
async fn groups<const N: usize>(server: &Server, names: [&str; N]) -> [String; N] {
    let mut groups = names.map(str::to_owned);
    for group in &mut groups {
        *group = server.group(json!({"name": group})).await;
    }
    groups
}

#[tokio::test]
async fn a_group_is_below_all_of_its_parents_and_the_first_is_its_parent() {
    let server = Server::start().await;
    let [a, b] = groups(&server, ["a", "b"]).await;
    // In the order of the request, each once.
    let child = server.group(json!({"name": "child", "parents": [b, a, b], "attributes": {"x": 1}})).await;
    let found = server.get(&path(&child)).await.body;
    assert_eq!((&found["parent"], &found["parent_name"]), (&json!(b), &json!("b")));
    assert_eq!((&found["parents"], &found["parents_obj"]), (&json!([b, a]), &Value::Null));
    assert_eq!((&found["children"], &found["children_obj"]), (&json!([]), &Value::Null));
    assert_eq!(found["inherited_roles_obj"], Value::Null);
    let found = server.get(&(path(&child) + ALL)).await.body;
    let related = |pk: &str, name: &str, attributes: Value| json!({"pk": pk, "group_uuid": pk, "name": name, "is_superuser": false, "attributes": attributes});
    assert_eq!(found["parents_obj"], json!([related(&b, "b", json!({})), related(&a, "a", json!({}))]));
    assert_eq!((&found["children_obj"], &found["inherited_roles_obj"]), (&json!([]), &json!([])));
    for parent in [&a, &b] {
        let found = server.get(&(path(parent) + ALL)).await.body;
        assert_eq!((&found["children"], &found["parents"]), (&json!([child]), &json!([])));
        assert_eq!(found["children_obj"], json!([related(&child, "child", json!({"x": 1}))]));
        let used_by = server.get(&format!("/core/groups/{parent}/used_by/")).await.body;
        assert_eq!((&used_by[0]["pk"], &used_by[0]["action"]), (&json!(child), &json!("set_null")));
    }
    let listed = server.get(&format!("/core/groups/{ALL}")).await.body;
    for group in listed["results"].as_array().unwrap() {
        assert_eq!(server.get(&(path(group["pk"].as_str().unwrap()) + ALL)).await.body, *group);
    }
    server.stop().await;
}

#[tokio::test]
async fn either_field_sets_the_parents_and_without_them_they_stay() {
    let server = Server::start().await;
    let [a, b, child] = groups(&server, ["a", "b", "child"]).await;
    let url = path(&child);
    for (change, expected) in [
        (json!({"parents": [a, b]}), json!([a, b])),
        (json!({"name": "renamed", "attributes": {"a": 1}}), json!([a, b])),
        (json!({"parent": b}), json!([b])),
        (json!({"parent": b, "parents": [b, a]}), json!([b, a])),
        (json!({"parent": null}), json!([])),
        (json!({"parents": [a]}), json!([a])),
        (json!({"parents": []}), json!([])),
        (json!({"parent": null, "parents": []}), json!([])),
    ] {
        let changed = server.patch(&url, change.clone()).await.body;
        assert_eq!((&changed["parents"], &changed["parent"]), (&expected, &expected[0]), "{change}");
        assert_eq!(server.get(&url).await.body, changed, "{change}");
    }
    // An answer can be sent back as it is.
    let whole = server.patch(&url, json!({"parents": [b, a]})).await.body;
    assert_eq!(server.put(&url, whole.clone()).await.both(), (200, whole));
    assert_eq!(server.put(&url, json!({"name": "child", "parents": [a]})).await.body["parents"], json!([a]));
    assert_eq!(server.put(&url, json!({"name": "child", "parent": b})).await.body["parents"], json!([b]));
    assert_eq!(server.put(&url, json!({"name": "child"})).await.body["parents"], json!([]));
    server.stop().await;
}

#[tokio::test]
async fn invalid_parents_are_reported_by_the_field_that_was_sent() {
    let server = Server::start().await;
    let [a, b, child] = groups(&server, ["a", "b", "child"]).await;
    server.patch(&path(&a), json!({"parents": [b, child]})).await;
    let disagree = json!({
        "parent": ["This must be the first of the parents."], "parents": ["The first must be the parent."]
    });
    let unknown = json!([format!("Invalid pk \"{NOBODY}\" - object does not exist.")]);
    let circle = json!(["A group cannot be its own ancestor."]);
    let itself = json!(["Cannot set group as parent of itself."]);
    for (change, expected) in [
        (json!({"parent": b, "parents": [a, b]}), disagree.clone()),
        (json!({"parent": b, "parents": []}), disagree.clone()),
        (json!({"parent": null, "parents": [b]}), disagree),
        (json!({"parents": [b, NOBODY]}), json!({"parents": unknown})),
        (json!({"parent": NOBODY}), json!({"parent": unknown})),
        (json!({"parents": [b, child]}), json!({"parents": itself})),
        (json!({"parent": child}), json!({"parent": itself})),
        (json!({"parent": child, "parents": [child, a]}), json!({"parents": itself})),
        (json!({"parents": [b, a]}), json!({"parents": circle})),
        (json!({"parent": a, "parents": [a]}), json!({"parents": circle})),
        (json!({"parent": a}), json!({"parent": circle})),
        (json!({"parents": null}), json!({"parents": ["This field may not be null."]})),
        (json!({"parents": "x"}), json!({"parents": ["Expected a list of items but got type \"str\"."]})),
        (json!({"parents": ["x"]}), json!({"parents": ["“x” is not a valid UUID."]})),
    ] {
        assert_eq!(server.patch(&path(&child), change.clone()).await.both(), (400, expected), "{change}");
    }
    let created = server.post("/core/groups/", json!({"name": "new", "parents": [a, NOBODY]})).await;
    assert_eq!(created.both(), (400, json!({"parents": unknown})));
    assert_eq!(server.get(&path(&child)).await.body["parents"], json!([]));
    server.stop().await;
}

#[tokio::test]
async fn a_request_may_name_1000_parents() {
    let server = Server::start().await;
    let [child] = groups(&server, ["child"]).await;
    let unknown = json!({"parents": [format!("Invalid pk \"{NOBODY}\" - object does not exist.")]});
    let too_many = json!({"parents": ["Ensure this field has no more than 1000 elements."]});
    for (number, expected) in [(1_000, unknown), (1_001, too_many)] {
        let body = json!({"name": "new", "parents": vec![NOBODY; number]});
        assert_eq!(server.post("/core/groups/", body.clone()).await.both(), (400, expected.clone()), "{number}");
        assert_eq!(server.patch(&path(&child), body.clone()).await.both(), (400, expected.clone()), "{number}");
        assert_eq!(server.put(&path(&child), body).await.both(), (400, expected), "{number}");
    }
    server.stop().await;
}

#[tokio::test]
async fn superuser_rights_follow_every_path() {
    let server = Server::start().await;
    let root = server.group(json!({"name": "root", "is_superuser": true})).await;
    let [plain, middle, low] = groups(&server, ["plain", "middle", "low"]).await;
    server.patch(&path(&low), json!({"parents": [plain, middle]})).await;
    let user = server.user("ada", json!({"groups": [low]})).await.body["pk"].clone();
    let is_superuser = async || server.get(&format!("/core/users/{user}/")).await.body["is_superuser"].clone();
    assert_eq!(is_superuser().await, json!(false));
    for (group, parents, expected) in [
        (&middle, json!([plain, root]), true),
        (&low, json!([plain]), false),
        (&plain, json!([root]), true),
        (&low, json!([middle, plain]), true),
        (&plain, json!([]), true),
        (&middle, json!([plain]), false),
    ] {
        assert_eq!(server.patch(&path(group), json!({"parents": parents})).await.status, 200);
        assert_eq!(is_superuser().await, json!(expected), "{parents}");
    }
    // A user's groups show their first parent.
    let groups = server.get(&format!("/core/users/{user}/")).await.body["groups_obj"].clone();
    assert_eq!((&groups[0]["parent"], &groups[0]["parent_name"]), (&json!(middle), &json!("middle")));
    server.stop().await;
}

#[tokio::test]
async fn no_circle_is_closed_even_in_a_race() {
    let server = Server::start().await;
    for round in 0..10 {
        let names = [0, 1, 2].map(|number| format!("g{round}-{number}"));
        let [a, b, c] = groups(&server, [&names[0], &names[1], &names[2]]).await;
        // Each two of the three changes fit together, all three are a circle.
        let changes = [(&a, json!([b])), (&b, json!([c])), (&c, json!([a]))];
        let changes = changes.map(|(group, parents)| (path(group), json!({"parents": parents})));
        let responses = join_all(changes.iter().map(|(path, body)| server.patch(path, body.clone()))).await;
        let mut statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 400]);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_deleted_parent_leaves_the_others_in_order() {
    let server = Server::start().await;
    let [a, b, c, d] = groups(&server, ["a", "b", "c", "d"]).await;
    let child = server.group(json!({"name": "child", "parents": [a, b, c, d]})).await;
    let other = server.group(json!({"name": "other", "parents": [c, b]})).await;
    for (deleted, of_child, of_other) in [
        (&b, json!([a, c, d]), json!([c])),
        (&a, json!([c, d]), json!([c])),
        (&c, json!([d]), json!([])),
        (&d, json!([]), json!([])),
    ] {
        assert_eq!(server.delete(&path(deleted)).await.status, 204);
        for (group, expected) in [(&child, of_child), (&other, of_other)] {
            let found = server.get(&path(group)).await.body;
            assert_eq!((&found["parents"], &found["parent"]), (&expected, &expected[0]));
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn many_parents_take_no_more_statements_than_few() {
    let server = Server::start().await;
    let mut parents = Vec::new();
    for number in 0..20 {
        parents.push(server.group(json!({"name": format!("p{number}")})).await);
    }
    let child = server.group(json!({"name": "child"})).await;
    let url = path(&child) + ALL;
    let change = async |parents: &[String]| {
        let patch = server.send_json(Method::PATCH, &url, json!({"parents": parents}));
        let (statements, response) = server.count_statements(patch).await;
        assert_eq!((response.status, &response.body["parents"]), (200, &json!(parents)));
        statements
    };
    let (few, many) = (change(&parents[..2]).await, change(&parents).await);
    assert_eq!(few, many);
    server.stop().await;
}
