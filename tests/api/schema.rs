//! `GET /schema/`

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Server;

#[tokio::test]
async fn the_contract_is_served_in_the_form_asked_for_without_a_token() {
    let server = Server::start().await;
    let get = |query: &str, accept: Option<&'static str>| {
        let request = server.request(Method::GET, &format!("/schema/{query}"));
        server.send(match accept {
            Some(accept) => request.header("accept", accept),
            None => request,
        })
    };
    let yaml = include_str!("../../openapi/rollcall.yaml").as_bytes();
    let json: Value = serde_json::from_str(include_str!("../../openapi/rollcall.json")).unwrap();
    for (query, accept, media) in [
        ("", None, "application/vnd.oai.openapi"),
        ("", Some("*/*"), "application/vnd.oai.openapi"),
        ("", Some("application/yaml"), "application/yaml"),
        ("?format=yaml", Some("application/json"), "application/vnd.oai.openapi"),
    ] {
        let answer = get(query, accept).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, media));
        assert!(answer.bytes == yaml, "{query} {accept:?}");
    }
    for (query, accept, media) in [
        ("", Some("application/vnd.oai.openapi+json"), "application/vnd.oai.openapi+json"),
        ("", Some("application/json, */*;q=0.1"), "application/json"),
        ("?format=json", None, "application/vnd.oai.openapi+json"),
    ] {
        let answer = get(query, accept).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, media));
        assert_eq!(answer.body, json, "{query} {accept:?}");
    }
    let refused = get("", Some("text/html")).await;
    assert_eq!(refused.both(), (406, json!({"detail": "Could not satisfy the request Accept header."})));
    assert_eq!(get("?format=xml", None).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn the_second_edition_is_openapi_31() {
    let server = Server::start().await;
    let answer = server.send(server.request(Method::GET, "/schema/openapi-3.1.json")).await;
    assert_eq!((answer.status, &answer.body["openapi"]), (200, &json!("3.1.0")));
    let email = &answer.body["components"]["schemas"]["UserRequest"]["properties"]["email"];
    assert_eq!(email["maxLength"], json!(254));
    server.stop().await;
}
