//! `GET /core/users/paths/`

use reqwest::Method;
use serde_json::json;

use crate::support::Server;

#[tokio::test]
async fn paths_are_distinct_and_sorted_and_only_for_superusers() {
    let server = Server::start().await;
    for (username, path) in [("a1", "z"), ("a2", "b/c"), ("b1", "z"), ("b2", "a")] {
        server.user(username, json!({"path": path})).await;
    }
    let paths = async |query: &str| server.get(&format!("/core/users/paths/{query}")).await;
    assert_eq!(paths("").await.body, json!({"paths": ["a", "b/c", "users", "z"]}));
    assert_eq!(paths("?search=A1").await.body, json!({"paths": ["z"]}));
    assert_eq!(paths("?search=nothing").await.body, json!({"paths": []}));
    let token = server.plain_token().await;
    let response = server.send(server.request(Method::GET, "/core/users/paths/").bearer_auth(token)).await;
    let denied = json!({"detail": "You do not have permission to perform this action."});
    assert_eq!(response.both(), (403, denied));
    server.stop().await;
}
