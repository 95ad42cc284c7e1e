//! Filters on attributes, with Django's lookups and the meaning that PostgreSQL gives them.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};
use strum::{EnumString, IntoStaticStr};

use super::case::fold_case;

/// The maximum number of steps in a path. As deep as attributes can be nested.
const MAX_STEPS: usize = 127;

/// Lookups of the original that aren't implemented.
const NOT_IMPLEMENTED: [&str; 7] = ["contained_by", "has_key", "has_keys", "has_any_keys", "range", "regex", "iregex"];

/// A condition on one attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttributeTest {
    /// Object keys and list indexes, outermost first.
    pub path: Vec<String>,
    pub comparison: Comparison,
    /// As text where the test itself is JSON, because it may be nested as deep as a parser goes.
    #[serde(with = "as_text")]
    pub value: Value,
}

mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use serde_json::Value;

    pub fn serialize<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        serde_json::from_str(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Django's field lookups, by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, Serialize, Deserialize)]
#[strum(serialize_all = "lowercase")]
pub enum Comparison {
    Exact,
    Gt,
    Gte,
    Lt,
    Lte,
    In,
    IsNull,
    Contains,
    IContains,
    StartsWith,
    IStartsWith,
    EndsWith,
    IEndsWith,
    IExact,
}

/// A filter that can't be applied. The messages begin as authentik's do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("filter: `{0}` is not supported")]
    NotImplemented(String),
    #[error("filter: at most {MAX_STEPS} keys may be nested")]
    TooDeep,
    #[error("filter: `{0}` needs a list")]
    NeedsList(&'static str),
    #[error("filter: `{0}` needs true or false")]
    NeedsBoolean(&'static str),
}

impl AttributeTest {
    /// Parses an entry of an `attributes` filter, whose key is a path separated by `__`, optionally ending in a lookup.
    ///
    /// # Errors
    ///
    /// If there is no such lookup, the lookup doesn't accept the value, or the path is too long.
    pub fn parse(key: &str, value: Value) -> Result<Self, Invalid> {
        let mut path: Vec<String> = key.split("__").map(Into::into).collect();
        let lookup = path.last().filter(|_| path.len() > 1);
        if let Some(name) = lookup.filter(|name| NOT_IMPLEMENTED.contains(&name.as_str())) {
            return Err(Invalid::NotImplemented(name.clone()));
        }
        let comparison = lookup.and_then(|name| name.parse().ok());
        if comparison.is_some() {
            path.pop();
        }
        if path.len() > MAX_STEPS {
            return Err(Invalid::TooDeep);
        }
        let comparison = comparison.unwrap_or(Comparison::Exact);
        match comparison {
            Comparison::In if !value.is_array() => Err(Invalid::NeedsList(comparison.into())),
            Comparison::IsNull if !value.is_boolean() => Err(Invalid::NeedsBoolean(comparison.into())),
            _ => Ok(Self { path, comparison, value }),
        }
    }

    /// Whether `attributes` satisfy the test.
    pub fn passes(&self, attributes: &Value) -> bool {
        use Comparison::{
            Contains, EndsWith, Exact, Gt, Gte, IContains, IEndsWith, IExact, IStartsWith, In, IsNull, Lt, Lte,
            StartsWith,
        };
        let found = self.path.iter().try_fold(attributes, |value, step| find(value, step));
        let Some(found) = found else { return self.comparison == IsNull && self.value == Value::Bool(true) };
        let order = || order(found, &self.value);
        let text = |test: fn(&str, &str) -> bool| {
            text(found).zip(text(&self.value)).is_some_and(|(found, wanted)| test(&found, &wanted))
        };
        let folded = |test: fn(&str, &str) -> bool| {
            text_without_case(found).zip(text_without_case(&self.value)).is_some_and(|(a, b)| test(&a, &b))
        };
        match self.comparison {
            Exact => equal(found, &self.value),
            Gt => order() == Some(Ordering::Greater),
            Gte => matches!(order(), Some(Ordering::Greater | Ordering::Equal)),
            Lt => order() == Some(Ordering::Less),
            Lte => matches!(order(), Some(Ordering::Less | Ordering::Equal)),
            In => self.value.as_array().is_some_and(|values| values.iter().any(|value| equal(found, value))),
            IsNull => self.value == Value::Bool(false),
            Contains => contains(found, &self.value) || holds_scalar(found, &self.value),
            StartsWith => text(|found, wanted| found.starts_with(wanted)),
            EndsWith => text(|found, wanted| found.ends_with(wanted)),
            IContains => folded(|found, wanted| found.contains(wanted)),
            IStartsWith => folded(|found, wanted| found.starts_with(wanted)),
            IEndsWith => folded(|found, wanted| found.ends_with(wanted)),
            IExact => folded(|found, wanted| found == wanted),
        }
    }
}

/// Whether a step of a path can be the index of a list: digits, without leading zeros. It can be a key all the same.
pub fn is_index(step: &str) -> bool {
    step == "0" || (step.bytes().all(|byte| byte.is_ascii_digit()) && !step.is_empty() && !step.starts_with('0'))
}

fn find<'v>(value: &'v Value, step: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) => members.get(step),
        Value::Array(items) if is_index(step) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Whether two JSON values are equal. `1` and `1.0` are, as in PostgreSQL.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => compare(a, b) == Some(Ordering::Equal),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

/// Orders numbers, and strings by code points; `None` for other types.
fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => compare(a, b),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// Compares the exact values of two numbers. A conversion to floating point would make neighbours equal.
fn compare(a: &Number, b: &Number) -> Option<Ordering> {
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        (Some(a), None) => compare_to_real(a, b.as_f64()?),
        (None, Some(b)) => compare_to_real(b, a.as_f64()?).map(Ordering::reverse),
        (None, None) => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

fn whole(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

/// From here on floating-point numbers are whole.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// From here on they are no integers of 64 bits any more.
const HUGE: f64 = 18_446_744_073_709_551_616.0;

fn compare_to_real(whole: i128, real: f64) -> Option<Ordering> {
    if real.abs() >= HUGE {
        return 0.0_f64.partial_cmp(&real);
    }
    if real.abs() >= WHOLE {
        // Its shortest text, which PostgreSQL reads as a decimal number.
        return Some(whole.cmp(&real.to_string().parse().ok()?));
    }
    #[expect(clippy::cast_possible_truncation, reason = "the fraction is compared on its own")]
    let truncated = real.trunc() as i128;
    Some(whole.cmp(&truncated).then(0.0_f64.partial_cmp(&real.fract())?))
}

/// Whether `outer @> inner` in PostgreSQL, without its exception for a scalar in a list.
fn contains(outer: &Value, inner: &Value) -> bool {
    match (outer, inner) {
        (Value::Object(outer), Value::Object(inner)) => {
            inner.iter().all(|(key, inner)| outer.get(key).is_some_and(|outer| contains(outer, inner)))
        }
        (Value::Array(outer), Value::Array(inner)) => {
            inner.iter().all(|inner| outer.iter().any(|outer| contains(outer, inner)))
        }
        _ => equal(outer, inner),
    }
}

/// Whether `inner` is a scalar and an item of the list `outer`.
fn holds_scalar(outer: &Value, inner: &Value) -> bool {
    let is_scalar = !inner.is_array() && !inner.is_object();
    is_scalar && outer.as_array().is_some_and(|items| items.iter().any(|item| equal(item, inner)))
}

fn text_without_case(value: &Value) -> Option<String> {
    text(value).map(|text| fold_case(&text))
}

/// A value as text, as PostgreSQL's `#>>` returns it; `None` for null.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => {
            let mut printed = String::new();
            print(other, &mut printed);
            Some(printed)
        }
    }
}

