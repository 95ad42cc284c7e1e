//! `POST /core/users/{id}/set_password/`

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::Server;

#[tokio::test]
async fn a_password_is_set_if_it_is_long_enough() {
    let server = Server::start().await;
    let path = format!("/core/users/{}/set_password/", server.user("ada", json!({})).await.body["pk"]);
    assert_eq!(server.post(&path, json!({"password": " pass word "})).await.status, 204);
    for (body, expected) in [
        (json!({}), "This field is required."),
        (json!({"password": ""}), "This field may not be blank."),
        (json!({"password": 12_345_678}), "Not a valid string."),
        (json!({"password": "seven 7"}), "Ensure this field has at least 8 characters."),
    ] {
        assert_eq!(server.post(&path, body.clone()).await.both(), (400, json!({"password": [expected]})), "{body}");
    }
    let unknown = server.post_bytes("/core/users/999/set_password/", "{").await;
    assert_eq!(unknown.both(), (404, json!({"detail": "No User matches the given query."})));
    let plain = server.plain_token().await;
    let request = server.request(Method::POST, &path).bearer_auth(plain).json(&json!({"password": "long enough"}));
    assert_eq!(server.send(request).await.status, 403);
    server.stop().await;
}

#[tokio::test]
async fn a_burst_of_passwords_is_hashed_or_refused_with_503() {
    let server = Server::start().await;
    let path = format!("/core/users/{}/set_password/", server.user("ada", json!({})).await.body["pk"]);
    let set = || server.post(&path, json!({"password": "pass word"}));
    // As many as fit are hashed or wait; the server hasn't finished them when the others arrive.
    let fitting = std::thread::available_parallelism().unwrap().get() + 64;
    let responses = join_all((0..2 * fitting).map(|_| set())).await;
    let (refused, set_at_once): (Vec<_>, Vec<_>) = responses.iter().partition(|response| response.status == 503);
    assert!(set_at_once.iter().all(|response| response.status == 204));
    assert!(set_at_once.len() >= fitting, "{} fit", set_at_once.len());
    assert!(!refused.is_empty());
    assert!(refused.iter().all(|response| response.header("retry-after") == "1"));
    for _ in 0..3 {
        assert_eq!(set().await.status, 204, "the server has recovered");
    }
    server.stop().await;
}
