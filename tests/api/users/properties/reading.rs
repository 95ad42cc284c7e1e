//! Finds and compares values without any of the program's code.

use std::cmp::Ordering;

use chrono::{DateTime, FixedOffset};
use serde_json::{Number, Value};

/// The text of a scalar.
pub fn string(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub fn searched(user: &Value) -> String {
    ["username", "name", "email"].map(|field| string(&user[field])).join("\n")
}

pub fn compare_users(a: &Value, b: &Value, field: &str) -> Ordering {
    // Users created in the same millisecond are sorted as they were created.
    let field = if field == "date_joined" { "uuid" } else { field };
    let (a, b) = (&a[field], &b[field]);
    if field.starts_with("last_") {
        return moment(a).cmp(&moment(b));
    }
    (a.as_bool(), a.as_i64(), a.as_str()).cmp(&(b.as_bool(), b.as_i64(), b.as_str()))
}

/// The time that a value holds, if it isn't null.
pub fn moment(value: &Value) -> Option<DateTime<FixedOffset>> {
    value.as_str().map(|text| DateTime::parse_from_rfc3339(text).unwrap())
}

/// Whether the filter for a time passes a user.
pub fn time_passes(user: &Value, filter: &str, wanted: &str) -> bool {
    let (field, lookup) = filter.split_once("__").unwrap_or((filter, "exact"));
    let (found, wanted) = (moment(&user[field]), DateTime::parse_from_rfc3339(wanted).unwrap());
    found.is_some_and(|found| match lookup {
        "gt" => found > wanted,
        "lt" => found < wanted,
        _ => found == wanted,
    })
}

pub fn find<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Array(items) => (0..items.len()).find(|index| index.to_string() == *step).map(|index| &items[index]),
        _ => value.get(step),
    })
}

pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    // What is before the point, and what is behind it.
    let parts = |number: &Number| match number.as_i128() {
        Some(whole) => Some((whole, 0.0)),
        None => number.as_f64().map(|real| (real.trunc() as i128, real.fract())),
    };
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => parts(a).partial_cmp(&parts(b)),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(_), Value::Number(_)) => compare(a, b) == Some(Ordering::Equal),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

/// PostgreSQL's `outer @> inner`, except that a list also contains its scalars.
pub fn contains(outer: &Value, inner: &Value) -> bool {
    match (outer, inner) {
        (Value::Array(outer), Value::Array(inner)) => inner.iter().all(|b| outer.iter().any(|a| contains(a, b))),
        (Value::Object(outer), Value::Object(inner)) => {
            inner.iter().all(|(key, b)| outer.get(key).is_some_and(|a| contains(a, b)))
        }
        _ => equal(outer, inner),
    }
}

pub fn text_passes(lookup: &str, text: &str, wanted: &str) -> bool {
    match lookup {
        "contains" => text.contains(wanted),
        "startswith" => text.starts_with(wanted),
        "endswith" => text.ends_with(wanted),
        "exact" => text == wanted,
        _ => text_passes(&lookup[1..], &text.to_ascii_lowercase(), &wanted.to_ascii_lowercase()),
    }
}
