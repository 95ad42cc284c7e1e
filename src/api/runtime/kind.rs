//! Kinds of values: each has a JSON Schema and parses what that schema allows, with authentik's error messages.
//!
//! The generated code states every limit once, as a constant of such a kind; both the schema and the parser use it.

use std::marker::PhantomData;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use serde_json::value::RawValue;

use super::{JsonObject, Object, json};

/// The errors of one value; never empty.
pub type Messages = Vec<String>;

/// A kind of value, as the document describes it.
pub trait Describe {
    /// Its JSON Schema.
    fn schema(&self) -> MetaSchema;

    /// The name of the schema under `#/components/schemas/`, if it is not inline.
    fn reference(&self) -> Option<String> {
        None
    }

    /// Registers the named schemas that this one refers to.
    fn register(&self, _registry: &mut Registry) {}

    /// The schema, or a reference to it.
    fn schema_ref(&self) -> MetaSchemaRef {
        match self.reference() {
            Some(name) => MetaSchemaRef::Reference(name),
            None => MetaSchemaRef::Inline(Box::new(self.schema())),
        }
    }
}

/// A kind of value that a request body can hold.
pub trait Parse: Describe {
    type Value;

    /// Parses a value that is not null. `None` means that the value counts as null.
    ///
    /// # Errors
    ///
    /// Every error of the value.
    fn parse(&self, raw: &RawValue) -> Result<Option<Self::Value>, Messages>;
}

/// A kind of value that a path or a query string can contain.
pub trait ParseParameter: Describe {
    type Value;

    /// Parses the decoded value of a parameter. `None` means that the parameter counts as absent.
    ///
    /// # Errors
    ///
    /// The message for the client.
    fn parse_parameter(&self, text: &str) -> Result<Option<Self::Value>, String>;
}

/// Parses a repeated parameter. Unlike in a single one every value counts, and authentik's error messages differ.
pub trait ParseItem: Describe {
    type Value;

    /// Parses one decoded value.
    ///
    /// # Errors
    ///
    /// The message for the client.
    fn parse_item(&self, text: &str) -> Result<Self::Value, String>;
}

/// The message for an item that does not exist.
pub fn not_available(item: impl std::fmt::Display) -> String {
    format!("Select a valid choice. {item} is not one of the available choices.")
}

/// One error of a value.
pub(super) fn message<T>(text: impl Into<String>) -> Result<T, Messages> {
    Err(vec![text.into()])
}

/// A string. It is trimmed like Python's `str.strip()`, then checked.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    min_length: Option<usize>,
    max_length: Option<usize>,
    pattern: Option<&'static str>,
    is_slug: bool,
    is_verbatim: bool,
}

impl Text {
    pub const ANY: Self =
        Self { min_length: None, max_length: None, pattern: None, is_slug: false, is_verbatim: false };

    /// At least so many code points.
    pub const fn min_length(self, min: usize) -> Self {
        Self { min_length: Some(min), ..self }
    }

    /// At most so many code points.
    pub const fn max_length(self, max: usize) -> Self {
        Self { max_length: Some(max), ..self }
    }

    /// A regular expression that documents a response. Nothing is checked against it.
    pub const fn documented_pattern(self, pattern: &'static str) -> Self {
        Self { pattern: Some(pattern), ..self }
    }

    /// Only ASCII letters, digits, underscores and hyphens.
    pub const fn slug(self) -> Self {
        Self { pattern: Some("^[-a-zA-Z0-9_]+$"), is_slug: true, ..self }
    }

    /// Not trimmed.
    pub const fn verbatim(self) -> Self {
        Self { is_verbatim: true, ..self }
    }

    /// Trims and checks `text`, and adds its errors to `messages`.
    pub(super) fn check<'a>(&self, text: &'a str, messages: &mut Messages) -> &'a str {
        let text = if self.is_verbatim { text } else { text.trim_matches(is_python_space) };
        if text.is_empty() && self.min_length.is_some_and(|min| min > 0) {
            messages.push("This field may not be blank.".into());
            return text;
        }
        // A string has at most as many code points as bytes, so most strings need no counting.
        let length = || text.chars().count();
        if let Some(max) = self.max_length
            && text.len() > max
            && length() > max
        {
            messages.push(format!("Ensure this field has no more than {max} characters."));
        }
        if let Some(min) = self.min_length
            && length() < min
        {
            messages.push(format!("Ensure this field has at least {min} characters."));
        }
        // PostgreSQL can't store them, and authentik rejects them.
        if text.contains('\0') {
            messages.push("Null characters are not allowed.".into());
        }
        let is_slug_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if self.is_slug && !text.bytes().all(is_slug_byte) {
            messages.push("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.".into());
        }
        text
    }
}

