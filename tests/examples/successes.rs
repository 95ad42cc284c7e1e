//! Examples of successful requests, in an order that gives every object the id it has in the examples.

use serde_json::{Value, json};

use super::session::{Session, plain};
use crate::support::{ADMIN, Response};

/// Sends the request example `key`, which the response example of the same key answers.
async fn exchange(session: &Session, id: &str, key: &str, values: &[(&str, &str)]) -> Response {
    let response = session.send(id, key, values).await;
    session.check(id, key, &response);
    response
}

async fn returns(session: &Session, id: &str, key: &str, query: &str) {
    let operation = session.operation(id);
    let path = session.path(&operation, &[]);
    let response = session.server.get(&format!("{path}{query}")).await;
    session.check(id, key, &response);
}

fn pk(response: &Response) -> String {
    plain(&response.body["pk"])
}

/// Groups, users and tokens.
pub async fn directory(session: &mut Session) {
    let server = &session.server;
    returns(session, "core_users_me_retrieve", "administrator", "").await;
    exchange(session, "core_groups_create", "minimal", &[]).await;
    let operations = pk(&exchange(session, "core_groups_create", "full", &[]).await);
    returns(session, "core_groups_list", "one", "?name=Engineering").await;
    returns(session, "core_groups_retrieve", "minimal", "").await;
    session.check("core_groups_retrieve", "full", &server.get(&format!("/core/groups/{operations}/")).await);

    exchange(session, "core_users_create", "common", &[]).await;
    let grace = pk(&exchange(session, "core_users_create", "full", &[]).await);
    returns(session, "core_users_list", "one", "?username=ada").await;
    returns(session, "core_users_retrieve", "common", "").await;
    returns(session, "core_users_paths_retrieve", "paths", "").await;
    let alan = pk(&session.send("core_users_create", "minimal", &[]).await);

    // Members make the groups differ from their examples, so groups come first.
    let rename = json!({"name": "Research"});
    let engineering = session.path(&session.operation("core_groups_retrieve"), &[]);
    patch(session, &engineering, rename).await;
    session.check(
        "core_groups_partial_update",
        "minimal",
        &session.send("core_groups_partial_update", "name", &[]).await,
    );
    session.check("core_groups_update", "minimal", &session.send("core_groups_update", "minimal", &[]).await);
    let compilers = pk(&exchange(session, "core_groups_create", "child", &[]).await);
    let toolchains = pk(&exchange(session, "core_groups_create", "childOfTwo", &[]).await);
    session.send("core_groups_update", "full", &[("group_uuid", &operations)]).await;
    // The administrator of the examples is only in the group of the administrators.
    patch(session, &format!("/core/groups/{operations}/"), json!({"users": []})).await;
    session.send("core_groups_update", "child", &[("group_uuid", &compilers)]).await;
    session.send("core_groups_update", "childOfTwo", &[("group_uuid", &toolchains)]).await;
    patch(session, &format!("/core/groups/{toolchains}/"), json!({"parents": []})).await;
    session.send("core_groups_add_user_create", "member", &[]).await;
    returns(session, "core_groups_used_by_list", "some", "").await;
    session.send("core_groups_remove_user_create", "member", &[]).await;

    patch(session, "/core/users/2/", json!({"name": "Ada Byron"})).await;
    session.check("core_users_partial_update", "common", &session.send("core_users_partial_update", "name", &[]).await);
    session.check("core_users_update", "common", &session.send("core_users_update", "common", &[]).await);
    let katherine = pk(&exchange(session, "core_users_create", "inGroup", &[]).await);
    for (key, id) in [("minimal", &alan), ("full", &grace), ("inGroup", &katherine)] {
        session.send("core_users_update", key, &[("id", id)]).await;
    }
    session.send("core_users_set_password_create", "password", &[]).await;
    session.send("core_users_set_password_hash_create", "pbkdf2", &[]).await;
    server.post("/core/tokens/", json!({"identifier": "katherine-api", "user": 5})).await;
    let used_by = session.path(&session.operation("core_users_used_by_list"), &[("id", &katherine)]);
    session.check("core_users_used_by_list", "some", &server.get(&used_by).await);

    exchange(session, "core_tokens_create", "common", &[]).await;
    session.send("core_tokens_create", "minimal", &[]).await;
    returns(session, "core_tokens_list", "one", "?identifier=backup").await;
    returns(session, "core_tokens_retrieve", "common", "").await;
    returns(session, "core_tokens_used_by_list", "none", "").await;
    returns(session, "core_tokens_view_key_retrieve", "key", "").await;
    patch(session, "/core/tokens/backup/", json!({"description": "Weekly backup"})).await;
    let described = session.send("core_tokens_partial_update", "description", &[]).await;
    session.check("core_tokens_partial_update", "common", &described);
    exchange(session, "core_tokens_update", "common", &[]).await;
    session.send("core_tokens_update", "minimal", &[("identifier", "monitoring")]).await;
    session.send("core_tokens_set_key_create", "key", &[]).await;

    let config = server.send(session.request(&session.operation("root_config_retrieve"), &[])).await;
    session.check("root_config_retrieve", "config", &config);
    returns(session, "admin_version_retrieve", "version", "").await;
}

async fn patch(session: &Session, path: &str, body: Value) -> Value {
    let request = session.server.request(reqwest::Method::PATCH, path).bearer_auth(ADMIN).json(&body);
    let response = session.server.send(request).await;
    assert_eq!(response.status, 200, "{}", response.body);
    response.body
}

/// Each example of a query parameter finds something in the directory of the other examples, which has no roles.
pub async fn parameters(session: &Session) {
    let server = &session.server;
    server.post("/core/tokens/", json!({"identifier": "ada", "user": 2, "managed": "example.com/backup"})).await;
    server.post("/core/groups/", json!({"name": "Canada", "users": [2]})).await;
    // The one who changed last.
    let changed = patch(session, "/core/users/1/", json!({})).await;
    session.stand_for("2026-05-06T10:11:12.345678Z", &changed["last_updated"]);
    let mut without_example = Vec::new();
    for operation in session.operations() {
        for parameter in operation.json["parameters"].as_array().into_iter().flatten() {
            let parameter = session.resolve(parameter);
            let name = parameter["name"].as_str().unwrap();
            if parameter["example"].is_null() {
                without_example.push(format!("{} {name}", operation.id));
            } else if parameter["in"] == "query" && operation.method == "GET" {
                let example = session.real(&parameter["example"]);
                let values = example.as_array().cloned().unwrap_or_else(|| vec![example]);
                let query: Vec<_> = values.iter().map(|value| (name, plain(value))).collect();
                let response = server.send(session.request(&operation, &[]).bearer_auth(ADMIN).query(&query)).await;
                let expected = if name.starts_with("roles_by_") { 400 } else { 200 };
                assert_eq!(response.status, expected, "{} {query:?}: {}", operation.id, response.body);
                let mut lists = ["results", "paths"].iter().filter_map(|list| response.body[list].as_array());
                assert!(lists.all(|list| !list.is_empty()), "{} {query:?} finds nothing", operation.id);
            }
        }
    }
    assert!(without_example.is_empty(), "parameters without an example: {without_example:?}");
}

/// Their users have the first ids of a server.
pub async fn service_accounts(session: &Session) {
    exchange(session, "core_users_service_account_create", "minimal", &[]).await;
    exchange(session, "core_users_service_account_create", "withGroup", &[]).await;
}
