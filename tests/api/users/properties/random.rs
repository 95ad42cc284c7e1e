//! Random values, paths and spellings.

use std::sync::LazyLock;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::reading::{find, string};

/// What random values are drawn from. Attributes under a `text key` are of `text`, which doesn't depend on the spelling
/// of a number. No letter beyond ASCII occurs in two cases, and nothing searched has quotes or commas.
static POOLS: LazyLock<Value> = LazyLock::new(|| {
    let pools = r#"{
        "username": ["ada", "Bob", "zoë", "x_y", "50%"],
        "name": ["Ada Lovelace", "ada lovelace", "Zoë Łuk", "100% Sure", "under_score Name", "日本 太郎"],
        "email": ["", "ada@example.com", "ADA@example.com", "bob_1@example.org", "zed@example.net"],
        "path": ["users", "staff", "staff/a", "staff/a/deep", "Staff/a", "staff_", "staffx"],
        "type": ["internal", "external", "service_account"],
        "is_active": [true, false],
        "last_login": [null, "2024-05-06T07:08:09Z", "2024-05-06T09:08:09+02:00", "2024-05-06T07:08:09.5Z",
            "1999-12-31T23:59:59Z"],
        "key": ["a", "b", "0", "1", "team", "+1", "-1", "01", "a.b", "it's", "quo\"te", "", " 1", "4294967296"],
        "text key": ["team", "it's", "+1"],
        "text": [null, true, false, 0, -1, 1, 2, 100, 9007199254740993, 9007199254740992, 9223372036854775807,
            18446744073709551615, 18446744073709551614, "", "1", "true", "red", "Red", "blue sky", " edge ", "100%",
            "a_b", "axb", "it's", "say \"hi\"", "back\\slash", "Zoë", "日本語", "🙂"],
        "real": [1.5, 0.1, 1e22, 1.5e-7, 100.0, -0.5, 9007199254740992.0, 0.0, -0.0],
        "filter": ["username", "email", "name", "path", "path_startswith", "is_active", "is_superuser", "uuid", "type",
            "groups_by_name", "groups_by_pk", "search", "date_joined", "date_joined__gt", "date_joined__lt", "last_login",
            "last_login__gt", "last_login__lt", "last_login__isnull", "last_updated", "last_updated__gt",
            "last_updated__lt"],
        "order": ["pk", "uuid", "username", "name", "email", "is_active", "last_login", "date_joined", "last_updated", "path",
            "type", "colour", ""],
        "lookup": ["exact", "gt", "gte", "lt", "lte", "in", "isnull", "contains"],
        "text lookup": ["icontains", "startswith", "istartswith", "endswith", "iendswith", "iexact"]
    }"#;
    let mut pools: Value = serde_json::from_str(pools).unwrap();
    // Longer than the strings in SQLite's index.
    let long = ["a", "b"].map(|end| json!("x".repeat(100) + end));
    pools["text"].as_array_mut().unwrap().extend(long);
    pools
});

pub fn pool(name: &str) -> &'static [Value] {
    POOLS[name].as_array().unwrap()
}

pub fn pick(random: &mut Rng, name: &str) -> &'static Value {
    random.choice(pool(name)).unwrap()
}

pub fn pick_text(random: &mut Rng, name: &str) -> &'static str {
    pick(random, name).as_str().unwrap()
}

/// A random value with up to so many levels of lists and objects.
pub fn random_value(random: &mut Rng, depth: usize) -> Value {
    let (kind, amount) = (random.u8(..if depth > 0 { 6 } else { 4 }), random.usize(..4));
    match kind {
        0 => pick(random, "real").clone(),
        1..=3 => pick(random, "text").clone(),
        4 => (0..amount).map(|_| random_value(random, depth - 1)).collect(),
        _ => random_object(random, amount, depth),
    }
}

/// A random object with up to so many members.
pub fn random_object(random: &mut Rng, amount: usize, depth: usize) -> Value {
    let mut members = Map::new();
    for _ in 0..amount {
        let key = pick(random, "key");
        let is_text = pool("text key").contains(key);
        let value = if is_text { pick(random, "text").clone() } else { random_value(random, depth - 1) };
        members.insert(string(key), value);
    }
    members.into()
}

/// A random path that often leads somewhere, to a text if it is for one.
pub fn random_path(random: &mut Rng, attributes: &Value, is_for_text: bool) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    for _ in 0..random.usize(1..4) {
        let steps: Vec<String> = match find(attributes, &path) {
            Some(Value::Object(members)) => members.keys().cloned().collect(),
            Some(Value::Array(items)) => (0..items.len()).map(|index| index.to_string()).collect(),
            _ => Vec::new(),
        };
        path.extend(random.choice(steps));
    }
    if is_for_text || path.is_empty() || random.u8(..4) == 0 {
        path.pop();
        path.push(pick_text(random, if is_for_text { "text key" } else { "key" }).to_owned());
    }
    path
}

/// A random value that is often contained in this one.
pub fn part(random: &mut Rng, value: &Value) -> Value {
    match value {
        Value::Array(items) if !items.is_empty() && random.u8(..3) == 0 => random.choice(items).unwrap().clone(),
        Value::Array(items) => {
            let some: Vec<&Value> = items.iter().filter(|_| random.bool()).collect();
            some.into_iter().map(|item| part(random, item)).collect()
        }
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| random.bool().then(|| (key.clone(), part(random, value)));
            members.iter().filter_map(member).collect()
        }
        scalar => scalar.clone(),
    }
}

/// A random piece of a text, sometimes in another case.
pub fn piece(random: &mut Rng, text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let start = if random.bool() { 0 } else { random.usize(..=characters.len()) };
    let end = if random.bool() { characters.len() } else { random.usize(start..=characters.len()) };
    let piece: String = characters[start..end].iter().collect();
    match random.u8(..6) {
        0 => piece.to_ascii_uppercase(),
        1 => piece.to_ascii_lowercase(),
        _ => piece,
    }
}

/// A value as JSON, some of its numbers with an exponent. Integers under a `text key` stay integers.
pub fn spell(random: &mut Rng, value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(real) if random.u8(..3) == 0 && (number.is_f64() || real.abs() < 1e15) => format!("{real:e}"),
            _ => number.to_string(),
        },
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| spell(random, item)).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                let key = Value::from(key.as_str());
                let is_fixed = value.is_number() && pool("text key").contains(&key);
                format!("{key}:{}", if is_fixed { value.to_string() } else { spell(random, value) })
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
        }
        _ => value.to_string(),
    }
}