impl Describe for Text {
    fn schema(&self) -> MetaSchema {
        MetaSchema {
            ty: "string",
            min_length: self.min_length,
            max_length: self.max_length,
            pattern: self.pattern.map(Into::into),
            ..MetaSchema::ANY
        }
    }
}

impl Parse for Text {
    type Value = String;
    fn parse(&self, raw: &RawValue) -> Result<Option<String>, Messages> {
        let Some(text) = json::string(raw) else { return message("Not a valid string.") };
        let mut messages = Messages::new();
        let text = self.check(&text, &mut messages);
        if messages.is_empty() { Ok(Some(text.to_owned())) } else { Err(messages) }
    }
}

impl ParseParameter for Text {
    type Value = String;
    fn parse_parameter(&self, text: &str) -> Result<Option<String>, String> {
        let mut messages = Messages::new();
        let text = self.check(text, &mut messages);
        match messages.into_iter().next() {
            Some(message) => Err(message),
            None => Ok(Some(text.to_owned()).filter(|text| !text.is_empty())),
        }
    }
}

impl ParseItem for Text {
    type Value = String;
    fn parse_item(&self, text: &str) -> Result<String, String> {
        if text.contains('\0') { Err("Null characters are not allowed.".into()) } else { Ok(text.to_owned()) }
    }
}

/// Whether Python considers `c` whitespace: Unicode's definition, plus four control characters.
fn is_python_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// `true` or `false`.
#[derive(Clone, Copy, Debug)]
pub struct Boolean;

impl Describe for Boolean {
    fn schema(&self) -> MetaSchema {
        MetaSchema::new("boolean")
    }
}

impl Parse for Boolean {
    type Value = bool;
    fn parse(&self, raw: &RawValue) -> Result<Option<bool>, Messages> {
        match raw.get() {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => message("Must be a valid boolean."),
        }
    }
}

impl ParseParameter for Boolean {
    type Value = bool;
    /// As in authentik, anything else counts as absent.
    fn parse_parameter(&self, text: &str) -> Result<Option<bool>, String> {
        Ok(match text {
            "true" | "True" => Some(true),
            "false" | "False" => Some(false),
            _ => None,
        })
    }
}

/// A boolean query parameter with a default.
#[derive(Clone, Copy, Debug)]
pub struct Flag;

impl Describe for Flag {
    fn schema(&self) -> MetaSchema {
        MetaSchema::new("boolean")
    }
}

impl ParseParameter for Flag {
    type Value = bool;
    /// As in authentik, everything except `true` in any letter case is false.
    fn parse_parameter(&self, text: &str) -> Result<Option<bool>, String> {
        Ok(Some(text.eq_ignore_ascii_case("true")))
    }
}

/// An integer.
#[derive(Clone, Copy, Debug)]
pub struct Integer;

impl Describe for Integer {
    fn schema(&self) -> MetaSchema {
        MetaSchema::new("integer")
    }
}

impl ParseParameter for Integer {
    type Value = i64;
    fn parse_parameter(&self, text: &str) -> Result<Option<i64>, String> {
        text.trim_matches(is_python_space).parse().map(Some).map_err(|_| "Enter a whole number.".into())
    }
}

/// A query parameter that counts from one. Anything that is not an integer is 0: authentik treats both alike.
#[derive(Clone, Copy, Debug)]
pub struct Ordinal;

impl Describe for Ordinal {
    fn schema(&self) -> MetaSchema {
        MetaSchema::new("integer")
    }
}

impl ParseParameter for Ordinal {
    type Value = i64;
    fn parse_parameter(&self, text: &str) -> Result<Option<i64>, String> {
        Ok(Some(text.trim_matches(is_python_space).parse().unwrap_or(0)))
    }
}

/// A number of things.
#[derive(Clone, Copy, Debug)]
pub struct Count;

impl Describe for Count {
    fn schema(&self) -> MetaSchema {
        MetaSchema::new("number")
    }
}

