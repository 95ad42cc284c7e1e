//! What a caller may not become. Who may call which operation is in `authorization.rs`.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Server;

const DENIED: &str = "You do not have permission to perform this action.";

#[tokio::test]
async fn nobody_makes_superusers_without_being_one() {
    let server = Server::start().await;
    let plain = server.plain_token().await;
    let user = server.get("/core/users/?username=plain").await.body["results"][0].clone();
    let root = server.group(json!({"name": "root", "is_superuser": true})).await;
    let below = server.group(json!({"name": "below", "parent": root})).await;
    let own = server.group(json!({"name": "own", "users": [user["pk"]]})).await;
    let pk = &user["pk"];
    let attempts = [
        (Method::POST, format!("/core/groups/{root}/add_user/"), json!({"pk": pk})),
        (Method::POST, format!("/core/groups/{below}/add_user/"), json!({"pk": pk})),
        (Method::PATCH, format!("/core/groups/{below}/"), json!({"users": [pk]})),
        (Method::PUT, format!("/core/groups/{below}/"), json!({"name": "below", "users": [pk]})),
        (Method::PATCH, format!("/core/groups/{own}/"), json!({"is_superuser": true})),
        (Method::PATCH, format!("/core/groups/{own}/"), json!({"parent": root})),
        (Method::PATCH, format!("/core/groups/{own}/"), json!({"parents": [below]})),
        (Method::POST, "/core/groups/".into(), json!({"name": "new", "is_superuser": true, "users": [pk]})),
        (Method::PATCH, format!("/core/users/{pk}/"), json!({"groups": [below]})),
        (Method::PUT, format!("/core/users/{pk}/"), json!({"username": "plain", "name": "n", "groups": [root]})),
        (Method::PATCH, "/core/users/me/".into(), json!({"groups": [root]})),
        (Method::POST, "/core/users/".into(), json!({"username": "new", "name": "n", "groups": [root]})),
        (Method::POST, "/core/users/service_account/".into(), json!({"name": "root2", "create_group": true})),
    ];
    for (method, path, body) in attempts {
        let response = server.send(server.request(method.clone(), &path).bearer_auth(&plain).json(&body)).await;
        assert_eq!(response.both(), (403, json!({"detail": DENIED})), "{method} {path} {body}");
    }
    // A token is one's own, whoever's it is to be.
    let token = json!({"identifier": "theirs", "user": 1});
    let response = server.send(server.request(Method::POST, "/core/tokens/").bearer_auth(&plain).json(&token)).await;
    assert_eq!((response.status, &response.body["user"]), (201, pk));
    let patch = server.request(Method::PATCH, "/core/tokens/theirs/").bearer_auth(&plain).json(&json!({"user": 1}));
    assert_eq!(server.send(patch).await.body["user"], *pk);
    let me = server.send(server.request(Method::GET, "/core/users/me/").bearer_auth(&plain)).await;
    assert_eq!(me.body["user"]["is_superuser"], Value::Bool(false));
    server.stop().await;
}
