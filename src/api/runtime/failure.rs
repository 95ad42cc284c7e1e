//! Failures of operations, and the responses they become.
//!
//! Every operation fails with one of these, so only this module maps failures to statuses and bodies. The messages are
//! authentik's.

use indexmap::IndexMap;
use poem::{IntoResponse, Response, http::StatusCode};
use serde_json::Value;

use super::{AdditionalProperties, json_response};
use crate::api::{GenericError, ValidationError};

/// The errors of a request, as a list of messages for each invalid field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(IndexMap<String, Vec<String>>);

impl FieldErrors {
    /// A single error.
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, message);
        errors
    }

    /// Adds an error to a field.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.extend(field, [message.into()]);
    }

    /// Adds errors to a field.
    pub fn extend(&mut self, field: &str, messages: impl IntoIterator<Item = String>) {
        for message in messages {
            self.0.entry(field.to_owned()).or_default().push(message);
        }
    }

    /// Adds the error of a check, if it failed.
    pub fn check(&mut self, field: &str, verdict: Result<(), impl std::fmt::Display>) {
        if let Err(rule) = verdict {
            self.add(field, rule.to_string());
        }
    }

    /// Adds the errors of `later`, except for fields that already have errors.
    pub fn merge(&mut self, later: Self) {
        for (field, messages) in later.0 {
            self.0.entry(field).or_insert(messages);
        }
    }

    /// Whether `field` has this error.
    pub(super) fn has(&self, field: &str, message: &str) -> bool {
        self.0.get(field).is_some_and(|messages| messages.iter().any(|found| found == message))
    }

    /// Whether there are no errors.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<FieldErrors> for ValidationError {
    fn from(FieldErrors(mut fields): FieldErrors) -> Self {
        Self {
            non_field_errors: fields.shift_remove("non_field_errors"),
            code: None,
            additional: fields.into_iter().map(|(name, messages)| (name, messages.into())).collect(),
        }
    }
}

/// Why a request was rejected or could not be served.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Fields of the request are invalid: 400.
    #[error("fields of the request are wrong: {0:?}")]
    Invalid(FieldErrors),
    /// The body is not JSON: 400 with the parser's message.
    #[error("{0}")]
    Malformed(String),
    /// Missing or invalid credentials: 403, as in authentik, which never returns 401.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// The caller has no permission: 403.
    #[error("You do not have permission to perform this action.")]
    Forbidden,
    /// The client has tried too many invalid tokens, and may try others in so many seconds: 429, with `Retry-After`.
    #[error("Request was throttled. Expected available in {seconds} {}.", if *seconds == 1 { "second" } else { "seconds" })]
    TooManyGuesses { seconds: u64 },
    /// There is no such route: 404.
    #[error("Not found.")]
    NoRoute,
    /// There is no such object: 404. Contains the object's type.
    #[error("No {0} matches the given query.")]
    NotFound(&'static str),
    /// The list has no such page: 404.
    #[error("Invalid page.")]
    NoPage,
    /// The route has no such method: 405, with `Allow`.
    #[error("Method \"{method}\" not allowed.")]
    MethodNotAllowed { method: String, allow: String },
    /// The client accepts none of the available media types: 406.
    #[error("Could not satisfy the request Accept header.")]
    NotAcceptable,
    /// The body is larger than `limit` bytes: 413.
    #[error("Request body is larger than {limit} bytes.")]
    TooLarge { limit: usize },
    /// The content type of the body is not JSON: 415.
    #[error("Unsupported media type \"{0}\" in request.")]
    UnsupportedMediaType(String),
    /// The body is compressed or has another character set: 415.
    #[error("Unsupported {header} \"{value}\" in request.")]
    UnsupportedEncoding { header: &'static str, value: String },
    /// The body is said to be a part of the object: 400.
    #[error("Content-Range is not supported in requests.")]
    PartialBody,
    /// The body did not arrive in time: 408.
    #[error("The body took too long to arrive (ROLLCALL_BODY_TIMEOUT).")]
    BodyTimeout,
    /// The path and query are longer than `limit` bytes: 414.
    #[error("The URL is longer than {limit} bytes (ROLLCALL_MAX_URL).")]
    UrlTooLong { limit: usize },
    /// The query string has more than `limit` parameters: 400.
    #[error("The query string has more than {limit} parameters (ROLLCALL_MAX_QUERY_PARAMETERS).")]
    TooManyParameters { limit: usize },
    /// The body is sent in a way that the server doesn't know: 501 (RFC 9112).
    #[error("Unknown transfer coding.")]
    UnknownTransferCoding,
    /// An expectation that the server doesn't know: 417.
    #[error("Unknown expectation.")]
    UnknownExpectation,
    /// The request took too long: 503, with `Retry-After`. Names the setting.
    #[error("The request took longer than {seconds} s (ROLLCALL_REQUEST_TIMEOUT).")]
    TimedOut { seconds: u64 },
    /// The body could not be received completely: 400.
    #[error("Malformed request.")]
    Unreadable,
    /// The store is unreachable, or the server is overloaded: 503, with `Retry-After`.
    #[error("Service temporarily unavailable, try again later.")]
    Unavailable,
    /// A list took too long: 503, with `Retry-After`. Names the setting.
    #[error("The list took longer than {seconds} s (ROLLCALL_LIST_TIMEOUT).")]
    TooSlow { seconds: u64 },
    /// An error of the server: 500. Its cause is in the log, with the request's id.
    #[error("A server error occurred.")]
    Internal,
}

impl Failure {
    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_)
            | Self::Malformed(_)
            | Self::Unreadable
            | Self::PartialBody
            | Self::TooManyParameters { .. } => StatusCode::BAD_REQUEST,
            Self::Unauthenticated(_) | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::TooManyGuesses { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::NoRoute | Self::NotFound(_) | Self::NoPage => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType(_) | Self::UnsupportedEncoding { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::UrlTooLong { .. } => StatusCode::URI_TOO_LONG,
            Self::UnknownExpectation => StatusCode::EXPECTATION_FAILED,
            Self::UnknownTransferCoding => StatusCode::NOT_IMPLEMENTED,
            Self::Unavailable | Self::TooSlow { .. } | Self::TimedOut { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// In how many seconds a client may try again, if it is only a matter of time.
    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooManyGuesses { seconds } => Some(*seconds),
            Self::Unavailable | Self::TooSlow { .. } | Self::TimedOut { .. } => Some(1),
            _ => None,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response = match self {
            Self::Invalid(ref errors) => json_response(status, &ValidationError::from(errors.clone())),
            Self::Malformed(_) => {
                let detail = Value::String(self.to_string());
                let additional = AdditionalProperties::from_iter([("detail".to_owned(), detail)]);
                json_response(status, &ValidationError { non_field_errors: None, code: None, additional })
            }
            _ => json_response(status, &GenericError { detail: self.to_string(), code: None }),
        };
        if let Self::MethodNotAllowed { allow, .. } = &self
            && let Ok(allow) = allow.parse()
        {
            response.headers_mut().insert("allow", allow);
        }
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert("retry-after", seconds.into());
        }
        response
    }
}
