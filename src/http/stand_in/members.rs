//! Reading JSON objects that developers write by hand: whatever is wrong in one is reported with the member's name.

use serde_json::{Map, Value};

use crate::api::FieldErrors;

/// The members of an object that are not read yet, and the errors of those that are.
pub struct Members {
    rest: Map<String, Value>,
    errors: FieldErrors,
}

impl Members {
    /// # Errors
    ///
    /// If it is no object.
    pub fn of(value: Value) -> Result<Self, FieldErrors> {
        match value {
            Value::Object(rest) => Ok(Self { rest, errors: FieldErrors::default() }),
            _ => Err(FieldErrors::one("non_field_errors", "Expected an object.")),
        }
    }

    /// Whether there is a member, not read yet, that is not null.
    pub fn has(&self, name: &str) -> bool {
        self.rest.get(name).is_some_and(|value| !value.is_null())
    }

    /// Takes a member as it is.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.rest.remove(name)
    }

    /// Takes a member that may be absent or null. If `read` can't read it, adds the error `expected`.
    pub fn read<T>(&mut self, name: &str, expected: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.take(name).filter(|value| !value.is_null())?;
        let read = read(&value);
        if read.is_none() {
            self.error(name, expected);
        }
        read
    }

    /// Takes a member that is true or false, by default false.
    pub fn flag(&mut self, name: &str) -> bool {
        self.read(name, "Must be true or false.", Value::as_bool).unwrap_or_default()
    }

    /// Adds an error if a member that was read is missing and has no error yet.
    pub fn require(&mut self, name: &str, is_missing: bool) {
        if is_missing {
            self.errors.merge(FieldErrors::one(name, "This field is required."));
        }
    }

    pub fn error(&mut self, name: &str, message: impl Into<String>) {
        self.errors.add(name, message);
    }

    /// # Errors
    ///
    /// Those of the members that were read, and one for each that was not.
    pub fn finish(mut self) -> Result<(), FieldErrors> {
        for name in self.rest.keys() {
            self.errors.add(name, "Unknown field.");
        }
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }
}
