//! Pages far into the list of all users, which are read from a known position on.

use std::time::Duration;

use serde_json::json;

use crate::support::Server;

const USERS: usize = 5_000;

/// A server with users `a10000` to `a14999`, who come before the administrator.
async fn directory() -> Server {
    let server = Server::start().await;
    server.add_users(10_000..=9_999 + USERS, &json!({})).await;
    server
}

async fn page(server: &Server, query: &str) -> (u64, Vec<String>) {
    let response = server.get(&format!("/core/users/?{query}")).await;
    assert_eq!(response.status, 200, "{query}: {}", response.body);
    let names = response.body["results"].as_array().unwrap().iter();
    let count = response.body["pagination"]["count"].as_u64().unwrap();
    (count, names.map(|user| user["username"].as_str().unwrap().to_owned()).collect())
}

/// The usernames of these users, of whom the first one is number 0.
fn names(numbers: impl Iterator<Item = usize>) -> Vec<String> {
    numbers.map(|number| format!("a{}", 10_000 + number)).collect()
}

/// Waits until a far page is read without the users before it.
async fn wait_for_positions(server: &Server) {
    for _ in 0..100 {
        page(server, "page=40").await;
        if server.app.store.knows_positions() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the positions are not read");
}

#[tokio::test]
async fn far_pages_are_right_whatever_is_known_and_changed() {
    let server = directory().await;
    // `shift` users come before them.
    let check = async |shift: usize, count: usize| {
        for (query, offset, size) in
            [("page=40", 3_900, 100), ("page=401&page_size=7", 2_800, 7), ("page=3&page_size=1000", 2_000, 1_000)]
        {
            let (total, found) = page(&server, query).await;
            assert_eq!((total as usize, found), (count, names((offset - shift..).take(size))), "{query}");
        }
        let (_, last) = page(&server, "page=50&ordering=username").await;
        assert_eq!(last.len(), 100);
        assert_eq!(page(&server, "page=40&ordering=-username").await.1.len(), 100);
    };
    check(0, USERS + 1).await;
    wait_for_positions(&server).await;
    check(0, USERS + 1).await;

    // Created, renamed and deleted before those pages.
    let created = server.user("0", json!({})).await.body["pk"].clone();
    check(1, USERS + 2).await;
    wait_for_positions(&server).await;
    assert_eq!(server.patch(&format!("/core/users/{created}/"), json!({"username": "z"})).await.status, 200);
    check(0, USERS + 2).await;
    wait_for_positions(&server).await;
    assert_eq!(server.patch(&format!("/core/users/{created}/"), json!({"name": "Other"})).await.status, 200);
    page(&server, "page=40").await;
    assert!(server.app.store.knows_positions());
    assert_eq!(server.delete(&format!("/core/users/{created}/")).await.status, 204);
    check(0, USERS + 1).await;
    server.stop().await;
}

#[tokio::test]
async fn other_instances_notice_changes() {
    let server = directory().await;
    let beside = server.beside().await;
    wait_for_positions(&server).await;
    assert_eq!(beside.user("0", json!({})).await.status, 201);
    assert_eq!(page(&server, "page=40").await.1, names(3_899..3_999));
    server.stop().await;
}
