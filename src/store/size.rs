//! Approximate sizes in memory, in bytes, which limit how much is queued.

use serde_json::Value;

use crate::domain::{Attributes, user::NewUser};

/// The size of a user to be created.
pub fn of_user(new: &NewUser) -> usize {
    let details = &new.details;
    let texts = [&details.username, &details.name, &details.email, &details.path];
    texts.map(String::len).iter().sum::<usize>()
        + of_attributes(&details.attributes)
        + size_of_val(new.groups.as_slice())
}

/// The size of attributes.
pub fn of_attributes(attributes: &Attributes) -> usize {
    attributes.iter().map(|(key, value)| key.len() + of_value(value)).sum()
}

fn of_value(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::String(text) => text.len(),
            Value::Array(values) => values.iter().map(of_value).sum(),
            Value::Object(attributes) => of_attributes(attributes),
            _ => 0,
        }
}
