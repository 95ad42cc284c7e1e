//! Behaviour of all paths: methods, media types, slashes, unknown routes, request ids.

use reqwest::Method;
use serde_json::json;

use crate::support::{ADMIN, Server};

#[tokio::test]
async fn a_wrong_method_gets_405_with_allow_after_authentication() {
    let server = Server::start().await;
    for (method, path, allow) in [
        (Method::PATCH, "/core/groups/", "GET, HEAD, OPTIONS, POST"),
        (Method::DELETE, "/core/users/me/", "GET, HEAD, OPTIONS"),
        (Method::from_bytes(b"BREW").unwrap(), "/core/users/1/", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
    ] {
        let request = || server.request(method.clone(), path).body("{");
        let response = server.send(request().bearer_auth(ADMIN)).await;
        assert_eq!(response.both(), (405, json!({"detail": format!("Method \"{method}\" not allowed.")})));
        assert_eq!(response.header("allow"), allow);
        assert_eq!(server.send(request()).await.status, 403, "the token comes first");
    }
    let options = server.send(server.request(Method::OPTIONS, "/core/users/").bearer_auth(ADMIN)).await;
    assert_eq!((options.status, options.header("allow")), (200, "GET, HEAD, OPTIONS, POST"));
    let head = server.send(server.request(Method::HEAD, "/core/users/1/").bearer_auth(ADMIN)).await;
    assert_eq!((head.status, head.bytes.len()), (200, 0));
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_accepts_no_json_gets_406_before_anything_else() {
    let server = Server::start().await;
    let rejected = json!({"detail": "Could not satisfy the request Accept header."});
    let get = || server.request(Method::GET, "/core/users/1/");
    for accept in ["text/html", ""] {
        assert_eq!(server.send(get().header("accept", accept)).await.both(), (406, rejected.clone()));
    }
    for accept in ["application/json", "*/*", "application/*", "application/json; indent=4", "text/html, */*;q=0.1"] {
        assert_eq!(server.send(get().bearer_auth(ADMIN).header("accept", accept)).await.status, 200, "{accept}");
    }
    let by_query = server.request(Method::GET, "/core/users/1/?format=json").bearer_auth(ADMIN);
    assert_eq!(server.send(by_query.header("accept", "text/html")).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn an_unknown_route_is_a_json_404() {
    let server = Server::start().await;
    for path in
        ["/core/nothing/", "/core/users/1/impersonate/", "/", "/core/users/1/2/", "/core/users//", "/../../etc/passwd"]
    {
        assert_eq!(server.get(path).await.both(), (404, json!({"detail": "Not found."})), "{path}");
    }
    assert_eq!(server.get("/%ff/").await.both(), (400, json!({"detail": "Malformed request."})));
    server.stop().await;
}

#[tokio::test]
async fn a_path_works_without_its_slash_too() {
    let server = Server::start().await;
    assert_eq!(server.post("/core/groups", json!({"name": "g"})).await.status, 201);
    assert_eq!(server.get("/core/users/me").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_response_contains_the_request_id() {
    let server = Server::start().await;
    let own = server.send(server.request(Method::GET, "/core/users/me/").header("x-request-id", "mine-1")).await;
    assert_eq!(own.header("x-request-id"), "mine-1");
    for odd in ["a b", "a\tb", "é", &"x".repeat(129)] {
        let get = server.request(Method::GET, "/core/users/me/").header("x-request-id", odd);
        let new = server.send(get).await.header("x-request-id").to_owned();
        assert!(new != odd && (1..=128).contains(&new.len()), "{odd:?}: {new:?}");
    }
    let longest = "x".repeat(128);
    let get = server.request(Method::GET, "/core/users/me/").header("x-request-id", &longest);
    assert_eq!(server.send(get).await.header("x-request-id"), longest);
    assert!(!server.get("/core/users/me/").await.header("x-request-id").is_empty());
    assert!(!server.get("/nothing/").await.header("x-request-id").is_empty());
    server.stop().await;
}
