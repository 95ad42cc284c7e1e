//! `GET /core/groups/{group_uuid}/`

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{NOBODY, Server};

#[tokio::test]
async fn a_group_is_found_by_its_id_only() {
    let server = Server::start().await;
    let group = server.post("/core/groups/", json!({"name": "g"})).await.body;
    let pk = group["pk"].as_str().unwrap();
    for id in [pk.to_owned(), pk.to_uppercase(), pk.replace('-', "")] {
        assert_eq!(server.get(&format!("/core/groups/{id}/")).await.body, group, "{id}");
    }
    for (id, expected) in [
        (NOBODY, "No Group matches the given query."),
        ("5f0c5f5e00004000800000000000dead", "No Group matches the given query."),
        ("word", "Not found."),
        ("5", "Not found."),
    ] {
        assert_eq!(server.get(&format!("/core/groups/{id}/")).await.both(), (404, json!({"detail": expected})), "{id}");
    }
    server.stop().await;
}

#[tokio::test]
async fn members_are_included_unless_declined() {
    let server = Server::start().await;
    let group = server.group(json!({"name": "g", "users": [1]})).await;
    let path = format!("/core/groups/{group}/");
    assert_eq!(server.get(&path).await.body["users_obj"][0]["username"], json!("akadmin"));
    for declined in ["false", "False", "1"] {
        let response = server.get(&format!("{path}?include_users={declined}")).await;
        assert_eq!((&response.body["users"], &response.body["users_obj"]), (&json!([1]), &Value::Null), "{declined}");
    }
    assert!(server.get(&format!("{path}?include_users=True")).await.body["users_obj"].is_array());
    server.stop().await;
}

#[tokio::test]
async fn only_superusers_can_see_groups() {
    let server = Server::start().await;
    let token = server.plain_token().await;
    let path = format!("/core/groups/{NOBODY}/");
    assert_eq!(server.send(server.request(Method::GET, &path).bearer_auth(token)).await.status, 403);
    server.stop().await;
}
