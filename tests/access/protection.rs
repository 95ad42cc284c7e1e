//! Headers for browsers, on what is no page.

use reqwest::Method;
use serde_json::json;

use crate::support::{ADMIN, Response, Server};

fn check(response: &Response) {
    assert_eq!(response.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(response.header("x-content-type-options"), "nosniff");
    assert_eq!(response.header("x-frame-options"), "DENY");
    assert_eq!(response.header("referrer-policy"), "no-referrer");
}

#[tokio::test]
async fn responses_of_the_api_are_not_stored_guessed_or_framed() {
    let server = Server::start().await;
    assert_eq!(server.post("/core/tokens/", json!({"identifier": "t"})).await.status, 201);
    let responses = [
        (200, server.get("/core/tokens/t/view_key/").await),
        (200, server.post("/core/users/service_account/", json!({"name": "robot"})).await),
        (200, server.get("/core/users/").await),
        (201, server.user("ada", json!({})).await),
        (204, server.post("/core/tokens/t/set_key/", json!({"key": "k".repeat(40)})).await),
        (400, server.user("", json!({})).await),
        (403, server.send(server.request(Method::GET, "/core/users/")).await),
        (404, server.get("/nothing/").await),
        (405, server.send(server.request(Method::DELETE, "/core/users/").bearer_auth(ADMIN)).await),
        (414, server.get(&format!("/core/users/?search={}", "x".repeat(40_000))).await),
    ];
    for (status, response) in responses {
        assert_eq!(response.status, status);
        check(&response);
        assert_eq!(response.header("cache-control"), "no-store", "{status}");
    }
    // The document is public, and says itself how it may be cached.
    let document = server.get("/schema/").await;
    check(&document);
    assert_eq!(document.header("cache-control"), "no-cache");
    server.stop().await;
}
