//! Tests of the tool against the stand-in.

mod stand_in;

use std::{sync::mpsc, time::Duration};

use serde_json::{Value, json};
use stand_in::StandIn;
use sync::Api;
use ureq::Error;

fn ada_and_grace() -> [Value; 2] {
    [json!({"username": "ada", "name": "Ada Lovelace"}), json!({"username": "grace", "name": "Grace Hopper"})]
}

fn api(authentik: &StandIn) -> Api {
    Api::new(&authentik.api, &authentik.token)
}

fn statuses(requests: Vec<Value>) -> Vec<Option<u64>> {
    requests.iter().map(|request| request["status"].as_u64()).collect()
}

#[test]
fn only_missing_users_are_created() {
    let authentik = StandIn::start();

    assert_eq!(api(&authentik).sync(&ada_and_grace()).unwrap(), ["grace"]); // ada is in the seed

    let requests = authentik.requests("core_users_create");
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0]["body"], ada_and_grace()[1]);
    assert_eq!(authentik.get("core/users/?username=grace")["results"][0]["name"], "Grace Hopper");
}

#[test]
fn every_page_is_read_and_a_second_run_changes_nothing() {
    let authentik = StandIn::start();
    let crowd: Vec<_> = (0..150).map(|number| json!({"username": format!("user-{number}"), "name": ""})).collect();
    assert_eq!(api(&authentik).sync(&crowd).unwrap().len(), 150);
    authentik.forget_requests();

    assert!(api(&authentik).sync(&crowd).unwrap().is_empty());

    let pages = authentik.requests("core_users_list").iter().map(|request| request["query"]["page"].clone()).collect();
    assert_eq!(Value::Array(pages), json!([["1"], ["2"]]));
    assert!(authentik.requests("core_users_create").is_empty());
}

#[test]
fn it_waits_as_long_as_a_busy_server_says() {
    let authentik = StandIn::start();
    authentik.fault(json!({"operation": "core_users_create", "status": 429, "headers": {"Retry-After": "7"}}));
    let (sender, waits) = mpsc::channel();

    let mut api = api(&authentik).waiting_by(move |wait| sender.send(wait).unwrap());
    assert_eq!(api.sync(&ada_and_grace()).unwrap(), ["grace"]);

    assert_eq!(waits.try_iter().collect::<Vec<_>>(), [Duration::from_secs(7)]);
    assert_eq!(statuses(authentik.requests("core_users_create")), [Some(429), Some(201)]);
}

#[test]
fn it_gives_up_on_a_server_that_stays_busy() {
    let authentik = StandIn::start();
    authentik.fault(json!({"operation": "core_users_create", "status": 503, "count": null}));

    let result = api(&authentik).waiting_by(|_| ()).sync(&ada_and_grace());

    assert!(matches!(result, Err(Error::StatusCode(503))), "{result:?}");
    assert_eq!(authentik.requests("core_users_create").len(), 3);
}

#[test]
fn a_lost_response_creates_nobody_twice() {
    let authentik = StandIn::start();
    authentik.fault(json!({"operation": "core_users_create", "drop": true, "after": true}));

    assert_eq!(api(&authentik).sync(&ada_and_grace()).unwrap(), ["grace"]);

    assert_eq!(statuses(authentik.requests("core_users_create")), [None]);
    assert_eq!(authentik.get("core/users/?username=grace")["pagination"]["count"], 1);
}

#[test]
fn a_connection_that_is_lost_before_the_write_is_an_error() {
    let authentik = StandIn::start();
    authentik.fault(json!({"operation": "core_users_create", "drop": true}));

    let result = api(&authentik).sync(&ada_and_grace());

    assert!(matches!(result, Err(Error::Io(_))), "{result:?}");
    assert_eq!(authentik.get("core/users/?username=grace")["pagination"]["count"], 0);
}

#[test]
fn an_expired_token_is_an_error() {
    let authentik = StandIn::start();
    let sync = || Api::new(&authentik.api, "the-key-of-sync").sync(&ada_and_grace());

    authentik.set_time("2026-12-30T00:00:00Z");
    assert_eq!(sync().unwrap(), ["grace"]);

    authentik.advance(2 * 24 * 60 * 60);
    let result = sync();
    assert!(matches!(result, Err(Error::StatusCode(403))), "{result:?}");
}
