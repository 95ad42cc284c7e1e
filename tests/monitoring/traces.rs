//! Traces, as a collector receives them.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::mpsc,
    thread,
    time::Duration,
};

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::{Span, span::SpanKind},
};
use prost::Message;
use reqwest::Method;
use serde_json::json;

use super::{Logged, TOKEN};
use crate::support::program::http_client;

/// Receives traces, until a batch holds this many spans or more. Returns the collector's URL, and what will be received.
fn collect() -> (String, mpsc::Receiver<ExportTraceServiceRequest>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let (mut line, mut length) = (String::new(), 0);
            stream.read_line(&mut line).unwrap();
            assert!(line.starts_with("POST /v1/traces "), "{line}");
            while line.trim() != "" {
                line.clear();
                stream.read_line(&mut line).unwrap();
                if let Some((name, value)) = line.split_once(": ")
                    && name.eq_ignore_ascii_case("content-length")
                {
                    length = value.trim().parse().unwrap();
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            let response = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            stream.get_mut().write_all(response).unwrap();
            let _ = sender.send(ExportTraceServiceRequest::decode(body.as_slice()).unwrap());
        }
    });
    (url, receiver)
}

fn text(attributes: &[KeyValue], key: &str) -> String {
    let attribute = attributes.iter().find(|attribute| attribute.key == key);
    match attribute.and_then(|attribute| attribute.value.as_ref()?.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        other => panic!("{key}: {other:?} in {attributes:?}"),
    }
}

#[tokio::test]
async fn a_request_is_a_trace_with_its_statements_and_write() {
    let directory = tempfile::tempdir().unwrap();
    let (collector, received) = collect();
    let server = Logged::start(directory.path(), &["--otlp-endpoint", &collector]);
    let (trace, parent) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    let body = json!({"username": "ada", "name": "Ada"});
    let request = http_client().build().unwrap().post(format!("{}/api/v3/core/users/", server.server.url));
    let request = request.bearer_auth(TOKEN).header("traceparent", format!("00-{trace}-{parent}-01")).json(&body);
    assert_eq!(request.send().await.unwrap().status(), 201);
    assert_eq!(server.send(Method::GET, "/api/v3/core/users/?search=ada", "get", None).await.status(), 200);
    server.stop();
    let mut batches = Vec::new();
    while let Ok(batch) = received.recv_timeout(Duration::from_secs(1)) {
        batches.push(batch);
    }
    let resources: Vec<_> = batches.iter().flat_map(|batch| &batch.resource_spans).collect();
    let resource = resources.first().expect("traces were sent").resource.as_ref().unwrap();
    assert_eq!(text(&resource.attributes, "service.name"), "rollcall");
    let spans: Vec<&Span> =
        resources.iter().flat_map(|resource| &resource.scope_spans).flat_map(|scope| &scope.spans).collect();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let create = spans.iter().find(|span| span.name == "core_users_create").expect("the operation is the name");
    assert_eq!((hex(&create.trace_id), hex(&create.parent_span_id)), (trace.to_owned(), parent.to_owned()));
    assert_eq!(create.kind(), SpanKind::Server);
    assert_eq!(text(&create.attributes, "http.request.method"), "POST");
    assert_eq!(text(&create.attributes, "http.response.status_code"), "201");
    assert_eq!(text(&create.attributes, "url.path"), "/api/v3/core/users/");
    let within =
        |outer: &Span| -> Vec<&&Span> { spans.iter().filter(|span| span.parent_span_id == outer.span_id).collect() };
    assert!(within(create).iter().any(|span| span.name == "write"), "{spans:?}");
    let list = spans.iter().find(|span| span.name == "core_users_list").unwrap();
    assert_ne!(list.trace_id, create.trace_id);
    let statements = within(list);
    assert!(!statements.is_empty() && statements.iter().all(|span| span.name == "statement"), "{statements:?}");
    for statement in statements {
        assert_eq!(text(&statement.attributes, "db.system.name"), "sqlite");
        let sql = text(&statement.attributes, "db.query.text");
        assert!(sql.contains("SELECT") && !sql.contains("ada"), "{sql}");
    }
}

#[tokio::test]
async fn a_collector_that_is_gone_harms_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let server = Logged::start(directory.path(), &["--otlp-endpoint", "http://127.0.0.1:9"]);
    assert_eq!(server.get("/api/v3/core/users/me/").await.status(), 200);
    let log = server.stop();
    assert!(!log.iter().any(|line| line.contains("core_users")), "{log:#?}");
}
