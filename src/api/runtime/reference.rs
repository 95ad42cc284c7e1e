//! Ids of other objects in a body, with the error messages of authentik's related fields.
//!
//! The store checks whether the objects exist; [`UuidRef::unknown`] and [`Id::unknown`] are the messages if not.

use std::num::{IntErrorKind, ParseIntError};

use poem_openapi::registry::MetaSchema;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{
    Describe, Parse, ParseItem, ParseParameter, json,
    kind::{Messages, message, not_available},
    text::is_python_space,
};

/// The id of an object, a UUID in any form that Python's `UUID()` accepts.
#[derive(Clone, Copy, Debug)]
pub struct IdRef;

/// A UUID, and how the client wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UuidRef {
    pub uuid: Uuid,
    /// As written by the client; error messages quote it.
    pub text: String,
}

impl UuidRef {
    /// The error message for an id that no object has.
    pub fn unknown(&self) -> String {
        unknown_id(&self.text)
    }
}

/// The error message for an id that no object has.
fn unknown_id(text: impl std::fmt::Display) -> String {
    format!("Invalid pk \"{text}\" - object does not exist.")
}

/// Parses a UUID like Python's `UUID()`: hyphens anywhere, enclosing braces and a `urn:uuid:` prefix are ignored.
fn uuid(text: &str) -> Option<Uuid> {
    let text = text.replace("urn:", "").replace("uuid:", "");
    let digits = text.trim_matches(['{', '}']).replace('-', "");
    let all_hex = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    all_hex.then(|| Uuid::try_parse(&digits).ok()).flatten()
}

impl Describe for IdRef {
    fn schema(&self) -> MetaSchema {
        MetaSchema::new_with_format("string", "uuid")
    }
}

impl Parse for IdRef {
    type Value = UuidRef;
    fn parse(&self, raw: &RawValue) -> Result<Option<UuidRef>, Messages> {
        let text = json::python_str(raw);
        match json::python_type(raw.get()) {
            "str" if text.is_empty() => Ok(None),
            "str" => match uuid(&text) {
                Some(uuid) => Ok(Some(UuidRef { uuid, text })),
                None => message(format!("“{text}” is not a valid UUID.")),
            },
            "bool" => message("Incorrect type. Expected pk value, received bool."),
            // authentik interprets a number as the UUID with that value, which no object has.
            "int" if !text.starts_with('-') => message(unknown_id(text)),
            "NoneType" => message(unknown_id(text)),
            _ => message(format!("“{text}” is not a valid UUID.")),
        }
    }
}

impl ParseParameter for IdRef {
    type Value = Uuid;
    fn parse_parameter(&self, text: &str) -> Result<Option<Uuid>, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        uuid(text).map(Some).ok_or_else(|| "Enter a valid UUID.".into())
    }
}

impl ParseItem for IdRef {
    type Value = Uuid;
    fn parse_item(&self, text: &str) -> Result<Uuid, String> {
        uuid(text).ok_or_else(|| format!("“{text}” is not a valid UUID."))
    }
}

/// The id of an object, an integer.
#[derive(Clone, Copy, Debug)]
pub struct Id;

impl Id {
    /// The error message for an id that no object has.
    pub fn unknown(id: i64) -> String {
        unknown_id(id)
    }
}

impl Describe for Id {
    fn schema(&self) -> MetaSchema {
        MetaSchema::new("integer")
    }
}

impl ParseParameter for Id {
    type Value = i64;
    fn parse_parameter(&self, text: &str) -> Result<Option<i64>, String> {
        text.parse().map(Some).map_err(|_| format!("“{text}” is not a valid value."))
    }
}

impl ParseItem for Id {
    type Value = i64;
    fn parse_item(&self, text: &str) -> Result<i64, String> {
        text.parse().map_err(|error| {
            if is_beyond(&error) { not_available(text) } else { format!("“{text}” is not a valid value.") }
        })
    }
}

impl Parse for Id {
    type Value = i64;
    fn parse(&self, raw: &RawValue) -> Result<Option<i64>, Messages> {
        let found = json::python_type(raw.get());
        match found {
            // In JSON Schema 3.0 is an integer.
            "int" | "float" => match whole(raw.get()) {
                Some(id) => Ok(Some(id)),
                None => message(unknown_id(raw.get())),
            },
            "NoneType" => message(unknown_id("None")),
            _ => message(format!("Incorrect type. Expected pk value, received {found}.")),
        }
    }
}

/// The id of an object, an integer, that may also be sent as a string. The document says only integer, as authentik's.
#[derive(Clone, Copy, Debug)]
pub struct IdOrText;

impl Describe for IdOrText {
    fn schema(&self) -> MetaSchema {
        Id.schema()
    }
}

impl Parse for IdOrText {
    type Value = i64;
    fn parse(&self, raw: &RawValue) -> Result<Option<i64>, Messages> {
        let text = json::string(raw).unwrap_or_else(|| raw.get().into());
        match text.trim_matches(is_python_space).parse() {
            Ok(id) => Ok(Some(id)),
            // An id that no object has.
            Err(error) if is_beyond(&error) => Ok(Some(i64::MAX)),
            Err(_) => Id.parse(raw),
        }
    }
}

/// Whether a number is an integer, but needs more than 64 bits.
fn is_beyond(error: &ParseIntError) -> bool {
    matches!(error.kind(), IntErrorKind::PosOverflow | IntErrorKind::NegOverflow)
}

fn whole(number: &str) -> Option<i64> {
    number.parse().ok().or_else(|| {
        let float: f64 = number.parse().ok()?;
        // Beyond 2^53 a double can't represent every integer.
        (float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0).then_some(float as i64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_parsed_as_in_python() {
        let id = "5f0c5f5e-0000-4000-8000-00000000dead";
        for text in [
            id,
            "5F0C5F5E000040008000-00000000DEAD",
            "{5f0c5f5e-0000-4000-8000-00000000dead}",
            "urn:uuid:5f0c5f5e-0000-4000-8000-00000000dead",
        ] {
            assert_eq!(uuid(text), Some(id.parse().unwrap()), "{text}");
        }
        for text in [" 5f0c5f5e-0000-4000-8000-00000000dead", "5f0c", "", "+f0c5f5e000040008000000000000ead"] {
            assert_eq!(uuid(text), None, "{text}");
        }
    }

    #[test]
    fn ids_of_the_wrong_type_are_rejected() {
        let parse = |json: &str| Id.parse(&serde_json::from_str::<Box<RawValue>>(json).unwrap());
        assert_eq!(parse("3"), Ok(Some(3)));
        assert_eq!(parse("3.0"), Ok(Some(3)));
        assert_eq!(parse("3.5"), message("Invalid pk \"3.5\" - object does not exist."));
        assert_eq!(parse("\"3\""), message("Incorrect type. Expected pk value, received str."));
        let either = |json: &str| IdOrText.parse(&serde_json::from_str::<Box<RawValue>>(json).unwrap());
        assert_eq!((either("3"), either("\" 3\"")), (Ok(Some(3)), Ok(Some(3))));
        let huge = "99999999999999999999";
        assert_eq!((either(huge), either(&format!("\"{huge}\""))), (Ok(Some(i64::MAX)), Ok(Some(i64::MAX))));
        assert_eq!(either("\"three\""), message("Incorrect type. Expected pk value, received str."));
        assert_eq!(parse("null"), message("Invalid pk \"None\" - object does not exist."));
    }
}
