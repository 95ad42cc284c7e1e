//! Request bodies. An operation parses its body only after it has checked that the object exists.

use std::marker::PhantomData;

use poem::http::{HeaderMap, HeaderValue, header};

use super::{Failure, FieldErrors, Fields, FromObject, json::Document};

/// A received, still unparsed body.
pub struct Body<T> {
    /// Why it can't be read as JSON, if it isn't empty.
    kind: Result<(), Failure>,
    bytes: Vec<u8>,
    max_keys: usize,
    into: PhantomData<fn() -> T>,
}

impl<T: FromObject> Body<T> {
    pub(super) fn new(headers: &HeaderMap, bytes: Vec<u8>, max_keys: usize) -> Self {
        Self { kind: check_kind(headers), bytes, max_keys, into: PhantomData }
    }

    /// Parses the body. Fields may still be invalid: see [`Draft`].
    ///
    /// # Errors
    ///
    /// 415 if the body is not JSON in UTF-8, or is compressed; 400 if it is not a JSON object, or has too many keys. As in
    /// authentik, no body counts as an empty object.
    pub fn read(self) -> Result<Draft<T>, Failure> {
        let bytes: &[u8] = if self.bytes.is_empty() {
            b"{}"
        } else {
            self.kind?;
            &self.bytes
        };
        let members = match Document::parse(bytes, self.max_keys).map_err(Failure::Malformed)? {
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

/// Checks the headers that tell how to read the body, each of which would change what it means.
fn check_kind(headers: &HeaderMap) -> Result<(), Failure> {
    let text = |name| headers.get(name).map(|value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()));
    let content_type = text(header::CONTENT_TYPE).unwrap_or_default();
    let mut parts = content_type.split(';').map(str::trim);
    if !parts.next().unwrap_or_default().eq_ignore_ascii_case("application/json") {
        return Err(Failure::UnsupportedMediaType(content_type.into_owned()));
    }
    let charset =
        parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    let charset = charset.map(|(_, charset)| charset.trim().trim_matches('"'));
    if let Some(charset) =
        charset.filter(|charset| !["utf-8", "utf8", "us-ascii"].contains(&&*charset.to_ascii_lowercase()))
    {
        return Err(Failure::UnsupportedEncoding { header: "charset", value: charset.to_owned() });
    }
    if let Some(encoding) = text(header::CONTENT_ENCODING).filter(|encoding| !encoding.eq_ignore_ascii_case("identity"))
    {
        return Err(Failure::UnsupportedEncoding { header: "content encoding", value: encoding.into_owned() });
    }
    if headers.contains_key(header::CONTENT_RANGE) { Err(Failure::PartialBody) } else { Ok(()) }
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

    /// Whether the required field is absent or null.
    pub fn lacks(&self, field: &str) -> bool {
        Fields::lack(&self.errors, field)
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
