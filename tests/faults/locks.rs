//! Another process that holds a lock of the database.

use std::time::{Duration, Instant};

use reqwest::Method;
use rollcall::http::WireLimits;
use serde_json::json;
use tokio::time::sleep;

use crate::support::{ADMIN, Server};

#[tokio::test(flavor = "multi_thread")]
async fn while_another_process_holds_the_lock_reads_go_on_and_writes_end_in_time() {
    let server = Server::start().await;
    let background = server.app.store.start_background_tasks();
    let user = server.user("present", json!({})).await.body["pk"].clone();
    let held = server.hold_writers().await;
    let start = Instant::now();
    let write = |number: usize| {
        let (server, user) = (&server, &user);
        async move {
            // Some are queued while others wait already.
            sleep(Duration::from_millis(150 * number as u64)).await;
            let sent = Instant::now();
            let response = match number % 2 {
                0 => server.user(&format!("u{number}"), json!({})).await,
                _ => {
                    let patch = server.request(Method::PATCH, &format!("/core/users/{user}/"));
                    server.send(patch.bearer_auth(ADMIN).json(&json!({"name": "new"}))).await
                }
            };
            (response, sent.elapsed())
        }
    };
    let writes = futures_util::future::join_all((0..20).map(write));
    let reads = async {
        let mut times = Vec::new();
        while start.elapsed() < Duration::from_secs(10) {
            for path in ["/root/config/", "/core/users/", "/core/users/?search=present"] {
                let sent = Instant::now();
                assert_eq!(server.get(path).await.status, 200, "{path}");
                times.extend((path == "/root/config/").then(|| sent.elapsed()));
            }
            sleep(Duration::from_millis(50)).await;
        }
        times.sort();
        times
    };
    let (writes, times) = tokio::join!(writes, reads);
    drop(held);
    for (response, took) in writes {
        assert_eq!((response.status, response.header("retry-after")), (503, "1"), "{}", response.body);
        // On PostgreSQL, a change may wait for three seconds each in the queue for the row, for its holder, and for the
        // table.
        assert!(took < Duration::from_secs(10), "{took:?}");
    }
    // The machine may be busy with other tests.
    let (most, all) = (times[times.len() * 95 / 100], times[times.len() - 1]);
    assert!(most < Duration::from_millis(100) && all < Duration::from_secs(1), "{most:?}, {all:?}");
    let released = Instant::now();
    assert_eq!(server.user("afterwards", json!({})).await.status, 201);
    println!("lock released: the first write was acknowledged after {:?}", released.elapsed());
    assert!(released.elapsed() < Duration::from_secs(2));
    let names = server.get("/core/users/?ordering=pk").await;
    let names: Vec<_> = names.body["results"].as_array().unwrap().iter().map(|user| &user["username"]).collect();
    assert_eq!(names, ["akadmin", "present", "afterwards"], "what was answered with 503 was not stored");
    drop(background);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_wait_for_a_lock_that_is_released_soon() {
    let server = Server::start().await;
    let held = server.hold_writers().await;
    let release = async {
        sleep(Duration::from_secs(2)).await;
        drop(held);
    };
    let (response, ()) = tokio::join!(server.user("patient", json!({})), release);
    assert_eq!(response.status, 201, "{}", response.body);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_ends_in_its_time() {
    let wire = WireLimits { request_time: Duration::from_secs(1), ..WireLimits::DEFAULT };
    let server = Server::with_wire(wire).await;
    let held = server.hold_writers().await;
    let sent = Instant::now();
    let response = server.user("late", json!({})).await;
    let detail = json!({"detail": "The request took longer than 1 s (ROLLCALL_REQUEST_TIMEOUT)."});
    assert_eq!(response.both(), (503, detail));
    assert_eq!(response.header("retry-after"), "1");
    assert!((1..3).contains(&sent.elapsed().as_secs()), "{:?}", sent.elapsed());
    drop(held);
    assert_eq!(server.user("afterwards", json!({})).await.status, 201);
    server.stop().await;
}
