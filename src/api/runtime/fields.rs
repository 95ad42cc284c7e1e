//! Parses the fields of a request body one by one and collects the errors of each.

use poem_openapi::types::MaybeUndefined;
use serde_json::value::RawValue;

use super::{
    Draft, Failure, FieldErrors, Parse,
    json::{self, Members},
};

const REQUIRED: &str = "This field is required.";
const NOT_NULL: &str = "This field may not be null.";

/// The members of an object being parsed, and the errors found so far.
///
/// An invalid field gets the default value of its type, so that the other fields are checked too; the errors keep the
/// result from being taken for valid (see [`Draft`]).
pub struct Fields<'a> {
    members: Members<'a>,
    errors: FieldErrors,
}

impl<'a> Fields<'a> {
    pub(super) fn new(members: Members<'a>) -> Self {
        Self { members, errors: FieldErrors::default() }
    }

    /// Combines the parsed `value` with the errors found.
    ///
    /// # Errors
    ///
    /// 400 if a field is invalid because its JSON is malformed inside, as half a surrogate pair is: the whole `body` is
    /// then rejected. This is checked only if there are errors, so a valid body doesn't pay for it.
    pub(super) fn finish<T>(self, value: T, body: &[u8]) -> Result<Draft<T>, Failure> {
        let malformed = || self.members.iter().find_map(|(_, raw)| json::malformed_value(body, raw));
        match if self.errors.is_empty() { None } else { malformed() } {
            Some(message) => Err(Failure::Malformed(message)),
            None => Ok(Draft::new(value, self.errors)),
        }
    }

    /// A property that must be present and not null.
    pub fn required<K: Parse>(&mut self, name: &'static str, kind: &K) -> K::Value
    where
        K::Value: Default,
    {
        match self.optional(name, kind) {
            Some(value) => value,
            None => {
                if self.find(name).is_none() {
                    self.errors.add(name, REQUIRED);
                }
                K::Value::default()
            }
        }
    }

    /// A property that may be absent, but not null.
    pub fn optional<K: Parse>(&mut self, name: &'static str, kind: &K) -> Option<K::Value> {
        match self.optional_nullable(name, kind) {
            MaybeUndefined::Value(value) => Some(value),
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => {
                self.errors.add(name, NOT_NULL);
                None
            }
        }
    }

    /// A property whose absence means `default`; it may not be null.
    pub fn optional_or<K: Parse>(&mut self, name: &'static str, kind: &K, default: K::Value) -> K::Value {
        self.optional(name, kind).unwrap_or(default)
    }

    /// A property that may be absent or null, which differ.
    pub fn optional_nullable<K: Parse>(&mut self, name: &'static str, kind: &K) -> MaybeUndefined<K::Value> {
        let Some(raw) = self.find(name) else { return MaybeUndefined::Undefined };
        if json::is_null(raw) {
            return MaybeUndefined::Null;
        }
        match kind.parse(raw) {
            Ok(Some(value)) => MaybeUndefined::Value(value),
            Ok(None) => MaybeUndefined::Null,
            Err(messages) => {
                self.errors.extend(name, messages);
                MaybeUndefined::Undefined
            }
        }
    }

    /// Whether `errors` say that `name` is absent or null.
    pub(super) fn lack(errors: &FieldErrors, name: &str) -> bool {
        errors.has(name, REQUIRED) || errors.has(name, NOT_NULL)
    }

    /// The value sent for `name`; if sent more than once, the last one.
    fn find(&self, name: &str) -> Option<&'a RawValue> {
        self.members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| *value)
    }
}
