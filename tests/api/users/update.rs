//! `PUT`, `PATCH` and `DELETE /core/users/{id}/`

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN, NOBODY, Response, Server};

impl Server {
    /// Sends a JSON body with any method.
    pub async fn send_json(&self, method: Method, path: &str, body: Value) -> Response {
        self.send(self.request(method, path).bearer_auth(ADMIN).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Response {
        self.send_json(Method::PUT, path, body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Response {
        self.send_json(Method::PATCH, path, body).await
    }

    pub async fn delete(&self, path: &str) -> Response {
        self.send(self.request(Method::DELETE, path).bearer_auth(ADMIN)).await
    }
}

/// A user with every field set, and its path.
async fn full(server: &Server) -> (String, Value) {
    let group = server.group(json!({"name": "g"})).await;
    let fields = json!({
        "email": "a@example.com", "is_active": false, "last_login": "2024-05-06T07:08:09Z", "groups": [group],
        "attributes": {"a": 1}, "path": "p", "type": "external"
    });
    let user = server.user("full", fields).await.body;
    (format!("/core/users/{}/", user["pk"]), user)
}

#[tokio::test]
async fn a_put_keeps_omitted_fields_except_the_groups() {
    let server = Server::start().await;
    let (path, mut user) = full(&server).await;
    let response = server.put(&path, json!({"username": "full", "name": "m"})).await;
    for (field, value) in [("name", json!("m")), ("groups", json!([])), ("groups_obj", json!([]))] {
        user[field] = value;
    }
    // The avatar shows the initials.
    for field in ["avatar", "last_updated"] {
        user[field] = response.body[field].clone();
    }
    assert_eq!(response.both(), (200, user.clone()));
    assert_eq!(server.get(&path).await.body, user);
    let required = json!(["This field is required."]);
    assert_eq!(server.put(&path, json!({})).await.both(), (400, json!({"username": required, "name": required})));
    server.stop().await;
}

#[tokio::test]
async fn a_patch_changes_the_given_fields_and_distinguishes_null_from_omitted() {
    let server = Server::start().await;
    let (path, mut user) = full(&server).await;
    let unchanged = server.patch(&path, json!({})).await;
    user["last_updated"] = unchanged.body["last_updated"].clone();
    assert_eq!(unchanged.both(), (200, user.clone()));
    assert_eq!(server.patch(&path, json!({"last_login": null})).await.body["last_login"], Value::Null);
    let admins = server.get("/core/groups/?is_superuser=true").await.body["results"][0]["pk"].clone();
    let change = json!({
        "username": " renamed ", "email": "", "is_active": true, "last_login": "2020-01-01T01:00:00+01:00",
        "groups": [admins], "attributes": {"b": [2]}, "path": "q/r", "type": "internal"
    });
    let changed = server.patch(&path, change.clone()).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    for (field, value) in change.as_object().unwrap() {
        user[field] = value.clone();
    }
    user["username"] = json!("renamed");
    user["last_login"] = json!("2020-01-01T00:00:00Z");
    user["is_superuser"] = json!(true);
    assert_eq!(changed.body["groups_obj"][0]["pk"], admins);
    user["groups_obj"] = changed.body["groups_obj"].clone();
    for field in ["avatar", "last_updated"] {
        user[field] = changed.body[field].clone();
    }
    assert_eq!(changed.body, user);
    assert_eq!(server.get(&path).await.body, user);
    let declined = server.patch(&format!("{path}?include_groups=false"), json!({"groups": []})).await;
    assert_eq!((&declined.body["groups"], &declined.body["groups_obj"]), (&json!([]), &Value::Null));
    server.stop().await;
}

#[tokio::test]
async fn an_invalid_change_is_reported_and_changes_nothing() {
    let server = Server::start().await;
    let (path, user) = full(&server).await;
    server.user("taken", json!({})).await;
    let unique = "This field must be unique.";
    let unknown = format!("Invalid pk \"{NOBODY}\" - object does not exist.");
    for (change, expected) in [
        (json!({"username": "taken"}), json!({"username": [unique]})),
        (json!({"username": null}), json!({"username": ["This field may not be null."]})),
        (json!({"username": ""}), json!({"username": ["This field may not be blank."]})),
        (json!({"groups": [NOBODY], "name": "x"}), json!({"groups": [unknown]})),
        (
            json!({"groups": [user["groups"][0], NOBODY], "username": "taken"}),
            json!({"groups": [unknown], "username": [unique]}),
        ),
        (json!({"groups": ["x"]}), json!({"groups": ["“x” is not a valid UUID."]})),
        (json!({"path": "/"}), json!({"path": ["No leading or trailing slashes allowed."]})),
        (
            json!({"type": "internal_service_account"}),
            json!({"type": ["Setting a user to internal service account is not allowed."]}),
        ),
        (
            json!({"username": "taken", "email": "x", "groups": [NOBODY]}),
            json!({"username": [unique], "email": ["Enter a valid email address."], "groups": [unknown]}),
        ),
        (json!([]), json!({"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]})),
    ] {
        assert_eq!(server.patch(&path, change.clone()).await.both(), (400, expected), "{change}");
        assert_eq!(server.get(&path).await.body, user, "{change}");
    }
    assert_eq!(server.patch(&path, json!({"username": "full"})).await.status, 200, "its own name is not taken");
    server.stop().await;
}

#[tokio::test]
async fn not_found_comes_before_the_body_is_read() {
    let server = Server::start().await;
    let token = server.plain_token().await;
    for (method, body) in [(Method::PUT, "{"), (Method::PATCH, "{"), (Method::DELETE, "{")] {
        let request = |path: &str| {
            server.request(method.clone(), path).header("content-type", "application/json").body(body.to_owned())
        };
        let unknown = json!({"detail": "No User matches the given query."});
        for id in ["999999999", "99999999999"] {
            let response = server.send(request(&format!("/core/users/{id}/")).bearer_auth(ADMIN)).await;
            assert_eq!(response.both(), (404, unknown.clone()));
        }
        let denied = json!({"detail": "You do not have permission to perform this action."});
        assert_eq!(server.send(request("/core/users/1/").bearer_auth(&token)).await.both(), (403, denied));
    }
    server.stop().await;
}

#[tokio::test]
async fn deleting_a_user_deletes_its_memberships_and_tokens_and_nothing_else() {
    let server = Server::start().await;
    let (path, user) = full(&server).await;
    server.user("other", json!({"groups": user["groups"]})).await;
    server.patch(&path, json!({"is_active": true})).await;
    server.token("full", "t", "the-token").await;
    let me = || server.send(server.request(Method::GET, "/core/users/me/").bearer_auth("the-token"));
    assert_eq!(me().await.status, 200);
    assert_eq!(server.delete(&path).await.status, 204);
    assert_eq!(me().await.status, 403);
    let unknown = (404, json!({"detail": "No User matches the given query."}));
    assert_eq!(server.get(&path).await.both(), unknown);
    assert_eq!(server.delete(&path).await.both(), unknown);
    let group = server.get(&format!("/core/groups/{}/", user["groups"][0].as_str().unwrap())).await.body;
    assert_eq!(group["users_obj"][0]["username"], json!("other"));
    server.stop().await;
}

#[tokio::test]
async fn the_last_active_superuser_stays() {
    let server = Server::start().await;
    let last = json!({"non_field_errors": ["At least one active superuser must remain."]});
    let group = server.get("/core/groups/").await.body["results"][0]["pk"].as_str().unwrap().to_owned();
    let group = format!("/core/groups/{group}/");
    assert_eq!(server.delete("/core/users/1/").await.both(), (400, last.clone()));
    assert_eq!(server.patch("/core/users/1/", json!({"is_active": false})).await.both(), (400, last.clone()));
    assert_eq!(server.patch("/core/users/1/", json!({"groups": []})).await.both(), (400, last.clone()));
    assert_eq!(server.put("/core/users/1/", json!({"username": "a", "name": ""})).await.both(), (400, last.clone()));
    assert_eq!(server.patch(&group, json!({"is_superuser": false})).await.both(), (400, last.clone()));
    assert_eq!(server.patch(&group, json!({"users": []})).await.both(), (400, last.clone()));
    assert_eq!(server.delete(&group).await.both(), (400, last.clone()));
    assert_eq!(server.post(&format!("{group}remove_user/"), json!({"pk": 1})).await.both(), (400, last));
    assert_eq!(server.get("/core/users/me/").await.body["user"]["username"], json!("akadmin"), "nothing changed");
    let second = server.user("second", json!({"groups": [&group[13..49]]})).await.body;
    assert_eq!(server.patch("/core/users/1/", json!({"groups": []})).await.status, 200);
    assert_eq!(second["is_superuser"], json!(true));
    server.stop().await;
}

/// When both of two superusers are deactivated at once, one must remain.
#[tokio::test]
async fn two_superusers_cannot_be_deactivated_at_once() {
    let server = Server::start().await;
    let group = server.get("/core/groups/").await.body["results"][0]["pk"].clone();
    for round in 0..5 {
        let second = server.user(&format!("second{round}"), json!({"groups": [group]})).await.body["pk"].clone();
        server.token(&format!("second{round}"), &format!("t{round}"), &format!("key{round}")).await;
        let deactivate = |pk: &Value| {
            let request = server.request(Method::PATCH, &format!("/core/users/{pk}/"));
            server.send(request.bearer_auth(format!("key{round}")).json(&json!({"is_active": false})))
        };
        let responses = join_all([deactivate(&json!(1)), deactivate(&second)]).await;
        let mut statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
        statuses.sort_unstable();
        assert!(statuses == [200, 400] || statuses == [200, 403], "{statuses:?}");
        // The remaining superuser reactivates the other for the next round.
        for token in [ADMIN, &format!("key{round}")] {
            let request = server.request(Method::PATCH, "/core/users/1/").bearer_auth(token);
            server.send(request.json(&json!({"is_active": true}))).await;
        }
        assert_eq!(server.delete(&format!("/core/users/{second}/")).await.status, 204);
    }
    server.stop().await;
}

/// Statements besides BEGIN and COMMIT: one each to read the user, to change it, and to read its groups.
#[tokio::test]
async fn a_change_takes_three_statements() {
    let server = Server::start().await;
    let group = server.group(json!({"name": "g"})).await;
    let user = server.user("u", json!({"groups": [group]})).await.body["pk"].clone();
    let path = format!("/core/users/{user}/");
    let (statements, response) = server.count_statements(server.patch(&path, json!({"name": "New"}))).await;
    assert_eq!((response.status, statements), (200, 3));
    assert_eq!(response.body["groups"], json!([group]));
    server.stop().await;
}
