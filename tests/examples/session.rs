//! A server, and the ids that it chose for those in the examples.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
};

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{ADMIN, Response, Server};

/// An operation of the contract.
pub struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
    pub json: Value,
}

pub struct Session {
    pub server: Server,
    pub contract: Value,
    /// What this server made where the example has a made-up id, key or time.
    made: RefCell<HashMap<String, Value>>,
    /// Examples of requests and responses that were checked: operation, status or `request`, and key.
    checked: RefCell<BTreeSet<(String, String, String)>>,
}

impl Session {
    pub async fn start() -> Self {
        let contract = serde_json::from_str(rollcall::api::CONTRACT_JSON).unwrap();
        Self { server: Server::start().await, contract, made: RefCell::default(), checked: RefCell::default() }
    }

    /// Continues on a new server, whose ids start again.
    pub async fn restart(&mut self) -> &mut Self {
        std::mem::replace(&mut self.server, Server::start().await).stop().await;
        self.made.borrow_mut().clear();
        self
    }

    /// Every operation of the contract.
    pub fn operations(&self) -> Vec<Operation> {
        let paths = self.contract["paths"].as_object().unwrap();
        let all = paths.iter().flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(|(method, json)| Operation {
                id: json["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                json: json.clone(),
            })
        });
        all.collect()
    }

    pub fn operation(&self, id: &str) -> Operation {
        self.operations().into_iter().find(|operation| operation.id == id).unwrap()
    }

    /// What `value` refers to, if it is a reference.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.contract.pointer(&reference[1..]).unwrap(),
            None => value,
        }
    }

    /// The examples of a media type: key, name of the component, and value.
    pub fn examples(&self, content: &Value) -> Vec<(String, String, Value)> {
        let Some(examples) = content["application/json"]["examples"].as_object() else { return Vec::new() };
        let name = |example: &Value| example["$ref"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let all = examples.iter();
        all.map(|(key, example)| (key.clone(), name(example), self.resolve(example)["value"].clone())).collect()
    }

    /// A copy of an example with the ids that this server made.
    pub fn real(&self, example: &Value) -> Value {
        match example {
            Value::String(text) => self.made.borrow().get(text).unwrap_or(example).clone(),
            Value::Array(items) => items.iter().map(|item| self.real(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(key, value)| (key.clone(), self.real(value)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }

    /// Lets `real` stand for what an example says.
    pub fn stand_for(&self, example: &str, real: &Value) {
        self.made.borrow_mut().insert(example.to_owned(), real.clone());
    }

    /// The path of an operation with the parameters' examples, or `values` instead.
    pub fn path(&self, operation: &Operation, values: &[(&str, &str)]) -> String {
        let mut path = operation.path.clone();
        for parameter in operation.json["parameters"].as_array().into_iter().flatten() {
            let parameter = self.resolve(parameter);
            let name = parameter["name"].as_str().unwrap();
            let given = values.iter().find(|(given, _)| *given == name).map(|(_, value)| json!(value));
            let value = given.unwrap_or_else(|| self.real(&parameter["example"]));
            path = path.replace(&format!("{{{name}}}"), &plain(&value));
        }
        path
    }

    pub fn request(&self, operation: &Operation, values: &[(&str, &str)]) -> RequestBuilder {
        self.server.request(operation.method.clone(), &self.path(operation, values))
    }

    /// Sends an example of a request body as the administrator.
    pub async fn send(&self, id: &str, key: &str, values: &[(&str, &str)]) -> Response {
        let operation = self.operation(id);
        let examples = self.examples(&operation.json["requestBody"]["content"]);
        let (.., body) = examples.into_iter().find(|(name, ..)| name == key).unwrap();
        let request = self.request(&operation, values).bearer_auth(ADMIN).json(&self.real(&body));
        let response = self.server.send(request).await;
        assert!((200..300).contains(&response.status), "{id} {key}: {}", response.body);
        self.checked.borrow_mut().insert((id.to_owned(), "request".into(), key.to_owned()));
        response
    }

    /// Checks that `response` is the example `key` of an operation's responses.
    pub fn check(&self, id: &str, key: &str, response: &Response) {
        let status = response.status.to_string();
        let operation = self.operation(id);
        let documented = self.resolve(&operation.json["responses"][&status]);
        let examples = self.examples(&documented["content"]);
        let found = examples.iter().find(|(name, ..)| name == key);
        let (.., example) = found.unwrap_or_else(|| panic!("{id} {status} {key}: {}", response.body));
        self.compare(&format!("{id} {status} {key}"), example, &response.body);
        self.checked.borrow_mut().insert((id.to_owned(), status, key.to_owned()));
    }

    fn compare(&self, place: &str, example: &Value, real: &Value) {
        match (example, real) {
            (Value::Object(a), Value::Object(b)) => {
                let keys: [BTreeSet<&String>; 2] = [a.keys().collect(), b.keys().collect()];
                assert_eq!(keys[0], keys[1], "{place}: the properties of the example and the response");
                a.iter().for_each(|(key, value)| self.compare(&format!("{place}/{key}"), value, &b[key]));
            }
            (Value::Array(a), Value::Array(b)) => {
                assert_eq!(a.len(), b.len(), "{place}: {real}");
                a.iter().zip(b).for_each(|(a, b)| self.compare(place, a, b));
            }
            (Value::Number(a), Value::Number(b)) => assert_eq!(a.as_f64(), b.as_f64(), "{place}"),
            (Value::String(a), Value::String(b)) if shape(a).is_some() && a != b => {
                let is_made = ["/expires", "/date_joined", "/last_updated", "/password_change_date"];
                let is_time = shape(a) == Some("time");
                let may_differ = !is_time || is_made.iter().any(|field| place.ends_with(field));
                assert!(shape(a) == shape(b) && may_differ, "{place}: {a} and {b}");
                let mut made = self.made.borrow_mut();
                if is_time && !place.ends_with("/expires") {
                    // All users of the examples have the same.
                    made.entry(a.clone()).or_insert_with(|| real.clone());
                    return;
                }
                let bound = made.entry(a.clone()).or_insert_with(|| real.clone());
                assert_eq!(bound, real, "{place}: another value stood for {a} before");
            }
            _ => assert_eq!(example, real, "{place}"),
        }
    }

    /// Fails for every example that was not checked.
    pub async fn finish(self) {
        let mut left = Vec::new();
        for operation in self.operations() {
            let mut expect = |status: &str, content: &Value| {
                for (key, ..) in self.examples(content) {
                    let example = (operation.id.clone(), status.to_owned(), key);
                    if !self.checked.borrow().contains(&example) {
                        left.push(example);
                    }
                }
            };
            expect("request", &operation.json["requestBody"]["content"]);
            for (status, response) in operation.json["responses"].as_object().unwrap() {
                expect(status, &self.resolve(response)["content"]);
            }
        }
        assert!(left.is_empty(), "examples that nothing sends or returns: {left:#?}");
        self.server.stop().await;
    }
}

/// A value as it is written in a URL.
pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// What kind of value a server makes that looks like `text`.
fn shape(text: &str) -> Option<&'static str> {
    let all = |is: fn(char) -> bool| text.chars().all(is);
    if uuid::Uuid::try_parse(text).is_ok() {
        Some("uuid")
    } else if text.len() == 64 && all(|c| c.is_ascii_hexdigit()) {
        Some("uid")
    } else if text.len() == 43 && all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
        Some("key")
    } else if text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok() {
        Some("time")
    } else {
        None
    }
}
