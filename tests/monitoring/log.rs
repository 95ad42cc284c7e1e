//! The log: what it says of starts, changes and refusals, and that nobody can forge its lines.

use std::{collections::BTreeSet, process::Stdio, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Logged, TOKEN};
use crate::support::{
    database::Database,
    program::{Running, http_client, rollcall},
    program_on,
};

/// A name that would begin a line of its own, and clear the terminal.
const FORGERY: &str = "eve\n2026-01-01T00:00:00Z  INFO forged\u{1b}[2J\u{202e}\"";

#[tokio::test]
async fn a_start_says_version_store_data_directory_migrations_and_address() {
    let (directory, database) = (tempfile::tempdir().unwrap(), Database::create().await);
    let start = || Logged::run(&mut program_on(&database), directory.path(), &[]);
    let first = start();
    let url = first.server.url.clone();
    let (lines, data) = (first.stop(), database.directory().display().to_string());
    let has = |lines: &[String], parts: &[&str]| {
        assert!(lines.iter().any(|line| parts.iter().all(|part| line.contains(part))), "{parts:?}: {lines:#?}");
    };
    let store = if database.is_postgres() { "database=\"postgres://" } else { "database=\"sqlite:" };
    has(&lines, &["starting", &format!("version=\"{}\"", env!("CARGO_PKG_VERSION")), store, &data]);
    has(&lines, &["migrations_run=[\"m0001_directory\", \"m0002_search\"", "\"m0006_parents_and_dates\""]);
    has(&lines, &["listening", &format!("url=\"{url}/\"")]);
    has(&lines, &["stopped"]);
    has(&start().stop(), &["migrations_run=[]"]);
    database.remove().await;
}

/// Makes each change once; the id of each request is its operation.
async fn change_everything(server: &Logged) {
    let send = async |operation: &str, method: Method, path: &str, body: Value| -> Value {
        let response = server.send(method, &format!("/api/v3/core/{path}"), operation, Some(body)).await;
        assert!(response.status().is_success(), "{operation}: {:?}", response.text().await);
        response.json().await.unwrap_or_default()
    };
    let (post, put, patch, delete) = (Method::POST, Method::PUT, Method::PATCH, Method::DELETE);
    let none = || json!({});
    let named = |name: &str| json!({"username": name, "name": "Name"});
    send("core_users_create", post.clone(), "users/", named("ada")).await;
    send("core_users_update", put.clone(), "users/2/", named("ada")).await;
    send("core_users_partial_update", patch.clone(), "users/2/", json!({"name": "Ada"})).await;
    send("core_users_set_password_create", post.clone(), "users/2/set_password/", json!({"password": "pass word"}))
        .await;
    let hash = "pbkdf2_sha256$870000$seasalt123$6PRlvCDTPz7oJrYKoaOiV8iQKJfT2sYxkNbQhzNqoHM=";
    let path = "users/2/set_password_hash/";
    send("core_users_set_password_hash_create", post.clone(), path, json!({"password": hash})).await;
    send("core_users_service_account_create", post.clone(), "users/service_account/", json!({"name": "bot"})).await;
    let group = send("core_groups_create", post.clone(), "groups/", json!({"name": "g"})).await;
    let group = format!("groups/{}/", group["pk"].as_str().unwrap());
    send("core_groups_update", put.clone(), &group, json!({"name": "h"})).await;
    send("core_groups_partial_update", patch.clone(), &group, json!({"name": "i"})).await;
    send("core_groups_add_user_create", post.clone(), &format!("{group}add_user/"), json!({"pk": 2})).await;
    send("core_groups_remove_user_create", post.clone(), &format!("{group}remove_user/"), json!({"pk": 2})).await;
    send("core_groups_destroy", delete.clone(), &group, none()).await;
    send("core_tokens_create", post.clone(), "tokens/", json!({"identifier": "t"})).await;
    send("core_tokens_update", put, "tokens/t/", json!({"identifier": "t"})).await;
    send("core_tokens_partial_update", patch, "tokens/t/", json!({"description": "d"})).await;
    send("core_tokens_set_key_create", post, "tokens/t/set_key/", json!({"key": "a-key-of-a-token"})).await;
    send("core_tokens_view_key_retrieve", Method::GET, "tokens/t/view_key/", none()).await;
    send("core_tokens_destroy", delete.clone(), "tokens/t/", none()).await;
    send("core_users_destroy", delete, "users/2/", none()).await;
}

