//! Derives malformed bodies, and valid ones at the limits of their schema.

use serde_json::{Map, Value, json};

use super::{
    case::{Case, Expected, Request, SAMPLE, abbreviate},
    contract::{Body, Operation, list, resolve},
    values,
};
use crate::support::BODY_LIMIT;

pub fn cases(operation: &'static Operation) -> Vec<Case> {
    let Some(body) = &operation.body else { return Vec::new() };
    values::check_body(body.schema);
    let mut cases = whole(operation, body);
    let valid = body.examples[0].as_object().unwrap();
    for (name, schema) in body.schema["properties"].as_object().unwrap() {
        let case = |keyword, sample: &str, body: Map<String, Value>, expected| Case {
            operation,
            place: format!("body {name}"),
            keyword,
            sample: abbreviate(sample, SAMPLE),
            request: Request::json(&body.into()),
            expected,
        };
        if list(&body.schema["required"]).any(|required| required == name) {
            let mut without = valid.clone();
            assert!(without.shift_remove(name).is_some(), "{}'s first example lacks {name}", operation.id);
            cases.push(case("required", "absent", without, Expected::rejected(400, name)));
        }
        for sample in values::samples(resolve(schema)) {
            let mut with = valid.clone();
            with.insert(name.clone(), sample.value.clone());
            let expected = match sample.is_valid {
                // Times are returned in UTC.
                true if sample.keyword == "format" => Expected::success(),
                true => Expected::Accepted(vec![(name, sample.value.clone())]),
                false => Expected::rejected(400, name),
            };
            cases.push(case(sample.keyword, &sample.value.to_string(), with, expected));
        }
    }
    cases
}

/// Cases about the body as a whole.
fn whole(operation: &'static Operation, body: &Body) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |keyword, sample: &str, request, expected| {
        let sample = abbreviate(sample, SAMPLE);
        cases.push(Case { operation, place: "body".into(), keyword, sample, request, expected });
    };
    let valid = body.examples[0].to_string();

    for example in &body.examples {
        let sent = example.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.clone()));
        // The references in examples are replaced by those to real objects.
        let sent = sent.filter(|(name, _)| !["groups", "parent", "parents", "last_login"].contains(name)).collect();
        add("example", &example.to_string(), Request::json(example), Expected::Accepted(sent));
    }

    let truncated = &valid[..valid.len() - 1];
    let single_quoted = valid.replace('"', "'");
    for text in ["text", "{", truncated, &single_quoted, &format!("{valid},"), &format!("{valid}{valid}")] {
        add("json", text, Request::bytes(text), Expected::rejected(400, "detail"));
    }
    let mut bytes = valid.clone().into_bytes();
    bytes.insert(2, 0xff);
    add("json", "not UTF-8", Request::bytes(bytes), Expected::rejected(400, "detail"));

    for value in [json!(null), json!(true), json!(5), json!("text"), json!([]), json!([body.examples[0]])] {
        add("type", &value.to_string(), Request::json(&value), Expected::rejected(400, "non_field_errors"));
    }

    // As in authentik, no body counts as an empty object.
    let mut required: Vec<String> = list(&body.schema["required"]).map(|name| name.as_str().unwrap().into()).collect();
    required.sort();
    for text in ["", "{}"] {
        let expected = match required.is_empty() {
            true => Expected::success(),
            false => Expected::Rejected(400, required.clone()),
        };
        add("required", text, Request::bytes(text), expected);
    }

    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"] {
        let request = Request { content_type: Some(content_type), ..Request::bytes(&*valid) };
        add("content type", content_type, request, Expected::rejected(415, "detail"));
    }
    let undeclared = Request { content_type: None, ..Request::bytes(&*valid) };
    add("content type", "none", undeclared, Expected::rejected(415, "detail"));
    for content_type in ["application/json; charset=utf-8", "Application/JSON"] {
        let request = Request { content_type: Some(content_type), ..Request::bytes(&*valid) };
        add("content type", content_type, request, Expected::success());
    }

    let largest = valid.clone() + &" ".repeat(BODY_LIMIT - valid.len());
    let larger = largest.clone() + " ";
    add("size", &largest, Request::bytes(largest.clone()), Expected::success());
    add("size", &larger, Request::bytes(larger.clone()), Expected::rejected(413, "detail"));
    cases
}
