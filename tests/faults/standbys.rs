//! PostgreSQL servers that only read: standbys, and what happens when one becomes the primary.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN, Response, Server, database, postgres::Postgres};

/// The URL of a database on both servers, in this order.
fn with_both(first: &Postgres, second: &Postgres) -> String {
    let host = |postgres: &Postgres| postgres.url.split(['@', '/']).nth(3).unwrap().to_owned();
    first.url.replace(&host(first), &format!("{},{}", host(first), host(second)))
}

/// Two servers with the same directory, as if one was a copy of the other. The second one only reads. `None` on SQLite.
async fn primary_and_standby() -> Option<(Postgres, Postgres)> {
    let (primary, standby) = (Postgres::start()?, Postgres::start()?);
    for postgres in [&primary, &standby] {
        Server::at(&postgres.url).await.stop().await;
    }
    tokio::task::block_in_place(|| standby.become_standby());
    Some((primary, standby))
}

fn assert_unavailable(response: &Response) {
    let detail = json!({"detail": "Service temporarily unavailable, try again later."});
    assert_eq!((response.both(), response.header("retry-after")), ((503, detail), "1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_servers_the_primary_is_used() {
    let (Some(standby), Some(primary)) = (Postgres::start(), Postgres::start()) else { return };
    tokio::task::block_in_place(|| standby.become_standby());
    for (name, url) in [("u", with_both(&standby, &primary)), ("v", with_both(&primary, &standby))] {
        let server = Server::at(&url).await;
        assert_eq!(server.user(name, json!({})).await.status, 201);
        assert_eq!(server.get(&format!("/core/users/?username={name}")).await.body["pagination"]["count"], 1);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_there_is_no_primary_requests_get_503_and_the_next_one_is_found() {
    let Some((old, new)) = primary_and_standby().await else { return };
    let server = Server::at(&with_both(&old, &new)).await;
    assert_eq!(server.user("before", json!({})).await.status, 201);

    tokio::task::block_in_place(|| old.become_standby());
    let start = Instant::now();
    assert_unavailable(&server.user("u", json!({})).await);
    assert_unavailable(&server.get("/core/users/").await);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());

    tokio::task::block_in_place(|| new.become_primary());
    assert_eq!(server.user("after", json!({})).await.status, 201);
    let users = server.get("/core/users/?ordering=pk").await;
    let names: Vec<&Value> = users.body["results"].as_array().unwrap().iter().map(|user| &user["username"]).collect();
    assert_eq!(names, ["akadmin", "after"], "it is the other server");
    server.stop().await;
}

/// Requests on connections to the old primary notice that there is a new one long before they give up.
#[tokio::test(flavor = "multi_thread")]
async fn a_primary_that_does_not_answer_is_left_for_the_new_one() {
    let Some((old, new)) = primary_and_standby().await else { return };
    let server = Server::at(&with_both(&old, &new)).await;
    // Opens the connections.
    join_all((0..8).map(|_| server.get("/core/users/me/"))).await;
    join_all((0..8).map(|_| server.get("/core/users/"))).await;

    let held = database::hold(&old.url).await;
    let names = (0..8).map(|number| format!("new{number}")).collect::<Vec<_>>();
    let writes = names.iter().map(|name| server.user(name, json!({})));
    let reads = (0..8).map(|number| server.get(["/core/users/", "/core/users/me/"][number % 2]));
    let freeze = async {
        // The writes have begun, and wait for the lock.
        tokio::time::sleep(Duration::from_millis(500)).await;
        old.signal("STOP");
        let promotion = tokio::task::spawn_blocking(move || {
            new.become_primary();
            (new, Instant::now())
        });
        let (promotion, reads) = tokio::join!(promotion, join_all(reads));
        (promotion.unwrap(), reads)
    };
    let (written, ((new, promoted), read)) = tokio::join!(join_all(writes), freeze);
    assert!(promoted.elapsed() < Duration::from_secs(4), "{:?}", promoted.elapsed());
    let statuses: Vec<u16> = written.iter().chain(&read).map(|response| response.status).collect();
    assert_eq!(statuses, [[201; 8], [200; 8]].concat());
    server.stop().await;
    assert_eq!(database::number(&new.url, "SELECT count(*) AS number FROM users").await, 9);
    old.signal("CONT");
    drop(held);
}

/// Requests that take long let the others be asked.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_primary_that_came_back_as_one_is_not_used() {
    let Some((old, new)) = primary_and_standby().await else { return };
    let promoted = "SELECT CASE WHEN pg_promote() THEN 1::bigint END AS number";
    assert_eq!(database::number(&new.url, promoted).await, 1);
    let server = Server::at(&with_both(&new, &old)).await;
    let held = database::hold(&new.url).await;
    let release = async {
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        drop(held);
    };
    let (created, ()) = tokio::join!(server.user("slow", json!({})), release);
    assert_eq!(created.status, 201);
    let number = "SELECT count(*) AS number FROM users";
    assert_eq!((database::number(&old.url, number).await, database::number(&new.url, number).await), (1, 2));

    // Nor is it if the new one is gone.
    new.kill();
    assert_unavailable(&server.user("w", json!({})).await);
    tokio::task::block_in_place(|| new.restart("fast"));
    assert_eq!(server.user("x", json!({})).await.status, 201);
    server.stop().await;
    // Nor at a start.
    let server = Server::at(&with_both(&old, &new)).await;
    assert_eq!(server.user("y", json!({})).await.status, 201);
    assert_eq!((database::number(&old.url, number).await, database::number(&new.url, number).await), (1, 4));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_read_only_is_read_and_writes_get_503_until_it_is_not() {
    let server = Server::start().await;
    if !server.is_postgres() || server.is_behind_pooler() {
        return server.stop().await;
    }
    let path = format!("/core/users/{}/", server.user("u", json!({})).await.body["pk"]);
    let patch = |name: &str| server.request(Method::PATCH, &path).bearer_auth(ADMIN).json(&json!({"name": name}));
    let name = server.database_url().rsplit_once('/').unwrap().1.to_owned();
    let set = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    server.execute(&set).await;
    server
        .execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'rollcall'",
        )
        .await;
    assert_unavailable(&server.user("v", json!({})).await);
    assert_unavailable(&server.send(patch("new")).await);
    assert_eq!(server.get(&path).await.body["name"], "Name");
    assert_eq!(server.get("/core/users/").await.status, 200);

    // In a transaction that writes although the default is otherwise.
    let reset = format!("BEGIN READ WRITE; ALTER DATABASE {name} RESET default_transaction_read_only; COMMIT");
    server.execute(&reset).await;
    assert_eq!(server.send(patch("new")).await.status, 200, "on a new connection");
    assert_eq!(server.user("v", json!({})).await.status, 201);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_read_from_the_primary_if_there_is_no_replica_of_it() {
    let (Some(primary), Some(other)) = (Postgres::start(), Postgres::start()) else { return };
    // Its log is longer.
    let unrelated = Server::at(&other.url).await;
    for number in 0..20 {
        assert_eq!(unrelated.user(&format!("other{number}"), json!({})).await.status, 201);
    }
    unrelated.stop().await;
    let gone = "postgres://127.0.0.1:1/d".to_owned();
    for (name, replica) in [("gone", &gone), ("primary", &other.url), ("standby", &other.url)] {
        if name == "standby" {
            tokio::task::block_in_place(|| other.become_standby());
        }
        let server = Server::with_replica(&primary.url, replica).await;
        for number in 0..3 {
            let username = format!("{name}{number}");
            assert_eq!(server.user(&username, json!({})).await.status, 201);
            let listed = server.get(&format!("/core/users/?username={username}")).await;
            assert_eq!(listed.body["pagination"]["count"], 1, "{username}: {}", listed.body);
        }
        server.stop().await;
    }
}
