//! Objects with any keys and values. They are kept as JSON text, from the body to the database and back.

use std::{
    collections::HashSet,
    fmt,
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use serde::{
    Deserializer, Serialize, Serializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use super::{
    Describe, Parse,
    kind::{Messages, message},
};

/// A JSON object as text. That of a request has no spaces and each key once; integers of up to 64 bits are as they were
/// sent, other numbers are the nearest 64-bit floating-point number, as in authentik.
#[derive(Clone, Debug)]
pub struct JsonObject(pub Arc<RawValue>);

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// An object with any keys and values. It may be nested up to 127 levels deep, as serde_json parses. In a response it is
/// up to three levels deeper, which clients with that limit can't parse.
#[derive(Clone, Copy, Debug)]
pub struct FreeForm;

impl Describe for FreeForm {
    fn schema(&self) -> MetaSchema {
        MetaSchema {
            ty: "object",
            additional_properties: Some(Box::new(MetaSchemaRef::Inline(Box::new(MetaSchema::ANY)))),
            ..MetaSchema::ANY
        }
    }
}

impl Parse for FreeForm {
    type Value = JsonObject;
    fn parse(&self, raw: &RawValue) -> Result<Option<JsonObject>, Messages> {
        if !raw.get().starts_with('{') {
            return message("Value must be a dictionary, and not have any duplicate keys.");
        }
        let mut printer = Printer::new();
        let printed = printer.print(raw.get()).and_then(|()| RawValue::from_string(printer.text));
        let Ok(object) = printed else { return message("Value may not be nested more than 127 levels deep.") };
        if printer.has_null_character {
            return message("Null characters are not allowed.");
        }
        Ok(Some(JsonObject(object.into())))
    }
}

struct Printer {
    text: String,
    has_null_character: bool,
    /// Whether an object had two keys with the same hash.
    has_duplicates: bool,
    hasher: RandomState,
}

impl Printer {
    fn new() -> Self {
        Self { text: String::new(), has_null_character: false, has_duplicates: false, hasher: RandomState::new() }
    }

    fn print(&mut self, json: &str) -> serde_json::Result<()> {
        self.text.reserve(json.len());
        Print(self).deserialize(&mut serde_json::Deserializer::from_str(json))?;
        if self.has_duplicates {
            // A map keeps the last value of each key.
            let value: Value = serde_json::from_str(json)?;
            self.text.clear();
            Print(self).deserialize(value)?;
        }
        Ok(())
    }
}

/// Prints the value that it visits.
struct Print<'p>(&'p mut Printer);

impl<'de> DeserializeSeed<'de> for Print<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Print<'_> {
    fn push(self, text: &str) {
        self.0.text.push_str(text);
    }
}

impl<'de> Visitor<'de> for Print<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.push("null");
        Ok(())
    }

    fn visit_bool<E>(self, flag: bool) -> Result<(), E> {
        self.push(if flag { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.push(&number.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.push(&number.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, real: f64) -> Result<(), E> {
        self.push(&Value::from(real).to_string());
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.0.has_null_character |= text.contains('\0');
        self.push(&serde_json::to_string(text).map_err(E::custom)?);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.text.push('[');
        let start = self.0.text.len();
        while items.next_element_seed(Print(self.0))?.is_some() {
            self.0.text.push(',');
        }
        close(&mut self.0.text, start, ']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut keys = HashSet::new();
        self.0.text.push('{');
        let start = self.0.text.len();
        loop {
            let key = self.0.text.len();
            if members.next_key_seed(Print(self.0))?.is_none() {
                break;
            }
            let hash = self.0.hasher.hash_one(&self.0.text[key..]);
            self.0.has_duplicates |= !keys.insert(hash);
            self.0.text.push(':');
            members.next_value_seed(Print(self.0))?;
            self.0.text.push(',');
        }
        close(&mut self.0.text, start, '}');
        Ok(())
    }
}

/// Ends a list or an object whose members begin at `start`, each followed by a comma.
fn close(text: &mut String, start: usize, bracket: char) {
    if text.len() > start {
        text.pop();
    }
    text.push(bracket);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<String, Messages> {
        let raw: Box<RawValue> = serde_json::from_str(json).unwrap();
        FreeForm.parse(&raw).map(|object| object.unwrap().0.get().to_owned())
    }

    #[test]
    fn a_text_has_one_form() {
        for (json, form) in [
            ("{}", "{}"),
            ("{ \"a\" : [ ] , \"b\":[1 , {} ]}", r#"{"a":[],"b":[1,{}]}"#),
            (r#"{"b":"\u00e9\/\u0001","a":null,"c":[true,false]}"#, r#"{"b":"é/\u0001","a":null,"c":[true,false]}"#),
            (r#"{"a":1,"b":2,"a":{"c":3,"c":4}}"#, r#"{"a":{"c":4},"b":2}"#),
            (
                r#"{"a":[1e2,1.50,-0,18446744073709551615,-9223372036854775808,1e-400]}"#,
                r#"{"a":[100.0,1.5,-0.0,18446744073709551615,-9223372036854775808,0.0]}"#,
            ),
            (r#"{"a":12345678901234567890123}"#, r#"{"a":1.2345678901234568e+22}"#),
        ] {
            assert_eq!(parse(json).as_deref(), Ok(form));
            assert_eq!(parse(form).as_deref(), Ok(form));
        }
    }

    #[test]
    fn null_characters_are_rejected_deep_in_objects() {
        assert_eq!(parse(r#"{"a":[{"b\u0000":1}]}"#), message("Null characters are not allowed."));
        assert!(parse(r#"{"a":"\\u0000"}"#).is_ok());
    }

    #[test]
    fn objects_may_be_nested_127_levels_deep() {
        let nested = |depth: usize| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
        assert!(parse(&nested(127)).is_ok());
        assert_eq!(parse(&nested(128)), message("Value may not be nested more than 127 levels deep."));
    }
}
