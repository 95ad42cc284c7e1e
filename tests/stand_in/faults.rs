//! What goes wrong on purpose.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use reqwest::Method;
use serde_json::{Value, json};

use super::{StandIn, usernames};

#[tokio::test]
async fn a_status_is_sent_instead_for_as_many_requests_as_were_asked_for() {
    let stand_in = StandIn::start(&[]);
    let fault = json!({"operation": "core_users_create", "status": 429, "count": 2, "skip": 1});
    let set = stand_in.set_fault(fault).await;
    assert_eq!((&set["id"], &set["used"], &set["headers"]), (&json!(1), &json!(0), &json!({"retry-after": "1"})));
    assert_eq!(stand_in.create("a").await.0, 201);
    assert_eq!(stand_in.create("b").await, (429, json!({"detail": "Too Many Requests"})));
    assert_eq!(usernames(&stand_in.get("/core/users/?ordering=pk").await), ["akadmin", "a"], "others are not affected");
    assert_eq!(stand_in.create("b").await.0, 429);
    assert_eq!(stand_in.create("b").await.0, 201);
    let (_, faults) = stand_in.control(Method::GET, "faults", Value::Null).await;
    assert_eq!(faults["faults"][0]["used"], 2);
    let requests = stand_in.requests("?operation=core_users_create").await;
    let shown: Vec<_> = requests.iter().map(|request| (&request["status"], &request["fault"])).collect();
    let (failed, none) = ((&json!(429), &json!(1)), &Value::Null);
    assert_eq!(shown, [(&json!(201), none), failed, failed, (&json!(201), none)]);
}

#[tokio::test]
async fn a_fault_without_an_operation_is_for_the_whole_api_until_it_is_removed() {
    let stand_in = StandIn::start(&[]);
    let body = json!({"error": "down", "list": [1]});
    let headers = json!({"Retry-After": "7", "X-Mine": "yes"});
    stand_in.set_fault(json!({"status": 503, "count": null, "body": body, "headers": headers})).await;
    for path in ["/api/v3/root/config/", "/api/v3/nowhere/"] {
        let response = stand_in.client.get(format!("{}{path}", stand_in.url)).send().await.unwrap();
        assert_eq!(response.status(), 503);
        assert_eq!(
            (&response.headers()["retry-after"], &response.headers()["x-mine"]),
            (&"7".parse().unwrap(), &"yes".parse().unwrap())
        );
        assert_eq!(response.json::<Value>().await.unwrap(), body);
    }
    let page = stand_in.client.get(format!("{}/openapi.json", stand_in.url)).send().await.unwrap();
    assert_eq!(page.status(), 200, "the pages are not the API");
    assert_eq!(stand_in.control(Method::DELETE, "faults", Value::Null).await, (204, Value::Null));
    assert_eq!(stand_in.create("a").await.0, 201);
}

#[tokio::test]
async fn after_means_that_the_request_was_carried_out() {
    let stand_in = StandIn::start(&[]);
    stand_in.set_fault(json!({"operation": "core_users_create", "status": 500, "after": true})).await;
    assert_eq!(stand_in.create("a").await.0, 500);
    assert_eq!(usernames(&stand_in.get("/core/users/?ordering=pk").await), ["akadmin", "a"]);
}

