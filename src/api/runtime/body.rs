//! Request bodies. An operation parses its body only after it has checked permission.

use std::marker::PhantomData;

use super::{Failure, FieldErrors, Fields, FromObject, json::Document};

/// A received, still unparsed body.
pub struct Body<T> {
    content_type: String,
    bytes: Vec<u8>,
    into: PhantomData<fn() -> T>,
}

impl<T: FromObject> Body<T> {
    pub(super) fn new(content_type: String, bytes: Vec<u8>) -> Self {
        Self { content_type, bytes, into: PhantomData }
    }

    /// Parses the body. Fields may still be invalid: see [`Draft`].
    ///
    /// # Errors
    ///
    /// 415 if the content type is not JSON, 400 if the body is not a JSON object. As in authentik, no body counts as an
    /// empty object.
    pub fn read(self) -> Result<Draft<T>, Failure> {
        let bytes: &[u8] = if self.bytes.is_empty() {
            b"{}"
        } else if is_json(&self.content_type) {
            &self.bytes
        } else {
            return Err(Failure::UnsupportedMediaType(self.content_type));
        };
        let members = match Document::parse(bytes).map_err(Failure::Malformed)? {
            Document::Object(members) => members,
            Document::Null => return Err(non_field("No data provided".into())),
            Document::Other(found) => {
                return Err(non_field(format!("Invalid data. Expected a dictionary, but got {found}.")));
            }
        };
        let mut fields = Fields::new(members);
        let value = T::from_object(&mut fields);
        fields.finish(value, bytes)
    }
}

fn non_field(message: String) -> Failure {
    Failure::Invalid(FieldErrors::one("non_field_errors", message))
}

fn is_json(content_type: &str) -> bool {
    content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// A parsed body that may have invalid fields; those have the default value of their type.
///
/// Only [`accept`](Self::accept) returns the value, and only if there are no errors. Until then the fields can be read,
/// so that rules beyond the schema report their errors in the same response.
pub struct Draft<T> {
    value: T,
    errors: FieldErrors,
}

impl<T> Draft<T> {
    pub(super) fn new(value: T, errors: FieldErrors) -> Self {
        Self { value, errors }
    }

    /// The same draft of another type.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Draft<U> {
        Draft { value: convert(self.value), errors: self.errors }
    }

    /// The fields; invalid ones have the default value of their type.
    pub fn fields(&self) -> &T {
        &self.value
    }

    /// Adds errors found by other rules; a field that already has errors keeps only those.
    pub fn add_errors(&mut self, errors: FieldErrors) {
        self.errors.merge(errors);
    }

    /// Whether there are errors.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The value, if there are no errors.
    ///
    /// # Errors
    ///
    /// 400 with every invalid field.
    pub fn accept(self) -> Result<T, Failure> {
        if self.errors.is_empty() { Ok(self.value) } else { Err(Failure::Invalid(self.errors)) }
    }
}
