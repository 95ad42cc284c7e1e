//! How soon revoked credentials stop working.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN, Server};

async fn status(server: &Server, token: &str) -> u16 {
    server.send(server.request(Method::GET, "/core/users/me/").bearer_auth(token)).await.status
}

async fn change(server: &Server, method: Method, path: &str, body: Value) {
    let response = server.send(server.request(method, path).bearer_auth(ADMIN).json(&body)).await;
    assert!(response.status < 300, "{path}: {}", response.body);
}

/// Ways to revoke the rights of a plain user's token.
fn revocations(user: &Value) -> [(Method, String, Value); 4] {
    let token = "/core/tokens/plain-token/".to_owned();
    [
        (Method::PATCH, format!("/core/users/{user}/"), json!({"is_active": false})),
        (Method::POST, format!("{token}set_key/"), json!({"key": "another-key"})),
        (Method::PATCH, token.clone(), json!({"expiring": true, "expires": "2020-01-01T00:00:00Z"})),
        (Method::DELETE, token, Value::Null),
    ]
}

#[tokio::test]
async fn a_cached_caller_costs_no_statement() {
    let server = Server::start().await;
    let (statements, response) = server.count_statements(server.get("/root/config/")).await;
    assert_eq!((statements, response.status), (0, 200));
    let unknown = server.request(Method::GET, "/core/users/me/").bearer_auth("nobody's");
    let (statements, response) = server.count_statements(server.send(unknown)).await;
    assert_eq!((statements, response.status), (1, 403));
    server.stop().await;
}

#[tokio::test]
async fn a_revoked_credential_stops_working_at_once_on_the_same_instance() {
    for withdrawal in 0..4 {
        let server = Server::start().await;
        let token = server.plain_token().await;
        let user = server.get("/core/users/?username=plain").await.body["results"][0]["pk"].clone();
        assert_eq!(status(&server, &token).await, 200);
        let (method, path, body) = revocations(&user)[withdrawal].clone();
        change(&server, method, &path, body).await;
        assert_eq!(status(&server, &token).await, 403, "{path}");
        server.stop().await;
    }
}

#[tokio::test]
async fn a_revoked_credential_stops_working_within_a_second_on_other_instances() {
    for withdrawal in 0..4 {
        let server = Server::start().await;
        let elsewhere = server.beside().await;
        // As in the program, so that entries in use are refreshed.
        let background = elsewhere.app.store.start_background_tasks();
        let token = server.plain_token().await;
        let user = server.get("/core/users/?username=plain").await.body["results"][0]["pk"].clone();
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(1_200) {
            assert_eq!(status(&elsewhere, &token).await, 200);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let (method, path, body) = revocations(&user)[withdrawal].clone();
        change(&server, method, &path, body).await;
        let withdrawn = Instant::now();
        while status(&elsewhere, &token).await == 200 {
            assert!(withdrawn.elapsed() < Duration::from_secs(1), "{path}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        drop(background);
        elsewhere.stop().await;
        server.stop().await;
    }
}

#[tokio::test]
async fn rights_change_with_the_groups_at_once() {
    let server = Server::start().await;
    let token = server.plain_token().await;
    let user = server.get("/core/users/?username=plain").await.body["results"][0]["pk"].clone();
    let top = server.group(json!({"name": "top"})).await;
    let below = server.group(json!({"name": "below", "parent": top, "users": [user]})).await;
    let denied = json!({"detail": "You do not have permission to perform this action."});
    let may_list = async |expected: bool| {
        let response = server.send(server.request(Method::GET, "/core/groups/").bearer_auth(&token)).await;
        match expected {
            true => assert_eq!(response.status, 200),
            false => assert_eq!(response.both(), (403, denied.clone())),
        }
    };
    may_list(false).await;
    change(&server, Method::PATCH, &format!("/core/groups/{top}/"), json!({"is_superuser": true})).await;
    may_list(true).await;
    change(&server, Method::POST, &format!("/core/groups/{below}/remove_user/"), json!({"pk": user})).await;
    may_list(false).await;
    change(&server, Method::POST, &format!("/core/groups/{below}/add_user/"), json!({"pk": user})).await;
    may_list(true).await;
    change(&server, Method::PATCH, &format!("/core/groups/{below}/"), json!({"parent": null})).await;
    may_list(false).await;
    change(&server, Method::PATCH, &format!("/core/groups/{below}/"), json!({"parent": top})).await;
    may_list(true).await;
    change(&server, Method::DELETE, &format!("/core/groups/{top}/"), Value::Null).await;
    may_list(false).await;
    server.stop().await;
}
