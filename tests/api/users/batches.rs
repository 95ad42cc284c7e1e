//! Concurrent `POST /core/users/`, which the store writes in batches.

use std::{collections::BTreeMap, time::Duration};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{NOBODY, Server};

/// The names of each user's groups, by username.
async fn stored(server: &Server) -> BTreeMap<String, Vec<String>> {
    let mut users = BTreeMap::new();
    for page in 1.. {
        let response = server.get(&format!("/core/users/?page_size=500&page={page}")).await;
        for user in response.body["results"].as_array().unwrap() {
            let groups = user["groups_obj"].as_array().unwrap();
            let groups = groups.iter().map(|group| group["name"].as_str().unwrap().to_owned()).collect();
            users.insert(user["username"].as_str().unwrap().to_owned(), groups);
        }
        if response.body["pagination"]["next"] == 0 {
            assert_eq!(response.body["pagination"]["count"], json!(users.len()));
            break;
        }
    }
    users
}

#[tokio::test(flavor = "multi_thread")]
async fn valid_invalid_and_cancelled_requests_do_not_affect_each_other() {
    let server = Server::start().await;
    let groups = [server.group(json!({"name": "g0"})).await, server.group(json!({"name": "g1"})).await];
    assert_eq!(server.user("taken", json!({})).await.status, 201);
    let request = |number: usize| {
        let (server, groups) = (&server, &groups);
        async move {
            let name = format!("user{number:03}");
            match number % 8 {
                // Four requests for the same name: one of them gets it.
                0 => (name, server.user(&format!("racer{}", number / 32), json!({"groups": groups})).await),
                1 => (name, server.user("taken", json!({"groups": [groups[0]]})).await),
                2 => (name.clone(), server.user(&name, json!({"groups": [groups[0], NOBODY]})).await),
                _ => (name.clone(), server.user(&name, json!({"groups": groups, "attributes": {"n": number}})).await),
            }
        }
    };
    let cancelled = |number: usize| {
        let server = &server;
        async move {
            let body = json!({"username": format!("given-up{number:03}"), "name": "", "groups": [NOBODY]});
            let sent = server.post("/core/users/", body);
            let _ = tokio::time::timeout(Duration::from_micros(number as u64 * 50), sent).await;
        }
    };
    let (responses, _) = tokio::join!(join_all((0..200).map(request)), join_all((0..40).map(cancelled)));

    let mut expected =
        BTreeMap::from([("akadmin".to_owned(), vec!["authentik Admins".to_owned()]), ("taken".to_owned(), Vec::new())]);
    let both = vec!["g0".to_owned(), "g1".to_owned()];
    let mut winners = BTreeMap::<String, usize>::new();
    for (number, (name, response)) in responses.iter().enumerate() {
        let unique: Value = json!({"username": ["This field must be unique."]});
        match number % 8 {
            0 if response.status == 201 => {
                let racer = response.body["username"].as_str().unwrap().to_owned();
                *winners.entry(racer.clone()).or_default() += 1;
                expected.insert(racer, both.clone());
            }
            0 | 1 => assert_eq!(response.both(), (400, unique), "{name}"),
            2 => {
                let text = format!("Invalid pk \"{NOBODY}\" - object does not exist.");
                assert_eq!(response.both(), (400, json!({"groups": [text]})), "{name}");
            }
            _ => {
                assert_eq!((response.status, &response.body["username"]), (201, &json!(name)));
                assert_eq!(response.body["attributes"], json!({"n": number}));
                expected.insert(name.clone(), both.clone());
            }
        }
    }
    assert_eq!(winners.len(), 7);
    assert!(winners.values().all(|wins| *wins == 1), "{winners:?}");
    assert_eq!(stored(&server).await, expected);
    server.stop().await;
}

/// A batch that the database rejects is written in parts.
#[tokio::test(flavor = "multi_thread")]
async fn a_group_deleted_meanwhile_affects_only_its_own_users() {
    let server = Server::start().await;
    let stays = server.group(json!({"name": "stays"})).await;
    for round in 0..5 {
        let goes = server.group(json!({"name": "goes"})).await;
        let request = |number: usize| {
            let (server, goes, stays) = (&server, &goes, &stays);
            let group = if number.is_multiple_of(4) { goes } else { stays };
            async move { server.user(&format!("u{round}-{number}"), json!({"groups": [group]})).await }
        };
        let delete = server.request(reqwest::Method::DELETE, &format!("/core/groups/{goes}/"));
        let delete = server.send(delete.bearer_auth(crate::support::ADMIN));
        let (responses, deleted) = tokio::join!(join_all((0..80).map(request)), delete);
        assert_eq!(deleted.status, 204);
        for (number, response) in responses.iter().enumerate() {
            assert!(response.status == 201 || number.is_multiple_of(4) && response.status == 400, "{}", response.body);
        }
    }
    server.stop().await;
}

/// Statements: one each for groups, users and memberships, regardless of the number of users.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_written_with_a_fixed_number_of_statements() {
    let server = Server::start().await;
    let group = server.group(json!({"name": "g"})).await;
    server.user("first", json!({"groups": [group]})).await;
    // Block the writer, so that all users are queued for the same batches.
    let held = server.hold_writers().await;
    let request = |number: usize| {
        let (server, group) = (&server, &group);
        async move { server.user(&format!("u{number}"), json!({"groups": [group]})).await }
    };
    let users = join_all((0..100).map(request));
    let release = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        drop(held);
    };
    let (statements, responses) = server.count_statements(async { tokio::join!(users, release).0 }).await;
    assert!(responses.iter().all(|response| response.status == 201));
    // Each writer may have taken a first user before the others were queued.
    assert!(statements <= 3 * 4, "{statements} statements for 100 users");
    server.stop().await;
}

/// PostgreSQL plans the statements while the table is empty and has no statistics.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_does_not_scan_the_users() {
    let server = Server::start().await;
    if server.is_postgres() {
        let group = server.group(json!({"name": "g"})).await;
        let before = server.scanned_users().await;
        for round in 0..20 {
            let request = |number: usize| {
                let (server, group) = (&server, &group);
                async move { server.user(&format!("u{round}-{number}"), json!({"groups": [group]})).await }
            };
            let responses = join_all((0..32).map(request)).await;
            assert!(responses.iter().all(|response| response.status == 201));
        }
        let scanned = server.scanned_users().await - before;
        assert!(scanned < 640, "{scanned} users read for 640 created");
    }
    server.stop().await;
}
