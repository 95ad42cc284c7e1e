//! Faults: what is to go wrong with which requests.

use std::{sync::Arc, time::Duration};

use poem::{
    Response,
    http::{HeaderValue, StatusCode, header},
};
use serde_json::{Value, json};

use super::{canned::Canned, members::Members, operations::Operations};
use crate::{
    api::{Failure, FieldErrors},
    http::CloseWithoutResponse,
};

/// The most faults at once.
const MAX_FAULTS: usize = 1_000;

/// The most bytes of their bodies and headers together.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The longest delay, in seconds.
const MAX_DELAY: f64 = 60.0;

/// A fault as it was set.
#[derive(Debug)]
pub struct Fault {
    /// The id of the operation whose requests it applies to; `None` for all requests of the API.
    operation: Option<&'static str>,
    /// How many requests it applies to; `None` for all.
    count: Option<u64>,
    /// How many requests pass before.
    skip: u64,
    pub delay: Option<Duration>,
    outcome: Outcome,
    /// Whether the request is carried out first.
    pub after: bool,
}

/// What becomes of the response.
#[derive(Debug)]
enum Outcome {
    /// It stays as it is.
    Kept,
    /// This one is sent instead.
    Replaced(Canned),
    /// The connection is closed without one.
    Dropped,
}

impl Fault {
    /// Reads a fault.
    ///
    /// # Errors
    ///
    /// Every wrong or unknown member.
    pub fn read(value: Value, operations: &Operations) -> Result<Self, FieldErrors> {
        let mut members = Members::of(value)?;
        let operation = members.read("operation", "Must be the id of an operation.", |value| {
            value.as_str().map(|id| operations.named(id))
        });
        let operation = operation.and_then(|named| named.map_err(|error| members.error("operation", error)).ok());
        let count = match members.take("count") {
            None => Some(1),
            Some(Value::Null) => None,
            Some(value) => {
                let count = value.as_u64().filter(|count| *count > 0);
                if count.is_none() {
                    members.error("count", "Must be a whole number from 1, or null for all requests.");
                }
                count
            }
        };
        let skip = members.read("skip", "Must be a whole number from 0.", Value::as_u64).unwrap_or_default();
        let delay = members.read("delay", &format!("Must be a number of seconds from 0 to {MAX_DELAY}."), |value| {
            value.as_f64().filter(|seconds| (0.0..=MAX_DELAY).contains(seconds)).map(Duration::from_secs_f64)
        });
        let (drops, after) = (members.flag("drop"), members.flag("after"));
        let replacement = Canned::read(&mut members, 400..=599, None).map(with_defaults);
        let outcome = match (replacement, drops) {
            (Some(_), true) => {
                members.error("drop", "A request is either dropped or gets a status.");
                Outcome::Dropped
            }
            (Some(canned), false) => Outcome::Replaced(canned),
            (None, true) => Outcome::Dropped,
            (None, false) => Outcome::Kept,
        };
        let does_nothing = delay.is_none() && matches!(outcome, Outcome::Kept);
        members.finish()?;
        if does_nothing {
            return Err(FieldErrors::one("non_field_errors", "At least one of delay, status and drop is required."));
        }
        Ok(Self { operation, count, skip, delay, outcome, after })
    }

    /// The response instead of the API's; `None` if that stays.
    pub fn response(&self) -> Option<Response> {
        match &self.outcome {
            Outcome::Kept => None,
            Outcome::Replaced(canned) => Some(canned.response()),
            Outcome::Dropped => {
                let mut response = Response::default();
                response.extensions_mut().insert(CloseWithoutResponse);
                Some(response)
            }
        }
    }

    /// About how many bytes it takes.
    fn size(&self) -> usize {
        if let Outcome::Replaced(canned) = &self.outcome { canned.size() } else { 0 }
    }
}

/// The body and the header that clients expect with a status.
fn with_defaults(mut canned: Canned) -> Canned {
    canned.body.get_or_insert_with(|| Canned::reason(canned.status));
    if [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&canned.status) {
        canned.headers.entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static("1"));
    }
    canned
}

/// A fault that is set.
#[derive(Debug)]
struct Active {
    id: u64,
    fault: Arc<Fault>,
    /// How many requests it could have applied to so far.
    seen: u64,
    /// How many it did apply to.
    used: u64,
}

