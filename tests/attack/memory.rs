//! Large responses: those that nobody reads, and many at once.

use std::{net::TcpStream, time::Duration};

use serde_json::json;

use crate::target::{Target, request, wait_until};

/// Adds users whose attributes have 100 KiB each.
async fn add_large_users(target: &Target, number: usize) {
    for user in 0..number {
        let body =
            json!({"username": format!("large-{user}"), "name": "n", "attributes": {"a": "x".repeat(100 * 1024)}});
        assert_eq!(target.post("/core/users/", &body).await, 201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_that_nobody_reads_take_bounded_memory_and_are_thrown_away() {
    let target = Target::start(&["WRITE_TIMEOUT=3", "MAX_BUFFERED=60000000"]);
    add_large_users(&target, 100).await;
    target.wait_for_memory(150);
    let before = target.memory();
    // Each 10 MiB.
    let list = request("GET", "/core/users/?page_size=100", "");
    let unread: Vec<TcpStream> = (0..40).map(|_| target.send(&list)).collect();
    let mut most = 0;
    for _ in 0..10 {
        target.assert_others_are_served().await;
        most = most.max(target.memory());
    }
    assert!(most < before + 60 + 4 * 40 + 64, "{most} MiB, {before} before");
    target.wait_for_memory(before + 64);
    let lists = || reqwest_status(&target, &list) == 200;
    wait_until(Duration::from_secs(10), lists, || "no room for a list".into());
    drop(unread);
    target.stop();
}

/// The status of a list that is read to its end.
fn reqwest_status(target: &Target, list: &str) -> u16 {
    crate::target::status(target.send(&list.replacen("host", "connection: close\r\nhost", 1)))
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_given_back_after_large_lists() {
    let target = Target::start(&[]);
    add_large_users(&target, 200).await;
    target.wait_for_memory(150);
    let before = target.memory();
    let list = request("GET", "/core/users/?page_size=200", "connection: close\r\n");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..3 {
                    let status = crate::target::status(target.send(&list));
                    assert!([200, 503].contains(&status), "{status}");
                }
            });
        }
    });
    target.wait_for_memory(before + 64);
    target.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_too_large_is_refused_with_a_way_out() {
    let target = Target::start(&["MAX_RESPONSE=5000000"]);
    add_large_users(&target, 60).await;
    let list = |query: &str| {
        let request = request("GET", &format!("/core/users/?{query}"), "connection: close\r\n");
        crate::target::read_all(target.send(&request))
    };
    let refused = list("page_size=60");
    assert!(refused.starts_with("HTTP/1.1 400 ") && refused.contains("Ask for a smaller page_size"), "{refused}");
    assert!(list("page_size=30").starts_with("HTTP/1.1 200 "));
    target.stop();
}
