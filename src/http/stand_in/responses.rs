//! Responses of a seed: for what the stand-in itself doesn't have, or instead of what it would respond.

use poem::{
    Request, Response,
    http::{Method, StatusCode},
};
use serde_json::Value;

use super::{
    canned::Canned,
    members::Members,
    operations::{Pattern, is_method},
};
use crate::api::FieldErrors;

/// A response to all requests of one method and path.
#[derive(Debug)]
struct Prepared {
    method: Method,
    pattern: Pattern,
    canned: Canned,
    /// Whether it needs no token.
    is_public: bool,
}

/// What there is instead of a response of the server.
pub struct Found {
    pub response: Response,
    pub is_public: bool,
}

/// The first one that fits is used.
#[derive(Debug, Default)]
pub struct Responses(Vec<Prepared>);

impl Responses {
    /// Adds a response.
    ///
    /// # Errors
    ///
    /// Every wrong or unknown member.
    pub fn add(&mut self, value: Value) -> Result<(), FieldErrors> {
        let mut members = Members::of(value)?;
        let method =
            members.read("method", "Must be a method, such as GET.", |value| value.as_str()?.parse::<Method>().ok());
        let path = members.read("path", "Must be a path, such as /api/v3/flows/instances/.", |value| {
            value.as_str().filter(|path| path.starts_with('/') && !path.contains('?')).map(Pattern::new)
        });
        for (name, is_missing) in [("method", method.is_none()), ("path", path.is_none())] {
            members.require(name, is_missing);
        }
        let canned = Canned::read(&mut members, 200..=599, Some(StatusCode::OK));
        let is_public = members.read("public", "Must be true or false.", Value::as_bool).unwrap_or_default();
        members.finish()?;
        if let (Some(method), Some(pattern), Some(canned)) = (method, path, canned) {
            self.0.push(Prepared { method, pattern, canned, is_public });
        }
        Ok(())
    }

    /// The response to a request, if there is one.
    pub fn of_request(&self, request: &Request) -> Option<Found> {
        let fits = |prepared: &&Prepared| {
            is_method(request.method(), &prepared.method) && prepared.pattern.matches(request.uri().path())
        };
        let prepared = self.0.iter().find(fits)?;
        Some(Found { response: prepared.canned.response(), is_public: prepared.is_public })
    }
}
