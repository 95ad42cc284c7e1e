//! The operations of the contract, with references resolved.

use std::sync::LazyLock;

use reqwest::Method;
use serde_json::Value;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../openapi/rollcall.json")).unwrap());

pub static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    let methods = paths.flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |item| (path, item)));
    methods.map(|(path, (method, operation))| Operation::new(path, method, operation)).collect()
});

pub struct Operation {
    pub id: &'static str,
    pub method: Method,
    /// After `/api/v3`, with parameters in braces.
    pub path: &'static str,
    /// The status of the response to a valid request.
    pub success: u16,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
}

pub struct Parameter {
    pub name: &'static str,
    pub is_in_path: bool,
    pub schema: &'static Value,
    pub example: &'static Value,
}

pub struct Body {
    pub schema: &'static Value,
    /// Never empty.
    pub examples: Vec<&'static Value>,
}

impl Operation {
    fn new(path: &'static str, method: &'static str, operation: &'static Value) -> Self {
        let statuses = operation["responses"].as_object().unwrap().keys();
        let success = statuses.map(|status| status.parse::<u16>().unwrap()).find(|status| *status < 300);
        Self {
            id: operation["operationId"].as_str().unwrap(),
            method: method.to_uppercase().parse().unwrap(),
            path,
            success: success.unwrap(),
            parameters: list(&operation["parameters"]).map(|parameter| Parameter::new(resolve(parameter))).collect(),
            body: operation.get("requestBody").map(Body::new),
        }
    }

    /// The value of its first example, which is valid.
    pub fn valid_body(&self) -> Option<&'static Value> {
        self.body.as_ref().map(|body| body.examples[0])
    }
}

impl Parameter {
    fn new(parameter: &'static Value) -> Self {
        let place = parameter["in"].as_str().unwrap();
        assert!(["path", "query"].contains(&place), "no cases are derived from parameters in the {place}");
        Self {
            name: parameter["name"].as_str().unwrap(),
            is_in_path: place == "path",
            schema: resolve(&parameter["schema"]),
            example: &parameter["example"],
        }
    }
}

impl Body {
    fn new(body: &'static Value) -> Self {
        let content = body["content"].as_object().unwrap();
        assert!(content.keys().eq(["application/json"]), "no cases are derived from {content:?}");
        let media = &content["application/json"];
        let examples = media["examples"].as_object().unwrap().values();
        Self { schema: resolve(&media["schema"]), examples: examples.map(|item| &resolve(item)["value"]).collect() }
    }
}

pub fn resolve(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => resolve(DOCUMENT.pointer(&reference[1..]).unwrap()),
        None => value,
    }
}

/// The items of an array; none if it is absent.
pub fn list(value: &'static Value) -> impl Iterator<Item = &'static Value> {
    value.as_array().into_iter().flatten()
}

/// The example of a path parameter, which other examples refer to.
pub fn example_of(name: &str) -> &'static Value {
    let mut parameters = OPERATIONS.iter().flat_map(|operation| &operation.parameters);
    parameters.find(|parameter| parameter.is_in_path && parameter.name == name).unwrap().example
}
