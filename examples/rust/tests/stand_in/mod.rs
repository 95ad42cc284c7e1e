//! A stand-in for authentik's API, for tests. Copy this directory into your `tests/`.
//!
//! Needs the program `rollcall`, on the PATH or named by `ROLLCALL_BIN`.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use ureq::{Agent, http::Request};

/// A running `rollcall stand-in`; dropping it ends it. Every test has its own, since Rust runs tests side by side.
pub struct StandIn {
    /// Ends in `/api/v3`.
    pub api: String,
    pub token: String,
    url: String,
    program: Child,
    agent: Agent,
}

impl StandIn {
    /// Starts the program with the data of `tests/seed.yaml`.
    pub fn start() -> Self {
        let mut program = Command::new(env::var_os("ROLLCALL_BIN").unwrap_or("rollcall".into()))
            .args(["stand-in", "--until-stdin-ends", "--seed", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/seed.yaml")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("rollcall is on the PATH or named by ROLLCALL_BIN");
        let mut line = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).expect("rollcall stand-in starts; standard error says why not");
        let [url, api, token] = ["url", "api", "token"].map(|key| ready[key].as_str().unwrap().to_owned());
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        Self { url, api, token, program, agent }
    }

    /// Makes the next request fail for which `fault` is meant, as in
    /// `fault(json!({"operation": "core_users_list", "status": 503}))`.
    ///
    /// Others are `drop: true`, which closes the connection, and `delay: 0.5` in seconds. `after: true` carries the
    /// request out first, `count: 3` applies to three requests, `count: null` to all, and `skip: 1` lets one pass.
    pub fn fault(&self, fault: Value) {
        self.control("POST", "faults", Some(fault));
    }

    /// Returns the requests for an operation, oldest first: `method`, `path`, `query`, `body`, `status` and more.
    pub fn requests(&self, operation: &str) -> Vec<Value> {
        let Value::Array(requests) =
            self.control("GET", &format!("requests?operation={operation}"), None)["requests"].take()
        else {
            panic!("no list of requests")
        };
        requests
    }

    pub fn forget_requests(&self) {
        self.control("DELETE", "requests", None);
    }

    /// Stops the clock by which tokens expire at a time such as `2026-01-01T00:00:00Z`.
    pub fn set_time(&self, time: &str) {
        self.control("PUT", "time", Some(json!({"time": time, "frozen": true})));
    }

    pub fn advance(&self, seconds: u64) {
        self.control("PUT", "time", Some(json!({"advance": seconds})));
    }

    /// Reads from the API as the superuser, as in `get("core/users/?username=ada")`.
    pub fn get(&self, path: &str) -> Value {
        self.send("GET", &format!("{}/{path}", self.api), None)
    }

    fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        self.send(method, &format!("{}/-/stand-in/{path}", self.url), body)
    }

    fn send(&self, method: &str, url: &str, body: Option<Value>) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header("Authorization", format!("Bearer {}", self.token))
            .header("Content-Type", "application/json")
            .body(body.map(|body| body.to_string()).unwrap_or_default())
            .unwrap();
        let mut response = self.agent.run(request).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        assert!(response.status().is_success(), "{method} {url}: {} {text}", response.status());
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        // The program ends when its standard input does, so also if this test is killed.
        drop(self.program.stdin.take());
        self.program.wait().ok();
    }
}
