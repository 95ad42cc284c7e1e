//! Checks responses against the contract in OpenAPI 3.1, whose schemas are plain JSON Schema.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use super::Response;

static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&rollcall::http::openapi_31(rollcall::api::CONTRACT_JSON)).unwrap());
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Panics unless the contract allows the response. Errors of no particular operation must be `GenericError`s.
pub fn check(method: &Method, path: &str, response: &Response) {
    if response.bytes.is_empty() || !response.header("content-type").ends_with("json") {
        return;
    }
    let status = response.status.to_string();
    let documented = operation(method, path).map(|operation| resolve(&operation["responses"][&status]));
    let media = response.header("content-type").to_owned();
    let schema = match documented {
        Some(response) if !response.is_null() => response["content"][&media]["schema"].clone(),
        _ if response.status < 400 => return,
        _ => json!({"$ref": "#/components/schemas/GenericError"}),
    };
    assert!(!schema.is_null(), "{method} {path}: the contract has no {media} response with {status}");
    let errors: Vec<String> = validator(&schema).iter_errors(&response.body).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{method} {path} returned {status} {}: {errors:?}", response.body);
}

fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let path = path.strip_prefix("/api/v3")?.trim_matches('/');
    let matches = |template: &str| {
        let (template, path) = (template.trim_matches('/').split('/'), path.split('/'));
        template.clone().count() == path.clone().count()
            && template.zip(path).all(|(template, part)| template.starts_with('{') || template == part)
    };
    // Like the router, prefer a path without parameters.
    let paths = CONTRACT["paths"].as_object()?;
    let mut candidates: Vec<&String> = paths.keys().filter(|template| matches(template)).collect();
    candidates.sort_by_key(|template| template.contains('{'));
    paths[candidates.first()?.as_str()].get(method.as_str().to_lowercase())
}

fn resolve(value: &Value) -> Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => CONTRACT.pointer(reference.trim_start_matches('#')).unwrap().clone(),
        None => value.clone(),
    }
}

fn validator(schema: &Value) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().unwrap();
    let make = || {
        let mut whole = schema.clone();
        whole["components"] = CONTRACT["components"].clone();
        // As in authentik, an email address may be empty.
        let email = |text: &str| text.is_empty() || text.contains('@');
        let options = jsonschema::draft202012::options().should_validate_formats(true).with_format("email", email);
        Arc::new(options.build(&whole).unwrap())
    };
    validators.entry(schema.to_string()).or_insert_with(make).clone()
}
