//! What to say, and how to exit, when a request didn't succeed.

use std::{error::Error, io};

use reqwest::{StatusCode, header};
use rollcall_client::Received;
use serde_json::{Map, Value};

use super::connection::{CONNECT_TIMEOUT, REQUEST_TIMEOUT};
use crate::{
    cli::{Exit, Failure},
    telemetry::visible,
};

/// The innermost cause of an error. The others only say that there was one, or repeat the URL.
pub fn cause(error: &(dyn Error + 'static)) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    let text = match inner.downcast_ref::<io::Error>().map(io::Error::to_string) {
        Some(text) => text.split(" (os error").next().unwrap_or_default().to_owned(),
        None => inner.to_string(),
    };
    visible(&text).into_owned()
}

/// The request had no response.
pub fn of_transport(url: &str, error: &reqwest::Error) -> Failure {
    let cause = cause(error);
    let message = match (error.is_connect(), error.is_timeout()) {
        (true, true) => format!("can't connect to {url} within {} s", CONNECT_TIMEOUT.as_secs()),
        (true, false) => {
            let hint = if cause.contains("UnknownIssuer") {
                "--ca-certificate FILE trusts a private authority"
            } else if cause.contains("certificate") {
                "the certificate is not valid for this URL"
            } else {
                "`rollcall serve` starts a server, --url names another"
            };
            format!("can't connect to {url}: {cause}; {hint}")
        }
        (false, true) => format!("{url} didn't answer within {} s", REQUEST_TIMEOUT.as_secs()),
        (false, false) => format!("the request to {url} failed: {cause}"),
    };
    Failure::new(Exit::Unreachable, message)
}

/// The server returned something, but not what the contract says.
pub fn of_stranger(url: &str) -> Failure {
    Failure::new(Exit::Failed, format!("{url} did not respond like Rollcall. Is it the right URL?"))
}

/// The server returned something else than success, or what can't be understood.
pub fn of_response(url: &str, received: &Received) -> Failure {
    let Received { status, headers, body } = received;
    let text = |name| headers.get(name).map(|value| visible(&String::from_utf8_lossy(value.as_bytes())).into_owned());
    if status.is_redirection()
        && let Some(place) = text(header::LOCATION)
    {
        return Failure::new(Exit::Failed, format!("{url} redirects to {place}. Use the URL of the server itself"));
    }
    let Some((exit, what)) = meaning(*status) else { return of_stranger(url) };
    let wait = text(header::RETRY_AFTER).filter(|_| exit == Exit::Unreachable);
    let wait = wait.filter(|wait| wait.bytes().all(|byte| byte.is_ascii_digit()));
    let wait = wait.map_or_else(String::new, |seconds| format!(" Try again in {seconds} s."));
    match reasons(body, exit) {
        Some(reasons) if reasons.len() == 1 => Failure::new(exit, format!("{what}: {}{wait}", reasons[0])),
        Some(reasons) => Failure::new(exit, format!("{what}:\n  {}{wait}", reasons.join("\n  "))),
        // A proxy in front of the server may have sent it.
        None if [Exit::Unreachable, Exit::Forbidden].contains(&exit) => {
            Failure::new(exit, format!("{what}: {url} answered {status}.{wait}"))
        }
        None => {
            let answer = match text(header::CONTENT_TYPE) {
                Some(kind) if kind.starts_with("text/plain") => format!("{status}: {}", first_line(body)),
                Some(kind) => format!("{status} with {kind}."),
                None => format!("{status}."),
            };
            let message = format!("{url} did not respond like Rollcall: {answer} Is it the right URL?");
            Failure::new(Exit::Failed, message)
        }
    }
}

/// The first line of a text, if it isn't long.
fn first_line(body: &[u8]) -> String {
    let start = String::from_utf8_lossy(&body[..body.len().min(200)]);
    visible(start.lines().next().unwrap_or_default().trim()).into_owned()
}

/// How to exit after a response with this status, and what it says; `None` for success.
fn meaning(status: StatusCode) -> Option<(Exit, &'static str)> {
    match status.as_u16() {
        200..=299 => None,
        401 | 403 => Some((Exit::Forbidden, "not allowed")),
        404 => Some((Exit::NotFound, "not found")),
        408 | 429 => Some((Exit::Unreachable, "the server asks to wait")),
        400..=499 => Some((Exit::Rejected, "the server refused it")),
        503 => Some((Exit::Unreachable, "the server can't do it now")),
        500..=599 => Some((Exit::Unreachable, "the server failed")),
        _ => Some((Exit::Failed, "unexpected")),
    }
}

/// The messages of an error response, one for each field; `None` if it isn't one of Rollcall.
fn reasons(body: &[u8], exit: Exit) -> Option<Vec<String>> {
    let object: Map<String, Value> = serde_json::from_slice(body).ok()?;
    if exit != Exit::Rejected && !object.contains_key("detail") {
        return None;
    }
    let reason = |(field, value): (&String, &Value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Array(items) if items.iter().all(Value::is_string) => {
                items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
            }
            other => other.to_string(),
        };
        let text =
            if ["detail", "non_field_errors"].contains(&field.as_str()) { text } else { format!("{field}: {text}") };
        visible(&text).into_owned()
    };
    let reasons: Vec<String> = object.iter().filter(|(field, _)| *field != "code").map(reason).collect();
    (!reasons.is_empty()).then_some(reasons)
}
