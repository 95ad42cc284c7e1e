//! poem-openapi's document equals the contract.

use rollcall::api::{Limits, routes};
use serde_json::{Map, Value, json};

use crate::support::Server;

#[tokio::test]
async fn poem_openapi_emits_the_contract() {
    let server = Server::start().await;
    let routes = routes::Routes { api: server.app.clone(), limits: Limits::DEFAULT };
    let emitted: Value = serde_json::from_str(&routes::service(routes).spec()).unwrap();
    let mut contract: Value = serde_json::from_str(include_str!("../openapi/rollcall.json")).unwrap();
    // poem-openapi sorts them.
    contract["tags"].as_array_mut().unwrap().sort_by_key(|tag| tag["name"].to_string());
    let mut differences = Vec::new();
    compare("", &normalize(inline(&contract, &contract)), &normalize(emitted), &mut differences);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    server.stop().await;
}

/// Removes what poem-openapi can't express: examples, the patch level of `openapi`, an empty `security` (the default),
/// and references to parameters and responses, which are inlined.
fn inline(contract: &Value, value: &Value) -> Value {
    match value {
        Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
            Some(reference) if !reference.starts_with("#/components/schemas/") => {
                inline(contract, contract.pointer(&reference[1..]).unwrap())
            }
            _ => {
                let kept = |key: &String, value: &Value| {
                    key != "examples" && key != "example" && !(key == "security" && *value == json!([]))
                };
                let members = members.iter().filter(|(key, value)| kept(key, value));
                let mut members: Map<_, _> =
                    members.map(|(key, value)| (key.clone(), inline(contract, value))).collect();
                if members.contains_key("securitySchemes") {
                    members.remove("parameters");
                    members.remove("responses");
                }
                if let Some(version) = members.get_mut("openapi") {
                    assert_eq!(*version, json!("3.0.3"));
                    *version = json!("3.0.0");
                }
                members.into()
            }
        },
        Value::Array(items) => items.iter().map(|item| inline(contract, item)).collect(),
        other => other.clone(),
    }
}

/// Removes explicit defaults.
fn normalize(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let is_path = members.get("in") == Some(&json!("path"));
            let is_default = |key: &str, value: &Value| match key {
                "deprecated" => *value == json!(false),
                "explode" => *value == json!(true),
                "required" => !is_path && *value == json!(false),
                _ => false,
            };
            let members = members.into_iter().filter(|(key, value)| !is_default(key, value));
            // poem-openapi's name for the samples differs from the usual one.
            let name = |key: String| if key == "x-code-samples" { "x-codeSamples".into() } else { key };
            members.map(|(key, value)| (name(key), normalize(value))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.into_iter().map(normalize).collect(),
        other => other,
    }
}

/// Collects all differences; the order of keys doesn't matter.
fn compare(place: &str, contract: &Value, emitted: &Value, differences: &mut Vec<String>) {
    match (contract, emitted) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let [a, b] = [a, b].map(|members| members.get(key).unwrap_or(&Value::Null));
                compare(&format!("{place}/{key}"), a, b, differences);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{place}/{index}"), a, b, differences);
            }
        }
        _ if contract == emitted => {}
        _ => differences.push(format!("{place}: the contract has {contract}, poem-openapi {emitted}")),
    }
}
