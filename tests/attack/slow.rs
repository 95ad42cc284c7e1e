//! Clients that send or read slowly, or not at all.

use std::{
    io::Write,
    thread::sleep,
    time::{Duration, Instant},
};

use crate::target::{Target, read_all, request, status};

/// Fewer than one address may have.
const MANY: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn heads_that_do_not_end_are_given_up() {
    let target = Target::start(&["HEADER_TIMEOUT=2"]);
    let halves: Vec<_> =
        (0..MANY).map(|_| target.send("GET /api/v3/core/users/ HTTP/1.1\r\nhost: x\r\nx-a: ")).collect();
    target.assert_others_are_served().await;
    let start = Instant::now();
    for half in halves {
        let response = read_all(half);
        assert!(response.starts_with("HTTP/1.1 408 ") && response.contains("connection: close"), "{response}");
    }
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
    // A byte a second is no way around it.
    let mut drip = target.send("GET / HTTP/1.1\r\n");
    let start = Instant::now();
    while drip.write_all(b"x").is_ok() && start.elapsed() < Duration::from_secs(10) {
        sleep(Duration::from_millis(500));
    }
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
    target.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_do_not_end_get_408() {
    let target = Target::start(&["BODY_TIMEOUT=2"]);
    let half = || {
        let mut half = target.request("POST", "/core/users/", "content-length: 100\r\n");
        half.write_all(b"{\"username\":").unwrap();
        half
    };
    let halves: Vec<_> = (0..MANY).map(|_| half()).collect();
    target.assert_others_are_served().await;
    for half in halves {
        let response = read_all(half);
        assert!(response.starts_with("HTTP/1.1 408 ") && response.contains("ROLLCALL_BODY_TIMEOUT"), "{response}");
    }
    let _open = half();
    target.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_half_requests_nor_idle_connections_hold_up_a_stop() {
    let target = Target::start(&[]);
    let _head = target.send("GET / HTTP/1.1\r\nhost:");
    let mut body = target.request("POST", "/core/users/", "content-length: 100\r\n");
    body.write_all(b"{").unwrap();
    let _idle = target.send("");
    let mut used = target.send("HEAD /docs/ HTTP/1.1\r\nhost: x\r\n\r\n");
    std::io::Read::read(&mut used, &mut [0; 1024]).unwrap();
    sleep(Duration::from_millis(100));
    // It asserts that this takes less than five seconds.
    target.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_are_closed() {
    let target = Target::start(&["IDLE_TIMEOUT=1", "HEADER_TIMEOUT=5"]);
    let start = Instant::now();
    assert_eq!(read_all(target.send("")), "", "a connection on which nothing is sent");
    let response = read_all(target.send("HEAD / HTTP/1.1\r\nhost: x\r\n\r\n"));
    assert!(response.starts_with("HTTP/1.1 200 ") && response.ends_with("\r\n\r\n"), "{response}");
    assert!((2..5).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    // One that is used goes on.
    let mut used = target.send("");
    for _ in 0..5 {
        used.write_all(b"HEAD / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        assert!(std::io::Read::read(&mut used, &mut [0; 4096]).unwrap() > 0);
        sleep(Duration::from_millis(500));
    }
    target.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_speaks_http_2_is_told_so_at_once() {
    let target = Target::start(&[]);
    let start = Instant::now();
    let response = read_all(target.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0"));
    assert!(response.starts_with("HTTP/1.1 400 ") || response.is_empty(), "{response}");
    assert!(start.elapsed() < Duration::from_secs(3));
    target.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_goes_on_after_a_body_that_nobody_read() {
    let target = Target::start(&[]);
    // Small: it is read, and the connection is used again.
    let body = "x".repeat(10_000);
    let refused = request("POST", "/core/nothing/", &format!("content-length: {}\r\n", body.len())) + &body;
    let last = request("GET", "/core/users/me/", "connection: close\r\n");
    let responses = read_all(target.send(&(refused + &last)));
    let found: Vec<&str> = responses.split("HTTP/1.1 ").skip(1).map(|response| &response[..3]).collect();
    assert_eq!(found, ["404", "200"], "{responses}");
    // Large: the client reads the response, which says that the connection ends.
    for headers in ["content-length: 50000000\r\n", "content-length: 50000000\r\nexpect: 100-continue\r\n"] {
        let start = Instant::now();
        let mut large = target.request("POST", "/core/users/", headers);
        if !headers.contains("expect") {
            let _ = large.write_all(&vec![b' '; 300_000]);
        }
        let response = read_all(large);
        assert!(response.starts_with("HTTP/1.1 413 ") && response.contains("connection: close"), "{response}");
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    }
    let chunked = target.request("POST", "/core/users/", "transfer-encoding: chunked\r\n");
    let mut writer = chunked.try_clone().unwrap();
    let chunk = format!("{:x}\r\n{}\r\n", 100_000, " ".repeat(100_000));
    for _ in 0..20 {
        if writer.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    assert_eq!(status(chunked), 413);
    target.stop();
}
