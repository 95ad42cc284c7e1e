//! Calls of web pages on other origins.

use reqwest::{Method, header::HeaderMap};
use serde_json::json;

use crate::support::{ADMIN, Server};

const APP: &str = "https://app.example.com";

fn allowed_origin(headers: &HeaderMap) -> Option<&str> {
    headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap())
}

/// A preflight request, as browsers send it.
async fn preflight(server: &Server, origin: &str) -> crate::support::Response {
    let request = server.request(Method::OPTIONS, "/core/users/").header("origin", origin);
    let request = request.header("access-control-request-method", "POST");
    server.send(request.header("access-control-request-headers", "authorization,content-type")).await
}

#[tokio::test]
async fn pages_of_an_allowed_origin_create_users_and_read_errors() {
    let server = Server::with_origins(&format!("http://localhost:3000, {APP}")).await;
    let response = preflight(&server, APP).await;
    assert_eq!((response.status, allowed_origin(&response.headers)), (200, Some(APP)));
    for (name, value) in [("methods", "POST"), ("headers", "authorization"), ("headers", "content-type")] {
        let allowed = response.headers[format!("access-control-allow-{name}")].to_str().unwrap();
        assert!(allowed.contains(value), "{name}: {allowed}");
    }
    let create = |name: &str| {
        let request = server.request(Method::POST, "/core/users/").header("origin", APP);
        server.send(request.bearer_auth(ADMIN).json(&json!({"username": name, "name": "Ada"})))
    };
    for (name, status) in [("ada", 201), ("", 400)] {
        let response = create(name).await;
        assert_eq!((response.status, allowed_origin(&response.headers)), (status, Some(APP)));
    }
    let unknown = server.send(server.request(Method::GET, "/nothing/").header("origin", APP)).await;
    assert_eq!(unknown.body, json!({"detail": "Not found."}));
    assert_eq!(allowed_origin(&unknown.headers), Some(APP));
    server.stop().await;
}

#[tokio::test]
async fn pages_of_other_origins_are_not_allowed_and_requests_of_the_own_pages_pass() {
    let server = Server::with_origins(APP).await;
    for origin in ["https://evil.example.com", "https://app.example.com.evil.org", "http://app.example.com", "null"] {
        let response = preflight(&server, origin).await;
        assert_eq!(allowed_origin(&response.headers), None, "{origin}");
        assert!(!response.headers.contains_key("access-control-allow-methods"), "{origin}");
    }
    // Browsers send the origin of the server's own pages, too.
    let own = server.request(Method::POST, "/core/users/").header("origin", &server.url);
    let response = server.send(own.bearer_auth(ADMIN).json(&json!({"username": "ada", "name": "Ada"}))).await;
    assert_eq!(response.status, 201, "{}", response.body);
    assert_eq!(response.headers["vary"], "origin");
    server.stop().await;
}

#[tokio::test]
async fn no_origin_is_allowed_by_default() {
    let server = Server::start().await;
    let response = preflight(&server, APP).await;
    assert_eq!(allowed_origin(&response.headers), None);
    assert!(!response.headers.contains_key("vary"));
    server.stop().await;
}
