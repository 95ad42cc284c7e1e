//! What a sample has to send and what comes back, as the document tells it.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail, ensure};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::rust::pascal_case;

/// What has to be encoded in a part of a path or a query (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Where a server listens unless it is told otherwise.
const ORIGIN: &str = "http://127.0.0.1:8000";
const JSON: &str = "application/json";
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// An operation with everything filled in.
#[derive(Debug)]
pub struct Request {
    /// As the document spells it.
    pub path: String,
    /// In lower case.
    pub method: String,
    /// Needs no quoting, except for the shell.
    pub url: String,
    pub needs_token: bool,
    pub body: Option<Value>,
    pub answer: Answer,
}

/// What a successful answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
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
pub fn all(document: &Value) -> Result<Vec<Request>> {
    let mut requests = Vec::new();
    for (path, item) in document["paths"].as_object().context("paths: is not an object")? {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                let place = format!("paths.{path}.{method}");
                requests.push(Source { document, operation, place }.request(path, method)?);
            }
        }
    }
    Ok(requests)
}

/// The operation that a request is read from.
struct Source<'a> {
    document: &'a Value,
    operation: &'a Value,
    place: String,
}

impl<'a> Source<'a> {
    fn request(&self, path: &str, method: &str) -> Result<Request> {
        Ok(Request {
            path: path.to_owned(),
            method: method.to_owned(),
            url: self.url(path)?,
            needs_token: self.needs_token(),
            body: self.body()?,
            answer: self.answer()?,
        })
    }

    fn url(&self, path: &str) -> Result<String> {
        let base = self.document["servers"][0]["url"].as_str().context("servers: there is no url")?.trim_matches('/');
        ensure!(!base.contains("://"), "servers: {base} is not relative");
        let separator = if base.is_empty() { "" } else { "/" };
        let (mut path, mut query) = (path.to_owned(), String::new());
        for parameter in self.operation["parameters"].as_array().into_iter().flatten() {
            let parameter = self.resolve(parameter)?;
            let name = parameter["name"].as_str().with_context(|| format!("{}.parameters: no name", self.place))?;
            let place = || format!("{}.parameters.{name}", self.place);
            match (parameter["in"].as_str(), parameter["required"] == true) {
                (Some("path"), _) => {
                    path = path.replace(&format!("{{{name}}}"), &example(parameter).with_context(place)?)
                }
                (Some("query"), true) => {
                    let mark = if query.is_empty() { '?' } else { '&' };
                    write!(query, "{mark}{}={}", encode(name), example(parameter).with_context(place)?)?;
                }
                (Some("query"), false) => {}
                (kind, _) => bail!("{}: samples cannot hold a parameter in {kind:?}", place()),
            }
        }
        ensure!(!path.contains('{'), "{}.parameters: not everything in the path is described", self.place);
        let url = format!("{ORIGIN}{separator}{base}{path}{query}");
        let is_plain = |character: char| character.is_ascii_alphanumeric() || "-._~:/%?=&".contains(character);
        ensure!(url.chars().all(is_plain), "{}: {url} would have to be quoted", self.place);
        Ok(url)
    }

    /// Whether anonymous callers are refused.
    fn needs_token(&self) -> bool {
        let alternatives = self.operation["security"].as_array().map_or(&[][..], Vec::as_slice);
        !alternatives.is_empty()
            && alternatives.iter().all(|schemes| schemes.as_object().is_some_and(|all| !all.is_empty()))
    }

    fn body(&self) -> Result<Option<Value>> {
        let Some(body) = self.operation.get("requestBody") else { return Ok(None) };
        let media = &self.resolve(body)?["content"][JSON];
        let example = media["examples"].as_object().and_then(|examples| examples.values().next());
        let example = example.with_context(|| format!("{}.requestBody.content.{JSON}: has no example", self.place))?;
        let value = self.resolve(example)?.get("value");
        value.cloned().map(Some).with_context(|| format!("{}.requestBody: the example has no value", self.place))
    }

    fn answer(&self) -> Result<Answer> {
        let success =
            self.operation["responses"].as_object().into_iter().flatten().find(|(code, _)| code.starts_with('2'));
        let (_, response) = success.with_context(|| format!("{}.responses: none tells of success", self.place))?;
        let media: Vec<&String> =
            self.resolve(response)?["content"].as_object().into_iter().flat_map(|all| all.keys()).collect();
        Ok(match media.as_slice() {
            [] => Answer::Nothing,
            [media] if *media == JSON => Answer::Json,
            // What comes is the server's choice as long as the request does not ask for one of them.
            _ => Answer::Text,
        })
    }

    /// Follows a `$ref`, if `value` is one.
    fn resolve(&self, value: &'a Value) -> Result<&'a Value> {
        let Some(reference) = value["$ref"].as_str() else { return Ok(value) };
        let found = reference.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer));
        found.with_context(|| format!("{}: {reference} does not exist", self.place))
    }
}

/// The example of a parameter as part of a URL.
fn example(parameter: &Value) -> Result<String> {
    match &parameter["example"] {
        Value::String(text) => Ok(encode(text)),
        Value::Null => bail!("has no example"),
        Value::Array(_) | Value::Object(_) => bail!("the example is not a single value"),
        value => Ok(encode(&value.to_string())),
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}
