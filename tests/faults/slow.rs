//! Lists that take long: they hold up nobody else, and end.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Map, Value, json};

use crate::support::{ADMIN, Server, program::http_client};

/// The number of attributes of each user.
const TEXTS: usize = 10;

/// The path of a list that takes seconds: all users, with comparisons of long attributes.
fn slow_list() -> String {
    let tests: Value =
        (0..TEXTS).map(|number| (format!("k{number}__icontains"), json!("Z"))).collect::<Map<_, _>>().into();
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("attributes", &tests.to_string()).finish();
    format!("/core/users/?{query}")
}

/// Adds the users.
async fn add_users(server: &Server) {
    let text = format!("{}z", "a long text ".repeat(100));
    let attributes = Value::from((0..TEXTS).map(|number| (format!("k{number}"), json!(text))).collect::<Map<_, _>>());
    server.add_users(1..=30_000, &attributes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_lists_hold_up_nobody_and_end_with_their_deadline() {
    let server = Server::with_list_timeout(Duration::from_secs(2)).await;
    add_users(&server).await;
    let list = slow_list();
    let searches = join_all((0..4).map(|_| server.get(&list)));
    let mut times = Vec::new();
    let others = async {
        loop {
            let start = Instant::now();
            assert_eq!(server.get("/core/users/me/").await.status, 200);
            times.push(start.elapsed());
        }
    };
    let searches = tokio::select! {
        searches = searches => searches,
        () = others => Vec::new(),
    };
    for response in searches {
        let detail = "The list took longer than 2 s (ROLLCALL_LIST_TIMEOUT).";
        assert_eq!((response.status, &response.body["detail"]), (503, &json!(detail)));
        assert_eq!(response.header("retry-after"), "1");
    }
    // Milliseconds, unless other tests need the processors too. Held up, it would be until the searches end.
    let slowest = times.iter().max();
    assert!(times.len() > 3 && slowest < Some(&Duration::from_millis(1_500)), "{} times, {slowest:?}", times.len());
    assert_eq!(server.get("/core/users/?page_size=5").await.status, 200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_ends_when_its_client_is_gone() {
    let server = Server::with_list_timeout(Duration::from_secs(60)).await;
    add_users(&server).await;
    let search = format!("{}/api/v3{}", server.url, slow_list());
    // More than there are connections for lists.
    let abandoned = join_all((0..8).map(|_| {
        let client = http_client().build().unwrap();
        client.get(&search).bearer_auth(ADMIN).timeout(Duration::from_millis(300)).send()
    }));
    assert!(abandoned.await.iter().all(|result| result.as_ref().is_err_and(reqwest::Error::is_timeout)));
    let start = Instant::now();
    assert_eq!(server.get("/core/users/?page_size=5").await.status, 200);
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    if server.is_postgres() {
        let running = "SELECT count(*) AS number FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND state = 'active'
            AND pid <> pg_backend_pid()";
        // PostgreSQL looks twice a second. To the end, the lists would take longer.
        let end = Instant::now() + Duration::from_secs(3);
        while server.number(running).await > 0 {
            assert!(Instant::now() < end, "lists go on");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    server.stop().await;
}