/// Sends a request to create a user, and returns all that comes back until the connection is closed.
fn create_on_a_connection(stand_in: &StandIn, username: &str) -> String {
    let mut stream = TcpStream::connect(stand_in.url.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let body = json!({"username": username, "name": "x"}).to_string();
    let head = "POST /api/v3/core/users/ HTTP/1.1\r\nhost: x\r\nauthorization: Bearer stand-in-token";
    let length = body.len();
    write!(stream, "{head}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
    let mut received = String::new();
    stream.read_to_string(&mut received).unwrap();
    received
}

#[tokio::test]
async fn a_dropped_request_gets_nothing_and_is_carried_out_only_with_after() {
    let stand_in = StandIn::start(&[]);
    for after in [false, true] {
        stand_in.set_fault(json!({"operation": "core_users_create", "drop": true, "after": after})).await;
    }
    let received = ["before", "after"].map(|name| create_on_a_connection(&stand_in, name));
    assert_eq!(received, ["", ""]);
    assert_eq!(usernames(&stand_in.get("/core/users/?ordering=pk").await), ["akadmin", "after"]);
    let requests = stand_in.requests("?operation=core_users_create").await;
    let shown: Vec<_> = requests.iter().map(|request| (&request["status"], &request["fault"])).collect();
    assert_eq!(shown, [(&Value::Null, &json!(1)), (&Value::Null, &json!(2))]);
    // A client sees an error, and its next request works.
    stand_in.set_fault(json!({"operation": "root_config_retrieve", "drop": true})).await;
    let config = async || {
        let sent = stand_in.client.get(format!("{}/api/v3/root/config/", stand_in.url)).send().await;
        sent.ok().map(|response| response.status().as_u16())
    };
    assert_eq!([config().await, config().await], [None, Some(200)]);
}

#[tokio::test]
async fn a_delayed_request_takes_longer_and_succeeds() {
    let stand_in = StandIn::start(&[]);
    stand_in.set_fault(json!({"delay": 0.3})).await;
    stand_in.set_fault(json!({"delay": 0.3, "after": true})).await;
    stand_in.set_fault(json!({"delay": 0.3, "status": 503})).await;
    for (name, expected) in [("a", 201), ("b", 201), ("c", 503), ("d", 201)] {
        let start = Instant::now();
        assert_eq!(stand_in.create(name).await.0, expected, "{name}");
        let is_late = start.elapsed() >= Duration::from_millis(300);
        assert_eq!(is_late, name != "d", "{name}: {:?}", start.elapsed());
    }
    assert_eq!(usernames(&stand_in.get("/core/users/?ordering=pk").await), ["akadmin", "a", "b", "d"]);
}

#[tokio::test]
async fn a_client_that_gives_up_has_had_its_effect_only_with_after() {
    let stand_in = StandIn::start(&[]);
    for (name, after) in [("before", false), ("after", true)] {
        stand_in.set_fault(json!({"operation": "core_users_create", "delay": 60, "after": after})).await;
        let creating = tokio::time::timeout(Duration::from_millis(300), stand_in.create(name));
        assert!(creating.await.is_err());
    }
    assert_eq!(usernames(&stand_in.get("/core/users/?ordering=pk").await), ["akadmin", "after"]);
    let statuses: Vec<Value> = stand_in.requests("").await.iter().map(|request| request["status"].clone()).collect();
    assert_eq!(statuses, [Value::Null, Value::Null, json!(200)]);
}

#[tokio::test]
async fn a_wrong_fault_is_refused_with_the_field() {
    let stand_in = StandIn::start(&[]);
    let status = "Must be a number from 400 to 599.";
    for (fault, field, message) in [
        (json!({}), "non_field_errors", "At least one of delay, status and drop is required."),
        (json!([]), "non_field_errors", "Expected an object."),
        (json!({"status": 200}), "status", status),
        (json!({"status": "500"}), "status", status),
        (json!({"status": 70_000}), "status", status),
        (json!({"status": 500, "drop": true}), "drop", "A request is either dropped or gets a status."),
        (json!({"drop": "yes"}), "drop", "Must be true or false."),
        (json!({"delay": -1}), "delay", "Must be a number of seconds from 0 to 60."),
        (json!({"delay": 61}), "delay", "Must be a number of seconds from 0 to 60."),
        (json!({"delay": 1, "count": 0}), "count", "Must be a whole number from 1, or null for all requests."),
        (json!({"delay": 1, "skip": -1}), "skip", "Must be a whole number from 0."),
        (json!({"delay": 1, "opration": "x"}), "opration", "Unknown field."),
        (json!({"delay": 1, "operation": "x"}), "operation", "There is no operation \"x\"."),
        (json!({"delay": 1, "operation": 7}), "operation", "Must be the id of an operation."),
        (json!({"delay": 1, "body": {}}), "status", "This field is required with a body or headers."),
        (json!({"status": 500, "headers": []}), "headers", "Must be an object."),
        (json!({"status": 500, "headers": {"a b": "c"}}), "headers", "\"a b\" is not the name of a header."),
        (json!({"status": 500, "headers": {"a": "\n"}}), "headers", "a can't have this value."),
        (json!({"status": 500, "headers": {"a": []}}), "headers", "a must be a string or a number."),
        (json!({"status": 500, "headers": {"connection": "x"}}), "headers", "connection is set by the server."),
    ] {
        let answer = stand_in.control(Method::POST, "faults", fault.clone()).await;
        assert_eq!(answer, (400, json!({field: [message]})), "{fault}");
    }
    let (_, faults) = stand_in.control(Method::GET, "faults", Value::Null).await;
    assert_eq!(faults, json!({"faults": []}));
}
