//! Who may call which operation, by the contract; and that nobody else gets anywhere.

use reqwest::Method;
use rollcall::api::{Callers, docs};
use serde_json::{Value, json};

use crate::support::{ADMIN, Server};

const DENIED: &str = "You do not have permission to perform this action.";

#[tokio::test]
async fn every_operation_is_called_only_by_those_who_may() {
    let server = Server::start().await;
    let plain = server.plain_token().await;
    let (mut open, mut of_users, mut of_superusers) = (0, 0, 0);
    for operation in docs() {
        let path = operation.path().replace("{id}", "1").replace("{identifier}", "none");
        let path = path.replace("{group_uuid}", "5f0c5f5e-0000-4000-8000-00000000dead");
        // Neither the query nor the body is looked at before the rights are.
        for query in ["", "?page=0&uuid=x&is_active=x&attributes=x&groups_by_pk=x"] {
            let path = format!("{path}{query}");
            let context = format!("{} {path}", operation.method());
            let request = || {
                let request =
                    server.request(operation.method().clone(), &path).header("content-type", "application/json");
                request.body(if *operation.method() == Method::GET { "" } else { "{" })
            };
            let nobody = server.send(request()).await;
            let user = server.send(request().bearer_auth(&plain)).await;
            match operation.callers() {
                None => {
                    assert_eq!(nobody.status, user.status, "{context}");
                    assert_ne!(nobody.status, 403, "{context}");
                    open += 1;
                }
                Some(callers) => {
                    let missing = json!({"detail": "Authentication credentials were not provided."});
                    assert_eq!(nobody.both(), (403, missing), "{context}");
                    if callers == Callers::Superusers {
                        assert_eq!(user.both(), (403, json!({"detail": DENIED})), "{context}");
                        assert_ne!(server.send(request().bearer_auth(ADMIN)).await.status, 403, "{context}");
                        of_superusers += 1;
                    } else {
                        assert_ne!(user.status, 403, "{context}");
                        of_users += 1;
                    }
                }
            }
        }
    }
    // Two queries each; the numbers are the contract's.
    assert_eq!((open, of_users, of_superusers), (2 * 2, 2 * 11, 2 * 20));
    server.stop().await;
}

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
