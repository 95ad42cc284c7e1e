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
    let status = response.status.to_string();
    let operation = operation(method, path);
    let documented = operation.map(|operation| resolve(&operation["responses"][&status]));
    let media = response.header("content-type").to_owned();
    let schema = match documented.filter(|documented| !documented.is_null()) {
        Some(documented) if documented["content"].is_null() => {
            assert!(response.bytes.is_empty(), "{method} {path}: the contract has no body with {status}");
            return;
        }
        Some(documented) => documented["content"][&media]["schema"].clone(),
        // For conditional requests, which the contract leaves to HTTP.
        None if response.status == 304 && response.bytes.is_empty() => return,
        None if response.status < 400 => {
            assert!(operation.is_none(), "{method} {path}: the contract has no response with {status}");
            return;
        }
        None if response.bytes.is_empty() => return,
        None => json!({"$ref": "#/components/schemas/GenericError"}),
    };
    assert!(!schema.is_null(), "{method} {path}: the contract has no {media} response with {status}");
    if !media.ends_with("json") {
        return;
    }
    let errors: Vec<String> = validator(&schema).iter_errors(&response.body).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{method} {path} returned {status} {}: {errors:?}", response.body);
}

/// Whether the contract's schema of this name allows a value.
pub fn allows(name: &str, value: &Value) -> bool {
    validator(&json!({"$ref": format!("#/components/schemas/{name}")})).is_valid(value)
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

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::*;

    fn check(method: Method, path: &str, status: u16, media: &str, body: &str) {
        let headers = HeaderMap::from_iter([(reqwest::header::CONTENT_TYPE, media.parse().unwrap())]);
        let body = (serde_json::from_str(body).unwrap_or_default(), body.into());
        super::check(&method, &format!("/api/v3{path}"), &Response { status, headers, body: body.0, bytes: body.1 });
    }

    #[test]
    fn what_the_contract_has_is_allowed() {
        check(Method::GET, "/core/users/1/", 404, "application/json", r#"{"detail": "Not found."}"#);
        check(Method::DELETE, "/core/users/1/", 204, "", "");
        check(Method::GET, "/schema/", 200, "application/yaml", "openapi: 3.0.3");
        check(Method::GET, "/other/", 200, "text/html", "a page");
        check(Method::GET, "/other/", 404, "application/json", r#"{"detail": "Not found."}"#);
    }

    #[test]
    #[should_panic = "the contract has no response with 202"]
    fn a_success_must_be_documented() {
        check(Method::POST, "/core/users/", 202, "application/json", "{}");
    }

    #[test]
    #[should_panic = "the contract has no response with 200"]
    fn a_success_without_a_body_must_be_documented() {
        check(Method::DELETE, "/core/users/1/", 200, "", "");
    }

    #[test]
    #[should_panic = "the contract has no body with 204"]
    fn a_body_must_be_documented() {
        check(Method::DELETE, "/core/users/1/", 204, "application/json", "{}");
    }

    #[test]
    #[should_panic = "the contract has no  response with 200"]
    fn a_documented_body_must_be_sent() {
        check(Method::GET, "/core/users/1/", 200, "", "");
    }

    #[test]
    #[should_panic = "the contract has no text/html response with 200"]
    fn a_media_type_must_be_documented() {
        check(Method::GET, "/core/users/1/", 200, "text/html", "a page");
    }

    #[test]
    #[should_panic = "is a required property"]
    fn a_body_must_fit_its_schema() {
        check(Method::GET, "/core/users/1/", 200, "application/json", "{}");
    }
}
