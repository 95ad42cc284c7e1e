//! How the server stops.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use reqwest::Method;
use serde_json::{Value, json};

use super::{Logged, TOKEN, until};

#[tokio::test]
async fn while_it_waits_to_stop_a_server_is_not_ready_but_serves() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Logged::start(directory.path(), &["--stop-delay", "60"]);
    assert_eq!(server.get("/-/health/ready/").await.status(), 200);
    server.server.signal("TERM");
    let response = until("readiness to end", async || {
        Some(server.get("/-/health/ready/").await).filter(|response| response.status() == 503)
    });
    let response = response.await;
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(response.json::<Value>().await.unwrap(), json!({"status": "stopping"}));
    assert_eq!(server.get("/-/health/live/").await.status(), 200);
    assert_eq!(server.get("/api/v3/core/users/me/").await.status(), 200);
    let start = Instant::now();
    server.server.signal("TERM");
    assert!(server.server.child.wait().unwrap().success());
    assert!(start.elapsed() < Duration::from_secs(5), "a second signal ends the wait");
    assert!(server.lines().iter().any(|line| line.contains("stopping") && line.contains("delay=60s")));
}

#[tokio::test]
async fn requests_in_flight_have_the_time_that_is_set_to_end() {
    for (timeout, is_cut) in [("1", true), ("60", false)] {
        let directory = tempfile::tempdir().unwrap();
        let mut server = Logged::start(directory.path(), &["--stop-timeout", timeout, "--write-timeout", "6"]);
        let user = |number: usize| json!({"username": format!("u{number}"), "name": "n", "attributes": {"a": "x".repeat(200_000)}});
        for number in 0..60 {
            let created = server.send(Method::POST, "/api/v3/core/users/", "create", Some(user(number))).await;
            assert_eq!(created.status(), 201);
        }
        // Nobody reads the response, which is larger than what the system keeps for both ends.
        let mut stream = TcpStream::connect(server.server.url.trim_start_matches("http://")).unwrap();
        let head = format!("GET /api/v3/core/users/ HTTP/1.1\r\nhost: h\r\nauthorization: Bearer {TOKEN}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        let start = Instant::now();
        server.server.signal("TERM");
        assert!(server.server.child.wait().unwrap().success());
        let took = start.elapsed();
        assert_eq!(took < Duration::from_secs(3), is_cut, "{timeout}: {took:?}");
        assert!(took < Duration::from_secs(20), "{timeout}: {took:?}");
        let is_told = server.lines().iter().any(|line| line.contains("not all requests were finished"));
        assert_eq!(is_told, is_cut, "{timeout}");
    }
}

#[tokio::test]
async fn a_request_that_is_on_its_way_when_the_server_stops_is_answered() {
    // On a busy machine it may come too late.
    for _ in 0..10 {
        let directory = tempfile::tempdir().unwrap();
        let mut server = Logged::start(directory.path(), &[]);
        let mut stream = TcpStream::connect(server.server.url.trim_start_matches("http://")).unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        server.server.signal("TERM");
        tokio::time::sleep(Duration::from_millis(20)).await;
        let head = format!("GET /api/v3/core/users/me/ HTTP/1.1\r\nhost: h\r\nauthorization: Bearer {TOKEN}\r\n\r\n");
        let mut response = String::new();
        let answered = stream.write_all(head.as_bytes()).and_then(|()| stream.read_to_string(&mut response));
        assert!(server.server.child.wait().unwrap().success());
        if answered.is_ok() && response.starts_with("HTTP/1.1 200") {
            assert!(response.to_ascii_lowercase().contains("connection: close"), "{response}");
            return;
        }
    }
    panic!("none was answered");
}
