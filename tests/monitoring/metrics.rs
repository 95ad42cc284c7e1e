//! `/-/metrics/`.

use std::{
    io::Write,
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
};

use reqwest::{Method, RequestBuilder, header::ACCEPT};
use serde_json::json;

use super::{Logged, TOKEN, until};
use crate::support::{ADMIN, Server, program::http_client};

fn metrics(server: &Server) -> RequestBuilder {
    http_client().build().unwrap().get(format!("{}/-/metrics/", server.url))
}

/// The value of a sample, which is written with its labels.
fn value(page: &str, sample: &str) -> f64 {
    let line = page.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{sample} is not in\n{page}")).parse().unwrap()
}

#[tokio::test]
async fn metrics_are_for_superusers() {
    let server = Server::start().await;
    let plain = server.plain_token().await;
    assert_eq!(metrics(&server).send().await.unwrap().status(), 403);
    assert_eq!(metrics(&server).bearer_auth("wrong").send().await.unwrap().status(), 403);
    assert_eq!(metrics(&server).bearer_auth(plain).send().await.unwrap().status(), 403);
    assert_eq!(metrics(&server).bearer_auth(ADMIN).send().await.unwrap().status(), 200);
    server.stop().await;
}

#[tokio::test]
async fn metrics_tell_requests_by_operation_and_status_writes_statements_pools_and_what_there_is() {
    let server = Server::start().await;
    for number in 0..3 {
        assert_eq!(server.user(&format!("u{number}"), json!({})).await.status, 201);
    }
    assert_eq!(server.user("u0", json!({})).await.status, 400);
    server.group(json!({"name": "g"})).await;
    server.get("/core/users/").await;
    assert_eq!(server.get("/nowhere/").await.status, 404);
    let response = metrics(&server).bearer_auth(ADMIN).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let page = response.text().await.unwrap();
    let of = |sample: &str| value(&page, sample);
    let responses = r#"rollcall_http_requests_total{operation="core_users_create",status="#;
    assert_eq!(of(&format!(r#"{responses}"201"}}"#)), 3.0);
    assert_eq!(of(&format!(r#"{responses}"400"}}"#)), 1.0);
    assert_eq!(of(r#"rollcall_http_requests_total{operation="none",status="404"}"#), 1.0);
    assert_eq!(of(r#"rollcall_http_request_duration_seconds_count{operation="core_users_create"}"#), 4.0);
    assert_eq!(of("rollcall_http_requests_in_flight"), 1.0, "the one for metrics");
    assert_eq!(of("rollcall_users"), 4.0);
    assert_eq!(of("rollcall_groups"), 2.0);
    assert_eq!(of("rollcall_tokens"), 1.0);
    assert_eq!(of("rollcall_write_queue"), 0.0);
    assert!(of("rollcall_write_batch_size_sum") >= 5.0);
    assert!(of("rollcall_write_transaction_duration_seconds_count") >= 5.0);
    for kind in ["rows", "lists", "writes"] {
        assert!(
            of(&format!(r#"rollcall_database_statement_duration_seconds_count{{kind="{kind}"}}"#)) >= 1.0,
            "{kind}"
        );
    }
    for pool in ["rows", "lists"] {
        let connections = |state| of(&format!(r#"rollcall_database_connections{{pool="{pool}",state="{state}"}}"#));
        assert!(connections("idle") + connections("used") >= 1.0);
        assert!(of(&format!(r#"rollcall_database_connections_max{{pool="{pool}"}}"#)) >= 4.0);
        assert_eq!(of(&format!(r#"rollcall_database_connections_waiting{{pool="{pool}"}}"#)), 0.0);
    }
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(of(&format!(r#"rollcall_build_info{{version="{version}",edition="2024.8"}}"#)), 1.0);
    lint(&page);
    server.stop().await;
}

/// Lets Prometheus' own tool read the page, where it is installed.
fn lint(page: &str) {
    let mut promtool = Command::new("promtool");
    let Ok(mut child) = promtool.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
        return;
    };
    child.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
}

#[tokio::test]
async fn a_client_that_accepts_openmetrics_gets_it() {
    let server = Server::start().await;
    let accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
    let response = metrics(&server).bearer_auth(ADMIN).header(ACCEPT, accept).send().await.unwrap();
    let content_type = &response.headers()["content-type"];
    assert_eq!(content_type, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    assert!(response.text().await.unwrap().ends_with("# EOF\n"));
    server.stop().await;
}

#[tokio::test]
async fn a_request_whose_client_is_gone_is_counted_as_abandoned() {
    let server = Server::start().await;
    let (address, path) = (server.url.trim_start_matches("http://"), "/api/v3/core/users/");
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nhost: h\r\nauthorization: Bearer {ADMIN}\r\ncontent-length: 9\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    // Besides the one for metrics.
    let page_with = async |others: f64| {
        until(&format!("{others} other requests in flight"), async || {
            let page = metrics(&server).bearer_auth(ADMIN).send().await.unwrap().text().await.unwrap();
            (value(&page, "rollcall_http_requests_in_flight") == 1.0 + others).then_some(page)
        })
        .await
    };
    page_with(1.0).await;
    drop(stream);
    let page = page_with(0.0).await;
    let given_up = value(&page, "rollcall_http_requests_abandoned_total");
    let refused = r#"rollcall_http_requests_total{operation="core_users_create",status="400"} 1"#;
    assert!(given_up == 1.0 || page.contains(refused), "{page}");
    server.stop().await;
}

#[tokio::test]
async fn at_an_address_of_their_own_metrics_need_no_token() {
    let directory = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Logged::start(directory.path(), &["--metrics-listen", &free.to_string()]);
    assert_eq!(server.get("/-/metrics/").await.status(), 404);
    assert_eq!(server.get("/-/health/ready/").await.status(), 200);
    let client = http_client().build().unwrap();
    let get = async |path: &str| client.get(format!("http://{free}{path}")).send().await.unwrap();
    let page = get("/-/metrics/").await.text().await.unwrap();
    assert_eq!(value(&page, "rollcall_users"), 1.0);
    assert_eq!(value(&page, "rollcall_panics_total"), 0.0);
    assert_eq!(value(&page, "rollcall_log_lines_dropped_total"), 0.0);
    assert_eq!(get("/-/health/live/").await.status(), 200);
    assert_eq!(get("/api/v3/root/config/").await.status(), 404);
    let taken = server.send(Method::GET, "/api/v3/core/users/me/", "me", None).await;
    assert_eq!(taken.status(), 200);
    let log = server.stop();
    assert!(!log.iter().any(|line| line.contains(TOKEN)));
}
