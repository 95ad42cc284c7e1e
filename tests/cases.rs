//! Replays the cases in `tests/cases/*.jsonl`: requests and their expected responses, one case per line.
//!
//! - `{"fixture": "user.ada", "body": {...}}` creates a user (`group.…` a group, `token.…` a token), once per file.
//!   Afterwards `$user.ada` is replaced by its `pk`, `$user.ada.uuid` by a field and `$user.ada.all` by the whole object.
//! - `{"fixture": "text.long", "repeat": "x", "times": 151}` defines a string that is too long to write out.
//! - Other lines are cases. A case has a `name` and is one request with its expected response, or several as `steps`.
//!   A request has a `method`, a `path` after `/api/v3`, a `body` or `raw` text, `headers` (`null` for one that is not sent)
//!   and a `token` (`admin`, `plain` or `none`). Expected are a `status`, what the body `is`, what it `has` (objects may
//!   have more, arrays may not), the `names` in a list, in order, and `response_headers`. `as` names the response, like a
//!   fixture.
//!
//! Objects created by a case are deleted after it. A case fails if it changes anything else. The times of changes are not
//! compared.

use std::{collections::BTreeMap, panic::AssertUnwindSafe};

use futures_util::FutureExt;
use reqwest::{Method, RequestBuilder};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::support::{ADMIN, Response, Server};

macro_rules! files {
    ($($file:ident)*) => {
        $(
            #[tokio::test]
            async fn $file() {
                replay(include_str!(concat!("cases/", stringify!($file), ".jsonl"))).await;
            }
        )*

        #[test]
        fn every_file_is_replayed() {
            for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases")).unwrap() {
                let path = entry.unwrap().path();
                assert!([$(stringify!($file)),*].iter().any(|file| path.ends_with(format!("{file}.jsonl"))), "{path:?}");
            }
        }
    };
}

files! { groups groups_list requests tokens users_change users_create users_list }

/// The collections in which cases create objects.
const COLLECTIONS: [&str; 3] = ["/core/tokens/", "/core/users/", "/core/groups/"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    method: String,
    path: String,
    body: Option<Value>,
    raw: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, Option<String>>,
    token: Option<String>,
    status: u16,
    is: Option<Value>,
    has: Option<Value>,
    names: Option<Value>,
    #[serde(default)]
    response_headers: BTreeMap<String, String>,
    r#as: Option<String>,
}

async fn replay(lines: &str) {
    let server = Server::start().await;
    let plain = server.plain_token().await;
    let mut replay = Replay { server, plain, variables: BTreeMap::new(), untouched: Vec::new() };
    let (mut names, mut failures) = (Vec::new(), Vec::new());
    for line in lines.lines() {
        let mut line: Map<String, Value> = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        if line.contains_key("fixture") {
            replay.create_fixture(&line).await;
            replay.untouched = replay.lists().await;
            continue;
        }
        let name = line.remove("name").expect("a case has a name");
        assert!(!names.contains(&name), "two cases are called {name}");
        let fixtures = replay.variables.clone();
        // Panics on an unexpected response, or on one that violates the contract.
        if let Err(panic) = AssertUnwindSafe(replay.run(line)).catch_unwind().await {
            let message = panic.downcast_ref::<String>().map_or("panicked without a formatted message", String::as_str);
            failures.push(format!("{name}: {message}"));
        }
        if let Some(lists) = replay.clean_up().await {
            failures.push(format!("{name} changed existing objects: {lists}"));
        }
        replay.variables = fixtures;
        names.push(name);
    }
    replay.server.stop().await;
    assert!(failures.is_empty(), "{} of {} cases failed:\n{}", failures.len(), names.len(), failures.join("\n"));
}

struct Replay {
    server: Server,
    plain: String,
    /// Values of `$` variables, by name without the `$`.
    variables: BTreeMap<String, Value>,
    /// The lists before the case.
    untouched: Vec<Vec<Value>>,
}

impl Replay {
    async fn create_fixture(&mut self, line: &Map<String, Value>) {
        let name = line["fixture"].as_str().unwrap();
        if let Some(text) = line.get("repeat").and_then(Value::as_str) {
            self.variables.insert(name.to_owned(), text.repeat(line["times"].as_u64().unwrap() as usize).into());
            return;
        }
        let kind = name.split('.').next().unwrap();
        let response = self.server.post(&format!("/core/{kind}s/"), self.substitute(&line["body"])).await;
        assert_eq!(response.status, 201, "{name}: {}", response.body);
        self.define(name, &response.body);
    }

    fn define(&mut self, name: &str, body: &Value) {
        let fields = body.as_object().expect("only objects can be named");
        self.variables.extend(fields.iter().map(|(field, value)| (format!("{name}.{field}"), value.clone())));
        self.variables.insert(format!("{name}.all"), body.clone());
        self.variables.insert(name.to_owned(), body["pk"].clone());
    }

