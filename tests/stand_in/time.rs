//! The time that tests set.

use reqwest::Method;
use serde_json::{Value, json};

use super::StandIn;

async fn set(stand_in: &StandIn, time: Value) -> Value {
    let (status, body) = stand_in.control(Method::PUT, "time", time).await;
    assert_eq!(status, 200, "{body}");
    body
}

#[tokio::test]
async fn tokens_expire_by_it_at_once() {
    let seed = "
users: [{username: ada, name: Ada}]
tokens: [{identifier: a, user: ada, key: the-key-of-ada, expires: 2030-01-01T00:00:00Z}]
";
    let stand_in = StandIn::with_seed(seed);
    let me = async || stand_in.send_as("the-key-of-ada", Method::GET, "/api/v3/core/users/me/", Value::Null).await.0;
    for (time, status) in [
        (json!({"time": "2029-12-31T23:59:59.999999Z", "frozen": true}), 200),
        (json!({"advance": 0.000001}), 403),
        (json!({"advance": -1}), 200),
        (json!({"time": "2031-01-01T00:00:00Z"}), 403),
        (json!({"time": "1970-01-01T00:00:00Z"}), 200),
    ] {
        set(&stand_in, time.clone()).await;
        assert_eq!(me().await, status, "{time}");
    }
}

#[tokio::test]
async fn what_is_written_has_this_time_also_an_earlier_one_than_before() {
    let stand_in = StandIn::start(&[]);
    for (name, time) in
        [("a", "2040-05-06T07:08:09.123456Z"), ("b", "1999-01-01T00:00:00Z"), ("c", "2040-01-01T00:00:00Z")]
    {
        set(&stand_in, json!({"time": time, "frozen": true})).await;
        let (_, user) = stand_in.create(name).await;
        assert_eq!(user["last_updated"], time);
        assert_eq!(user["date_joined"].as_str().unwrap()[..19], time[..19]);
        let (_, token) = stand_in.api(Method::POST, "/core/tokens/", json!({"identifier": name})).await;
        let day: u32 = time[8..10].parse().unwrap();
        assert_eq!(token["expires"].as_str().unwrap()[..10], format!("{}{:02}", &time[..8], day + 1), "a day later");
        let last = stand_in.requests("?operation=core_users_create").await.pop().unwrap();
        assert_eq!(last["time"], time);
    }
    let (_, next) = stand_in.create("d").await;
    let (_, last) = stand_in.create("e").await;
    assert_eq!(next["date_joined"], last["date_joined"], "it stands still");
    assert!(next["uuid"].as_str() < last["uuid"].as_str(), "in the order of their creation all the same");
    let joined = stand_in.get("/core/users/?ordering=date_joined&date_joined__gt=1998-01-01T00:00:00Z").await;
    assert_eq!(super::usernames(&joined), ["b", "akadmin", "c", "d", "e", "a"]);
}

#[tokio::test]
async fn it_goes_on_unless_it_is_frozen_and_can_be_real_again() {
    let stand_in = StandIn::start(&[]);
    let time = async || stand_in.control(Method::GET, "time", Value::Null).await.1;
    let real = time().await;
    assert_eq!(real["frozen"], false);
    let later = set(&stand_in, json!({"time": "2050-01-01T02:00:00+02:00"})).await;
    assert!(later["time"].as_str().unwrap().starts_with("2050-01-01T00:00:0"), "{later}");
    assert_ne!(time().await["time"], later["time"]);
    let frozen = set(&stand_in, json!({"frozen": true})).await;
    assert_eq!(time().await, frozen);
    let advanced = set(&stand_in, json!({"advance": 3600})).await;
    assert!(advanced["time"].as_str().unwrap().starts_with("2050-01-01T01:00:0"), "{advanced}");
    assert_eq!(time().await, advanced, "it is still frozen");
    set(&stand_in, json!({"frozen": false})).await;
    assert_ne!(time().await["time"], advanced["time"]);
    assert_eq!(stand_in.control(Method::DELETE, "time", Value::Null).await, (204, Value::Null));
    assert_eq!(time().await["time"].as_str().unwrap()[..13], real["time"].as_str().unwrap()[..13]);
}

#[tokio::test]
async fn it_begins_with_the_time_of_the_flag_and_returns_there() {
    let stand_in = StandIn::with_seed_and(super::SEED, &["--time", "2033-03-03T03:00:00Z", "--token-lifetime", "90"]);
    let is_then = |time: &Value| time.as_str().unwrap().starts_with("2033-03-03T03:0");
    assert!(is_then(&stand_in.get("/core/users/2/").await["date_joined"]), "the seed has this time, too");
    let back: [(Method, &str); 2] = [(Method::POST, "reset"), (Method::DELETE, "time")];
    for (method, path) in back {
        set(&stand_in, json!({"time": "2000-01-01T00:00:00Z", "frozen": true})).await;
        assert_eq!(stand_in.control(method, path, Value::Null).await.0, 204);
        let (_, time) = stand_in.control(Method::GET, "time", Value::Null).await;
        assert!(is_then(&time["time"]) && time["frozen"] == false, "{time}");
    }
    set(&stand_in, json!({"time": "2033-03-03T03:00:00Z", "frozen": true})).await;
    let expires = "2033-03-03T03:01:30Z";
    let (_, token) = stand_in.api(Method::POST, "/core/tokens/", json!({"identifier": "new"})).await;
    assert_eq!(token["expires"], expires);
    let never = json!({"identifier": "never", "expiring": false});
    assert_eq!(stand_in.api(Method::POST, "/core/tokens/", never).await.1["expires"], Value::Null);
    let expiring = json!({"expiring": true});
    assert_eq!(stand_in.api(Method::PATCH, "/core/tokens/never/", expiring).await.1["expires"], expires);
    let account = json!({"name": "robot"});
    assert_eq!(stand_in.api(Method::POST, "/core/users/service_account/", account).await.0, 200);
    let password = stand_in.get("/core/tokens/service-account-robot-password/").await;
    assert_eq!(password["expires"], expires);
}

#[tokio::test]
async fn a_wrong_time_is_refused_with_the_field() {
    let stand_in = StandIn::start(&[]);
    let range = "Ensure the time is in one of the years 1970 to 8999.";
    let format = "Must be a time with an offset, such as 2026-01-01T00:00:00Z.";
    for (time, field, message) in [
        (json!({}), "non_field_errors", "One of time, advance and frozen is required."),
        (json!({"time": "tomorrow"}), "time", format),
        (json!({"time": "2026-01-01T00:00:00"}), "time", format),
        (json!({"time": 7}), "time", format),
        (json!({"time": "1969-12-31T23:59:59Z"}), "time", range),
        (json!({"time": "9000-01-01T00:00:00Z"}), "time", range),
        (json!({"advance": 3e11}), "advance", range),
        (json!({"advance": -1e10}), "advance", range),
        (json!({"advance": 1e300}), "advance", "Must be a number of seconds."),
        (json!({"advance": "1"}), "advance", "Must be a number of seconds."),
        (json!({"time": "2026-01-01T00:00:00Z", "advance": 1}), "advance", "Either set the time or advance it."),
        (json!({"frozen": 1}), "frozen", "Must be true or false."),
        (json!({"tiem": "x"}), "tiem", "Unknown field."),
    ] {
        let answer = stand_in.control(Method::PUT, "time", time.clone()).await;
        assert_eq!(answer, (400, json!({field: [message]})), "{time}");
    }
    assert_eq!(stand_in.control(Method::GET, "time", Value::Null).await.1["frozen"], false);
}
