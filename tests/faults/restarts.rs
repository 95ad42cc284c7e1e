//! PostgreSQL that restarts, ends connections, has no room for them, or doesn't answer.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN, Server, database, postgres::Postgres};

/// Creates users in two groups and changes them until `stop`. Returns the statuses other than success, and the names
/// of the users that were created.
async fn load(server: &Server, groups: &[String; 2], stop: &AtomicBool) -> (Vec<(u16, Value)>, BTreeSet<String>) {
    let next = AtomicUsize::new(0);
    let work = |_| async {
        let (mut failures, mut created) = (Vec::new(), BTreeSet::new());
        while !stop.load(Ordering::Relaxed) {
            let name = format!("u{}", next.fetch_add(1, Ordering::Relaxed));
            let user = server.user(&name, json!({"groups": groups})).await;
            if user.status != 201 {
                failures.push(user.both());
                continue;
            }
            created.insert(name);
            let patch = server.request(Method::PATCH, &format!("/core/users/{}/", user.body["pk"]));
            let patched = server.send(patch.bearer_auth(ADMIN).json(&json!({"name": "new", "groups": groups}))).await;
            if patched.status != 200 {
                failures.push(patched.both());
            }
        }
        (failures, created)
    };
    let mut all = (Vec::new(), BTreeSet::new());
    for (failures, created) in join_all((0..16).map(work)).await {
        all.0.extend(failures);
        all.1.extend(created);
    }
    all
}

/// Checks that every created user is stored, and every stored user has both groups.
async fn check_users(server: &Server, created: &BTreeSet<String>, unknown: usize) {
    let mut stored = BTreeSet::new();
    for page in 1.. {
        let response = server.get(&format!("/core/users/?page_size=500&page={page}&path_startswith=users")).await;
        for user in response.body["results"].as_array().unwrap() {
            let name = user["username"].as_str().unwrap();
            if name != "akadmin" {
                assert_eq!(user["groups"].as_array().unwrap().len(), 2, "{name}");
                stored.insert(name.to_owned());
            }
        }
        if response.body["pagination"]["next"] == 0 {
            break;
        }
    }
    assert!(stored.is_superset(created));
    assert!(stored.len() <= created.len() + unknown, "{} of {} and {unknown}", stored.len(), created.len());
}

async fn two_groups(server: &Server) -> [String; 2] {
    [server.group(json!({"name": "g"})).await, server.group(json!({"name": "h"})).await]
}

