//! What is accepted: exactly what the contract's schemas and the documented rules allow. What isn't is reported by every
//! field that breaks one of them, and by no other.
//!
//! The rules are written here anew, from the README and the contract's descriptions.

use std::collections::BTreeSet;

use proptest::{
    prelude::{BoxedStrategy, Just, Strategy, any, prop, prop_oneof},
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde_json::{Map, Value, json};

use crate::support::{NOBODY, Server, schema};

/// Bodies for each operation.
const CASES: usize = 400;

/// A request's schema, and the rules beyond it.
struct Rules {
    path: &'static str,
    schema: &'static str,
    required: &'static [&'static str],
    /// Must be unique, so every body has a number there.
    key: &'static str,
    /// What is accepted with status 201 is accepted with this one.
    created: u16,
    /// Whether a field that has the right type also keeps the rules.
    keeps: fn(&str, &Value) -> bool,
}

const USERS: Rules = Rules {
    path: "/core/users/",
    schema: "UserRequest",
    required: &["username", "name"],
    key: "username",
    created: 201,
    keeps: |field, value| match field {
        "email" => EMAILS.contains(&value.as_str().unwrap()),
        "path" => is_path(value.as_str().unwrap()),
        "type" => value != "internal_service_account",
        "roles" => value == &json!([]),
        "groups" => value.as_array().unwrap().iter().all(|group| group != NOBODY),
        _ => true,
    },
};

const GROUPS: Rules = Rules {
    path: "/core/groups/",
    schema: "GroupRequest",
    required: &["name"],
    key: "name",
    created: 201,
    keeps: |field, value| match field {
        "name" => value.as_str().unwrap().chars().count() <= 640,
        "parent" => value != NOBODY,
        "users" => value.as_array().unwrap().iter().all(|user| user == &json!(1)),
        "roles" => value == &json!([]),
        _ => true,
    },
};

const TOKENS: Rules = Rules {
    path: "/core/tokens/",
    schema: "TokenRequest",
    required: &["identifier"],
    key: "identifier",
    created: 201,
    keeps: |field, value| match field {
        "intent" => value == "api" || value == "app_password",
        "user" => value == &json!(1),
        _ => true,
    },
};

const SERVICE_ACCOUNTS: Rules = Rules {
    path: "/core/users/service_account/",
    schema: "UserServiceAccountRequest",
    required: &["name"],
    key: "name",
    created: 200,
    keeps: |field, value| field != "name" || value.as_str().unwrap().chars().count() <= 150,
};

const EMAILS: [&str; 4] = ["", "a@example.com", "x+y@müller.example", "\"q\"@localhost"];

/// Segments that are not empty, and at most 640 characters.
fn is_path(path: &str) -> bool {
    path.chars().count() <= 640 && path.split('/').all(|segment| !segment.is_empty())
}

/// As Python's `str.strip()`.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

