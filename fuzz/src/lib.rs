//! A server in this process, for the fuzz targets: the whole HTTP endpoint on SQLite, without sockets.
//!
//! Every response is checked here for what all of them promise. A broken promise panics, which ends the fuzzer and keeps
//! the input. So does a panic in the server, before the middleware that would make a 500 of it.

use std::{num::NonZeroUsize, sync::Arc};

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use poem::{
    Body, Endpoint, Request, RequestParts,
    endpoint::BoxEndpoint,
    http::{self, HeaderValue, Method, Uri, header, uri::Scheme},
    web::{LocalAddr, RemoteAddr},
};
use rollcall::{
    api::{Edition, Limits},
    domain::{guesses::Guesses, limits::ObjectLimits, secret::InstanceSecret, token::Lifetimes},
    http::{Monitor, WireLimits, endpoint},
    operations::{App, Passwords},
    store::{ReadLimits, Store},
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tracing_subscriber::filter::LevelFilter;

/// The token of the administrator, whose id is 1.
pub const ADMIN: &str = "the-administrators-token";

/// The token of `ada`, who is no superuser.
pub const PLAIN: &str = "the-plain-token";

/// The key of the token `fixed`, which is ada's too, before and after each change.
pub const FIXED_KEY: &str = "the-fixed-token";

/// What inputs may write for the ids of a group and a user, which differ each time.
const GROUP: &[u8] = b"$group";
const UUID: &[u8] = b"$uuid";

/// Connections of SQLite are counted otherwise.
const CONNECTIONS: NonZeroUsize = NonZeroUsize::MIN;

pub struct Server {
    runtime: Runtime,
    endpoint: BoxEndpoint<'static>,
    app: Arc<App>,
    group: String,
    uuid: String,
    _directory: TempDir,
}

impl Server {
    /// A server with some users, groups and tokens, on a database in `TMPDIR`. No background task runs, so that a
    /// response depends on nothing but the input.
    pub fn start() -> Self {
        // The cause of a 500 is in the log only. The second server of a process finds that there is a log.
        let _ = tracing_subscriber::fmt().with_ansi(false).with_max_level(LevelFilter::ERROR).try_init();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let directory = tempfile::Builder::new().prefix("rollcall-fuzz-").tempdir().unwrap();
        let url = format!("sqlite:{}", directory.path().join("rollcall.sqlite3").display());
        let secret = InstanceSecret::new(&"a secret for fuzzing".into());
        let store = runtime.block_on(async {
            let store = Store::open(&url.parse().unwrap(), CONNECTIONS, ReadLimits::DEFAULT).unwrap();
            store.set_up(&secret, &ADMIN.into()).await.unwrap();
            store
        });
        let (avatars, passwords) = ("initials".parse().unwrap(), Passwords::new(1));
        let (limits, lifetimes, edition) = (ObjectLimits::DEFAULT, Lifetimes::DEFAULT, Edition::V2024_8);
        // Without a limit, so that wrong tokens are looked up.
        let guesses = Guesses::new(0);
        let app = Arc::new(App { store, secret, avatars, passwords, limits, lifetimes, guesses, edition });
        let monitor = Monitor::of(app.clone());
        let endpoint = endpoint(app.clone(), &monitor, Limits::DEFAULT, &WireLimits::DEFAULT, &"".parse().unwrap());
        let (group, uuid) = (String::new(), String::new());
        let mut server = Self { runtime, endpoint, app, group, uuid, _directory: directory };
        server.fill();
        server
    }

    fn fill(&mut self) {
        let group = |body: Value| self.created("/core/groups/", &body)["pk"].clone();
        let user = |body: Value| self.created("/core/users/", &body);
        let red =
            group(json!({"name": "shade red", "attributes": {"floor": 3, "badge": "A-10", "head": {"desk": [1, 2]}}}));
        let blue = group(json!({"name": "blue, too", "attributes": {"floor": 1, "badge": "b_20", "": null}}));
        let admins = group(json!({"name": "admins", "is_superuser": true, "attributes": {"floor": "3", "on": true}}));
        let below =
            group(json!({"name": "below%", "parent": admins, "attributes": {"floor": 1e300, "list": [[], {}]}}));
        let ada = user(json!({
            "username": "ada", "name": "Ada Byron", "email": "ada@example.org", "path": "lab/one", "groups": [red],
            "attributes": {
                "floor": 3, "badge": "A-10", "tags": ["x", "y"], "seat": {"row": 2, "window": true}, "nick": null,
                "long": "x".repeat(120), "0": {"0": [0]},
            },
        }));
        let bob = user(json!({
            "username": "bob", "name": "Bob Kahn", "email": "kahn@example.org", "path": "lab/two", "type": "external",
            "is_active": false, "groups": [red, blue],
            "attributes": {"floor": 1.5, "badge": "b_20", "tags": [], "seat": {}, "on": false, "nick": ""},
        }));
        user(json!({
            "username": "cyd", "name": "cyd byron", "path": "lab", "type": "service_account", "groups": [below],
            "attributes": {
                "floor": "3", "badge": "50%", "tags": [["x"], {"x": 1}], "on": true,
                "huge": [9_007_199_254_740_993_i64, u64::MAX, i64::MIN, 1e300, 1e-300, -0.0, 1e22],
            },
        }));
        user(json!({
            "username": "dot", "name": "Dot_", "path": "labs", "groups": [admins], "last_login": "2024-02-03T04:05:06Z",
            "attributes": {
                "floor": -4, "seat": {"row": 5, "window": false}, "huge": 9_007_199_254_740_992_i64,
                "a": {"b": {"c": {"d": [{"e": "deep"}]}}}, "say \"hi\"": "\\", "tab\t": "\u{1}", "Größe": "STRASSE",
            },
        }));
        user(json!({
            "username": "eve.o'neil", "name": "Eve \\ O'Neil", "email": "EVE@example.org", "path": "lab/%/_",
            "last_login": "1999-12-31T23:59:59.999999Z",
            "attributes": {"floor": 3.0, "badge": "straße 😀", "tags": "x", "seat": [2, true], "a__b": 1, "": {"": ""}},
        }));
        // For changes. The group has no members.
        user(fixed_user());
        let crew = group(json!({"name": "crew"}));
        let token = |body: Value, key: &str| {
            let path = format!("/core/tokens/{}/", body["identifier"].as_str().unwrap());
            self.created("/core/tokens/", &body);
            self.post(&format!("{path}set_key/"), json!({"key": key}).to_string()).expect(&[204]);
        };
        token(json!({"identifier": "plain", "user": ada["pk"], "expiring": false, "description": "Ada's 1%"}), PLAIN);
        token(json!({"identifier": "off", "user": bob["pk"], "expires": "2999-01-02T03:04:05Z"}), "the-inactive-token");
        token(json!({"identifier": "app", "intent": "app_password", "managed": "example.org/app"}), "the-app-password");
        token(json!({"identifier": "fixed", "user": ada["pk"]}), FIXED_KEY);
        self.group = crew.as_str().unwrap().to_owned();
        self.uuid = ada["uuid"].as_str().unwrap().to_owned();
    }

    fn created(&self, path: &str, body: &Value) -> Value {
        self.post(path, body.to_string()).expect(&[201]).body
    }

    /// Replaces the names of ids in an input by the ids.
    pub fn with_ids(&self, input: &[u8]) -> Vec<u8> {
        replace(&replace(input, GROUP, self.group.as_bytes()), UUID, self.uuid.as_bytes())
    }

    /// The path of the group that inputs call `$group`.
    pub fn group_path(&self) -> String {
        format!("/core/groups/{}/", self.group)
    }

    /// Brings the search index up to date, which the program does in the background.
    pub fn index(&self) {
        self.runtime.block_on(self.app.store.index_users()).unwrap();
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Vec::new())
    }

    /// A list, with a filter. The lists of the targets have less than 100 objects.
    pub fn list(&self, list: &str, parameter: &str, value: &[u8]) -> Answer {
        self.get(&format!("{list}?page_size=100&{parameter}={}", percent_encode(value, NON_ALPHANUMERIC)))
    }

    pub fn post(&self, path: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.send(Method::POST, path, body.into())
    }

    pub fn delete(&self, path: &str) {
        self.send(Method::DELETE, path, Vec::new()).expect(&[204]);
    }

    /// Sends JSON as the administrator. `path` starts after `/api/v3`.
    pub fn send(&self, method: Method, path: &str, body: Vec<u8>) -> Answer {
        let mut request = http::Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = format!("/api/v3{path}").parse().unwrap();
        let authorization = HeaderValue::try_from(format!("Bearer {ADMIN}")).unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, authorization);
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.answer(request)
    }

    /// Gets any URI as somebody.
    pub fn get_as(&self, authorization: HeaderValue, uri: Uri) -> Answer {
        let mut request = http::Request::new(Vec::new());
        *request.uri_mut() = uri;
        request.headers_mut().insert(header::AUTHORIZATION, authorization);
        self.answer(request)
    }

    fn answer(&self, request: http::Request<Vec<u8>>) -> Answer {
        let (parts, body) = request.into_parts();
        let call = format!("{} {}", parts.method, parts.uri);
        // The way that poem takes with a request from a socket; its builder would leave out the original URI.
        let parts = RequestParts::from((parts, LocalAddr::default(), RemoteAddr::default(), Scheme::HTTP));
        let request = Request::from_parts(parts, Body::from(body));
        self.runtime.block_on(async {
            let response = self.endpoint.get_response(request).await;
            let status = response.status().as_u16();
            let is_json = response.content_type() == Some("application/json");
            let bytes = response.into_body().into_vec().await.unwrap();
            Answer::new(call, status, is_json, &bytes)
        })
    }
}

