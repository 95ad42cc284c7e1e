//! Shared by all checks.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicU32, Ordering};

use authentik_client::apis::{configuration::Configuration, Error};
use chrono::{DateTime, FixedOffset};
use serde_json::{json, Value};

/// An id that nothing has.
pub const UNKNOWN: &str = "5f0c5f5e-0000-4000-8000-00000000dead";

pub type Date = DateTime<FixedOffset>;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// The server under test.
pub struct Test {
    pub api: Configuration,
    /// In the names of what this run creates; allows several runs against the same server.
    pub run: String,
}

impl Test {
    pub fn new() -> Self {
        let run = uuid::Uuid::new_v4().to_string()[..8].to_owned();
        Self { api: connect(Some(variable("ROLLCALL_TOKEN"))), run }
    }

    /// A name that is new in each run.
    pub fn name(&self, start: &str) -> String {
        format!("{start}-{}", self.run)
    }
}

pub fn connect(token: Option<String>) -> Configuration {
    Configuration {
        base_path: variable("ROLLCALL_URL") + "/api/v3",
        bearer_access_token: token,
        ..Configuration::default()
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} has to be set; tests/support/with-server does that"))
}

/// How many checks there were.
pub fn count() -> u32 {
    COUNT.load(Ordering::Relaxed)
}

pub fn check<T: PartialEq + Debug>(what: &str, found: T, expected: T) {
    assert!(found == expected, "{what}:\n  found    {found:?}\n  expected {expected:?}");
    COUNT.fetch_add(1, Ordering::Relaxed);
}

pub fn check_refused<T: Debug, E: Debug>(what: &str, answer: Result<T, Error<E>>, status: u16, body: Value) {
    match answer {
        Err(Error::ResponseError(refusal)) => {
            check(&format!("status of {what}"), refusal.status.as_u16(), status);
            let found: Value = serde_json::from_str(&refusal.content).unwrap();
            check(&format!("body of {what}"), found, body);
        }
        other => panic!("{what} was not refused: {other:?}"),
    }
}

/// Integers that a double can't represent, and other values that JSON libraries tend to change.
pub fn attributes() -> HashMap<String, Value> {
    HashMap::from([
        ("badge".to_owned(), json!(9_007_199_254_740_993_i64)),
        ("limits".to_owned(), json!([i64::MAX, i64::MIN, 0, -0.5, 1e100])),
        ("nested".to_owned(), json!({"a": [{"b": true}, [], {}, "Zürich 世界 😀 \" \\ \n"]})),
    ])
}

pub fn date(text: &str) -> Date {
    DateTime::parse_from_rfc3339(text).unwrap()
}
