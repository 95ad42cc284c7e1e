//! `date_joined`, `last_updated` and `password_change_date` of users, and the filters by time

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::domain::clock;
use serde_json::{Value, json};

use crate::support::{Response, Server};

fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

fn usernames(response: &Response) -> Vec<&str> {
    assert_eq!(response.status, 200, "{}", response.body);
    let results = response.body["results"].as_array().unwrap();
    results.iter().map(|user| user["username"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_new_user_has_the_time_of_its_creation() {
    let server = Server::start().await;
    let before = clock::now() - TimeDelta::milliseconds(1);
    let user = server.user("ada", json!({})).await.body;
    let service = server.post("/core/users/service_account/", json!({"name": "robot"})).await.body["user_pk"].clone();
    let service = server.get(&format!("/core/users/{service}/")).await.body;
    for user in [&user, &service] {
        for field in ["date_joined", "last_updated", "password_change_date"] {
            let found = moment(&user[field]);
            assert!(before <= found && found <= clock::now(), "{field}: {found}, not since {before}");
        }
        assert_eq!(user["password_change_date"], user["date_joined"]);
    }
    server.stop().await;
}

#[tokio::test]
async fn every_change_of_a_user_updates_it_and_nothing_else_does() {
    let server = Server::start().await;
    let group = server.group(json!({"name": "g"})).await;
    let other_group = server.group(json!({"name": "h"})).await;
    let [ada, bob] = [server.user("ada", json!({})).await, server.user("bob", json!({})).await].map(|user| user.body);
    let (ada_url, bob_url) = (format!("/core/users/{}/", ada["pk"]), format!("/core/users/{}/", bob["pk"]));
    let group_url = format!("/core/groups/{group}/");
    let hash = "pbkdf2_sha256$1000$seasalt123$9/GvPDkGD20I8p/vZr1Jr4cALRUOOT7TstsYI1EDOvw=";
    let member = json!({"pk": ada["pk"]});
    let (post, patch, delete) = ("POST", "PATCH", "DELETE");
    let mut last = ada;
    for (method, path, body, changes, changes_password) in [
        (patch, ada_url.clone(), json!({"name": "Ada"}), true, false),
        (post, format!("{ada_url}set_password/"), json!({"password": "long enough"}), true, true),
        (post, format!("{ada_url}set_password_hash/"), json!({"password": hash}), true, true),
        (post, format!("{group_url}add_user/"), member.clone(), true, false),
        // Once more.
        (post, format!("{group_url}add_user/"), member.clone(), false, false),
        (patch, group_url.clone(), json!({"name": "renamed"}), false, false),
        (patch, group_url.clone(), json!({"users": [last["pk"], bob["pk"]]}), false, false),
        (patch, bob_url.clone(), json!({"name": "Bob"}), false, false),
        (post, format!("{group_url}remove_user/"), member.clone(), true, false),
        (post, format!("{group_url}remove_user/"), member.clone(), false, false),
        (patch, group_url.clone(), json!({"users": [last["pk"]]}), true, false),
        (patch, group_url.clone(), json!({"users": []}), true, false),
        (patch, ada_url.clone(), json!({"groups": [group, other_group]}), true, false),
        (delete, group_url.clone(), Value::Null, true, false),
        (patch, ada_url.clone(), json!({"email": "nobody"}), false, false),
    ] {
        let response = server.send_json(method.parse().unwrap(), &path, body.clone()).await;
        assert!(response.status < 300 || body["email"] == "nobody", "{path} {body}: {}", response.body);
        let user = server.get(&ada_url).await.body;
        let is_later = |field: &str| moment(&user[field]) > moment(&last[field]);
        assert_eq!(is_later("last_updated"), changes, "{method} {path} {body}");
        assert_eq!(is_later("password_change_date"), changes_password, "{method} {path} {body}");
        assert_eq!(user["date_joined"], last["date_joined"]);
        last = user;
    }
    server.stop().await;
}

#[tokio::test]
async fn users_are_found_by_the_times_that_they_show() {
    let server = Server::start().await;
    for name in ["ada", "bob", "eve"] {
        server.user(name, json!({"last_login": "2024-05-06T07:08:09.5Z"})).await;
        // Another millisecond.
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    server.patch("/core/users/2/", json!({"last_login": "2024-05-06T07:08:09Z"})).await;
    let bob = server.get("/core/users/3/").await.body;
    for (field, lookup, expected) in [
        ("date_joined", "", vec!["bob"]),
        ("date_joined", "__gt", vec!["eve"]),
        ("date_joined", "__lt", vec!["ada", "akadmin"]),
        ("last_updated", "", vec!["bob"]),
        ("last_updated", "__gt", vec!["ada", "eve"]),
        ("last_updated", "__lt", vec!["akadmin"]),
        ("last_login", "", vec!["bob", "eve"]),
        ("last_login", "__lt", vec!["ada"]),
        ("last_login", "__gt", vec![]),
    ] {
        let shown = bob[field].as_str().unwrap();
        // The same time with another offset is the same.
        let elsewhere = moment(&bob[field]).with_timezone(&chrono::FixedOffset::east_opt(19_800).unwrap()).to_rfc3339();
        for text in [shown, &elsewhere.replace('+', "%2B")] {
            let found = server.get(&format!("/core/users/?{field}{lookup}={text}")).await;
            assert_eq!(usernames(&found), expected, "{field}{lookup}={text}");
        }
    }
    let finer = (moment(&bob["date_joined"]) + TimeDelta::microseconds(1)).to_rfc3339().replace("+00:00", "Z");
    for (query, expected) in [
        (format!("date_joined={finer}"), vec![]),
        (format!("date_joined__gt={finer}"), vec!["eve"]),
        (format!("date_joined__lt={finer}"), vec!["ada", "akadmin", "bob"]),
        (
            "date_joined__gt=0001-01-01T00:00:00Z&date_joined__lt=9999-12-31T23:59:59Z".into(),
            vec!["ada", "akadmin", "bob", "eve"],
        ),
        ("date_joined__lt=1969-12-31T23:59:59Z".into(), vec![]),
        ("last_login__isnull=true".into(), vec!["akadmin"]),
        ("last_login__isnull=false".into(), vec!["ada", "bob", "eve"]),
        ("ordering=-date_joined".into(), vec!["eve", "bob", "ada", "akadmin"]),
        ("ordering=last_updated".into(), vec!["akadmin", "bob", "eve", "ada"]),
    ] {
        assert_eq!(usernames(&server.get(&format!("/core/users/?{query}")).await), expected, "{query}");
    }
    let wrong = server.get("/core/users/?last_updated__gt=soon&date_joined=x&last_login__lt=2024-13-01").await;
    let message = json!(["Enter a valid date/time."]);
    assert_eq!(
        wrong.both(),
        (400, json!({"date_joined": message, "last_login__lt": message, "last_updated__gt": message}))
    );
    server.stop().await;
}

#[tokio::test]
async fn what_changed_last_is_found_by_its_index() {
    let server = Server::start().await;
    server.add_users(1..=20_000, &json!({})).await;
    let user = server.user("new", json!({})).await.body;
    let since = (moment(&user["last_updated"]) - TimeDelta::microseconds(1)).to_rfc3339().replace("+00:00", "Z");
    let path = format!("/core/users/?last_updated__gt={since}");
    assert_eq!(usernames(&server.get(&path).await), ["new"]);
    if server.is_postgres() {
        server.execute("ANALYZE users").await;
        let before = server.scanned_users().await;
        for _ in 0..7 {
            assert_eq!(usernames(&server.get(&path).await), ["new"]);
        }
        assert_eq!(server.scanned_users().await, before);
    }
    server.stop().await;
}

#[tokio::test]
async fn there_are_no_roles() {
    let server = Server::start().await;
    let user = server.user("ada", json!({})).await.body;
    assert_eq!((&user["roles"], &user["roles_obj"]), (&json!([]), &json!([])));
    let url = format!("/core/users/{}/", user["pk"]);
    let without = server.get(&format!("{url}?include_roles=false")).await.body;
    assert_eq!((&without["roles"], &without["roles_obj"]), (&json!([]), &Value::Null));
    assert_eq!(server.get("/core/users/?include_roles=false").await.body["results"][0]["roles_obj"], Value::Null);
    let role = crate::support::NOBODY;
    let unknown = json!({"roles": [format!("Invalid pk \"{role}\" - object does not exist.")]});
    let new = json!({"username": "new", "name": "", "roles": [role]});
    assert_eq!(server.post("/core/users/", new.clone()).await.both(), (400, unknown.clone()));
    assert_eq!(server.put(&url, new).await.both(), (400, unknown.clone()));
    assert_eq!(server.patch(&url, json!({"roles": [role]})).await.both(), (400, unknown));
    assert_eq!(server.patch(&url, json!({"roles": []})).await.status, 200);
    for (filter, value) in [("roles_by_name", "Auditors"), ("roles_by_pk", role)] {
        let message = format!("Select a valid choice. {value} is not one of the available choices.");
        let response = server.get(&format!("/core/users/?{filter}={value}")).await;
        assert_eq!(response.both(), (400, json!({filter: [message]})));
    }
    server.stop().await;
}
