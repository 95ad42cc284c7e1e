//! Writes that meet.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN, Response, Server};

async fn send(server: &Server, method: Method, path: &str, body: Value) -> Response {
    server.send(server.request(method, path).bearer_auth(ADMIN).json(&body)).await
}

/// Ends a server, whose database has met no deadlock.
async fn stop_without_deadlocks(server: Server) {
    if server.is_postgres() {
        assert_eq!(server.deadlocks().await, 0);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_changed_while_it_is_deleted_is_not_found() {
    let server = Server::start().await;
    for round in 0..60 {
        let path = format!("/core/tokens/t{round}/");
        let created = server.post("/core/tokens/", json!({"identifier": format!("t{round}")})).await;
        assert_eq!(created.status, 201);
        let set_key = format!("{path}set_key/");
        let (patched, put, keyed, deleted) = tokio::join!(
            send(&server, Method::PATCH, &path, json!({"description": "new"})),
            send(&server, Method::PUT, &path, json!({"identifier": format!("t{round}")})),
            send(&server, Method::POST, &set_key, json!({"key": format!("the-key-{round}")})),
            send(&server, Method::DELETE, &path, json!({})),
        );
        assert_eq!(deleted.status, 204);
        for response in [patched, put, keyed] {
            assert!([200, 204, 404].contains(&response.status), "{} {}", response.status, response.body);
        }
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_changed_while_it_is_deleted_is_not_found() {
    let server = Server::start().await;
    let group = server.group(json!({"name": "g"})).await;
    for round in 0..40 {
        let pk = server.user(&format!("u{round}"), json!({})).await.body["pk"].clone();
        let path = format!("/core/users/{pk}/");
        let (set_password, add) = (format!("{path}set_password/"), format!("/core/groups/{group}/add_user/"));
        let (patched, moved, password, added, deleted) = tokio::join!(
            send(&server, Method::PATCH, &path, json!({"name": "new"})),
            send(&server, Method::PATCH, &path, json!({"groups": [group]})),
            send(&server, Method::POST, &set_password, json!({"password": "long enough"})),
            send(&server, Method::POST, &add, json!({"pk": pk})),
            send(&server, Method::DELETE, &path, json!({})),
        );
        assert_eq!(deleted.status, 204);
        for response in [patched, moved, password, added] {
            assert!([200, 204, 404].contains(&response.status), "{} {}", response.status, response.body);
        }
    }
    server.stop().await;
}

/// On PostgreSQL they deadlock, and one of them is run again.
#[tokio::test(flavor = "multi_thread")]
async fn swaps_of_names_are_decided() {
    let server = Server::start().await;
    let users = [server.user("a", json!({})).await, server.user("b", json!({})).await];
    let users = users.map(|user| format!("/core/users/{}/", user.body["pk"]));
    for name in ["a", "b"] {
        assert_eq!(server.post("/core/tokens/", json!({"identifier": name})).await.status, 201);
    }
    for _ in 0..3 {
        let (first, second, third, fourth) = tokio::join!(
            send(&server, Method::PATCH, &users[0], json!({"username": "b"})),
            send(&server, Method::PATCH, &users[1], json!({"username": "a"})),
            send(&server, Method::PATCH, "/core/tokens/a/", json!({"identifier": "b"})),
            send(&server, Method::PATCH, "/core/tokens/b/", json!({"identifier": "a"})),
        );
        for response in [first, second] {
            assert_eq!(response.both(), (400, json!({"username": ["This field must be unique."]})));
        }
        for response in [third, fourth] {
            assert_eq!(response.both(), (400, json!({"identifier": ["This field must be unique."]})));
        }
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memberships_set_from_both_sides_do_not_deadlock() {
    let server = Server::start().await;
    let groups = [server.group(json!({"name": "g"})).await, server.group(json!({"name": "h"})).await];
    let pk = server.user("u", json!({})).await.body["pk"].clone();
    let round = |number: usize| {
        let (server, groups, pk) = (&server, &groups, &pk);
        async move {
            let group = &groups[number % 2];
            match number % 5 {
                0 => send(server, Method::PATCH, &format!("/core/users/{pk}/"), json!({"groups": groups})).await,
                1 => send(server, Method::POST, &format!("/core/groups/{group}/add_user/"), json!({"pk": pk})).await,
                2 => send(server, Method::POST, &format!("/core/groups/{group}/remove_user/"), json!({"pk": pk})).await,
                3 => send(server, Method::PATCH, &format!("/core/groups/{group}/"), json!({"users": [pk]})).await,
                _ => send(server, Method::PATCH, &format!("/core/groups/{group}/"), json!({"users": []})).await,
            }
        }
    };
    for first in (0..400).step_by(80) {
        for response in join_all((first..first + 80).map(round)).await {
            assert!([200, 204].contains(&response.status), "{} {}", response.status, response.body);
        }
    }
    stop_without_deadlocks(server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_of_the_same_users_do_not_deadlock() {
    let server = Server::start().await;
    let mut users = Vec::new();
    for number in 0..40 {
        users.push(server.user(&format!("u{number}"), json!({})).await.body["pk"].clone());
    }
    let round = |number: usize| {
        let (server, mut members) = (&server, users.clone());
        async move {
            members.rotate_left(number * 7 % 40);
            let group = server.group(json!({"name": format!("g{number}"), "users": members[..30]})).await;
            let path = format!("/core/groups/{group}/");
            let changed = send(server, Method::PATCH, &path, json!({"users": members[15..]})).await;
            let deleted = send(server, Method::DELETE, &path, json!({})).await;
            assert_eq!((changed.status, deleted.status), (200, 204), "{}", changed.body);
        }
    };
    for first in (0..48).step_by(12) {
        join_all((first..first + 12).map(round)).await;
    }
    stop_without_deadlocks(server).await;
}

/// PostgreSQL takes ids from a 32-bit sequence, which an hourly synchronization of existing users must not run dry.
#[tokio::test(flavor = "multi_thread")]
async fn rejected_users_and_groups_use_up_no_ids() {
    let server = Server::start().await;
    let first = server.user("first", json!({})).await.body["pk"].as_i64().unwrap();
    let group = server.post("/core/groups/", json!({"name": "first"})).await.body["num_pk"].as_i64().unwrap();
    let reject = |number: usize| {
        let server = &server;
        async move {
            let service_account = json!({"name": "first", "create_group": true});
            let response = match number % 3 {
                0 => server.user("first", json!({})).await,
                1 => server.post("/core/groups/", json!({"name": "first"})).await,
                _ => server.post("/core/users/service_account/", service_account).await,
            };
            assert_eq!(response.status, 400, "{}", response.body);
        }
    };
    join_all((0..120).map(reject)).await;
    let second = server.user("second", json!({})).await.body["pk"].as_i64().unwrap();
    assert_eq!(second, first + 1);
    let second = server.post("/core/groups/", json!({"name": "second"})).await.body["num_pk"].as_i64().unwrap();
    assert_eq!(second, group + 1);
    server.stop().await;
}
