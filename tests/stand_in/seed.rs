//! The data to begin with.

use reqwest::Method;
use serde_json::{Value, json};

use super::{SEED, StandIn, command, file, usernames};
use crate::support::program::stderr;

#[tokio::test]
async fn names_are_resolved_and_numbers_count_from_2() {
    let stand_in = StandIn::with_seed(SEED);
    let users = stand_in.get("/core/users/?ordering=pk").await;
    assert_eq!(usernames(&users), ["akadmin", "ada", "root"]);
    let ada = &users["results"][1];
    assert_eq!((&ada["pk"], &ada["groups_obj"][0]["name"]), (&json!(2), &json!("Engineering")));
    assert_ne!(ada["password_change_date"], ada["date_joined"], "she has a password");
    assert_eq!(users["results"][2]["is_superuser"], true, "by a group that is always there");
    let groups = stand_in.get("/core/groups/?name=Engineering").await;
    assert_eq!(groups["results"][0]["parent_name"], "Staff");
    let me = stand_in.send_as("the-key-of-ada", Method::GET, "/api/v3/core/users/me/", Value::Null).await;
    assert_eq!((me.0, &me.1["user"]["username"]), (200, &json!("ada")));
    let found = stand_in.get("/core/users/?search=lovelace").await;
    assert_eq!(usernames(&found), ["ada"]);
}

#[tokio::test]
async fn the_uids_of_users_are_the_same_in_every_stand_in() {
    let uids = async || StandIn::with_seed(SEED).get("/core/users/2/").await["uid"].clone();
    assert_eq!(uids().await, uids().await);
}

#[tokio::test]
async fn a_token_can_have_expired_already_or_expire_never() {
    let seed = "
users: [{username: ada, name: Ada}]
tokens:
  - {identifier: old, user: ada, key: the-old-key, expires: 2020-01-01T00:00:00Z}
  - {identifier: new, user: ada, key: the-new-key, expires: 2999-01-01T00:00:00Z}
  - {identifier: never, user: ada, key: the-third-key, expiring: false}
  - {identifier: default, user: ada, key: the-fourth-key}
  - {identifier: mine}
";
    let stand_in = StandIn::with_seed(seed);
    let mut statuses = Vec::new();
    for key in ["the-old-key", "the-new-key", "the-third-key", "the-fourth-key"] {
        statuses.push(stand_in.send_as(key, Method::GET, "/api/v3/core/users/me/", Value::Null).await.0);
    }
    assert_eq!(statuses, [403, 200, 200, 200]);
    let expires = async |name: &str| {
        let token = stand_in.get(&format!("/core/tokens/{name}/")).await;
        (token["expiring"].clone(), token["expires"].clone(), token["user_obj"]["username"].clone())
    };
    assert_eq!(expires("new").await, (json!(true), json!("2999-01-01T00:00:00Z"), json!("ada")));
    assert_eq!(expires("never").await, (json!(false), json!(null), json!("ada")));
    assert_eq!(expires("mine").await.2, "akadmin", "it belongs to who creates it");
    assert!(expires("default").await.1.is_string());
}

#[tokio::test]
async fn responses_are_added_and_replace_operations() {
    let seed = r#"
responses:
  - {method: GET, path: "/api/v3/flows/instances/", body: {results: []}, headers: {X-Mine: 7}}
  - {method: GET, path: "/api/v3/flows/instances/{slug}/", status: 404, body: {detail: Not here}}
  - {method: DELETE, path: "/api/v3/core/users/{id}/", status: 418}
  - {method: GET, path: /api/v3/open/, public: true}
  - {method: GET, path: /plain, body: as it is, headers: {Content-Type: text/plain}}
"#;
    let stand_in = StandIn::with_seed(seed);
    for path in ["flows/instances/", "flows/instances", "flows/instances/?page=2"] {
        let request = stand_in.client.get(format!("{}/api/v3/{path}", stand_in.url)).bearer_auth("stand-in-token");
        let response = request.send().await.unwrap();
        assert_eq!((response.status().as_u16(), &response.headers()["x-mine"]), (200, &"7".parse().unwrap()), "{path}");
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.text().await.unwrap(), r#"{"results":[]}"#);
    }
    let (status, body) = stand_in.api(Method::GET, "/flows/instances/login/", Value::Null).await;
    assert_eq!((status, body), (404, json!({"detail": "Not here"})));
    assert_eq!(stand_in.api(Method::DELETE, "/core/users/1/", Value::Null).await, (418, Value::Null));
    assert_eq!(stand_in.api(Method::POST, "/flows/instances/", json!({})).await.0, 404, "only this method");
    let refused = stand_in.send_as("wrong", Method::GET, "/api/v3/flows/instances/", Value::Null).await;
    assert_eq!(refused, (403, json!({"detail": "Token invalid/expired"})));
    let open = stand_in.client.get(format!("{}/api/v3/open/", stand_in.url)).send().await.unwrap();
    assert_eq!(open.status(), 200);
    let plain = stand_in.client.get(format!("{}/plain", stand_in.url)).send().await.unwrap();
    assert_eq!(plain.text().await.unwrap(), "as it is");
    let operations: Vec<Value> = stand_in.requests("").await.iter().map(|one| one["operation"].clone()).collect();
    assert_eq!(operations[4], "core_users_destroy");
    assert_eq!(operations[5], Value::Null);
}