/// A floating-point number.
#[derive(Clone, Copy, Debug)]
pub struct Double;

impl Describe for Double {
    fn schema(&self) -> MetaSchema {
        MetaSchema::new_with_format("number", "double")
    }
}

/// An object with any keys and values. It may be nested up to 127 levels deep, so that every client can parse it.
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
        let Ok(object) = serde_json::from_str(raw.get()) else {
            return message("Value may not be nested more than 127 levels deep.");
        };
        // JSON can contain null characters only as escapes.
        if raw.get().contains("\\u0000") && holds_null_character(&serde_json::Value::Object(JsonObject::clone(&object)))
        {
            return message("Null characters are not allowed.");
        }
        Ok(Some(object))
    }
}

fn holds_null_character(value: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Object, String};
    match value {
        String(text) => text.contains('\0'),
        Array(items) => items.iter().any(holds_null_character),
        Object(members) => members.iter().any(|(key, value)| key.contains('\0') || holds_null_character(value)),
        _ => false,
    }
}

/// A list of values of one kind. Parsing stops at the first invalid item and reports only that, as in authentik.
#[derive(Clone, Copy, Debug)]
pub struct List<K>(pub K);

impl<K: Describe> Describe for List<K> {
    fn schema(&self) -> MetaSchema {
        MetaSchema { ty: "array", items: Some(Box::new(self.0.schema_ref())), ..MetaSchema::ANY }
    }
    fn register(&self, registry: &mut Registry) {
        self.0.register(registry);
    }
}

impl<K: Parse> Parse for List<K> {
    type Value = Vec<K::Value>;
    fn parse(&self, raw: &RawValue) -> Result<Option<Self::Value>, Messages> {
        let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) else {
            let found = json::python_type(raw.get());
            return message(format!("Expected a list of items but got type \"{found}\"."));
        };
        let parse = |item: &&RawValue| match self.0.parse(item) {
            Ok(Some(value)) => Ok(value),
            // Only an empty id counts as null, and in a list it is an invalid id.
            Ok(None) => message("“” is not a valid UUID."),
            Err(messages) => Err(messages),
        };
        items.iter().map(parse).collect::<Result<_, _>>().map(Some)
    }
}

/// An object with a schema of its own.
#[derive(Debug)]
pub struct Nested<T>(pub(super) PhantomData<fn() -> T>);

impl<T: Object> Describe for Nested<T> {
    fn schema(&self) -> MetaSchema {
        MetaSchema::ANY
    }
    fn reference(&self) -> Option<String> {
        Some(T::NAME.into())
    }
    fn register(&self, registry: &mut Registry) {
        T::register(registry);
    }
}

/// A value with a schema of its own, to which the place of use adds keywords.
#[derive(Debug)]
pub struct AllOf<K>(pub K);

impl<K: Describe> Describe for AllOf<K> {
    fn schema(&self) -> MetaSchema {
        MetaSchema { all_of: vec![self.0.schema_ref()], ..MetaSchema::ANY }
    }
    fn register(&self, registry: &mut Registry) {
        self.0.register(registry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(kind: Text, json: &str) -> Result<Option<String>, Messages> {
        kind.parse(&serde_json::from_str::<Box<RawValue>>(json).unwrap())
    }

    #[test]
    fn lengths_are_counted_in_code_points_after_trimming() {
        let kind = Text::ANY.min_length(1).max_length(3);
        assert_eq!(text(kind, r#"" \u001f\u3000😀😀😀\t""#), Ok(Some("😀😀😀".into())));
        assert_eq!(text(kind, r#""😀😀😀😀""#), message("Ensure this field has no more than 3 characters."));
        assert_eq!(text(kind, r#""\u001c\u00a0 ""#), message("This field may not be blank."));
        assert_eq!(text(kind, "5"), message("Not a valid string."));
    }

    #[test]
    fn null_characters_are_rejected_in_text_and_deep_in_objects() {
        assert_eq!(text(Text::ANY, r#""a\u0000""#), message("Null characters are not allowed."));
        let object = |json: &str| FreeForm.parse(&serde_json::from_str::<Box<RawValue>>(json).unwrap());
        assert_eq!(object(r#"{"a":[{"b\u0000":1}]}"#), message("Null characters are not allowed."));
        assert!(object(r#"{"a":"\\u0000"}"#).is_ok());
    }
}
