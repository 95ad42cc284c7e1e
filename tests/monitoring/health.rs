//! `/-/health/live/` and `/-/health/ready/`.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{Logged, until};
use crate::support::{
    Server,
    postgres::Postgres,
    program::{http_client, rollcall},
};

#[tokio::test]
async fn a_server_lives_and_is_ready_without_a_token() {
    let server = Server::start().await;
    let client = http_client().build().unwrap();
    for path in ["/-/health/live/", "/-/health/live", "/-/health/ready/", "/-/health/ready"] {
        let response = client.get(format!("{}{path}", server.url)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.json::<Value>().await.unwrap(), json!({"status": "ok"}));
        let head = client.head(format!("{}{path}", server.url)).send().await.unwrap();
        assert_eq!((head.status().as_u16(), head.text().await.unwrap()), (200, String::new()));
        let post = client.post(format!("{}{path}", server.url)).send().await.unwrap();
        assert_eq!(post.status(), 405);
    }
    assert_eq!(client.get(format!("{}/-/health/", server.url)).send().await.unwrap().status(), 404);
    server.stop().await;
}

#[tokio::test]
async fn many_who_ask_cost_few_statements() {
    let server = Server::start().await;
    let client = http_client().build().unwrap();
    let before = server.app.store.statements();
    let ask = || async { client.get(format!("{}/-/health/ready/", server.url)).send().await.unwrap().status() };
    let all = join_all((0..100).map(|_| ask())).await;
    assert!(all.iter().all(|status| *status == 200));
    assert!(server.app.store.statements() - before < 20);
    server.stop().await;
}

#[tokio::test]
async fn a_server_without_its_database_lives_but_is_not_ready() {
    let Some(postgres) = Postgres::start() else { return };
    let directory = tempfile::tempdir().unwrap();
    let mut command = rollcall(&directory.path().join("data"));
    let server = Logged::run(command.env("ROLLCALL_DATABASE_URL", &postgres.url), directory.path(), &[]);
    assert_eq!(server.get("/-/health/ready/").await.status(), 200);
    postgres.kill();
    sleep(Duration::from_secs(1)).await;
    let response = server.send(Method::GET, "/-/health/ready/", "probe", None).await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.json::<Value>().await.unwrap(), json!({"status": "the database doesn't answer"}));
    assert_eq!(server.get("/-/health/live/").await.status(), 200);
    let lines = server.wait_for(1, "not ready").await;
    assert!(lines.iter().any(|line| line.contains("not ready") && line.contains("request_id=\"probe\"")), "{lines:?}");
    postgres.restart("fast");
    until("readiness", async || (server.get("/-/health/ready/").await.status() == 200).then_some(())).await;
    server.stop();
}