#[tokio::test]
async fn json_and_an_empty_file_are_seeds_too() {
    let directory = tempfile::tempdir().unwrap();
    let json = file(&directory, "seed.json", "{\t\"users\": [{\"username\": \"ada\", \"name\": \"Ada\"}]}");
    let stand_in = StandIn::start(&["--seed", json.to_str().unwrap()]);
    assert_eq!(usernames(&stand_in.get("/core/users/?ordering=pk").await), ["akadmin", "ada"]);
    assert_eq!(usernames(&StandIn::with_seed("# nothing\n").get("/core/users/").await), ["akadmin"]);
}

#[test]
fn a_wrong_seed_is_refused_with_the_place_of_the_error() {
    let directory = tempfile::tempdir().unwrap();
    for (seed, message) in [
        ("[]", "Expected an object."),
        ("users: {}", "users: Must be a list."),
        ("user: []", "user: Unknown field."),
        ("users: [1]", "users[0]: Expected an object."),
        ("users:\n  - {username: a\n", "at line"),
        ("users: []\nusers: []", "duplicate"),
        ("users: [{username: ada}]", "users[0] (ada): name: This field is required."),
        (
            "users: [{username: ada, name: A}, {username: ada, name: B}]",
            "users[1] (ada): username: This field must be unique.",
        ),
        ("users: [{username: akadmin, name: A}]", "users[0] (akadmin): username: This field must be unique."),
        ("users: [{username: ada, name: A, mail: x}]", "users[0] (ada): mail: Unknown field; there are attributes, "),
        (
            "users: [{username: ada, name: A, groups: [Nobody]}]",
            "users[0] (ada): groups: There is no group \"Nobody\" before this place.",
        ),
        ("users: [{username: ada, name: A, password: ''}]", "users[0] (ada): password: This field may not be blank."),
        (
            "groups: [{name: A, parents: [B]}, {name: B}]",
            "groups[0] (A): parents: There is no group \"B\" before this place.",
        ),
        ("groups: [{name: A, is_superuser: perhaps}]", "groups[0] (A): is_superuser: Must be a valid boolean."),
        ("tokens: [{identifier: a, user: ada}]", "tokens[0] (a): user: There is no user \"ada\" before this place."),
        ("tokens: [{identifier: a, key: short}]", "tokens[0] (a): key: Ensure this field has at least 8 characters."),
        ("tokens: [{identifier: a, key: long-enough, expires: soon}]", "tokens[0] (a): expires: "),
        ("responses: [{method: GET}]", "responses[0]: path: This field is required."),
        ("responses: [{method: GET, path: x}]", "responses[0] (x): path: Must be a path"),
        ("responses: [{method: GET, path: /x, status: 99}]", "responses[0] (/x): status: Must be a number from 200 to"),
        ("responses: [{method: GET, path: /x, headers: {Content-Length: 1}}]", "content-length is set by the server."),
        ("faults: [{operation: nothing, status: 500}]", "faults[0] (nothing): operation: There is no operation"),
        ("faults: [{operation: core_users_list}]", "faults[0] (core_users_list): At least one of delay, status and"),
    ] {
        let file = file(&directory, "seed.yaml", seed);
        let output = command(&directory, &["--seed", file.to_str().unwrap()]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{seed}");
        let error = stderr(&output);
        assert!(error.contains(&format!("error: {}: ", file.display())), "{seed}: {error}");
        assert!(error.to_lowercase().contains(&message.to_lowercase()), "{seed}: {error}");
        assert!(output.stdout.is_empty(), "{seed}");
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1, "only the seed is left");
}
