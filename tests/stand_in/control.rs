//! The control API itself.

use reqwest::Method;
use serde_json::{Value, json};

use super::StandIn;

#[tokio::test]
async fn other_methods_and_paths_are_refused() {
    let stand_in = StandIn::start(&[]);
    for (path, allowed) in
        [("reset", "POST"), ("requests", "DELETE, GET"), ("faults", "DELETE, GET, POST"), ("time", "DELETE, GET, PUT")]
    {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            if allowed.split(", ").any(|one| one == method.as_str()) {
                continue;
            }
            let url = format!("{}/-/stand-in/{path}", stand_in.url);
            let response = stand_in.client.request(method.clone(), url).send().await.unwrap();
            assert_eq!((response.status().as_u16(), &response.headers()["allow"]), (405, &allowed.parse().unwrap()));
            let detail = json!({"detail": format!("Method \"{method}\" not allowed.")});
            assert_eq!(response.json::<Value>().await.unwrap(), detail);
        }
    }
    for path in ["", "resets", "requests/1"] {
        let answer = stand_in.control(Method::POST, path, Value::Null).await;
        assert_eq!(answer, (404, json!({"detail": "Not found."})), "{path}");
    }
    assert_eq!(
        stand_in.control(Method::POST, "reset/", Value::Null).await.0,
        204,
        "a slash at the end changes nothing"
    );
    assert_eq!(stand_in.requests("").await, [] as [Value; 0], "requests to the control API are not recorded");
}

#[tokio::test]
async fn wrong_bodies_and_parameters_are_refused() {
    let stand_in = StandIn::start(&[]);
    for (path, method) in [("faults", Method::POST), ("time", Method::PUT)] {
        let url = format!("{}/-/stand-in/{path}", stand_in.url);
        for (body, status) in [
            (String::new(), 400),
            ("{".into(), 400),
            ("{\"status\": 500} x".into(), 400),
            ("[".repeat(100_000), 400),
            (format!("\"{}\"", "x".repeat(2_000_000)), 413),
        ] {
            let response = stand_in.client.request(method.clone(), &url).body(body.clone()).send().await.unwrap();
            assert_eq!(response.status(), status, "{path}: {:.20}", body);
            assert!(response.json::<Value>().await.unwrap()["detail"].is_string());
        }
    }
    for (query, field, message) in [
        ("?operation=nothing", "operation", "There is no operation \"nothing\"."),
        ("?page=2", "page", "Unknown parameter."),
    ] {
        let answer = stand_in.control(Method::GET, &format!("requests{query}"), Value::Null).await;
        assert_eq!(answer, (400, json!({field: [message]})));
    }
}
