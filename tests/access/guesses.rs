//! Guessing of tokens, which others at the same address don't suffer from.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::{ADMIN, Response, Server};

/// A request with this token, which the last proxy says to be from `client`.
async fn me(server: &Server, token: &str, client: &str) -> Response {
    let request = server.request(Method::GET, "/core/users/me/").bearer_auth(token);
    server.send(if client.is_empty() { request } else { request.header("x-forwarded-for", client) }).await
}

/// Tries so many wrong tokens, short and long ones, 32 at a time. Returns how many were looked at; the others got 429.
async fn guess(server: &Server, number: usize, client: impl Fn(usize) -> String) -> usize {
    let guesses = |from: usize| {
        let client = &client;
        async move {
            let mut looked_at = 0;
            for guess in (from..number).step_by(32) {
                let width = if guess % 2 == 0 { 0 } else { 40 };
                let response = me(server, &format!("guess-{guess:0width$}"), &client(guess)).await;
                match response.status {
                    403 => {
                        assert_eq!(response.body, json!({"detail": "Token invalid/expired"}));
                        looked_at += 1;
                    }
                    _ => assert_throttled(&response),
                }
            }
            looked_at
        }
    };
    join_all((0..32).map(guesses)).await.into_iter().sum()
}

fn assert_throttled(response: &Response) {
    let wait: u64 = response.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let seconds = if wait == 1 { "second" } else { "seconds" };
    let detail = format!("Request was throttled. Expected available in {wait} {seconds}.");
    assert_eq!(response.both(), (429, json!({ "detail": detail })));
}

/// The most wrong tokens that are looked at in the time since `start`: 20, then after 1, 3, 7 seconds and so on.
fn most(start: Instant) -> usize {
    20 + (start.elapsed().as_secs() + 1).ilog2() as usize
}

/// Tries wrong tokens with this beginning until one gets 429. Returns that response, and how many statements it took.
async fn throttled(server: &Server, beginning: &str, client: &str) -> (u64, Response) {
    for number in 0..100 {
        let (statements, response) = server.count_statements(me(server, &format!("{beginning}{number}"), client)).await;
        if response.status != 403 {
            assert_throttled(&response);
            return (statements, response);
        }
    }
    panic!("none gets 429");
}

#[tokio::test(flavor = "multi_thread")]
async fn few_guesses_are_looked_at_and_tokens_that_worked_go_on_working() {
    let server = Server::start().await;
    let plain = server.plain_token().await;
    assert_eq!(me(&server, &plain, "").await.status, 200);
    let start = Instant::now();
    let (looked_at, others) = tokio::join!(guess(&server, 3_200, |_| String::new()), async {
        let mut statuses = Vec::new();
        for _ in 0..100 {
            statuses.push((me(&server, ADMIN, "").await.status, me(&server, &plain, "").await.status));
        }
        statuses
    });
    println!("{looked_at} of 3,200 guesses were looked at in {:?}", start.elapsed());
    assert!((20..=most(start)).contains(&looked_at), "{looked_at}");
    assert!(others.iter().all(|both| *both == (200, 200)), "{others:?}");

    // A token that was looked at is known to be wrong, and costs nothing further.
    assert_eq!(me(&server, "guess-0", "").await.status, 403);
    assert_eq!(throttled(&server, "short", "").await.0, 0, "it is not looked up");
    // A key that the server made can't be a guess: it works although nobody has used it yet.
    assert_eq!(server.post("/core/tokens/", json!({"identifier": "unused"})).await.status, 201);
    let made = server.get("/core/tokens/unused/view_key/").await.body["key"].as_str().unwrap().to_owned();
    assert_eq!(me(&server, &made, "").await.status, 200);
    assert_eq!(throttled(&server, &made[1..], "").await.0, 1, "a long one is, but nothing is told of it");
    // Other mistakes are told as ever.
    for header in ["", "Bearer", "Basic x"] {
        let request = server.request(Method::GET, "/core/users/me/").header("authorization", header);
        assert_eq!(server.send(request).await.status, 403);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_begins_with_many_requests_at_once_is_served() {
    let server = Server::start().await;
    let responses = join_all((0..100).map(|_| me(&server, ADMIN, ""))).await;
    assert!(responses.iter().all(|response| response.status == 200));
    let responses = join_all((0..100).map(|_| me(&server, "an old token", ""))).await;
    assert!(responses.iter().all(|response| response.status == 403));
    assert_eq!(me(&server, "another", "").await.status, 403);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_wait_one_more_is_looked_at() {
    let server = Server::start().await;
    let plain = server.plain_token().await;
    assert!(guess(&server, 100, |_| String::new()).await >= 20);
    let (_, response) = throttled(&server, "until", "").await;
    let wait = response.header("retry-after").parse().unwrap();
    tokio::time::sleep(Duration::from_secs(wait)).await;
    // A short one that is valid, and was never used here.
    assert_eq!(me(&server, &plain, "").await.status, 200);
    assert_eq!(me(&server, "late", "").await.status, 403, "the valid one took nothing");
    assert_throttled(&me(&server, "later", "").await);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_each_client_guesses_for_itself() {
    let server = Server::with_proxies("127.0.0.0/8, 10.0.0.0/8").await;
    let plain = server.plain_token().await;
    let start = Instant::now();
    // What the client itself says of others changes nothing.
    let spoofed = |guess: usize| format!("198.51.100.{}, 203.0.113.9, 10.0.0.7", guess % 250);
    let looked_at = guess(&server, 640, spoofed).await;
    assert!((20..=most(start)).contains(&looked_at), "{looked_at}");
    throttled(&server, "another", "203.0.113.9").await;
    assert_eq!(me(&server, &plain, "203.0.113.8").await.status, 200, "another client of the same proxy");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_header_of_others_than_trusted_proxies_is_ignored() {
    for trusted in ["", "10.0.0.0/8"] {
        let server = Server::with_proxies(trusted).await;
        let start = Instant::now();
        let looked_at = guess(&server, 640, |guess| format!("203.0.113.{}", guess % 250)).await;
        assert!((20..=most(start)).contains(&looked_at), "{looked_at}");
        server.stop().await;
    }
}
