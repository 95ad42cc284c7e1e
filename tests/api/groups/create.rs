//! `POST /core/groups/`

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{NOBODY, Server};

const PATH: &str = "/core/groups/";

#[tokio::test]
async fn a_group_with_only_a_name_gets_the_defaults() {
    let server = Server::start().await;
    let response = server.post(PATH, json!({"name": " g "})).await;
    assert_eq!(response.status, 201);
    for (field, value) in [
        ("name", json!("g")),
        ("is_superuser", json!(false)),
        ("parent", Value::Null),
        ("parent_name", Value::Null),
        ("users", json!([])),
        ("users_obj", json!([])),
        ("attributes", json!({})),
        ("roles", json!([])),
        ("roles_obj", json!([])),
    ] {
        assert_eq!(response.body[field], value, "{field}");
    }
    assert!(response.body["num_pk"].as_i64().is_some_and(|id| id > 0 && i32::try_from(id).is_ok()));
    server.stop().await;
}

#[tokio::test]
async fn a_group_is_stored_with_its_parent_and_members() {
    let server = Server::start().await;
    let parent = server.group(json!({"name": "parent"})).await;
    let pk = server.user("ada", json!({"attributes": {"a": 1}})).await.body["pk"].clone();
    let body =
        json!({"name": "g", "is_superuser": true, "parent": parent, "users": [pk, pk, 1], "attributes": {"k": [1]}});
    let group = server.post(PATH, body).await.body;
    assert_eq!((&group["parent"], &group["parent_name"]), (&json!(parent), &json!("parent")));
    assert_eq!(group["users"], json!([1, pk]));
    assert_eq!(
        (&group["users_obj"][1]["username"], &group["users_obj"][1]["attributes"]),
        (&json!("ada"), &json!({"a": 1}))
    );
    assert_eq!(group["attributes"], json!({"k": [1]}));
    let user = server.get(&format!("/core/users/{pk}/")).await.body;
    assert_eq!((&user["is_superuser"], &user["groups"]), (&json!(true), &json!([group["pk"]])));
    server.stop().await;
}

#[tokio::test]
async fn an_invalid_field_is_reported_in_authentiks_words() {
    let server = Server::start().await;
    server.group(json!({"name": "taken"})).await;
    let unknown = |text: &str| format!("Invalid pk \"{text}\" - object does not exist.");
    for (field, value, message) in [
        ("name", json!(null), "This field may not be null."),
        ("name", json!(" "), "This field may not be blank."),
        ("name", json!("taken"), "This field must be unique."),
        ("name", json!("🜁".repeat(641)), "Ensure this field has no more than 640 characters."),
        ("name", json!("n\0"), "Null characters are not allowed."),
        ("is_superuser", json!("x"), "Must be a valid boolean."),
        ("parent", json!("x"), "“x” is not a valid UUID."),
        ("parent", json!(true), "Incorrect type. Expected pk value, received bool."),
        ("parent", json!(5), &unknown("5")),
        ("parent", json!(NOBODY), &unknown(NOBODY)),
        ("users", json!("x"), "Expected a list of items but got type \"str\"."),
        ("users", json!([""]), "Incorrect type. Expected pk value, received str."),
        ("users", json!(["1"]), "Incorrect type. Expected pk value, received str."),
        ("users", json!([{"pk": 1}]), "Incorrect type. Expected pk value, received dict."),
        ("users", json!([null]), &unknown("None")),
        ("users", json!([1, 999_999_999_999_i64]), &unknown("999999999999")),
        ("users", json!([-1]), &unknown("-1")),
        ("attributes", json!([]), "Value must be a dictionary, and not have any duplicate keys."),
        ("roles", json!(null), "This field may not be null."),
        ("roles", json!(["x"]), "“x” is not a valid UUID."),
        ("roles", json!([NOBODY]), &unknown(NOBODY)),
    ] {
        let mut body = json!({"name": "new"});
        body[field] = value.clone();
        assert_eq!(server.post(PATH, body).await.both(), (400, json!({field: [message]})), "{field}: {value}");
    }
    for fields in [json!({"name": "a", "parent": null}), json!({"name": "b", "parent": ""}), json!({"name": "Taken"})] {
        assert_eq!(server.post(PATH, fields.clone()).await.body["parent"], Value::Null, "{fields}");
    }
    let response =
        server.post(PATH, json!({"name": "taken", "parent": NOBODY, "users": [77], "roles": [NOBODY]})).await;
    assert_eq!(response.body.as_object().unwrap().len(), 4, "{}", response.body);
    server.stop().await;
}

#[tokio::test]
async fn the_longest_name_fits_in_any_script() {
    let server = Server::start().await;
    // Distinct characters, so that the engine can't compress them to fit its index.
    let name: String = (0..640_u32).map(|n| char::from_u32(0x1_0000 + n * 97).unwrap()).collect();
    assert_eq!(server.post(PATH, json!({"name": name})).await.body["name"], json!(name));
    server.stop().await;
}

#[tokio::test]
async fn of_many_racing_for_one_name_exactly_one_wins() {
    let server = Server::start().await;
    let responses = join_all((0..50).map(|_| server.post(PATH, json!({"name": "one", "users": [1]})))).await;
    let mut statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (201, [400; 49].as_slice()));
    server.stop().await;
}

#[tokio::test]
async fn a_group_may_have_more_members_than_a_statement_has_parameters() {
    let server = Server::start().await;
    // All ids are unknown: the whole list is looked up, and the first unknown id is reported.
    let users: Vec<i64> = std::iter::once(1).chain(100_000..109_000).collect();
    let response = server.post(PATH, json!({"name": "many", "users": users})).await;
    assert_eq!(response.body, json!({"users": ["Invalid pk \"100000\" - object does not exist."]}));
    server.stop().await;
}
