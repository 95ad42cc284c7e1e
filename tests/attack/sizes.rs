//! Requests that are too large in one way or another: each gets a clear answer, at once.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::target::{Target, read_all, request};

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_too_large_is_refused_by_its_status() {
    let target = Target::start(&[]);
    let body = |body: &Value| {
        let body = body.to_string();
        request("POST", "/core/users/", &format!("connection: close\r\ncontent-length: {}\r\n", body.len())) + &body
    };
    let get = |path: &str, headers: &str| request("GET", path, &format!("connection: close\r\n{headers}"));
    let user = |field: &str, value: Value| {
        let mut user = json!({"username": "large", "name": "n"});
        user[field] = value;
        body(&user)
    };
    let keys: Value = (0..10_001).map(|key| (key.to_string(), json!(1))).collect::<serde_json::Map<_, _>>().into();
    let ids = vec!["5f0c5f5e-0000-4000-8000-00000000dead"; 1_001];
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    let nested = format!("{{\"other\":{}{}}}", "[".repeat(2_000), "]".repeat(2_000));
    let nested = request("POST", "/core/users/", &format!("connection: close\r\ncontent-length: {}\r\n", nested.len()))
        + &nested;
    let x = "x".repeat(70_000);
    let cases = [
        ("a header", get("/core/users/", &format!("x-a: {x}\r\n")), 431, ""),
        ("headers", get("/core/users/", &"x-a: b\r\n".repeat(101)), 431, ""),
        ("a URL", get(&format!("/core/users/?search={}", &x[..40_000]), ""), 414, "ROLLCALL_MAX_URL"),
        ("parameters", get(&format!("/core/users/?{}", "a&".repeat(1_001)), ""), 400, "ROLLCALL_MAX_QUERY_PARAMETERS"),
        ("keys", user("attributes", keys), 400, "ROLLCALL_MAX_JSON_KEYS"),
        ("attributes", user("attributes", json!({"a": "x".repeat(262_140)})), 400, "attributes"),
        ("groups", user("groups", json!(ids)), 400, "Ensure this field has no more than 1000 elements."),
        ("depth", user("attributes", json!({"a": deep})), 400, "127 levels"),
        ("depth of something unknown", nested, 400, "recursion"),
        ("a body", user("attributes", json!({"a": "x".repeat(1_100_000)})), 413, "1048576"),
        ("expectations", get("/core/users/", "expect: miracles\r\n"), 417, "expectation"),
    ];
    for (what, request, status, text) in cases {
        let start = Instant::now();
        let response = read_all(target.send(&request));
        let expected = format!("HTTP/1.1 {status} ");
        let shown = &response[..response.len().min(500)];
        assert!(response.starts_with(&expected) && response.contains(text), "{what}: {shown}");
        assert!(start.elapsed() < Duration::from_secs(2), "{what}: {:?}", start.elapsed());
    }
    target.assert_others_are_served().await;
    target.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_what_it_seems_is_refused_by_its_status() {
    let target = Target::start(&[]);
    let send = |kind: &str, headers: &str| {
        let body = r#"{"username":"odd","name":"n"}"#;
        let head = format!("connection: close\r\n{headers}content-length: {}\r\n", body.len());
        let request = request("POST", "/core/users/", &head).replace("application/json", kind);
        read_all(target.send(&(request + body)))
    };
    for (kind, headers, status) in [
        ("application/json; charset=iso-8859-1", "", 415),
        ("application/json; charset=\"UTF-16\"", "", 415),
        ("application/json; profile=x; CHARSET = utf-32", "", 415),
        ("application/json", "content-encoding: gzip\r\n", 415),
        ("application/json", "content-encoding: br, identity\r\n", 415),
        ("application/json", "content-range: bytes 0-9/100\r\n", 400),
        ("text/json", "", 415),
        ("application/json; charset=\"UTF-8\"", "content-encoding: Identity\r\n", 201),
    ] {
        let response = send(kind, headers);
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{kind} {headers}: {response}");
    }
    for (headers, status) in [("transfer-encoding: gzip, chunked\r\n", 501), ("transfer-encoding: Chunked\r\n", 201)] {
        let body = r#"{"username":"chunked","name":"n"}"#;
        let chunked = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
        let request = request("POST", "/core/users/", &format!("connection: close\r\n{headers}")) + &chunked;
        let response = read_all(target.send(&request));
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{headers}: {response}");
    }
    target.stop();
}
