//! `GET /core/users/{id}/`

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN, Server};

#[tokio::test]
async fn a_user_is_found_by_its_id_only() {
    let server = Server::start().await;
    let user = server.user("ada", json!({})).await.body;
    let pk = &user["pk"];
    for path in [format!("/core/users/{pk}/"), format!("/core/users/{pk}"), format!("/core/users/000{pk}/")] {
        assert_eq!(server.get(&path).await.body, user, "{path}");
    }
    for id in ["999999999", "99999999999", "-1", "0"] {
        let response = server.get(&format!("/core/users/{id}/")).await.both();
        assert_eq!(response, (404, json!({"detail": "No User matches the given query."})), "{id}");
    }
    for id in ["word", "1.5", "99999999999999999999999", "%00"] {
        let response = server.get(&format!("/core/users/{id}/")).await.both();
        assert_eq!(response, (404, json!({"detail": "Not found."})), "{id}");
    }
    server.stop().await;
}

#[tokio::test]
async fn groups_are_included_unless_declined() {
    let server = Server::start().await;
    let group = server.group(json!({"name": "g"})).await;
    let pk = server.user("ada", json!({"groups": [group]})).await.body["pk"].clone();
    let response = server.get(&format!("/core/users/{pk}/?include_groups=false")).await;
    assert_eq!((&response.body["groups"], &response.body["groups_obj"]), (&json!([group]), &Value::Null));
    server.stop().await;
}

#[tokio::test]
async fn only_superusers_can_see_other_users() {
    let server = Server::start().await;
    let token = server.plain_token().await;
    let response = server.send(server.request(Method::GET, "/core/users/1/").bearer_auth(token)).await;
    let denied = json!({"detail": "You do not have permission to perform this action."});
    assert_eq!(response.both(), (403, denied));
    server.stop().await;
}

#[tokio::test]
async fn missing_credentials_are_reported_in_authentiks_words() {
    let server = Server::start().await;
    let missing = "Authentication credentials were not provided.";
    let unsupported = "Unsupported authentication type";
    for (header, expected) in [
        ("", missing),
        ("Bearer", missing),
        (ADMIN, missing),
        ("Basic YWRtaW46YWRtaW4=", unsupported),
        ("Token x", unsupported),
        ("Bearer wrong", "Token invalid/expired"),
        ("Bearer  x", "Token invalid/expired"),
    ] {
        let request = server.request(Method::GET, "/core/users/1/").header("authorization", header);
        assert_eq!(server.send(request).await.both(), (403, json!({"detail": expected})), "{header}");
    }
    for scheme in ["bearer", "BEARER"] {
        let request = server.request(Method::GET, "/core/users/1/");
        assert_eq!(server.send(request.header("authorization", format!("{scheme} {ADMIN}"))).await.status, 200);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_deactivated_users_token_does_not_work() {
    let server = Server::start().await;
    assert_eq!(server.user("idle", json!({"is_active": false})).await.status, 201);
    server.token("idle", "idle-token", "the-idle-token").await;
    let request = server.request(Method::GET, "/core/users/me/").bearer_auth("the-idle-token");
    assert_eq!(server.send(request).await.both(), (403, json!({"detail": "Token invalid/expired"})));
    server.stop().await;
}
