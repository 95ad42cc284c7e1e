//! `/`, `/docs/`, `/reference/`, and what they load.

use std::io::Read;

use reqwest::{Method, Response, StatusCode, redirect::Policy};
use rollcall::api::Edition;
use serde_json::Value;

use crate::support::{Server, program::http_client};

const PAGES: [&str; 3] = ["/", "/docs/", "/reference/"];
const DOCUMENTS: [&str; 3] = ["/openapi.json", "/openapi-portable.json", "/api/v3/schema/openapi-3.1.json"];
const SCRIPTS: [&str; 3] = ["/docs/swagger-ui-bundle.js", "/docs/docs.js", "/reference/redoc.js"];

fn everything() -> impl Iterator<Item = &'static str> {
    PAGES.into_iter().chain(DOCUMENTS).chain(SCRIPTS)
}

/// Sends a request as a browser would, but follows nothing and unpacks nothing.
async fn send<const N: usize>(server: &Server, method: Method, path: &str, headers: [(&str, &str); N]) -> Response {
    let client = http_client().redirect(Policy::none()).build().unwrap();
    let request = client.request(method, format!("{}{path}", server.url));
    headers.into_iter().fold(request, |request, (name, value)| request.header(name, value)).send().await.unwrap()
}

async fn get(server: &Server, path: &str) -> Response {
    let response = send(server, Method::GET, path, []).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    response
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// What the page at `path` loads and links, as it is written there.
fn references(html: &str) -> Vec<&str> {
    html.split(['"']).skip(1).step_by(2).filter(|text| text.contains('/') || text.contains('.')).collect()
}

#[tokio::test]
async fn pages_name_everything_relative_to_themselves() {
    let server = Server::start().await;
    for page in PAGES {
        let response = get(&server, page).await;
        assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
        let html = response.text().await.unwrap();
        let base = reqwest::Url::parse(&format!("{}{page}", server.url)).unwrap();
        let references = references(&html);
        assert!(references.len() >= 4, "{page}: {references:?}");
        for reference in references {
            assert!(!reference.starts_with('/') && !reference.contains("//"), "{page}: {reference}");
            let target = base.join(reference).unwrap();
            assert_eq!(
                http_client().build().unwrap().get(target).send().await.unwrap().status(),
                StatusCode::OK,
                "{page}: {reference}"
            );
        }
    }
    for page in ["/docs", "/reference"] {
        let response = send(&server, Method::GET, page, []).await;
        assert_eq!(
            (response.status(), header(&response, "location")),
            (StatusCode::PERMANENT_REDIRECT, &format!("{}/", &page[1..])[..])
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn files_named_with_their_version_are_kept_and_all_others_are_asked_for_again() {
    let server = Server::start().await;
    let mut versioned = 0;
    for page in PAGES {
        let html = get(&server, page).await.text().await.unwrap();
        for reference in references(&html).into_iter().filter(|reference| reference.contains("?v=")) {
            let target = reqwest::Url::parse(&format!("{}{page}", server.url)).unwrap().join(reference).unwrap();
            let path = target.as_str().strip_prefix(&server.url).unwrap();
            assert_eq!(
                header(&get(&server, path).await, "cache-control"),
                "public, max-age=31536000, immutable",
                "{path}"
            );
            let other = format!("{}?v=0", target.path());
            assert_eq!(header(&get(&server, &other).await, "cache-control"), "no-cache", "{other}");
            versioned += 1;
        }
    }
    assert!(versioned >= 9, "{versioned}");
    for path in everything() {
        let first = get(&server, path).await;
        assert_eq!(header(&first, "cache-control"), "no-cache", "{path}");
        let tag = header(&first, "etag").to_owned();
        let again = send(&server, Method::GET, path, [("if-none-match", &tag)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!((header(&again, "etag"), header(&again, "content-type")), (&tag[..], ""));
        assert!(again.bytes().await.unwrap().is_empty());
        let changed = send(&server, Method::GET, path, [("if-none-match", "W/\"another\"")]).await;
        assert_eq!(changed.status(), StatusCode::OK, "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn the_document_of_the_api_is_asked_for_again_by_its_tag() {
    let server = Server::start().await;
    let ask = |accept: &'static str, tag: String| {
        server.send(server.request(Method::GET, "/schema/").header("accept", accept).header("if-none-match", tag))
    };
    let (yaml, json) = (ask("*/*", String::new()).await, ask("application/json", String::new()).await);
    assert_eq!((yaml.status, json.status), (200, 200));
    assert_eq!(yaml.all("vary"), ["accept", "accept-encoding"]);
    let (yaml, json) = (yaml.header("etag"), json.header("etag"));
    assert_ne!(yaml, json);
    let known = ask("*/*", yaml.into()).await;
    assert_eq!((known.status, known.all("vary")), (304, vec!["accept", "accept-encoding"]));
    assert_eq!(ask("application/json", format!("{yaml}, {json}")).await.status, 304);
    assert_eq!(ask("application/json", yaml.into()).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn files_are_sent_in_the_smallest_form_that_the_client_accepts() {
    let server = Server::start().await;
    for path in ["/docs/swagger-ui-bundle.js", "/reference/redoc.js", "/openapi.json"] {
        let ask = |accepted| send(&server, Method::GET, path, [("accept-encoding", accepted)]);
        let plain = ask("identity").await;
        assert_eq!((header(&plain, "content-encoding"), header(&plain, "vary")), ("", "accept-encoding"));
        let plain = plain.bytes().await.unwrap();
        let unpack_gzip = |bytes: &[u8], out: &mut Vec<u8>| flate2::read::GzDecoder::new(bytes).read_to_end(out);
        let unpack_brotli = |bytes: &[u8], out: &mut Vec<u8>| brotli::Decompressor::new(bytes, 4096).read_to_end(out);
        let mut sizes = vec![plain.len()];
        for (accepted, coding) in [("gzip, deflate", "gzip"), ("gzip, br;q=0.1", "br"), ("br;q=0, gzip", "gzip")] {
            let packed = ask(accepted).await;
            assert_eq!(header(&packed, "content-encoding"), coding, "{path} {accepted}");
            let (bytes, mut unpacked) = (packed.bytes().await.unwrap(), Vec::new());
            if coding == "br" { unpack_brotli(&bytes, &mut unpacked) } else { unpack_gzip(&bytes, &mut unpacked) }
                .unwrap();
            assert!(unpacked == plain, "{path} {accepted}");
            sizes.push(bytes.len());
        }
        assert!(sizes[1] * 3 < sizes[0] && sizes[2] < sizes[1], "{path}: {sizes:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn pages_load_nothing_foreign_and_stand_in_no_frame() {
    let server = Server::start().await;
    for path in everything() {
        let response = get(&server, path).await;
        let policy = header(&response, "content-security-policy");
        for part in ["default-src 'none'", "script-src 'self';", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&response, "x-frame-options"), "DENY", "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_method_that_a_page_does_not_have_is_405_with_allow() {
    let server = Server::start().await;
    for path in everything().chain(["/docs", "/reference"]) {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            let response = send(&server, method.clone(), path, []).await;
            assert_eq!(
                (response.status(), header(&response, "allow")),
                (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD"),
                "{method} {path}"
            );
            let body: Value = response.json().await.unwrap();
            assert_eq!(body["detail"], format!("Method \"{method}\" not allowed."));
        }
    }
    for path in everything() {
        let head = send(&server, Method::HEAD, path, []).await;
        assert_eq!(head.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&head, "etag"), header(&get(&server, path).await, "etag"));
    }
    for path in ["/docs/no-such-file.js", "/docs/docs.html", "/reference/x/", "/openapi.yaml", "/favicon.ico"] {
        assert_eq!(send(&server, Method::GET, path, []).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn the_pages_show_the_contract_by_resource_with_samples_in_nine_languages() {
    let server = Server::start().await;
    let document: Value = get(&server, "/openapi.json").await.json().await.unwrap();
    let contract: Value = serde_json::from_str(include_str!("../../openapi/rollcall.json")).unwrap();
    assert_eq!(document, contract);
    let languages = ["curl", "Python", "Go", "Node.js", "Ruby", "C#", "PHP", "Java", "PowerShell"];
    let mut by_tag: Vec<(String, Vec<String>)> = Vec::new();
    for operation in document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values())
    {
        let id = operation["operationId"].as_str().unwrap().to_owned();
        let samples = operation["x-codeSamples"].as_array().unwrap();
        assert_eq!(
            samples.iter().map(|sample| sample["label"].as_str().unwrap()).collect::<Vec<_>>(),
            languages,
            "{id}"
        );
        let is_open = operation["security"].as_array().unwrap().is_empty();
        assert_eq!(is_open, ["root_config_retrieve", "schema_retrieve"].contains(&&id[..]), "{id}");
        for sample in samples {
            let source = sample["source"].as_str().unwrap();
            assert!(source.contains("http://127.0.0.1:8000/api/v3/"), "{id}: {source}");
            assert_eq!(source.contains("ROLLCALL_TOKEN"), !is_open, "{id}: {source}");
        }
        let tags: Vec<_> = operation["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
        let [tag] = tags[..] else { panic!("{id} has the tags {tags:?}") };
        match by_tag.iter_mut().find(|(known, _)| known == tag) {
            Some((_, ids)) => ids.push(id),
            None => by_tag.push((tag.to_owned(), vec![id])),
        }
    }
    let tags: Vec<&str> = by_tag.iter().map(|(tag, _)| &tag[..]).collect();
    assert_eq!(tags, ["users", "groups", "tokens", "root", "admin", "schema"]);
    assert_eq!(by_tag[0].1[0], "core_users_create");
    server.stop().await;
}

#[tokio::test]
async fn the_start_page_says_what_has_which_version() {
    let server = Server::start().await;
    let html = get(&server, "/").await.text().await.unwrap();
    let release = |edition: Edition| format!("authentik {}:", edition.as_str());
    let program = format!("Rollcall {}", env!("CARGO_PKG_VERSION"));
    for text in Edition::all().map(release).chain([program, "/api/v3/".into()]) {
        assert!(html.contains(&text), "{text}");
    }
    assert!(!html.contains('{'), "a placeholder is left");
    server.stop().await;
}