/// The user with the id 7, as it is before and after each change.
pub fn fixed_user() -> Value {
    json!({
        "username": "fixed", "name": "Fixed", "email": "", "path": "users", "type": "internal", "is_active": true,
        "last_login": null, "groups": [], "attributes": {"desk": 7},
    })
}

fn replace(input: &[u8], name: &[u8], id: &[u8]) -> Vec<u8> {
    let (mut output, mut rest) = (Vec::with_capacity(input.len()), input);
    while let Some(at) = rest.windows(name.len()).position(|window| window == name) {
        output.extend_from_slice(&rest[..at]);
        output.extend_from_slice(id);
        rest = &rest[at + name.len()..];
    }
    output.extend_from_slice(rest);
    output
}

/// A response that keeps what all of them promise.
#[derive(Debug)]
pub struct Answer {
    call: String,
    pub status: u16,
    /// Null if there is none.
    pub body: Value,
}

impl Answer {
    fn new(call: String, status: u16, is_json: bool, bytes: &[u8]) -> Self {
        let text = || String::from_utf8_lossy(bytes);
        assert!(status < 500, "{call} returned {status}: {}", text());
        assert_eq!(status == 204, bytes.is_empty(), "{call} returned {status} with {} bytes", bytes.len());
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            assert!(is_json, "{call} returned {status} with another type than JSON: {}", text());
            parse(bytes).unwrap_or_else(|| panic!("{call} returned {status} with malformed JSON: {}", text()))
        };
        let is_as_documented = match status {
            400 => is_detail(&body) || has_messages(&body),
            401.. => is_detail(&body),
            _ => true,
        };
        assert!(is_as_documented, "{call} returned {status} with an undocumented error: {body}");
        Self { call, status, body }
    }

    /// Panics unless the status is one of `allowed`.
    pub fn expect(self, allowed: &[u16]) -> Self {
        assert!(allowed.contains(&self.status), "{} returned {}: {}", self.call, self.status, self.body);
        self
    }
}

/// Parses one value, however deep: attributes that are as deep as allowed are deeper in a list of users.
fn parse(bytes: &[u8]) -> Option<Value> {
    let mut parser = serde_json::Deserializer::from_slice(bytes);
    parser.disable_recursion_limit();
    let mut values = parser.into_iter();
    let value = values.next()?.ok()?;
    values.next().is_none().then_some(value)
}

fn is_detail(body: &Value) -> bool {
    body.as_object().is_some_and(|members| members.len() == 1) && body["detail"].is_string()
}

fn has_messages(body: &Value) -> bool {
    let is_list =
        |value: &Value| value.as_array().is_some_and(|all| !all.is_empty() && all.iter().all(Value::is_string));
    body.as_object().is_some_and(|members| !members.is_empty() && members.values().all(is_list))
}

/// The object that a body is, if serde_json can parse it; empty otherwise.
pub fn members(body: &[u8]) -> Map<String, Value> {
    serde_json::from_slice(body).unwrap_or_default()
}

/// A string without the space around it that Python would remove.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}