    /// Replaces variables by their values.
    fn substitute(&self, value: &impl Serialize) -> Value {
        let mut text = json!(value).to_string();
        // In reverse order, because a name sorts before longer ones that start with it.
        for (name, value) in self.variables.iter().rev().filter(|_| text.contains('$')).collect::<Vec<_>>() {
            let (name, value) = (format!("${name}"), value.to_string());
            text = text.replace(&format!("\"{name}\""), &value).replace(&name, value.trim_matches('"'));
        }
        let is_name = |kind: &str| text.contains(&format!("${kind}."));
        assert!(!["user", "group", "token", "text"].into_iter().any(is_name), "unknown variable in {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn run(&mut self, case: Map<String, Value>) {
        let steps = case.get("steps").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![case.into()]);
        for step in steps {
            let step: Step = serde_json::from_value(self.substitute(&step)).unwrap();
            let response = self.server.send(self.request(&step)).await;
            step.check(&response);
            if let Some(name) = &step.r#as {
                self.define(name, &response.body);
            }
        }
    }

    fn request(&self, step: &Step) -> RequestBuilder {
        let mut request = self.server.request(Method::from_bytes(step.method.as_bytes()).unwrap(), &step.path);
        match step.token.as_deref() {
            None | Some("admin") => request = request.bearer_auth(ADMIN),
            Some("plain") => request = request.bearer_auth(&self.plain),
            Some(token) => assert_eq!(token, "none"),
        }
        let body = step.raw.clone().or_else(|| step.body.as_ref().map(Value::to_string));
        if body.is_some() && !step.headers.contains_key("content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in &step.headers {
            request = value.iter().fold(request, |request, value| request.header(name, value));
        }
        request.body(body.unwrap_or_default())
    }

    async fn lists(&self) -> Vec<Vec<Value>> {
        let mut lists = Vec::new();
        for path in COLLECTIONS {
            let body = self.server.get(&format!("{path}?page_size=100")).await.body;
            lists.push(body["results"].as_array().unwrap().iter().map(without_times).collect());
        }
        lists
    }

    /// Deletes the objects that a case created. Returns the lists if it changed anything else.
    async fn clean_up(&mut self) -> Option<Value> {
        let mut left = self.lists().await;
        for (path, (found, before)) in COLLECTIONS.iter().zip(left.iter().zip(&self.untouched)) {
            for made in found.iter().filter(|item| before.iter().all(|other| other["pk"] != item["pk"])) {
                let key = made.get("identifier").unwrap_or(&made["pk"]).to_string();
                let path = format!("{path}{}/", key.trim_matches('"'));
                let response = self.server.send(self.server.request(Method::DELETE, &path).bearer_auth(ADMIN)).await;
                assert_eq!(response.status, 204, "{path}");
            }
        }
        if left != self.untouched {
            left = self.lists().await;
        }
        let before = std::mem::replace(&mut self.untouched, left);
        (self.untouched != before).then(|| json!(self.untouched))
    }
}

impl Step {
    fn check(&self, response: &Response) {
        let body = &response.body;
        let request = format!("{} {} returned {} {body}", self.method, self.path, response.status);
        assert_eq!(response.status, self.status, "{request}");
        assert!(response.status != 204 || response.bytes.is_empty(), "{request}");
        let is_same = |is: &Value| without_times(body) == without_times(is);
        assert!(self.is.as_ref().is_none_or(is_same), "{request}, not {}", json!(self.is));
        assert!(self.has.as_ref().is_none_or(|has| contains(body, has)), "{request}, without {}", json!(self.has));
        if let Some(names) = &self.names {
            let name = |item: &Value| ["username", "identifier", "name"].iter().find_map(|key| item.get(key)).cloned();
            let found: Vec<_> = body["results"].as_array().into_iter().flatten().map(name).collect();
            assert_eq!(json!(found), *names, "{} {}", self.method, self.path);
        }
        for (name, value) in &self.response_headers {
            assert_eq!(response.header(name), value, "{request} with another {name}");
        }
    }
}

/// The value without the times of changes.
fn without_times(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(without_times).collect(),
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| !["last_updated", "password_change_date"].contains(&&***name));
            kept.map(|(name, member)| (name.clone(), without_times(member))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// Whether `whole` equals `part`, apart from additional members of objects that are not empty in `part`.
fn contains(whole: &Value, part: &Value) -> bool {
    match part.as_object().filter(|part| !part.is_empty()) {
        Some(part) => part.iter().all(|(key, part)| whole.get(key).is_some_and(|whole| contains(whole, part))),
        None => whole == part,
    }
}
