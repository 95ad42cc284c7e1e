//! Checks answers against the contract, in its OpenAPI 3.1 edition, whose schemas are JSON Schema as it is.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use super::Answer;

static CONTRACT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(rollcall::http::document_31()).unwrap());
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Fails unless the contract allows this answer. Answers that belong to no operation are errors of the general kind.
pub fn check(method: &Method, path: &str, answer: &Answer) {
    if answer.bytes.is_empty() || !answer.header("content-type").ends_with("json") {
        return;
    }
    let status = answer.status.to_string();
    let documented = operation(method, path).map(|operation| resolve(&operation["responses"][&status]));
    let media = answer.header("content-type").to_owned();
    let schema = match documented {
        // Answers whose body the contract leaves open, as authentik's document does.
        Some(response) if !response.is_null() && response["content"].is_null() => return,
        Some(response) if !response.is_null() => response["content"][&media]["schema"].clone(),
        _ if answer.status < 400 => return,
        _ => json!({"$ref": "#/components/schemas/GenericError"}),
    };
    assert!(!schema.is_null(), "{method} {path}: the contract has no {media} answer {status}");
    let errors: Vec<String> = validator(&schema).iter_errors(&answer.body).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{method} {path} answered {status} {}: {errors:?}", answer.body);
}

fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let path = path.strip_prefix("/api/v3")?.trim_matches('/');
    let fits = |template: &str| {
        let (template, path) = (template.trim_matches('/').split('/'), path.split('/'));
        template.clone().count() == path.clone().count()
            && template.zip(path).all(|(template, part)| template.starts_with('{') || template == part)
    };
    // A path without parameters is preferred, as the router does.
    let paths = CONTRACT["paths"].as_object()?;
    let mut fitting: Vec<&String> = paths.keys().filter(|template| fits(template)).collect();
    fitting.sort_by_key(|template| template.contains('{'));
    paths[fitting.first()?.as_str()].get(method.as_str().to_lowercase())
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
        // No email address is an empty text, here as in the original.
        let email = |text: &str| text.is_empty() || text.contains('@');
        let options = jsonschema::draft202012::options().should_validate_formats(true).with_format("email", email);
        Arc::new(options.build(&whole).unwrap())
    };
    validators.entry(schema.to_string()).or_insert_with(make).clone()
}