impl Active {
    /// Counts a request that it may apply to. Returns whether it does.
    fn applies(&mut self) -> bool {
        self.seen += 1;
        let applies = self.seen > self.fault.skip && self.fault.count.is_none_or(|count| self.used < count);
        self.used += u64::from(applies);
        applies
    }

    fn json(&self) -> Value {
        let Fault { operation, count, skip, delay, outcome, after } = &*self.fault;
        let mut json = json!({
            "id": self.id, "operation": operation, "count": count, "skip": skip,
            "delay": delay.map(|delay| delay.as_secs_f64()), "after": after, "used": self.used,
        });
        match outcome {
            Outcome::Kept => {}
            Outcome::Dropped => json["drop"] = true.into(),
            Outcome::Replaced(canned) => {
                json["status"] = canned.status.as_u16().into();
                json["body"] = canned.body.clone().into();
                json["headers"] = canned.headers().into();
            }
        }
        json
    }
}

/// The faults that are set, the oldest first.
#[derive(Debug, Default)]
pub struct Faults {
    active: Vec<Active>,
    last_id: u64,
    bytes: usize,
}

impl Faults {
    /// Sets a fault, and returns it as JSON.
    ///
    /// # Errors
    ///
    /// If there are too many.
    pub fn add(&mut self, fault: Arc<Fault>) -> Result<Value, Failure> {
        let too_many = |message: String| Err(Failure::Invalid(FieldErrors::one("non_field_errors", message)));
        let bytes = self.bytes + fault.size();
        if self.active.len() >= MAX_FAULTS {
            return too_many(format!("There are {MAX_FAULTS} faults already."));
        }
        if bytes > MAX_BYTES {
            return too_many(format!("All faults together would take more than {MAX_BYTES} bytes."));
        }
        (self.bytes, self.last_id) = (bytes, self.last_id + 1);
        let active = Active { id: self.last_id, fault, seen: 0, used: 0 };
        let json = active.json();
        self.active.push(active);
        Ok(json)
    }

    pub fn clear(&mut self) {
        (self.active, self.bytes) = (Vec::new(), 0);
    }

    /// Returns the fault for a request of this operation, and its id: the first one that applies.
    pub fn next(&mut self, operation: Option<&str>) -> Option<(u64, Arc<Fault>)> {
        let is_meant = |active: &&mut Active| active.fault.operation.is_none_or(|id| Some(id) == operation);
        let applying = self.active.iter_mut().filter(is_meant).find_map(|active| active.applies().then_some(active))?;
        Some((applying.id, applying.fault.clone()))
    }

    pub fn json(&self) -> Value {
        json!({ "faults": self.active.iter().map(Active::json).collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_fault_that_applies_is_used_up_after_skipping() {
        let operations = Operations::of_contract();
        let mut faults = Faults::default();
        for fault in [
            json!({"operation": "core_users_create", "status": 429, "skip": 1, "count": 2}),
            json!({"operation": "core_users_list", "drop": true, "count": null}),
            json!({"delay": 0.5}),
        ] {
            faults.add(Fault::read(fault, &operations).unwrap().into()).unwrap();
        }
        let mut next = |operation| faults.next(operation).map(|(id, _)| id);
        let create = Some("core_users_create");
        assert_eq!([next(create), next(create), next(create), next(create)], [Some(3), Some(1), Some(1), None]);
        assert_eq!([next(Some("core_users_list")), next(Some("core_users_list"))], [Some(2), Some(2)]);
        assert_eq!(next(None), None);
        assert_eq!(faults.json()["faults"][0]["used"], 2);
    }

    #[test]
    fn there_are_at_most_a_thousand_faults_and_16_mib() {
        let operations = Operations::of_contract();
        let fault = |value| Arc::new(Fault::read(value, &operations).unwrap());
        let mut faults = Faults::default();
        for _ in 0..MAX_FAULTS {
            faults.add(fault(json!({"delay": 0}))).unwrap();
        }
        assert!(faults.add(fault(json!({"delay": 0}))).is_err());
        faults.clear();
        let large = fault(json!({"status": 500, "body": "x".repeat(1024 * 1024)}));
        assert_eq!((0..20).filter(|_| faults.add(large.clone()).is_ok()).count(), 15);
    }
}
