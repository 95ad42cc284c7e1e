//! Responses that a developer wrote, in a seed or a fault.

use std::ops::RangeInclusive;

use poem::{
    Response,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};
use serde_json::{Map, Value, json};

use super::members::Members;

/// Headers that follow from the body and the connection.
const FORBIDDEN: [HeaderName; 5] =
    [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::TE, header::UPGRADE];

/// A response as it was written.
#[derive(Clone, Debug)]
pub struct Canned {
    pub status: StatusCode,
    /// `None` for no body.
    pub body: Option<Value>,
    pub headers: HeaderMap,
}

impl Canned {
    /// Reads the members `status`, `body` and `headers`. `None` without a status, unless there is a default, or if it is
    /// wrong.
    pub fn read(members: &mut Members, statuses: RangeInclusive<u16>, default: Option<StatusCode>) -> Option<Self> {
        let has_status = members.has("status") || default.is_some();
        let expected = format!("Must be a number from {} to {}.", statuses.start(), statuses.end());
        let status = members.read("status", &expected, |value| {
            let status = u16::try_from(value.as_u64()?).ok().filter(|status| statuses.contains(status))?;
            StatusCode::from_u16(status).ok()
        });
        let body = members.take("body");
        let headers = members.read("headers", "Must be an object.", |value| value.as_object().cloned());
        let mut read = HeaderMap::new();
        for (name, value) in headers.unwrap_or_default() {
            match header(&name, &value) {
                Ok((name, value)) => drop(read.insert(name, value)),
                Err(message) => members.error("headers", message),
            }
        }
        if !has_status && (body.is_some() || !read.is_empty()) {
            members.error("status", "This field is required with a body or headers.");
        }
        Some(Self { status: status.or(default)?, body, headers: read })
    }

    /// About how many bytes it takes.
    pub fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len());
        self.body.as_ref().map_or(0, |body| body.to_string().len()) + headers.sum::<usize>()
    }

    /// The headers as JSON.
    pub fn headers(&self) -> Map<String, Value> {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        self.headers.iter().map(|(name, value)| (name.to_string(), text(value).into())).collect()
    }

    /// The body that says what the status means.
    pub fn reason(status: StatusCode) -> Value {
        json!({ "detail": status.canonical_reason().unwrap_or("A fault that a test has set") })
    }

    pub fn response(&self) -> Response {
        let mut response = Response::builder().status(self.status).finish();
        *response.headers_mut() = self.headers.clone();
        let Some(body) = &self.body else { return response };
        let content_type = self.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
        let is_json = content_type.is_none_or(|name| name.to_ascii_lowercase().windows(4).any(|part| part == b"json"));
        match body {
            Value::String(text) if !is_json => response.set_body(text.clone()),
            _ => response.set_body(body.to_string()),
        }
        if content_type.is_none() {
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        response
    }
}

fn header(name: &str, value: &Value) -> Result<(HeaderName, HeaderValue), String> {
    let Ok(parsed) = name.parse::<HeaderName>() else { return Err(format!("{name:?} is not the name of a header.")) };
    if FORBIDDEN.contains(&parsed) {
        return Err(format!("{name} is set by the server."));
    }
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Err(format!("{name} must be a string or a number.")),
    };
    let value = text.parse().map_err(|_| format!("{name} can't have this value."))?;
    Ok((parsed, value))
}
