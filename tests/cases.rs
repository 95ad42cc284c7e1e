//! Replays the cases in `tests/cases/*.jsonl`: requests and what has to be answered, one case to a line.
//!
//! - `{"fixture": "user.ada", "body": {...}}` makes a user (`group.…` a group, `token.…` a token) once for its file.
//!   Afterwards `$user.ada` stands for its `pk`, `$user.ada.uuid` for a field and `$user.ada.all` for all of it.
//! - `{"fixture": "text.long", "repeat": "x", "times": 151}` names a text that is too long to write out.
//! - Other lines are cases. A case has a `name` and is one request with its expectation, or several as `steps`.
//!   A request has a `method`, a `path` after `/api/v3`, a `body` or `raw` text, `headers` (`null` for one not to send)
//!   and a `token` (`admin`, `plain` or `none`). Expected are a `status`, what the body `is`, what it `has` (objects may
//!   have more, arrays may not), whose `names` a list shows in which order, and `answers`, the headers.
//!   With `as` an answer gets a name, as a fixture has.
//!
//! What a case made is deleted after it. A case that leaves anything else changed fails.

use std::{collections::BTreeMap, panic::AssertUnwindSafe};

use futures_util::FutureExt;
use reqwest::{Method, RequestBuilder};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::support::{ADMIN, Answer, Server};

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

/// Where cases leave traces.
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
    answers: BTreeMap<String, String>,
    r#as: Option<String>,
}

async fn replay(lines: &str) {
    let server = Server::start().await;
    let plain = server.plain_token().await;
    let mut replay = Replay { server, plain, known: BTreeMap::new(), untouched: Vec::new() };
    let (mut names, mut failures) = (Vec::new(), Vec::new());
    for line in lines.lines() {
        let mut line: Map<String, Value> = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        if line.contains_key("fixture") {
            replay.make(&line).await;
            replay.untouched = replay.lists().await;
            continue;
        }
        let name = line.remove("name").expect("a case has a name");
        assert!(!names.contains(&name), "two cases are called {name}");
        let fixtures = replay.known.clone();
        // A wrong answer panics here, or in the client where it checks the contract.
        if let Err(panic) = AssertUnwindSafe(replay.run(line)).catch_unwind().await {
            let told = panic.downcast_ref::<String>().map_or("panicked without a formatted message", String::as_str);
            failures.push(format!("{name}: {told}"));
        }
        if let Some(left) = replay.undo().await {
            failures.push(format!("{name} left a change: {left}"));
        }
        replay.known = fixtures;
        names.push(name);
    }
    replay.server.stop().await;
    assert!(failures.is_empty(), "{} of {} cases failed:\n{}", failures.len(), names.len(), failures.join("\n"));
}

struct Replay {
    server: Server,
    plain: String,
    /// What `$` names stand for, without the `$`.
    known: BTreeMap<String, Value>,
    /// The lists as the fixtures leave them.
    untouched: Vec<Vec<Value>>,
}

impl Replay {
    async fn make(&mut self, line: &Map<String, Value>) {
        let name = line["fixture"].as_str().unwrap();
        if let Some(text) = line.get("repeat").and_then(Value::as_str) {
            self.known.insert(name.to_owned(), text.repeat(line["times"].as_u64().unwrap() as usize).into());
            return;
        }
        let kind = name.split('.').next().unwrap();
        let answer = self.server.post(&format!("/core/{kind}s/"), self.fill(&line["body"])).await;
        assert_eq!(answer.status, 201, "{name}: {}", answer.body);
        self.know(name, &answer.body);
    }

    fn know(&mut self, name: &str, body: &Value) {
        let fields = body.as_object().expect("what gets a name is an object");
        self.known.extend(fields.iter().map(|(field, value)| (format!("{name}.{field}"), value.clone())));
        self.known.insert(format!("{name}.all"), body.clone());
        self.known.insert(name.to_owned(), body["pk"].clone());
    }

    /// Puts what is known in place of its names.
    fn fill(&self, value: &impl Serialize) -> Value {
        let mut text = json!(value).to_string();
        // Backwards, for a name comes before the longer ones that begin with it.
        for (name, known) in self.known.iter().rev().filter(|_| text.contains('$')).collect::<Vec<_>>() {
            let (name, known) = (format!("${name}"), known.to_string());
            text = text.replace(&format!("\"{name}\""), &known).replace(&name, known.trim_matches('"'));
        }
        let is_name = |kind: &str| text.contains(&format!("${kind}."));
        assert!(!["user", "group", "token", "text"].into_iter().any(is_name), "unknown name in {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn run(&mut self, case: Map<String, Value>) {
        let steps = case.get("steps").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![case.into()]);
        for step in steps {
            let step: Step = serde_json::from_value(self.fill(&step)).unwrap();
            let answer = self.server.send(self.request(&step)).await;
            step.check(&answer);
            if let Some(name) = &step.r#as {
                self.know(name, &answer.body);
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
            lists.push(body["results"].as_array().unwrap().clone());
        }
        lists
    }

    /// Deletes what a case made, and tells what else it changed.
    async fn undo(&mut self) -> Option<Value> {
        let mut left = self.lists().await;
        for (path, (found, before)) in COLLECTIONS.iter().zip(left.iter().zip(&self.untouched)) {
            for made in found.iter().filter(|item| before.iter().all(|other| other["pk"] != item["pk"])) {
                let key = made.get("identifier").unwrap_or(&made["pk"]).to_string();
                let path = format!("{path}{}/", key.trim_matches('"'));
                let answer = self.server.send(self.server.request(Method::DELETE, &path).bearer_auth(ADMIN)).await;
                assert_eq!(answer.status, 204, "{path}");
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
    fn check(&self, answer: &Answer) {
        let body = &answer.body;
        let request = format!("{} {} answered {} {body}", self.method, self.path, answer.status);
        assert_eq!(answer.status, self.status, "{request}");
        assert!(answer.status != 204 || answer.bytes.is_empty(), "{request}");
        assert!(self.is.as_ref().is_none_or(|is| body == is), "{request}, not {}", json!(self.is));
        assert!(self.has.as_ref().is_none_or(|has| contains(body, has)), "{request}, without {}", json!(self.has));
        if let Some(names) = &self.names {
            let name = |item: &Value| ["username", "identifier", "name"].iter().find_map(|key| item.get(key)).cloned();
            let found: Vec<_> = body["results"].as_array().into_iter().flatten().map(name).collect();
            assert_eq!(json!(found), *names, "{} {}", self.method, self.path);
        }
        for (name, value) in &self.answers {
            assert_eq!(answer.header(name), value, "{request} with another {name}");
        }
    }
}

/// Whether `whole` has what `part` has: objects may have more, all else is equal.
fn contains(whole: &Value, part: &Value) -> bool {
    match part.as_object() {
        Some(part) => part.iter().all(|(key, part)| whole.get(key).is_some_and(|whole| contains(whole, part))),
        None => whole == part,
    }
}
