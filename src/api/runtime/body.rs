//! The body of a request: read when its operation asks for it, because permission comes first.

use std::marker::PhantomData;

use super::{Failure, FieldErrors, Fields, FromObject, json::Document};

/// A body that was received but not looked at yet.
pub struct Body<T> {
    content_type: String,
    bytes: Vec<u8>,
    into: PhantomData<fn() -> T>,
}

impl<T: FromObject> Body<T> {
    pub(super) fn new(content_type: String, bytes: Vec<u8>) -> Self {
        Self { content_type, bytes, into: PhantomData }
    }

    /// Parses the body. Fields may still be wrong: see [`Draft`].
    ///
    /// # Errors
    ///
    /// 415 when the body is not declared as JSON, 400 when it is not a JSON object. No body at all is taken for an
    /// empty object, as in the original.
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

/// A parsed body, some of whose fields may be wrong. Those hold the default of their type.
///
/// The only way to the value itself is [`accept`](Self::accept), which refuses while anything is wrong. Until then the
/// draft can be looked at, so that rules beyond the schema report their errors in the same answer.
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

    /// The fields as far as they could be read.
    pub fn fields(&self) -> &T {
        &self.value
    }

    /// Adds errors found by further rules; a field that is wrong already keeps the errors it has.
    pub fn object(&mut self, errors: FieldErrors) {
        self.errors.merge(errors);
    }

    /// Whether something is wrong.
    pub fn is_wrong(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The value, if nothing is wrong with it.
    ///
    /// # Errors
    ///
    /// 400 with every wrong field.
    pub fn accept(self) -> Result<T, Failure> {
        if self.errors.is_empty() { Ok(self.value) } else { Err(Failure::Invalid(self.errors)) }
    }
}
