//! `/core/tokens/`

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use rollcall::domain::clock;
use serde_json::{Value, json};

use crate::support::{ADMIN, NOBODY, Response, Server};

const PATH: &str = "/core/tokens/";

/// Sends a request with the given token.
async fn send(server: &Server, token: &str, method: Method, path: &str, body: Value) -> Response {
    server.send(server.request(method, path).bearer_auth(token).json(&body)).await
}

async fn status_of_key(server: &Server, key: &str) -> u16 {
    server.send(server.request(Method::GET, "/core/users/me/").bearer_auth(key)).await.status
}

async fn key_of(server: &Server, identifier: &str) -> String {
    let response = server.get(&format!("{PATH}{identifier}/view_key/")).await;
    assert_eq!(response.status, 200);
    response.body["key"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_gets_defaults_and_a_key_that_works() {
    let server = Server::start().await;
    let response = server.post(PATH, json!({"identifier": "t-1"})).await;
    assert_eq!(response.status, 201);
    for (field, value) in [
        ("identifier", json!("t-1")),
        ("intent", json!("api")),
        ("user", json!(1)),
        ("description", json!("")),
        ("expiring", json!(true)),
        ("managed", Value::Null),
    ] {
        assert_eq!(response.body[field], value, "{field}");
    }
    assert_eq!(response.body["user_obj"], server.get("/core/users/1/").await.body);
    assert!(response.body["expires"].is_string() && response.body.get("key").is_none());
    assert_eq!(server.get(&format!("{PATH}t-1/")).await.body, response.body);
    let key = key_of(&server, "t-1").await;
    assert!(key.len() >= 43, "256 bits");
    assert_eq!(status_of_key(&server, &key).await, 200);
    assert_eq!(server.delete(&format!("{PATH}t-1/")).await.status, 204);
    assert_eq!(status_of_key(&server, &key).await, 403);
    assert_eq!(server.delete(&format!("{PATH}t-1/")).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn every_field_is_stored_and_changed() {
    let server = Server::start().await;
    let ada = server.user("ada", json!({})).await.body["pk"].clone();
    let body = json!({
        "identifier": "full_1", "intent": "app_password", "user": ada, "description": " d ", "managed": "m",
        "expires": "2100-01-02T03:04:05Z", "expiring": true
    });
    let mut token = server.post(PATH, body).await.body;
    assert_eq!((&token["user"], &token["description"], &token["managed"]), (&ada, &json!("d"), &json!("m")));
    assert_eq!(token["expires"], json!("2100-01-02T03:04:05Z"));
    let url = format!("{PATH}full_1/");
    assert_eq!(server.patch(&url, json!({})).await.both(), (200, token.clone()));
    assert_eq!(
        server.put(&url, json!({"identifier": "full_1"})).await.both(),
        (200, token.clone()),
        "a PUT keeps the rest"
    );
    let change =
        json!({"intent": "api", "user": 1, "description": "", "managed": null, "expires": null, "expiring": false});
    let changed = server.patch(&url, change.clone()).await;
    for (field, value) in change.as_object().unwrap() {
        token[field] = value.clone();
    }
    token["user_obj"] = server.get("/core/users/1/").await.body;
    assert_eq!(changed.both(), (200, token));
    assert_eq!(server.patch(&url, json!({"identifier": "renamed"})).await.status, 200);
    assert_eq!(server.get(&url).await.both(), (404, json!({"detail": "No Token matches the given query."})));
    assert_eq!(server.get(&format!("{PATH}renamed/used_by/")).await.both(), (200, json!([])));
    server.stop().await;
}

#[tokio::test]
async fn an_invalid_field_is_reported() {
    let server = Server::start().await;
    server.post(PATH, json!({"identifier": "taken", "managed": "held"})).await;
    let slug = "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.";
    let unique = "This field must be unique.";
    for (field, value, message) in [
        ("identifier", json!(null), "This field may not be null."),
        ("identifier", json!(" "), "This field may not be blank."),
        ("identifier", json!("a b"), slug),
        ("identifier", json!("ä"), slug),
        ("identifier", json!("a".repeat(256)), "Ensure this field has no more than 255 characters."),
        ("identifier", json!("taken"), unique),
        ("managed", json!("held"), unique),
        ("managed", json!(""), "This field may not be blank."),
        ("intent", json!("recovery"), "Invalid intent recovery"),
        ("intent", json!("other"), "\"other\" is not a valid choice."),
        ("user", json!(77), "Invalid pk \"77\" - object does not exist."),
        ("user", json!(99_999_999_999_i64), "Invalid pk \"99999999999\" - object does not exist."),
        ("user", json!("1"), "Incorrect type. Expected pk value, received str."),
        ("expiring", json!("x"), "Must be a valid boolean."),
    ] {
        let mut body = json!({"identifier": "new"});
        body[field] = value.clone();
        let expected = (400, json!({field: [message]}));
        assert_eq!(server.post(PATH, body).await.both(), expected, "{field}: {value}");
        server.post(PATH, json!({"identifier": "old"})).await;
        assert_eq!(
            server.patch(&format!("{PATH}old/"), json!({field: value})).await.both(),
            expected,
            "{field}: {value}"
        );
    }
    let several = server.post(PATH, json!({"identifier": "taken", "intent": "recovery", "user": 77})).await;
    assert_eq!(several.body.as_object().unwrap().len(), 3, "{}", several.body);
    assert_eq!(
        server.put(&format!("{PATH}old/"), json!({})).await.body,
        json!({"identifier": ["This field is required."]})
    );
    server.stop().await;
}

#[tokio::test]
async fn expired_and_other_tokens_do_not_authenticate() {
    let server = Server::start().await;
    for (identifier, fields, status) in [
        ("past", json!({"expires": "2020-01-01T00:00:00Z"}), 403),
        ("past-kept", json!({"expires": "2020-01-01T00:00:00Z", "expiring": false}), 200),
        ("future", json!({"expires": "2100-01-01T00:00:00Z"}), 200),
        ("app", json!({"intent": "app_password"}), 403),
    ] {
        let mut body = json!({"identifier": identifier, "expires": null});
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        assert_eq!(server.post(PATH, body).await.status, 201, "{identifier}");
        let key = format!("key-of-{identifier}");
        let set = server.post(&format!("{PATH}{identifier}/set_key/"), json!({"key": key})).await;
        let view = server.get(&format!("{PATH}{identifier}/view_key/")).await;
        let is_expired = identifier == "past";
        assert_eq!((set.status, view.status), if is_expired { (404, 404) } else { (204, 200) }, "{identifier}");
        assert_eq!(status_of_key(&server, &key).await, status, "{identifier}");
    }
    server.stop().await;
}

/// Through the API, a token that does not expire has no `expires`. Earlier versions kept it.
#[tokio::test]
async fn a_changed_expiry_follows_the_rules_for_new_tokens() {
    let server = Server::start().await;
    let (past, future, later) = ("2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z", "2200-01-01T00:00:00Z");
    // One day ahead.
    let default = json!("default");
    let none = Value::Null;
    for method in [Method::PATCH, Method::PUT] {
        for (present, change, expiring, expires) in [
            (json!({"expires": future}), json!({"expires": null}), true, &default),
            (json!({"expires": future}), json!({"expires": later}), true, &json!(later)),
            (json!({"expires": future}), json!({"expiring": true}), true, &json!(future)),
            (json!({"expires": future}), json!({"expiring": true, "expires": null}), true, &default),
            (json!({"expires": future}), json!({"expiring": false}), false, &none),
            (json!({"expires": future}), json!({"expiring": false, "expires": later}), false, &none),
            (json!({"expires": past}), json!({"description": "d"}), true, &json!(past)),
            (json!({"expires": past}), json!({"expiring": true}), true, &json!(past)),
            (json!({"expiring": false}), json!({"expiring": true}), true, &default),
            (json!({"expiring": false}), json!({"expiring": true, "expires": null}), true, &default),
            (json!({"expiring": false}), json!({"expiring": true, "expires": later}), true, &json!(later)),
            (json!({"expiring": false}), json!({"expires": later}), false, &none),
            (json!({"expiring": false, "expires": past}), json!({"expiring": true}), true, &default),
            (json!({"stored": past}), json!({"description": "d"}), false, &json!(past)),
            (json!({"stored": past}), json!({"expiring": true}), true, &default),
            (json!({"stored": future}), json!({"expires": null}), false, &none),
        ] {
            let case = format!("{method} {change} of {present}");
            let mut new = json!({"identifier": "t"});
            new.as_object_mut().unwrap().extend(present.as_object().unwrap().clone());
            if let Some(stored) = present.get("stored") {
                new["expires"] = stored.clone();
            }
            assert_eq!(server.post(PATH, new).await.status, 201, "{case}");
            if present.get("stored").is_some() {
                server.execute("UPDATE tokens SET expiring = FALSE WHERE identifier = 't'").await;
            }
            let mut body = json!({"identifier": "t"});
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let before = clock::now();
            let changed = send(&server, ADMIN, method.clone(), "/core/tokens/t/", body).await;
            assert_eq!((changed.status, &changed.body["expiring"]), (200, &json!(expiring)), "{case}");
            if *expires == default {
                let found: DateTime<Utc> = changed.body["expires"].as_str().unwrap().parse().unwrap();
                let day = TimeDelta::days(1);
                assert!(before + day <= found && found <= clock::now() + day, "{case}: {found}");
            } else {
                assert_eq!(changed.body["expires"], *expires, "{case}");
            }
            assert_eq!(server.get("/core/tokens/t/").await.body, changed.body, "{case}");
            assert_eq!(server.delete("/core/tokens/t/").await.status, 204, "{case}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_key_that_is_set_replaces_the_old_one_and_fits_into_a_header() {
    let server = Server::start().await;
    server.post(PATH, json!({"identifier": "t"})).await;
    let old = key_of(&server, "t").await;
    let set = |key: Value| server.post("/core/tokens/t/set_key/", json!({"key": key}));
    let longest = "x".repeat(1_024);
    for key in ["12345678", &longest, "!my~key!"] {
        assert_eq!(set(json!(key)).await.status, 204, "{key}");
        assert_eq!(key_of(&server, "t").await, key);
        assert_eq!(status_of_key(&server, key).await, 200, "{key}");
    }
    assert_eq!(status_of_key(&server, &old).await, 403);
    let unsendable = "Use only visible ASCII characters, without spaces.";
    for (key, message) in [
        (json!(" my key "), unsendable),
        (json!("mein-schlüssel"), unsendable),
        (json!("my-key\u{7f}"), unsendable),
        (json!("a b"), unsendable),
        (json!("1234567"), "Ensure this field has at least 8 characters."),
        (json!("x".repeat(1_025)), "Ensure this field has no more than 1024 characters."),
        (json!(""), "This field may not be blank."),
        (json!(null), "This field may not be null."),
        (json!(ADMIN), "This field must be unique."),
    ] {
        assert_eq!(set(key).await.both(), (400, json!({"key": [message]})));
    }
    assert_eq!(key_of(&server, "t").await, "!my~key!");
    server.stop().await;
}

#[tokio::test]
async fn others_see_and_change_only_their_own() {
    let server = Server::start().await;
    let plain = server.plain_token().await;
    let own = send(&server, &plain, Method::POST, PATH, json!({"identifier": "mine", "user": 1})).await;
    assert_eq!(own.status, 201);
    assert_ne!(own.body["user"], json!(1), "the owner is the caller");
    let list = send(&server, &plain, Method::GET, PATH, json!({})).await.body;
    let seen: Vec<&Value> = list["results"].as_array().unwrap().iter().map(|token| &token["identifier"]).collect();
    assert_eq!(seen, ["mine", "plain-token"]);
    let unknown = json!({"detail": "No Token matches the given query."});
    let others = format!("{PATH}authentik-bootstrap-token/");
    for (method, path, body) in [
        (Method::GET, others.clone(), json!({})),
        (Method::PUT, others.clone(), json!({"identifier": "x"})),
        (Method::PATCH, others.clone(), json!({"identifier": "x"})),
        (Method::DELETE, others.clone(), json!({})),
        (Method::POST, format!("{others}set_key/"), json!({"key": "x"})),
        (Method::GET, format!("{others}view_key/"), json!({})),
        (Method::GET, format!("{others}used_by/"), json!({})),
    ] {
        let response = send(&server, &plain, method.clone(), &path, body).await;
        assert_eq!(response.both(), (404, unknown.clone()), "{method} {path}");
    }
    let change = json!({"user": 1, "description": "changed"});
    let changed = send(&server, &plain, Method::PATCH, &format!("{PATH}mine/"), change).await.body;
    assert_eq!((&changed["user"], &changed["description"]), (&own.body["user"], &json!("changed")));
    assert_eq!(send(&server, &plain, Method::GET, &format!("{PATH}mine/view_key/"), json!({})).await.status, 200);
    assert_eq!(send(&server, &plain, Method::DELETE, &format!("{PATH}mine/"), json!({})).await.status, 204);
    server.stop().await;
}

#[tokio::test]
async fn filters_search_and_ordering_work() {
    let server = Server::start().await;
    server.user("ada", json!({})).await;
    for body in [
        json!({"identifier": "a", "description": "first", "expires": "2100-01-01T00:00:00Z"}),
        json!({"identifier": "b", "description": "Second", "intent": "app_password", "user": 2}),
        json!({"identifier": "c", "expiring": false, "managed": "goauthentik.io/x"}),
    ] {
        assert_eq!(server.post(PATH, body).await.status, 201);
    }
    for (query, expected) in [
        ("identifier=a", "a"),
        ("description=first", "a"),
        ("expires=2100-01-01T00:00:00Z", "a"),
        ("expiring=false&ordering=-identifier", "c authentik-bootstrap-token"),
        ("intent=app_password", "b"),
        ("managed=goauthentik.io/x", "c"),
        ("user__username=ada", "b"),
        ("search=SECOND", "b"),
        ("search=ada", "b"),
        ("search=bootstrap", "authentik-bootstrap-token"),
        ("user=2&identifier=c", "c"),
    ] {
        let body = server.get(&format!("{PATH}?{query}")).await.body;
        let found: Vec<&str> =
            body["results"].as_array().unwrap().iter().map(|token| token["identifier"].as_str().unwrap()).collect();
        assert_eq!(found.join(" "), expected, "{query}");
    }
    let choice = json!({"intent": ["Select a valid choice. x is not one of the available choices."]});
    assert_eq!(server.get(&format!("{PATH}?intent=x")).await.both(), (400, choice));
    let time = json!({"expires": ["Enter a valid date/time."]});
    assert_eq!(server.get(&format!("{PATH}?expires=x")).await.both(), (400, time));
    assert_eq!(server.get(&format!("{PATH}?page=2")).await.both(), (404, json!({"detail": "Invalid page."})));
    let (few, _) = server.count_statements(server.get(&format!("{PATH}?page_size=1"))).await;
    let (many, _) = server.count_statements(server.get(PATH)).await;
    // The last page needs no count.
    assert_eq!((few, many), (5, 4), "statements do not grow with the tokens");
    server.stop().await;
}

#[tokio::test]
async fn references_to_a_user_or_group_are_listed() {
    let server = Server::start().await;
    let group = server.group(json!({"name": "g"})).await;
    let child = server.group(json!({"name": "child", "parent": group})).await;
    let pk = server.user("ada", json!({"groups": [group]})).await.body["pk"].clone();
    let token = server.post(PATH, json!({"identifier": "t", "user": pk})).await.body["pk"].clone();
    let entry = |model: &str, pk: Value, name: &str, action: &str| json!({"app": "authentik_core", "model_name": model, "pk": pk, "name": name, "action": action});
    assert_eq!(
        server.get(&format!("/core/users/{pk}/used_by/")).await.both(),
        (200, json!([entry("token", token, "t", "cascade"), entry("group", json!(group), "g", "cascade_many")]))
    );
    assert_eq!(
        server.get(&format!("/core/groups/{group}/used_by/")).await.both(),
        (
            200,
            json!([
                entry("group", json!(child), "child", "set_null"),
                entry("user", json!(pk.to_string()), "ada", "cascade_many")
            ])
        )
    );
    assert_eq!(server.get("/core/users/999/used_by/").await.status, 404);
    assert_eq!(server.get(&format!("/core/groups/{NOBODY}/used_by/")).await.status, 404);
    let plain = server.plain_token().await;
    for path in [format!("/core/users/{pk}/used_by/"), format!("/core/groups/{group}/used_by/")] {
        assert_eq!(send(&server, &plain, Method::GET, &path, json!({})).await.status, 403);
    }
    server.stop().await;
}