fn check_failures(failures: &[(u16, Value)]) {
    let detail = json!({"detail": "Service temporarily unavailable, try again later."});
    assert!(failures.iter().all(|failure| *failure == (503, detail.clone())), "{failures:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_ended_under_load_cost_a_few_requests_a_503() {
    let server = Server::start().await;
    if !server.is_postgres() {
        return server.stop().await;
    }
    let groups = two_groups(&server).await;
    let stop = AtomicBool::new(false);
    let end_connections = async {
        for _ in 0..15 {
            tokio::time::sleep(Duration::from_millis(150)).await;
            server
                .execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE datname = current_database() AND application_name = 'rollcall'",
                )
                .await;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        stop.store(true, Ordering::Relaxed);
    };
    let ((failures, created), ()) = tokio::join!(load(&server, &groups, &stop), end_connections);
    check_failures(&failures);
    assert!(created.len() > 30, "{}", created.len());
    check_users(&server, &created, failures.len()).await;
    assert!(failures.len() < 15 * 16, "{} failures", failures.len());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_under_load_loses_nothing_that_was_answered() {
    let Some(postgres) = Postgres::start() else { return };
    let server = Server::at(&postgres.url).await;
    let groups = two_groups(&server).await;
    for mode in ["fast", "immediate"] {
        let stop = AtomicBool::new(false);
        let restart = async {
            tokio::time::sleep(Duration::from_millis(700)).await;
            tokio::task::block_in_place(|| postgres.restart(mode));
            let restarted = Instant::now();
            while server.user(&format!("{mode}-{:?}", restarted.elapsed()), json!({"groups": groups})).await.status
                != 201
            {
                assert!(restarted.elapsed() < Duration::from_secs(1), "{mode}: not back within a second");
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
            stop.store(true, Ordering::Relaxed);
        };
        let ((failures, created), ()) = tokio::join!(load(&server, &groups, &stop), restart);
        check_failures(&failures);
        assert!(created.len() > 20, "{}", created.len());
        check_users(&server, &created, usize::MAX / 2).await;
        for name in created {
            let found = server.get(&format!("/core/users/?username={name}")).await;
            let user = &found.body["results"][0];
            let path = format!("/core/users/{}/", user["pk"]);
            assert_eq!(server.send(server.request(Method::DELETE, &path).bearer_auth(ADMIN)).await.status, 204);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_postgresql_has_no_room_for_are_waited_for() {
    let server = Server::start().await;
    if !server.is_postgres() || server.is_behind_pooler() {
        return server.stop().await;
    }
    let role = format!("limited_{}", std::process::id());
    server
        .execute(&format!(
            "CREATE ROLE {role} LOGIN CONNECTION LIMIT 3;
             GRANT ALL ON SCHEMA public TO {role};
             GRANT ALL ON ALL TABLES IN SCHEMA public TO {role};
             GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}"
        ))
        .await;
    let (scheme, rest) = server.database_url().split_once("://").unwrap();
    let (_, place) = rest.split_once('@').unwrap();
    let limited = Server::at(&format!("{scheme}://{role}@{place}")).await;
    let groups = two_groups(&limited).await;
    let request = |number: usize| {
        let (limited, groups) = (&limited, &groups);
        async move {
            let created = limited.user(&format!("u{number}"), json!({"groups": groups})).await;
            assert_eq!(created.status, 201, "{}", created.body);
            let path = format!("/core/users/{}/", created.body["pk"]);
            assert_eq!(limited.get(&path).await.status, 200);
            let patch = limited.request(Method::PATCH, &path).bearer_auth(ADMIN).json(&json!({"name": "new"}));
            assert_eq!(limited.send(patch).await.status, 200);
            assert_eq!(limited.get("/core/users/").await.status, 200);
        }
    };
    join_all((0..8).map(request)).await;
    limited.stop().await;
    server.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_does_not_answer_is_given_up() {
    let Some(postgres) = Postgres::start() else { return };
    let server = Server::at(&postgres.url).await;
    let user = format!("/core/users/{}/", server.user("u", json!({})).await.body["pk"]);
    // Several connections are open, and used again later.
    join_all((0..8).map(|_| server.get(&user))).await;
    assert_eq!(server.get("/core/users/").await.status, 200);

    postgres.signal("STOP");
    let start = Instant::now();
    let requests = (0..12).map(|number| {
        let (server, user) = (&server, &user);
        async move {
            match number % 4 {
                0 => server.get("/core/users/").await,
                1 => server.get(user).await,
                2 => server.user(&format!("new{number}"), json!({})).await,
                _ => {
                    server
                        .send(server.request(Method::PATCH, user).bearer_auth(ADMIN).json(&json!({"name": "n"})))
                        .await
                }
            }
        }
    });
    for response in join_all(requests).await {
        assert_eq!((response.status, response.header("retry-after")), (503, "1"), "{}", response.body);
    }
    assert!(start.elapsed() < Duration::from_secs(13), "{:?}", start.elapsed());

    postgres.signal("CONT");
    let thawed = Instant::now();
    assert_eq!(server.user("first", json!({})).await.status, 201);
    println!("PostgreSQL frozen and thawed: the first write was acknowledged after {:?}", thawed.elapsed());
    assert!(thawed.elapsed() < Duration::from_secs(2));
    for number in 0..12 {
        assert_eq!(server.user(&format!("later{number}"), json!({})).await.status, 201);
        assert_eq!(server.get(&user).await.status, 200);
        assert_eq!(server.get("/core/users/").await.status, 200);
    }

    postgres.signal("STOP");
    let start = Instant::now();
    server.stop().await;
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    postgres.signal("CONT");
}

/// A rollback on the same connection would wait as long again.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_is_not_answered_is_given_up_at_once() {
    let Some(postgres) = Postgres::start() else { return };
    let server = Server::at(&postgres.url).await;
    let user = format!("/core/users/{}/", server.user("u", json!({})).await.body["pk"]);
    let held = database::hold(&postgres.url).await;
    let patch = server.request(Method::PATCH, &user).bearer_auth(ADMIN).json(&json!({"name": "n"}));
    let start = Instant::now();
    let freeze = async {
        // Both writes have begun, and wait for the lock.
        tokio::time::sleep(Duration::from_secs(1)).await;
        postgres.signal("STOP");
    };
    let (created, patched, ()) = tokio::join!(server.user("v", json!({})), server.send(patch), freeze);
    assert_eq!((created.status, patched.status), (503, 503));
    assert!(start.elapsed() < Duration::from_secs(13), "{:?}", start.elapsed());
    postgres.signal("CONT");
    drop(held);
    assert_eq!(server.user("v", json!({})).await.status, 201);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_fails_after_a_restart() {
    let Some(postgres) = Postgres::start() else { return };
    let server = Server::at(&postgres.url).await;
    let user = format!("/core/users/{}/", server.user("u", json!({})).await.body["pk"]);
    for mode in ["fast", "immediate"] {
        // Opens the connections.
        join_all((0..40).map(|_| server.get(&user))).await;
        join_all((0..20).map(|_| server.get("/core/users/"))).await;
        tokio::task::block_in_place(|| postgres.restart(mode));
        let requests = (0..40).map(|number| {
            let (server, user) = (&server, &user);
            async move {
                match number % 4 {
                    0 => server.get("/core/users/").await.status,
                    1 => server.get(user).await.status,
                    2 => server.user(&format!("{mode}{number}"), json!({})).await.status,
                    _ => server.get("/core/users/me/").await.status,
                }
            }
        });
        let statuses = join_all(requests).await;
        assert!(statuses.iter().all(|status| [200, 201].contains(status)), "{mode}: {statuses:?}");
    }
    server.stop().await;
}
