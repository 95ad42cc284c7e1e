//! `GET /core/users/me/`

use reqwest::Method;
use serde_json::json;

use crate::support::Server;

#[tokio::test]
async fn the_administrator_sees_itself() {
    let server = Server::start().await;
    let me = server.get("/core/users/me/").await.body;
    let user = me["user"].clone();
    assert_eq!((&user["is_current"], &user["roles"]), (&json!(true), &json!([])));
    assert_eq!(me["users"], json!([user]));
    assert_eq!((&user["username"], &user["is_superuser"]), (&json!("akadmin"), &json!(true)));
    assert_eq!(user["groups"][0]["name"], json!("authentik Admins"));
    server.stop().await;
}

#[tokio::test]
async fn a_user_without_rights_sees_itself_and_its_settings_override_its_groups() {
    let server = Server::start().await;
    let settings = |value: serde_json::Value| json!({"settings": value});
    let group = server.group(json!({"name": "g", "attributes": settings(json!({"a": 1, "b": 1}))})).await;
    let created = server.user("me", json!({"groups": [group], "attributes": settings(json!({"b": 2}))})).await.body;
    server.token("me", "me-token", "my-token").await;
    let response = server.send(server.request(Method::GET, "/core/users/me/").bearer_auth("my-token")).await;
    let me = &response.body["user"];
    assert_eq!(me["pk"], created["pk"]);
    assert_eq!(me["uid"], created["uid"]);
    assert_eq!(me["settings"], json!({"a": 1, "b": 2}));
    assert_eq!(me["system_permissions"], json!([]));
    assert!(response.body.get("original").is_none());
    server.stop().await;
}
