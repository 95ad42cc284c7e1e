//! Derives values from a schema: some that violate each of its keywords, and valid ones at its limits.

use jsonschema::Validator;
use serde_json::{Value, json};

use super::contract::{list, resolve};

pub struct Sample {
    /// The keyword that the value violates, or at whose limit it is.
    pub keyword: &'static str,
    pub value: Value,
    pub is_valid: bool,
}

/// The keywords of values. Those of objects are `properties` and `required`; the others don't constrain requests.
const CONSTRAINTS: [&str; 9] =
    ["type", "format", "nullable", "minLength", "maxLength", "pattern", "enum", "items", "additionalProperties"];
const OF_OBJECTS: [&str; 4] = ["type", "properties", "required", "description"];
const ANNOTATIONS: [&str; 3] = ["title", "description", "default"];

/// Checks that cases are derived from every keyword of a body's schema.
pub fn check_body(schema: &Value) {
    assert_eq!(schema["type"], "object", "no cases are derived from such a body: {schema}");
    check_keywords(schema, &[&OF_OBJECTS]);
}

fn check(schema: &Value) {
    check_keywords(schema, &[&CONSTRAINTS, &ANNOTATIONS]);
    let additional = schema.get("additionalProperties").is_none_or(|additional| *additional == json!({}));
    assert!(additional, "no cases are derived from additionalProperties in {schema}");
}

fn check_keywords(schema: &Value, known: &[&[&str]]) {
    for keyword in schema.as_object().unwrap().keys() {
        let is_known = known.iter().any(|known| known.contains(&keyword.as_str()));
        assert!(is_known, "no cases are derived from {keyword} in {schema}");
    }
}

/// Values for a property with this schema.
pub fn samples(schema: &'static Value) -> Vec<Sample> {
    check(schema);
    let mut samples = Vec::new();
    let mut add = |keyword, value, is_valid| samples.push(Sample { keyword, value, is_valid });
    let kind = schema["type"].as_str().unwrap();
    for value in of_all_types().into_iter().filter(|value| !has_type(value, kind)) {
        add("type", value, false);
    }
    add("nullable", Value::Null, schema["nullable"] == json!(true));
    match kind {
        "string" => strings(schema, &mut add),
        "boolean" => [true, false].into_iter().for_each(|value| add("type", value.into(), true)),
        // Integers are ids of objects.
        "integer" => {}
        "object" => {
            for value in [json!({}), json!({"a": {"b": [1, 2.5, null, "😀", true, {}]}})] {
                add("additionalProperties", value, true);
            }
        }
        "array" => {
            add("items", json!([]), true);
            let items = self::samples(resolve(&schema["items"]));
            for item in items.into_iter().filter(|item| !item.is_valid) {
                add("items", json!([item.value]), false);
            }
        }
        _ => panic!("no cases are derived from {schema}"),
    }
    let validator = validator(schema);
    for Sample { value, is_valid, .. } in &samples {
        assert_eq!(validator.is_valid(value), *is_valid, "by jsonschema, {value} with {schema}");
    }
    for keyword in CONSTRAINTS.into_iter().filter(|keyword| schema.get(keyword).is_some()) {
        assert!(samples.iter().any(|sample| sample.keyword == keyword), "no case for {keyword} in {schema}");
    }
    samples
}

fn of_all_types() -> [Value; 12] {
    [
        json!(true),
        json!(false),
        json!(0),
        json!(5),
        json!(1.5),
        json!("text"),
        json!("5"),
        json!("true"),
        json!([]),
        json!(["text"]),
        json!({}),
        json!({"key": "value"}),
    ]
}

fn has_type(value: &Value, kind: &str) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) => kind == "boolean",
        Value::Number(number) => kind == "number" || kind == "integer" && !number.is_f64(),
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    }
}

fn strings(schema: &'static Value, add: &mut impl FnMut(&'static str, Value, bool)) {
    let length = |keyword: &str| schema[keyword].as_u64().map(|length| length as usize);
    if let Some(min) = length("minLength") {
        add("minLength", "a".repeat(min).into(), true);
        add("minLength", "a".repeat(min - 1).into(), false);
    }
    if let Some(max) = length("maxLength") {
        for unit in ["a", "ж", "😀"] {
            if let Some([longest, longer]) = long_texts(schema, unit, max) {
                add("maxLength", longest.into(), true);
                add("maxLength", longer.into(), false);
            }
        }
    }
    if schema.get("pattern").is_some() {
        let validator = validator(schema);
        let texts = ["a b", "a/b", "a.b", "a\nb", "é", "a😀"].map(Value::from);
        texts.into_iter().filter(|text| !validator.is_valid(text)).for_each(|text| add("pattern", text, false));
    }
    let choices: Vec<&str> = list(&schema["enum"]).map(|choice| choice.as_str().unwrap()).collect();
    for choice in &choices {
        add("enum", (*choice).into(), true);
    }
    if let Some(first) = choices.first() {
        for text in [&first.to_uppercase(), &format!("{first}s"), "text", ""] {
            add("enum", text.into(), false);
        }
    }
    if let Some(format) = schema["format"].as_str() {
        malformed_texts(format).into_iter().for_each(|text| add("format", text.into(), false));
        if format == "date-time" {
            for text in ["2031-02-03T04:05:06Z", "2031-02-03T04:05:06.123456+05:30"] {
                add("format", text.into(), true);
            }
        }
    }
}

/// A text of `max` code points, and a longer one, both mostly of `unit`; `None` if other keywords forbid them.
fn long_texts(schema: &'static Value, unit: &str, max: usize) -> Option<[String; 2]> {
    let text = |length: usize| match schema["format"].as_str() {
        // Only ASCII is allowed before the `@`.
        Some("email") if unit == "a" => Some(unit.repeat(length - "@example.com".len()) + "@example.com"),
        Some(_) => None,
        None => Some(unit.repeat(length)),
    };
    let texts = [text(max)?, text(max + 1)?];
    validator(schema).is_valid(&json!(texts[0])).then_some(texts)
}

/// Texts that violate a format.
pub fn malformed_texts(format: &str) -> Vec<&'static str> {
    match format {
        "uuid" => vec![
            "text",
            "5f0c5f5e-0000-4000-8000-00000000dea",
            "5f0c5f5e-0000-4000-8000-00000000deadd",
            "5f0c5f5e-0000-4000-8000-00000000deag",
        ],
        "date-time" => vec![
            "text",
            "",
            "1714979289",
            "2024-05-32T07:08:09Z",
            "2024-13-06T07:08:09Z",
            "2024-05-06T24:00:00Z",
            "2024-05-06T07:08:09+24:00",
            "2024-05-06T07:08:09",
            "2024-05-06",
        ],
        "email" => vec!["text", "@example.com", "ada@"],
        _ => panic!("no cases are derived from the format {format}"),
    }
}

/// jsonschema's opinion, to check the samples.
fn validator(schema: &Value) -> Validator {
    let schema = match schema["nullable"] == json!(true) {
        true => json!({"anyOf": [schema, {"type": "null"}]}),
        false => schema.clone(),
    };
    // jsonschema limits the part before the `@` to 64 characters, which authentik doesn't.
    let email =
        |text: &str| text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    let options = jsonschema::draft202012::options().should_validate_formats(true).with_format("email", email);
    options.build(&schema).unwrap()
}
