//! The record of what clients sent.

use reqwest::Method;
use serde_json::{Value, json};

use super::StandIn;

#[tokio::test]
async fn requests_are_recorded_with_what_they_got() {
    let stand_in = StandIn::start(&[]);
    let users = format!("{}/api/v3/core/users/", stand_in.url);
    let post = stand_in.client.post(format!("{users}?include_groups=false")).bearer_auth("stand-in-token");
    let post = post.header("x-mine", "1").header("x-mine", "2").json(&json!({"username": "ada", "name": "Ada"}));
    assert_eq!(post.send().await.unwrap().status(), 201);
    let list = stand_in.client.get(format!("{users}?groups_by_name=a&groups_by_name=b&search="));
    assert_eq!(list.send().await.unwrap().status(), 403);
    let broken = stand_in.client.post(&users).header("content-type", "application/json").body("{broken");
    assert_eq!(broken.bearer_auth("stand-in-token").send().await.unwrap().status(), 400);
    stand_in.client.head(format!("{users}2/")).bearer_auth("stand-in-token").send().await.unwrap();
    stand_in.client.get(format!("{}/nowhere", stand_in.url)).send().await.unwrap();

    let requests = stand_in.requests("").await;
    let numbers: Vec<&Value> = requests.iter().map(|request| &request["number"]).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    let first = &requests[0];
    assert_eq!(
        (&first["method"], &first["path"], &first["operation"]),
        (&json!("POST"), &json!("/api/v3/core/users/"), &json!("core_users_create"))
    );
    assert_eq!((&first["status"], &first["fault"]), (&json!(201), &Value::Null));
    assert_eq!(first["query"], json!({"include_groups": ["false"]}));
    assert_eq!(first["body"], json!({"username": "ada", "name": "Ada"}));
    assert_eq!(first["headers"]["x-mine"], "1, 2");
    assert_eq!(first["headers"]["authorization"], "Bearer ...");
    assert!(first["time"].as_str().unwrap().ends_with('Z'));
    let rest = |name: &str| requests[1..].iter().map(|request| request[name].clone()).collect::<Vec<_>>();
    assert_eq!(rest("status"), [403, 400, 200, 404]);
    let operations = [json!("core_users_list"), json!("core_users_create"), json!("core_users_retrieve"), Value::Null];
    assert_eq!(rest("operation"), operations);
    assert_eq!(rest("body"), [Value::Null, json!("{broken"), Value::Null, Value::Null]);
    assert_eq!(requests[1]["query"], json!({"groups_by_name": ["a", "b"], "search": [""]}));

    let created = stand_in.requests("?operation=core_users_create").await;
    assert_eq!(created.iter().map(|request| &request["number"]).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(stand_in.control(Method::DELETE, "requests", Value::Null).await, (204, Value::Null));
    assert_eq!(stand_in.requests("").await, [] as [Value; 0]);
}

#[tokio::test]
async fn the_oldest_are_omitted_from_a_long_record() {
    let stand_in = StandIn::start(&[]);
    for number in 0..1_010 {
        stand_in.client.get(format!("{}/{number}", stand_in.url)).send().await.unwrap();
    }
    let (_, record) = stand_in.control(Method::GET, "requests", Value::Null).await;
    assert_eq!((record["requests"].as_array().unwrap().len(), &record["omitted"]), (1_000, &json!(10)));
    assert_eq!(record["requests"][0]["path"], "/10");
}

#[tokio::test]
async fn a_large_body_reaches_the_api_as_without_the_record() {
    let stand_in = StandIn::start(&[]);
    let user = |length: usize| json!({"username": "a", "name": "A", "attributes": {"text": "x".repeat(length)}});
    assert_eq!(stand_in.api(Method::POST, "/core/users/", user(200_000)).await.0, 201);
    assert_eq!(stand_in.api(Method::POST, "/core/users/", user(2_000_000)).await.0, 413);
    let url = format!("{}/api/v3/core/users/", stand_in.url);
    let pieces = (0..40).map(|_| Ok::<_, std::io::Error>(vec![b' '; 50_000]));
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces.collect::<Vec<_>>()));
    let chunked = stand_in.client.post(url).bearer_auth("stand-in-token").body(body).send().await.unwrap();
    assert_eq!(chunked.status(), 413);
    let requests = stand_in.requests("").await;
    let shown: Vec<(&Value, usize)> =
        requests.iter().map(|one| (&one["truncated"], one["body"].as_str().map_or(0, str::len))).collect();
    assert_eq!(shown, [(&json!(true), 65_536), (&json!(true), 0), (&json!(true), 65_536)]);
}