/// Prints a value as PostgreSQL's `jsonb` does.
fn print(value: &Value, printed: &mut String) {
    match value {
        Value::Number(number) => *printed += &plain_number(number),
        Value::Array(items) => {
            let mut separator = "[";
            for item in items {
                *printed += separator;
                print(item, printed);
                separator = ", ";
            }
            *printed += if items.is_empty() { "[]" } else { "]" };
        }
        Value::Object(members) => print_object(members, printed),
        scalar => *printed += &scalar.to_string(),
    }
}

fn print_object(members: &Map<String, Value>, printed: &mut String) {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_unstable_by_key(|(key, _)| (key.len(), key.as_bytes()));
    let mut separator = "{";
    for (key, value) in &members {
        *printed += separator;
        *printed += &Value::from(key.as_str()).to_string();
        *printed += ": ";
        print(value, printed);
        separator = ", ";
    }
    *printed += if members.is_empty() { "{}" } else { "}" };
}

/// A number as text without an exponent.
fn plain_number(number: &Number) -> String {
    let text = number.to_string();
    match number.as_f64() {
        Some(0.0) => text.trim_start_matches('-').to_owned(),
        Some(real) if text.contains('e') => real.to_string(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn test(key: &str, value: Value) -> AttributeTest {
        AttributeTest::parse(key, value).unwrap()
    }

    #[test]
    fn a_key_is_a_path_with_an_optional_lookup() {
        for (key, path, comparison) in [
            ("a__b__0__gte", "a/b/0", Comparison::Gte),
            ("a__istartswith", "a", Comparison::IStartsWith),
            ("gte", "gte", Comparison::Exact),
            ("c__d", "c/d", Comparison::Exact),
            ("tags__contains", "tags", Comparison::Contains),
            ("a__", "a/", Comparison::Exact),
        ] {
            let parsed = test(key, json!(1));
            assert_eq!((parsed.path.join("/").as_str(), parsed.comparison), (path, comparison));
        }
    }

    #[test]
    fn an_unknown_lookup_and_a_wrong_value_are_named() {
        let refused = |key: &str, value| AttributeTest::parse(key, value).unwrap_err().to_string();
        assert_eq!(refused("tags__has_key", json!("x")), "filter: `has_key` is not supported");
        assert_eq!(refused("a__in", json!("x")), "filter: `in` needs a list");
        assert_eq!(refused("a__isnull", json!(1)), "filter: `isnull` needs true or false");
        assert_eq!(refused(&vec!["a"; 128].join("__"), json!(1)), "filter: at most 127 keys may be nested");
        assert!(AttributeTest::parse(&vec!["a"; 127].join("__"), json!(1)).is_ok());
    }

    #[test]
    fn numbers_are_compared_exactly() {
        let number = |text: &str| serde_json::from_str::<Number>(text).unwrap();
        for (a, b, expected) in [
            ("1", "1.0", Ordering::Equal),
            ("100", "1e2", Ordering::Equal),
            ("-1", "-1.5", Ordering::Greater),
            ("9007199254740993", "9007199254740992.0", Ordering::Greater),
            ("18446744073709551615", "18446744073709551614", Ordering::Greater),
            ("18446744073709551615", "1.8446744073709552e19", Ordering::Less),
            ("1152921504606847000", "1.152921504606847e18", Ordering::Equal),
            ("9223372036854775807", "1e300", Ordering::Less),
            ("-9223372036854775808", "-1e300", Ordering::Greater),
            ("0", "-0.0", Ordering::Equal),
        ] {
            assert_eq!(compare(&number(a), &number(b)), Some(expected), "{a} {b}");
            assert_eq!(compare(&number(b), &number(a)), Some(expected.reverse()), "{b} {a}");
        }
    }

    #[test]
    fn values_have_the_texts_of_postgresql() {
        let text = |json: &str| text(&serde_json::from_str(json).unwrap());
        for (json, expected) in [
            (r#""it's""#, "it's"),
            ("true", "true"),
            ("1e22", "10000000000000000000000"),
            ("1.5e-7", "0.00000015"),
            ("1e2", "100.0"),
            ("-0.0", "0.0"),
            (r#"{"bb":[1,{"c":null}],"a":"\u0001","b":{}}"#, r#"{"a": "\u0001", "b": {}, "bb": [1, {"c": null}]}"#),
        ] {
            assert_eq!(text(json).as_deref(), Some(expected), "{json}");
        }
        assert_eq!(text("null"), None);
    }
}
