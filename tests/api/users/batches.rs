//! `POST /core/users/` from many clients at once, whose users the store writes in batches.

use std::{collections::BTreeMap, time::Duration};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{NOBODY, Server};

/// Every user of the list, by name: the names of its groups.
async fn stored(server: &Server) -> BTreeMap<String, Vec<String>> {
    let mut users = BTreeMap::new();
    for page in 1.. {
        let answer = server.get(&format!("/core/users/?page_size=500&page={page}")).await;
        for user in answer.body["results"].as_array().unwrap() {
            let groups = user["groups_obj"].as_array().unwrap();
            let groups = groups.iter().map(|group| group["name"].as_str().unwrap().to_owned()).collect();
            users.insert(user["username"].as_str().unwrap().to_owned(), groups);
        }
        if answer.body["pagination"]["next"] == 0 {
            assert_eq!(answer.body["pagination"]["count"], json!(users.len()));
            break;
        }
    }
    users
}

#[tokio::test(flavor = "multi_thread")]
async fn good_bad_and_given_up_requests_do_not_disturb_one_another() {
    let server = Server::start().await;
    let groups = [server.group(json!({"name": "g0"})).await, server.group(json!({"name": "g1"})).await];
    assert_eq!(server.user("taken", json!({})).await.status, 201);
    let request = |number: usize| {
        let (server, groups) = (&server, &groups);
        async move {
            let name = format!("user{number:03}");
            match number % 8 {
                // The same name four times: one of them gets it.
                0 => (name, server.user(&format!("racer{}", number / 32), json!({"groups": groups})).await),
                1 => (name, server.user("taken", json!({"groups": [groups[0]]})).await),
                2 => (name.clone(), server.user(&name, json!({"groups": [groups[0], NOBODY]})).await),
                _ => (name.clone(), server.user(&name, json!({"groups": groups, "attributes": {"n": number}})).await),
            }
        }
    };
    let given_up = |number: usize| {
        let server = &server;
        async move {
            let body = json!({"username": format!("given-up{number:03}"), "name": "", "groups": [NOBODY]});
            let sent = server.post("/core/users/", body);
            let _ = tokio::time::timeout(Duration::from_micros(number as u64 * 50), sent).await;
        }
    };
    let (answers, _) = tokio::join!(join_all((0..200).map(request)), join_all((0..40).map(given_up)));

    let mut expected =
        BTreeMap::from([("akadmin".to_owned(), vec!["authentik Admins".to_owned()]), ("taken".to_owned(), Vec::new())]);
    let both = vec!["g0".to_owned(), "g1".to_owned()];
    let mut winners = BTreeMap::<String, usize>::new();
    for (number, (name, answer)) in answers.iter().enumerate() {
        let unique: Value = json!({"username": ["This field must be unique."]});
        match number % 8 {
            0 if answer.status == 201 => {
                let racer = answer.body["username"].as_str().unwrap().to_owned();
                *winners.entry(racer.clone()).or_default() += 1;
                expected.insert(racer, both.clone());
            }
            0 | 1 => assert_eq!(answer.both(), (400, unique), "{name}"),
            2 => {
                let text = format!("Invalid pk \"{NOBODY}\" - object does not exist.");
                assert_eq!(answer.both(), (400, json!({"groups": [text]})), "{name}");
            }
            _ => {
                assert_eq!((answer.status, &answer.body["username"]), (201, &json!(name)));
                assert_eq!(answer.body["attributes"], json!({"n": number}));
                expected.insert(name.clone(), both.clone());
            }
        }
    }
    assert_eq!(winners.len(), 7);
    assert!(winners.values().all(|wins| *wins == 1), "{winners:?}");
    assert_eq!(stored(&server).await, expected);
    server.stop().await;
}

/// A batch that the database refuses as a whole is written in parts.
#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_goes_away_takes_no_neighbour_along() {
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
        let (answers, deleted) = tokio::join!(join_all((0..80).map(request)), delete);
        assert_eq!(deleted.status, 204);
        for (number, answer) in answers.iter().enumerate() {
            assert!(answer.status == 201 || number.is_multiple_of(4) && answer.status == 400, "{}", answer.body);
        }
    }
    server.stop().await;
}

/// Statements: one reads the groups, one writes the users, one the memberships, however many users.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_written_with_a_fixed_number_of_statements() {
    let server = Server::start().await;
    let group = server.group(json!({"name": "g"})).await;
    server.user("first", json!({"groups": [group]})).await;
    // The writer is kept busy, so that all users wait for the same batches.
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
    let (statements, answers) = server.count_statements(async { tokio::join!(users, release).0 }).await;
    assert!(answers.iter().all(|answer| answer.status == 201));
    // Each lane may have taken a first one before the others came.
    assert!(statements <= 3 * 4, "{statements} statements for 100 users");
    server.stop().await;
}
