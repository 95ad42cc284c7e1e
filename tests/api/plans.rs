//! PostgreSQL reads tables by their indexes, whether or not it has statistics of them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN, Server};

const TABLES: &str = "'users', 'user_groups', 'groups', 'group_parents'";

/// Checks that hardly a row was read by scanning a table since there were `before`.
async fn check(server: &Server, before: i64, what: &str) -> i64 {
    let now = server.scanned(TABLES).await;
    // Whether a caller is a superuser is told by the first row.
    assert!(now - before <= 1, "{what}: {} rows", now - before);
    now
}

#[tokio::test]
async fn tables_without_statistics_are_read_by_their_indexes() {
    let server = Server::start().await;
    // Behind a pooler each statement is planned anew, so looking up a caller reads the first row each time.
    if !server.is_postgres() || server.is_behind_pooler() {
        return server.stop().await;
    }
    // Nothing is known of them then, not even afterwards.
    for table in TABLES.replace('\'', "").split(", ") {
        server.execute(&format!("ALTER TABLE {table} SET (autovacuum_enabled = off)")).await;
    }
    let mut groups = Vec::new();
    for number in 0..20 {
        groups.push(server.group(json!({"name": format!("g{number}")})).await);
    }
    let small = server.group(json!({"name": "small", "users": [1]})).await;
    let user = server.user("first", json!({"groups": groups[..3]})).await.body["pk"].clone();
    server.add_users(1..=100_000, &json!({"team": "core"})).await;
    server
        .execute(
            "INSERT INTO user_groups (user_id, group_id) SELECT users.id, groups.id FROM users CROSS JOIN groups
                WHERE users.username LIKE 'a%' AND groups.name IN ('g0', 'g1')",
        )
        .await;
    server
        .execute(
            "INSERT INTO groups (uuid, name, is_superuser, attributes)
                SELECT gen_random_uuid(), 'child ' || n, FALSE, '{}' FROM generate_series(1, 50000) AS n;
             INSERT INTO group_parents (group_id, parent_id, position)
                SELECT child.id, parent.id, place
                FROM groups AS child CROSS JOIN (SELECT 0 AS place UNION ALL SELECT 1) AS places
                INNER JOIN groups AS parent ON parent.name = 'g' || (child.id + place) % 20
                WHERE child.name LIKE 'child %'",
        )
        .await;

    // The first requests with each statement use other plans than the sixth.
    const ROUNDS: usize = 7;
    let mut scanned = server.scanned(TABLES).await;
    for path in [
        "/core/users/?page_size=100".into(),
        format!("/core/users/{user}/"),
        "/core/users/me/".into(),
        "/core/users/?username=a77".into(),
        "/core/users/?groups_by_name=small".into(),
        format!("/core/groups/{small}/"),
        "/core/groups/?members_by_username=first&include_users=false&name=g2".into(),
        "/core/groups/?name=child%207&include_parents=true&include_children=true".into(),
        "/core/groups/?include_users=false&page_size=20".into(),
        "/core/tokens/".into(),
    ] {
        for _ in 0..ROUNDS {
            let response = server.get(&path).await;
            assert_eq!(response.status, 200, "{path}: {}", response.body);
        }
        scanned = check(&server, scanned, &path).await;
    }
    for round in 0..ROUNDS {
        let send = async |method: Method, path: String, body: Value, expected: u16| {
            let response = server.send(server.request(method, &path).bearer_auth(ADMIN).json(&body)).await;
            assert_eq!(response.status, expected, "{path}: {}", response.body);
            response.body
        };
        let new = json!({"username": format!("new{round}"), "name": "New", "groups": groups});
        let new = send(Method::POST, "/core/users/".into(), new, 201).await["pk"].clone();
        send(Method::PATCH, format!("/core/users/{new}/"), json!({"groups": groups[..2]}), 200).await;
        send(Method::POST, format!("/core/groups/{small}/add_user/"), json!({"pk": new}), 204).await;
        send(Method::POST, format!("/core/groups/{small}/remove_user/"), json!({"pk": new}), 204).await;
        send(Method::PATCH, format!("/core/groups/{small}/"), json!({"users": [1, new]}), 200).await;
        send(Method::PATCH, format!("/core/groups/{small}/"), json!({"name": format!("small {round}")}), 200).await;
        send(Method::DELETE, format!("/core/users/{new}/"), Value::Null, 204).await;
    }
    check(&server, scanned, "writes").await;
    server.stop().await;
}
