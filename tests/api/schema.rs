//! `GET /schema/`

use std::{collections::BTreeSet, io::Read};

use reqwest::Method;
use rollcall::api::Edition;
use serde_json::{Value, json};

use crate::support::Server;

#[tokio::test]
async fn the_contract_is_served_in_the_requested_format_without_a_token() {
    let server = Server::start().await;
    let get = |query: &str, accept: Option<&'static str>| {
        let request = server.request(Method::GET, &format!("/schema/{query}"));
        server.send(match accept {
            Some(accept) => request.header("accept", accept),
            None => request,
        })
    };
    let json: Value = serde_json::from_str(Edition::V2024_8.json()).unwrap();
    for (query, accept, media) in [
        ("", None, "application/vnd.oai.openapi"),
        ("", Some("*/*"), "application/vnd.oai.openapi"),
        ("", Some("application/yaml"), "application/yaml"),
        ("", Some("application/x-yaml"), "application/x-yaml"),
        ("", Some("text/yaml"), "text/yaml"),
        ("", Some("text/*"), "text/yaml"),
        ("?format=yaml", Some("application/json"), "application/vnd.oai.openapi"),
    ] {
        let response = get(query, accept).await;
        assert_eq!(response.header("content-disposition"), "inline; filename=\"rollcall.yaml\"");
        assert_eq!((response.status, response.header("content-type")), (200, media));
        assert!(response.bytes.starts_with(b"openapi: 3.0.3\n"), "{query} {accept:?}");
        assert_eq!(yaml_serde::from_slice::<Value>(&response.bytes).unwrap(), json, "{query} {accept:?}");
    }
    for (query, accept, media) in [
        ("", Some("application/vnd.oai.openapi+json"), "application/vnd.oai.openapi+json"),
        ("", Some("application/json, */*;q=0.1"), "application/json"),
        ("?format=json", None, "application/vnd.oai.openapi+json"),
    ] {
        let response = get(query, accept).await;
        assert_eq!((response.status, response.header("content-type")), (200, media));
        assert_eq!(response.body, json, "{query} {accept:?}");
        assert_eq!(response.header("content-disposition"), "inline; filename=\"rollcall.json\"");
    }
    let rejected = get("", Some("text/html")).await;
    assert_eq!(rejected.both(), (406, json!({"detail": "Could not satisfy the request Accept header."})));
    assert_eq!(get("?format=xml", None).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn each_edition_is_served_in_every_format_and_a_setting_chooses_the_default() {
    for default in Edition::all() {
        let server = Server::with_edition(default).await;
        for (query, edition) in Edition::all().map(|edition| (edition.as_str(), edition)).chain([("", default)]) {
            let json: Value = serde_json::from_str(edition.json()).unwrap();
            let get = async |path: String| server.send(server.request(Method::GET, &path)).await;
            assert_eq!(get(format!("/schema/?format=json&edition={query}")).await.body, json);
            let yaml = get(format!("/schema/?format=yaml&edition={query}")).await;
            assert_eq!(yaml_serde::from_slice::<Value>(&yaml.bytes).unwrap(), json);
            let separator = if query.is_empty() { "" } else { "?edition=" };
            let newer = get(format!("/schema/openapi-3.1.json{separator}{query}")).await;
            assert_eq!((newer.status, &newer.body["openapi"]), (200, &json!("3.1.0")));
            assert_eq!(newer.body["info"]["version"], json["info"]["version"]);
            let keys =
                |document: &Value| document["paths"].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
            assert_eq!(keys(&newer.body), keys(&json));
        }
        let unknown = json!({"edition": ["Select a valid choice. 2025.2 is not one of the available choices."]});
        assert_eq!(
            server.send(server.request(Method::GET, "/schema/?edition=2025.2")).await.both(),
            (400, unknown.clone())
        );
        // Not in the contract.
        let response = server.request(Method::GET, "/schema/openapi-3.1.json?edition=2025.2").send().await.unwrap();
        assert_eq!((response.status().as_u16(), response.json().await.unwrap()), (400, unknown));
        server.stop().await;
    }
}

#[tokio::test]
async fn a_large_response_is_compressed_for_clients_that_accept_it() {
    let server = Server::start().await;
    let ask = |path: &str, accepted: &'static str| {
        server.send(
            server.request(Method::GET, path).bearer_auth(crate::support::ADMIN).header("accept-encoding", accepted),
        )
    };
    let plain = ask("/schema/", "br").await;
    assert_eq!((plain.status, plain.header("content-encoding")), (200, ""));
    let compressed = ask("/schema/", "br, gzip").await;
    assert_eq!((compressed.status, compressed.header("content-encoding")), (200, "gzip"));
    assert_eq!(compressed.all("vary"), ["accept", "accept-encoding"]);
    assert!(compressed.bytes.len() * 4 < plain.bytes.len());
    let mut decompressed = Vec::new();
    flate2::read::GzDecoder::new(compressed.bytes.as_slice()).read_to_end(&mut decompressed).unwrap();
    assert!(decompressed == plain.bytes);
    let small = ask("/core/users/me/", "gzip").await;
    assert_eq!((small.status, small.header("content-encoding")), (200, ""));
    server.stop().await;
}