/// The operations of the contract that change something, and the one that shows a secret.
fn changing_operations() -> BTreeSet<String> {
    let contract: Value = serde_json::from_str(rollcall::api::CONTRACT_JSON).unwrap();
    let paths = contract["paths"].as_object().unwrap().values();
    let methods = paths.flat_map(|path| path.as_object().unwrap().iter());
    let changing = methods.filter(|(method, _)| ["post", "put", "patch", "delete"].contains(&method.as_str()));
    let ids = changing.map(|(_, operation)| operation["operationId"].as_str().unwrap().to_owned());
    ids.chain(["core_tokens_view_key_retrieve".to_owned()]).collect()
}

#[tokio::test]
async fn each_change_is_a_line_with_who_made_it_the_object_and_the_request() {
    let (directory, database) = (tempfile::tempdir().unwrap(), Database::create().await);
    let server = Logged::run(&mut program_on(&database), directory.path(), &[]);
    change_everything(&server).await;
    let lines = server.stop();
    for operation in changing_operations() {
        let of_operation: Vec<&String> =
            lines.iter().filter(|line| line.contains(&format!("request_id=\"{operation}\""))).collect();
        let [line] = of_operation.as_slice() else { panic!("{operation}: {of_operation:?}") };
        assert!(line.contains("user=\"akadmin\"") && line.contains("INFO"), "{line}");
        let object = match operation.split('_').nth(1).unwrap() {
            "users" => "pk=",
            "groups" if operation.contains("_user_") => "group=",
            "groups" => "pk=",
            _ => "identifier=\"t\"",
        };
        assert!(line.contains(object), "{line}");
    }
    for secret in ["pass word", "seasalt", "a-key-of-a-token", TOKEN] {
        assert!(!lines.iter().any(|line| line.contains(secret)), "{secret}");
    }
    database.remove().await;
}

#[tokio::test]
async fn a_name_can_not_forge_a_line_or_control_a_terminal() {
    for format in ["text", "json"] {
        let directory = tempfile::tempdir().unwrap();
        let server = Logged::start(directory.path(), &["--log", "info,rollcall::http=debug", "--log-format", format]);
        let create = async |path: &str, body: Value| {
            let created = server.send(Method::POST, &format!("/api/v3/core/{path}"), "forge", Some(body)).await;
            assert!(created.status().is_success());
        };
        create("users/", json!({"username": FORGERY, "name": FORGERY})).await;
        create("groups/", json!({"name": FORGERY})).await;
        let path = "/api/v3/core/users/?search=%1b%5b2J%0aINFO+forged";
        assert_eq!(server.get(path).await.status(), 200);
        let lines = server.stop();
        assert!(lines.iter().all(|line| !line.contains(['\u{1b}', '\u{202e}']) && !line.starts_with("2026-01-01")));
        let created = lines.iter().filter(|line| line.contains("created") && line.contains("forged")).count();
        assert_eq!(created, 2, "{lines:#?}");
    }
}

