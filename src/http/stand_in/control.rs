//! The API with which a test controls the stand-in, below `/-/stand-in/`. It needs no token.

use chrono::{DateTime, TimeDelta, Utc};
use poem::{
    IntoResponse, Request, Response,
    error::ReadBodyError,
    http::{Method, StatusCode},
};
use serde_json::{Value, json};

use super::{StandIn, faults::Fault, members::Members};
use crate::{
    api::{Failure, FieldErrors, Timestamp, runtime::json_response},
    domain::clock,
};

/// The largest body, in bytes.
const MAX_BODY: usize = 1024 * 1024;

/// Where the paths of this API begin.
pub const PREFIX: &str = "/-/stand-in/";

/// Responds to a request for `path` below [`PREFIX`].
pub async fn respond(stand_in: &StandIn, path: &str, request: Request) -> Response {
    // With and without the slash at the end, like the API.
    route(stand_in, path.trim_end_matches('/'), request).await.unwrap_or_else(IntoResponse::into_response)
}

async fn route(stand_in: &StandIn, path: &str, request: Request) -> Result<Response, Failure> {
    let instance = stand_in.current();
    let allowed = match (path, request.method()) {
        ("reset", &Method::POST) => {
            stand_in.reset().await.map_err(|error| {
                tracing::error!(%error, "failed to reset");
                Failure::Internal
            })?;
            return Ok(StatusCode::NO_CONTENT.into());
        }
        ("requests", &Method::GET) => {
            let operation = operation(stand_in, &request)?;
            let requests = instance.log().json(operation);
            return Ok(json_response(StatusCode::OK, &requests));
        }
        ("requests", &Method::DELETE) => {
            instance.log().clear();
            return Ok(StatusCode::NO_CONTENT.into());
        }
        ("faults", &Method::GET) => return Ok(json_response(StatusCode::OK, &instance.faults().json())),
        ("faults", &Method::POST) => {
            let fault = Fault::read(body(request).await?, &stand_in.template.operations).map_err(Failure::Invalid)?;
            // Of the instance that is current now: reading the body takes time.
            let set = stand_in.current().faults().add(fault.into())?;
            return Ok(json_response(StatusCode::CREATED, &set));
        }
        ("faults", &Method::DELETE) => {
            instance.faults().clear();
            return Ok(StatusCode::NO_CONTENT.into());
        }
        ("time", &Method::GET) => return Ok(time()),
        ("time", &Method::PUT) => {
            set_time(body(request).await?).map_err(Failure::Invalid)?;
            return Ok(time());
        }
        ("time", &Method::DELETE) => {
            stand_in.template.set_time();
            return Ok(StatusCode::NO_CONTENT.into());
        }
        ("reset", _) => "POST",
        ("requests", _) => "DELETE, GET",
        ("faults", _) => "DELETE, GET, POST",
        ("time", _) => "DELETE, GET, PUT",
        _ => return Err(Failure::NoRoute),
    };
    Err(Failure::MethodNotAllowed { method: request.method().to_string(), allow: allowed.into() })
}

/// Reads the parameter `operation`.
fn operation(stand_in: &StandIn, request: &Request) -> Result<Option<&'static str>, Failure> {
    let mut operation = None;
    let mut errors = FieldErrors::default();
    for (name, value) in form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()) {
        match stand_in.template.operations.named(&value) {
            _ if name != "operation" => errors.add(&name, "Unknown parameter."),
            Ok(named) => operation = Some(named),
            Err(message) => errors.add(&name, message),
        }
    }
    if errors.is_empty() { Ok(operation) } else { Err(Failure::Invalid(errors)) }
}

async fn body(mut request: Request) -> Result<Value, Failure> {
    let bytes = request.take_body().into_bytes_limit(MAX_BODY).await.map_err(|error| match error {
        ReadBodyError::PayloadTooLarge => Failure::TooLarge { limit: MAX_BODY },
        _ => Failure::Unreadable,
    })?;
    serde_json::from_slice(&bytes).map_err(|error| Failure::Malformed(format!("The body is not JSON: {error}")))
}

fn time() -> Response {
    let time = json!({ "time": Timestamp(clock::now()), "frozen": clock::is_frozen() });
    json_response(StatusCode::OK, &time)
}

/// Sets the time: to `time`, or so many seconds further; and lets it stand still if it is `frozen`.
fn set_time(body: Value) -> Result<(), FieldErrors> {
    let mut members = Members::of(body)?;
    let time = members.read("time", "Must be a time with an offset, such as 2026-01-01T00:00:00Z.", |value| {
        value.as_str()?.parse::<DateTime<Utc>>().ok()
    });
    let advance = members.read("advance", "Must be a number of seconds.", |value| {
        let microseconds = Some(value.as_f64()? * 1e6).filter(|number| number.abs() < 1e18)?;
        Some(TimeDelta::microseconds(microseconds.round() as i64))
    });
    let frozen = members.read("frozen", "Must be true or false.", Value::as_bool);
    members.finish()?;
    let now = clock::now();
    let (field, time) = match (time, advance) {
        (Some(_), Some(_)) => return Err(FieldErrors::one("advance", "Either set the time or advance it.")),
        (None, None) if frozen.is_none() => {
            return Err(FieldErrors::one("non_field_errors", "One of time, advance and frozen is required."));
        }
        (Some(time), None) => ("time", Some(time)),
        (None, advance) => ("advance", now.checked_add_signed(advance.unwrap_or_default())),
    };
    let stays_frozen = field == "advance" && clock::is_frozen();
    let set = time.ok_or(clock::OutOfRange).and_then(|time| clock::set(time, frozen.unwrap_or(stays_frozen)));
    set.map_err(|error| FieldErrors::one(field, error.to_string()))
}
