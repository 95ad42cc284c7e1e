//! The requests that samples send, made of the contract's examples.

use anyhow::{Context, Result, bail, ensure};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::{
    model::{Contract, Location, Operation},
    rust::pascal_case,
};

/// The characters to encode in a segment of a path (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The default address of a server.
const ORIGIN: &str = "http://127.0.0.1:8000";
const JSON: &str = "application/json";

/// A request of an operation, with all values.
#[derive(Debug)]
pub struct Request {
    /// As in the contract.
    pub path: String,
    /// In lower case.
    pub method: String,
    /// Without characters that need escaping in string literals.
    pub url: String,
    pub needs_token: bool,
    pub body: Option<Value>,
    pub response: ResponseBody,
}

/// The body of a successful response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseBody {
    Json,
    Text,
    Nothing,
}

impl Request {
    /// `GET`.
    pub fn upper_case_method(&self) -> String {
        self.method.to_uppercase()
    }

    /// `Get`.
    pub fn pascal_case_method(&self) -> String {
        pascal_case(&self.method)
    }
}

/// The requests of all operations.
///
/// # Errors
///
/// Names the place of a missing example.
pub fn all(contract: &Contract) -> Result<Vec<Request>> {
    let requests = contract.operations().map(|(path, method, operation)| {
        let method = method.to_lowercase();
        let place = format!("paths.{path}.{method}");
        request(contract, path, method, operation).context(place)
    });
    requests.collect()
}

fn request(contract: &Contract, path: &str, method: String, operation: &Operation) -> Result<Request> {
    Ok(Request {
        path: path.to_owned(),
        method,
        url: url(contract, path, operation)?,
        needs_token: operation.scheme().is_some(),
        body: body(contract, operation)?,
        response: response(contract, operation)?,
    })
}

/// The URL, without query parameters: all of them are optional.
fn url(contract: &Contract, path: &str, operation: &Operation) -> Result<String> {
    let base = contract.servers[0].url.trim_matches('/');
    ensure!(!base.contains("://"), "servers: {base} is not relative");
    let separator = if base.is_empty() { "" } else { "/" };
    let mut path = path.to_owned();
    for parameter in &operation.parameters {
        let parameter = contract.parameter(parameter)?;
        if parameter.location == Location::Path {
            let example = example(&parameter.example).with_context(|| format!("parameters.{}", parameter.name))?;
            path = path.replace(&format!("{{{}}}", parameter.name), &example);
        }
    }
    ensure!(!path.contains('{'), "parameters: one of the path is missing");
    let url = format!("{ORIGIN}{separator}{base}{path}");
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-._~:/%".contains(character);
    ensure!(url.chars().all(is_plain), "{url} would need escaping");
    Ok(url)
}

/// The first example of the request body.
fn body(contract: &Contract, operation: &Operation) -> Result<Option<Value>> {
    let Some(body) = &operation.request_body else { return Ok(None) };
    let example = body.content.get(JSON).and_then(|media| media.examples.values().next());
    let example = example.with_context(|| format!("requestBody.content.{JSON}: has no example"))?;
    Ok(Some(contract.example(example)?.value.clone()))
}

fn response(contract: &Contract, operation: &Operation) -> Result<ResponseBody> {
    let success = operation.responses.iter().find(|(status, _)| status.starts_with('2'));
    let (_, response) = success.context("responses: none is successful")?;
    let media: Vec<&String> = contract.response(response)?.content.keys().collect();
    Ok(match media.as_slice() {
        [] => ResponseBody::Nothing,
        [media] if *media == JSON => ResponseBody::Json,
        // Samples send no Accept header, so the server chooses.
        _ => ResponseBody::Text,
    })
}

/// The example of a parameter as a segment of a path.
fn example(example: &Value) -> Result<String> {
    let text = match example {
        Value::String(text) => text.clone(),
        Value::Null => bail!("has no example"),
        Value::Array(_) | Value::Object(_) => bail!("the example is not a single value"),
        value => value.to_string(),
    };
    Ok(utf8_percent_encode(&text, RESERVED).to_string())
}
