//! A group with 100,000 members.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::support::{ADMIN, Server};

const MEMBERS: usize = 100_000;

/// Creates the group, and returns its id and those of two users who are no members.
async fn large_group(server: &Server) -> (String, [i64; 2]) {
    let large = server.group(json!({"name": "large"})).await;
    server.add_users(1..=MEMBERS, &json!({})).await;
    server
        .execute(
            "INSERT INTO user_groups (user_id, group_id) SELECT users.id, groups.id FROM users CROSS JOIN groups
                WHERE users.username <> 'akadmin' AND groups.name = 'large'",
        )
        .await;
    let mut others = [0; 2];
    for (number, id) in others.iter_mut().enumerate() {
        *id = server.user(&format!("other{number}"), json!({})).await.body["pk"].as_i64().unwrap();
    }
    (large, others)
}

/// Adds and removes a member several times, and returns the shortest time for both.
async fn change_members(server: &Server, group: &str, user: i64) -> Duration {
    let mut shortest = Duration::MAX;
    for _ in 0..7 {
        let start = Instant::now();
        for operation in ["add_user", "remove_user"] {
            let response = server.post(&format!("/core/groups/{group}/{operation}/"), json!({"pk": user})).await;
            assert_eq!(response.status, 204, "{}", response.body);
        }
        shortest = shortest.min(start.elapsed());
    }
    shortest
}

#[tokio::test]
async fn members_are_added_and_removed_in_constant_time() {
    let server = Server::start().await;
    let (large, [user, _]) = large_group(&server).await;
    let small = server.group(json!({"name": "small"})).await;
    let (of_small, of_large) =
        (change_members(&server, &small, user).await, change_members(&server, &large, user).await);
    // Reading the members takes several times as long.
    assert!(of_large < of_small * 3 + Duration::from_millis(5), "{of_large:?}, small group: {of_small:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_change_reads_the_members_only_for_its_answer() {
    let server = Server::start().await;
    let (large, [user, other]) = large_group(&server).await;
    let path = format!("/core/groups/{large}/?include_users=false");
    let patch = |body| server.send(server.request(Method::PATCH, &path).bearer_auth(ADMIN).json(&body));
    let (statements, response) = server.count_statements(patch(json!({"name": "renamed"}))).await;
    assert_eq!((response.status, &response.body["name"]), (200, &json!("renamed")));
    assert_eq!(response.body["users"].as_array().unwrap().len(), MEMBERS);
    assert!(response.body["users_obj"].is_null());
    // The group is found and changed, and read for the answer with the ids of its members, parents and children.
    assert_eq!(statements, 7);

    let response = patch(json!({"users": [other, user]})).await;
    assert_eq!(response.body["users"], json!([user, other]));
    let members = server.get(&format!("/core/groups/{large}/")).await.body["users_obj"].clone();
    assert_eq!(members.as_array().unwrap().len(), 2);
    server.stop().await;
}