#[tokio::test]
async fn each_refused_authentication_is_a_line_and_none_has_the_token() {
    let directory = tempfile::tempdir().unwrap();
    let server = Logged::start(directory.path(), &["--max-wrong-tokens", "2"]);
    let plain = server.send(Method::POST, "/api/v3/core/users/", "plain", Some(json!({"username": "p", "name": "p"})));
    assert_eq!(plain.await.status(), 201);
    let token = server.send(Method::POST, "/api/v3/core/tokens/", "token", Some(json!({"identifier": "t", "user": 2})));
    assert_eq!(token.await.status(), 201);
    let set = server.send(Method::POST, "/api/v3/core/tokens/t/set_key/", "set", Some(json!({"key": "key-of-plain"})));
    assert_eq!(set.await.status(), 204);
    let client = http_client().build().unwrap();
    let ask = async |id: &str, token: Option<&str>| {
        let request = client.delete(format!("{}/api/v3/core/users/1/", server.server.url)).header("x-request-id", id);
        let request =
            token.map_or_else(|| request.try_clone().unwrap(), |token| request.try_clone().unwrap().bearer_auth(token));
        request.send().await.unwrap().status().as_u16()
    };
    let expected = [
        ("none", None, 403, "credentials were not provided"),
        ("weak", Some("key-of-plain"), 403, "do not have permission"),
        ("wrong", Some("wrong-token-1"), 403, "Token invalid/expired"),
        ("wrong-2", Some("wrong-token-2"), 403, "Token invalid/expired"),
        ("too-many", Some("wrong-token-3"), 429, "throttled"),
    ];
    for (id, token, status, _) in expected {
        assert_eq!(ask(id, token).await, status, "{id}");
    }
    let lines = server.stop();
    for (id, _, _, reason) in expected {
        let refused = |line: &&String| line.contains(&format!("request_id=\"{id}\"")) && line.contains("refused");
        let of_request: Vec<&String> = lines.iter().filter(refused).collect();
        let [line] = of_request.as_slice() else { panic!("{id}: {lines:#?}") };
        for part in ["client=127.0.0.1", "method=DELETE", "path=\"/api/v3/core/users/1/\"", reason] {
            assert!(line.contains(part), "{part}: {line}");
        }
        assert_eq!(line.contains("user=\"p\""), id == "weak", "{line}");
    }
    assert!(!lines.iter().any(|line| line.contains("wrong-token") || line.contains("key-of-plain")));
}

#[tokio::test]
async fn json_lines_have_the_request_the_user_and_the_client() {
    let directory = tempfile::tempdir().unwrap();
    let arguments = ["--log-format", "json", "--log", "info,rollcall::http=debug", "--trusted-proxies", "127.0.0.1"];
    let server = Logged::start(directory.path(), &arguments);
    let request = http_client().build().unwrap().get(format!("{}/api/v3/core/users/me/?a=b", server.server.url));
    let request = request.bearer_auth(TOKEN).header("x-request-id", "mine").header("x-forwarded-for", "203.0.113.9");
    assert_eq!(request.send().await.unwrap().status(), 200);
    let lines: Vec<Value> = server.stop().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let responded = lines.iter().find(|line| line["message"] == "responded").unwrap();
    assert_eq!(responded["span"], json!({"name": "request", "request_id": "mine", "user": "akadmin"}));
    assert_eq!(responded["client"], "203.0.113.9");
    assert_eq!((&responded["method"], &responded["uri"]), (&json!("GET"), &json!("/api/v3/core/users/me/?a=b")));
    assert_eq!(responded["status"], 200);
    assert!(responded["elapsed"].as_str().unwrap().ends_with('s'));
    assert!(lines.iter().any(|line| line["message"] == "listening" && line["level"] == "INFO"));
}

#[tokio::test]
async fn a_log_that_nobody_reads_stalls_no_request() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = rollcall(directory.path());
    command.args(["serve", "--log", "info,rollcall::http=debug"]).env("ROLLCALL_BOOTSTRAP_TOKEN", TOKEN);
    let mut server = Running::start_with_log(&mut command, Stdio::piped());
    let client = http_client().build().unwrap();
    // More than a pipe holds.
    let url = format!("{}/api/v3/root/config/?{}", server.url, "x".repeat(4_000));
    let requests = async {
        for _ in 0..100 {
            assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
        }
    };
    timeout(Duration::from_secs(20), requests).await.expect("no request waits for the log");
    server.signal("TERM");
    assert!(server.child.wait().unwrap().success());
}
