//! The input is a byte that chooses an operation, and a body for it. Objects that it creates are deleted, and those that
//! it changes are changed back, so that an input does the same each time.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use poem::http::Method;
use rollcall_fuzz::{Answer, FIXED_KEY, Server, fixed_user, members, trimmed};
use serde_json::{Value, json};

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let server = Server::start();
    server.index();
    server
});

const USER: &str = "/core/users/7/";
const TOKEN: &str = "/core/tokens/fixed/";

/// The most characters of a username.
const MAX_USERNAME: usize = 150;

/// The most attributes that are searched for.
const FEW: usize = 4;

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((choice, body)) = input.split_first() else { return Corpus::Reject };
    let body = SERVER.with_ids(body);
    match choice % 8 {
        0 => create_user(body),
        1 => create_group(body),
        2 => create_token(body),
        3 => change_user(body),
        4 => set_key(body),
        5 => create_service_account(body),
        6 => add_user(body),
        _ => set_password_hash(body),
    }
    Corpus::Keep
});

fn create_user(body: Vec<u8>) {
    let Some(user) = create("/core/users/", &body) else { return };
    check_texts(&body, &user, &["username", "name"]);
    check_attributes(&body, &user);
    check_username(&body, "username");
    let path = format!("/core/users/{}/", user["pk"]);
    check_stored(&path, &user);
    SERVER.index();
    check_listed("/core/users/", "username", &user);
    SERVER.delete(&path);
}

fn create_group(body: Vec<u8>) {
    let Some(group) = create("/core/groups/", &body) else { return };
    check_texts(&body, &group, &["name"]);
    check_attributes(&body, &group);
    let path = format!("/core/groups/{}/", text(&group["pk"]));
    check_stored(&path, &group);
    check_listed("/core/groups/", "name", &group);
    SERVER.delete(&path);
}

fn create_token(body: Vec<u8>) {
    let Some(token) = create("/core/tokens/", &body) else { return };
    check_texts(&body, &token, &["identifier", "description"]);
    let path = format!("/core/tokens/{}/", text(&token["identifier"]));
    check_stored(&path, &token);
    SERVER.delete(&path);
}

fn change_user(body: Vec<u8>) {
    let answer = SERVER.send(Method::PATCH, USER, body.clone()).expect(&[200, 400]);
    if answer.status == 200 {
        check_texts(&body, &answer.body, &["username", "name"]);
        check_attributes(&body, &answer.body);
        check_username(&body, "username");
        check_stored(USER, &answer.body);
        SERVER.index();
        SERVER.send(Method::PUT, USER, fixed_user().to_string().into()).expect(&[200]);
    }
}

fn set_key(body: Vec<u8>) {
    let path = format!("{TOKEN}set_key/");
    if SERVER.post(&path, body.clone()).expect(&[204, 400]).status == 204 {
        let key = SERVER.get(&format!("{TOKEN}view_key/")).expect(&[200]).body;
        if let Some(sent) = members(&body).get("key") {
            assert_eq!(key["key"], *sent, "another key was stored");
        }
        SERVER.post(&path, json!({"key": FIXED_KEY}).to_string()).expect(&[204]);
    }
}

fn create_service_account(body: Vec<u8>) {
    let Answer { status, body: account, .. } =
        SERVER.post("/core/users/service_account/", body.clone()).expect(&[200, 400]);
    if status != 200 {
        return;
    }
    check_username(&body, "name");
    let path = format!("/core/users/{}/", account["user_pk"]);
    let user = SERVER.get(&path).expect(&[200]).body;
    assert_eq!(user["username"], account["username"]);
    if let Some(group) = account.get("group_pk") {
        let path = format!("/core/groups/{}/", text(group));
        assert_eq!(SERVER.get(&path).expect(&[200]).body["users"], json!([account["user_pk"]]));
        SERVER.delete(&path);
    }
    SERVER.index();
    SERVER.delete(&path);
}

fn add_user(body: Vec<u8>) {
    let group = SERVER.group_path();
    if SERVER.post(&format!("{group}add_user/"), body).expect(&[204, 400, 404]).status == 204 {
        let users = SERVER.get(&group).expect(&[200]).body["users"].clone();
        assert_eq!(users.as_array().map(Vec::len), Some(1), "{users}");
        let body = json!({"pk": users[0]}).to_string();
        SERVER.post(&format!("{group}remove_user/"), body).expect(&[204]);
    }
}

fn set_password_hash(body: Vec<u8>) {
    SERVER.post(&format!("{USER}set_password_hash/"), body).expect(&[204, 400]);
}

/// The object created, if it was.
fn create(path: &str, body: &[u8]) -> Option<Value> {
    let answer = SERVER.post(path, body).expect(&[201, 400]);
    (answer.status == 201).then_some(answer.body)
}

/// Checks that an object is returned as it was when it was created or changed.
fn check_stored(path: &str, object: &Value) {
    assert_eq!(SERVER.get(path).expect(&[200]).body, *object, "{path} differs from what was returned before");
}

/// Checks that `texts` are as they were sent.
fn check_texts(body: &[u8], object: &Value, texts: &[&str]) {
    let sent = members(body);
    for name in texts {
        if let Some(text) = sent.get(*name) {
            assert_eq!(object[name], trimmed(text.as_str().unwrap()), "another {name} was stored");
        }
    }
}

/// Checks that attributes are as they were sent.
fn check_attributes(body: &[u8], object: &Value) {
    if let Some(attributes) = members(body).get("attributes") {
        assert_eq!(object["attributes"], *attributes, "other attributes were stored");
    }
}

/// Checks that an object is found by its name and its attributes.
fn check_listed(list: &str, name: &str, object: &Value) {
    let check = |parameter: &str, value: &str| {
        let answer = SERVER.list(list, parameter, value.as_bytes()).expect(&[200, 400]);
        let results = answer.body["results"].as_array();
        let is_listed = results.is_none_or(|results| results.iter().any(|found| found["pk"] == object["pk"]));
        assert!(is_listed, "{object} is not found by {parameter}: {value}");
    };
    let text = text(&object[name]);
    check(name, text);
    let is_word = !text.contains(|c: char| c.is_whitespace() || c == ',') && !text.starts_with(['"', '\'']);
    if is_word {
        check("search", text);
    }
    let attributes = object["attributes"].as_object().unwrap();
    for (key, value) in attributes.iter().filter(|(key, _)| !key.contains("__")).take(FEW) {
        check("attributes", &json!({key: value}).to_string());
    }
}

/// Checks that a username that was accepted is not too long.
fn check_username(body: &[u8], field: &str) {
    let sent = members(body);
    let length = sent.get(field).and_then(Value::as_str).map_or(0, |name| trimmed(name).chars().count());
    assert!(length <= MAX_USERNAME, "a username of {length} characters was accepted");
}

fn text(id: &Value) -> &str {
    id.as_str().unwrap()
}