/// Any JSON.
fn junk() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e6..1e6_f64).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((".{0,6}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
    .boxed()
}

fn text(lengths: std::ops::Range<usize>) -> BoxedStrategy<Value> {
    let characters = prop_oneof![8 => any::<char>(), 2 => select(vec![' ', '\t', '\u{a0}', '\u{1f}', '/', '\'', '"', '\\', '\0', 'é'])];
    prop::collection::vec(characters, lengths)
        .prop_map(|characters| characters.into_iter().collect::<String>().into())
        .boxed()
}

fn one_of(values: &[Value]) -> BoxedStrategy<Value> {
    select(values.to_vec()).boxed()
}

/// The values of a field: mostly good ones, some that its kind has at the edges, and sometimes anything.
fn field(name: &str) -> BoxedStrategy<Value> {
    let moments = [json!("2040-05-06T07:08:09Z"), json!("2040-05-06T07:08:09.25+02:00"), json!(null)];
    let emails = |emails: &[&str]| one_of(&emails.iter().map(|email| json!(email)).collect::<Vec<_>>());
    let object = || {
        let members = prop::collection::vec(("[a-z]{0,6}", junk()), 0..4);
        members.prop_map(|members| Value::Object(members.into_iter().collect())).boxed()
    };
    let good = match name {
        "username" | "name" | "description" | "managed" => "[a-zà-ü😀 ]{1,12}[a-z]".prop_map(Value::from).boxed(),
        "identifier" => "[-a-zA-Z0-9_]{1,12}".prop_map(Value::from).boxed(),
        "path" => "[a-c ]{1,3}(/[a-c]{1,2}){0,3}".prop_map(Value::from).boxed(),
        "email" => emails(&EMAILS),
        "is_active" | "is_superuser" | "expiring" | "create_group" => any::<bool>().prop_map(Value::from).boxed(),
        "last_login" => one_of(&moments),
        "expires" => one_of(&moments[..2]),
        "groups" | "roles" => one_of(&[json!([])]),
        "parent" => one_of(&[json!(null)]),
        "users" => one_of(&[json!([]), json!([1]), json!([1, 1])]),
        "user" => one_of(&[json!(1)]),
        "type" => one_of(&["internal", "external", "service_account"].map(Value::from)),
        "intent" => one_of(&["api", "app_password"].map(Value::from)),
        "attributes" => object(),
        _ => unreachable!("{name}"),
    };
    let odd = match name {
        "username" | "name" => prop_oneof![text(0..8), text(140..170), text(630..650)].boxed(),
        "identifier" | "description" | "managed" => text(0..4),
        "path" => prop_oneof![text(0..6), text(630..650)].boxed(),
        "email" => emails(&["a@", "@b.de", "a b@c.de", "a@-b.de", "a@b.-de", "plain", " a@example.com "]),
        "last_login" | "expires" => one_of(&[json!("soon"), json!("2024-13-01T00:00:00Z"), json!(null)]),
        "groups" => one_of(&[json!([NOBODY]), json!(["x"]), json!([null]), json!([1])]),
        "roles" => one_of(&[json!([NOBODY])]),
        "parent" => one_of(&[json!(NOBODY), json!("x"), json!(""), json!(" ")]),
        "users" => one_of(&[json!([987_654_321]), json!(["1"]), json!([true])]),
        "user" => one_of(&[json!(987_654_321), json!("1")]),
        "type" => one_of(&["internal_service_account", "robot"].map(Value::from)),
        "intent" => one_of(&["verification", "recovery", "other"].map(Value::from)),
        "attributes" => one_of(&[json!({"a": "x".repeat(262_140)}), json!({"a\0": 1}), json!({"a": [{"b": "\0"}]})]),
        _ => junk(),
    };
    prop_oneof![20 => good, 3 => odd, 1 => junk()].boxed()
}

impl Rules {
    fn body(&self, fields: &[&'static str]) -> BoxedStrategy<Map<String, Value>> {
        let member = |name: &'static str| {
            let share = if self.required.contains(&name) { 0.95 } else { 0.5 };
            prop::option::weighted(share, field(name))
                .prop_map(move |value| value.map(|value| (name.to_owned(), value)))
        };
        let members: Vec<_> = fields.iter().map(|name| member(name)).collect();
        members.prop_map(|members| members.into_iter().flatten().collect()).boxed()
    }

    /// Whether one field of an otherwise good body is accepted.
    fn allows(&self, field: &str, value: &Value) -> bool {
        // An empty id counts as null, as in authentik.
        if field == "parent" && value == "" {
            return true;
        }
        let value = value.as_str().map_or_else(|| value.clone(), |text| trimmed(text).into());
        let good = |name: &&str| ((*name).to_owned(), json!("good"));
        let mut body: Map<String, Value> = self.required.iter().map(good).collect();
        body.insert(field.to_owned(), value.clone());
        // An object's keys and texts may not have null characters, wherever they are.
        let has_null_character = value.to_string().contains("\\u0000");
        let is_small = field != "attributes" || value.to_string().len() <= 262_144;
        // A null where the schema allows one needs no rule.
        schema::allows(self.schema, &body.into())
            && !has_null_character
            && is_small
            && (value.is_null() || (self.keeps)(field, &value))
    }

    async fn hold(&self, server: &Server, fields: &[&'static str]) {
        let mut runner = TestRunner::new(Config::default());
        let strategy = self.body(fields);
        let (mut accepted, mut rejected) = (0, 0);
        for number in 0..CASES {
            let mut body = strategy.new_tree(&mut runner).unwrap().current();
            for unique in [self.key, "managed"] {
                if let Some(Value::String(text)) = body.get_mut(unique) {
                    // Not where it would be trimmed, and not if it is to be refused.
                    if !trimmed(text).is_empty() && !text.contains('\0') {
                        let start = text.len() - text.trim_start().len();
                        text.insert_str(start, &format!("{}{number}-", self.schema));
                    }
                }
            }
            let mut wrong: BTreeSet<&str> =
                body.iter().filter(|(name, value)| !self.allows(name, value)).map(|(name, _)| name.as_str()).collect();
            wrong.extend(self.required.iter().filter(|name| !body.contains_key(**name)));
            let response = server.post(self.path, body.clone().into()).await;
            let context = format!("{} {}: {} {}", self.path, Value::from(body.clone()), response.status, response.body);
            if wrong.is_empty() {
                assert_eq!(response.status, self.created, "{context}");
                accepted += 1;
            } else {
                assert_eq!(response.status, 400, "{context}");
                let named: BTreeSet<&str> = response.body.as_object().unwrap().keys().map(String::as_str).collect();
                assert_eq!(named, wrong, "{context}");
                rejected += 1;
            }
        }
        assert!(accepted > CASES / 5 && rejected > CASES / 5, "{accepted} accepted, {rejected} rejected");
    }
}

#[tokio::test]
async fn what_the_schemas_and_the_rules_allow_is_accepted_and_nothing_else() {
    let server = Server::start().await;
    USERS
        .hold(
            &server,
            &["username", "name", "is_active", "last_login", "groups", "roles", "email", "attributes", "path", "type"],
        )
        .await;
    GROUPS.hold(&server, &["name", "is_superuser", "parent", "users", "attributes", "roles"]).await;
    TOKENS.hold(&server, &["identifier", "intent", "user", "description", "expires", "expiring", "managed"]).await;
    SERVICE_ACCOUNTS.hold(&server, &["name", "create_group", "expiring", "expires"]).await;
    server.stop().await;
}
