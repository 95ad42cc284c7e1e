//! Takes the fields of a body one by one and collects what is wrong with each.

use poem_openapi::types::MaybeUndefined;
use serde_json::value::RawValue;

use super::{
    Draft, Failure, FieldErrors, Parse, Property,
    json::{self, Members},
};

/// The members of an object being parsed, and the errors found so far.
///
/// A wrong field yields the default of its type, so that the rest is checked too; the errors keep the result from being
/// taken for valid (see [`Draft`](super::Draft)).
pub struct Fields<'a> {
    members: Members<'a>,
    errors: FieldErrors,
}

impl<'a> Fields<'a> {
    pub(super) fn new(members: Members<'a>) -> Self {
        Self { members, errors: FieldErrors::default() }
    }

    /// Joins the parsed `value` with the errors found.
    ///
    /// # Errors
    ///
    /// 400 when a field is wrong because its JSON is malformed inside, as half a surrogate pair is: `body` is then
    /// refused as a whole. Only looked for when something is wrong, so a good body doesn't pay for it.
    pub(super) fn finish<T>(self, value: T, body: &[u8]) -> Result<Draft<T>, Failure> {
        let malformed = || self.members.iter().find_map(|(_, raw)| json::malformed_value(body, raw));
        match if self.errors.is_empty() { None } else { malformed() } {
            Some(message) => Err(Failure::Malformed(message)),
            None => Ok(Draft::new(value, self.errors)),
        }
    }

    /// A property that has to be there and may not be null.
    pub fn required<K: Parse>(&mut self, property: &Property<K>) -> K::Value
    where
        K::Value: Default,
    {
        match self.optional(property) {
            Some(value) => value,
            None => {
                if self.find(property.name).is_none() {
                    self.errors.add(property.name, "This field is required.");
                }
                K::Value::default()
            }
        }
    }

    /// A property that may be left out, but may not be null.
    pub fn optional<K: Parse>(&mut self, property: &Property<K>) -> Option<K::Value> {
        match self.optional_nullable(property) {
            MaybeUndefined::Value(value) => Some(value),
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => {
                self.errors.add(property.name, "This field may not be null.");
                None
            }
        }
    }

    /// A property that may be left out or null, which differ.
    pub fn optional_nullable<K: Parse>(&mut self, property: &Property<K>) -> MaybeUndefined<K::Value> {
        let Some(raw) = self.find(property.name) else { return MaybeUndefined::Undefined };
        if json::is_null(raw) {
            return MaybeUndefined::Null;
        }
        match property.kind.parse(raw) {
            Ok(Some(value)) => MaybeUndefined::Value(value),
            Ok(None) => MaybeUndefined::Null,
            Err(messages) => {
                self.errors.extend(property.name, messages);
                MaybeUndefined::Undefined
            }
        }
    }

    /// The value sent for `name`; the last one, if it was sent more than once.
    fn find(&self, name: &str) -> Option<&'a RawValue> {
        self.members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| *value)
    }
}
