//! Kinds of values: each knows its JSON Schema and parses what that schema allows, with the original's messages.
//!
//! The generated code states every limit once, as a constant of such a kind; the published document and the parser
//! both come from that constant.

use std::marker::PhantomData;

use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef, Registry},
    types::Type,
};
use serde_json::value::RawValue;

use super::{JsonObject, json};

/// What went wrong with one value; never empty.
pub type Messages = Vec<String>;

/// A kind of value, as the published document shows it.
pub trait Describe {
    /// Its JSON Schema.
    fn schema(&self) -> MetaSchema;

    /// Where the schema stands: in place, or under a name.
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

    /// Parses a value that is not null. `None` stands for a value that means null.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the value.
    fn parse(&self, raw: &RawValue) -> Result<Option<Self::Value>, Messages>;
}

/// A kind of value that a path or a query string can hold.
pub trait ParseParameter: Describe {
    type Value;

    /// Parses the decoded text of a parameter. `None` stands for a text that counts as no parameter.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    fn parse_parameter(&self, text: &str) -> Result<Option<Self::Value>, String>;
}

/// Parses a parameter that may be sent more than once. Every text counts then, and the original words what is wrong
/// differently.
pub trait ParseItem: Describe {
    type Value;

    /// Parses the decoded text of one of the values.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    fn parse_item(&self, text: &str) -> Result<Self::Value, String>;
}

/// What is said of an item that is none of those that there are.
pub fn not_available(item: impl std::fmt::Display) -> String {
    format!("Select a valid choice. {item} is not one of the available choices.")
}

/// One error of a value.
pub(super) fn message<T>(text: impl Into<String>) -> Result<T, Messages> {
    Err(vec![text.into()])
}

/// Text. It is trimmed as Python's `str.strip()` does, then checked.
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

    /// A regular expression that answers are documented with. Requests have none, so nothing is checked against it.
    pub const fn documented_pattern(self, pattern: &'static str) -> Self {
        Self { pattern: Some(pattern), ..self }
    }

    /// Letters, digits, underscores and hyphens of ASCII only.
    pub const fn slug(self) -> Self {
        Self { pattern: Some("^[-a-zA-Z0-9_]+$"), is_slug: true, ..self }
    }

    /// Taken as it is, not trimmed.
    pub const fn verbatim(self) -> Self {
        Self { is_verbatim: true, ..self }
    }

    /// Trims and checks `text`; `messages` gets what is wrong.
    pub(super) fn check<'a>(&self, text: &'a str, messages: &mut Messages) -> &'a str {
        let text = if self.is_verbatim { text } else { text.trim_matches(is_python_space) };
        if text.is_empty() && self.min_length.is_some_and(|min| min > 0) {
            messages.push("This field may not be blank.".into());
            return text;
        }
        // A code point is at most four bytes, so most texts need no counting.
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
        // PostgreSQL can't store them, and the original refuses them.
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

/// What Python takes for white space: Unicode's, and four control characters more.
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
    /// As in the original, what is neither counts as no parameter.
    fn parse_parameter(&self, text: &str) -> Result<Option<bool>, String> {
        Ok(match text {
            "true" | "True" => Some(true),
            "false" | "False" => Some(false),
            _ => None,
        })
    }
}

/// `true` or `false` in a query string, where leaving it out means one of them.
#[derive(Clone, Copy, Debug)]
pub struct Flag;

impl Describe for Flag {
    fn schema(&self) -> MetaSchema {
        MetaSchema::new("boolean")
    }
}

impl ParseParameter for Flag {
    type Value = bool;
    /// As in the original, whatever is not some spelling of `true` is false.
    fn parse_parameter(&self, text: &str) -> Result<Option<bool>, String> {
        Ok(Some(text.eq_ignore_ascii_case("true")))
    }
}

/// A whole number.
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

/// A number in a query string that counts from one. What is no number is 0, which stands before the first: the
/// original treats both alike.
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

/// A number that counts things.
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

/// An object with any keys and values. It may nest 127 levels, which keeps it readable for every client.
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
        // Escapes are the only way a null character gets into JSON.
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

/// A list of values of one kind. Parsing stops at the first wrong item and reports that, as the original does.
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
            // Only the empty id means null, and only where one id is wanted; in a list it is none.
            Ok(None) => message("“” is not a valid UUID."),
            Err(messages) => Err(messages),
        };
        items.iter().map(parse).collect::<Result<_, _>>().map(Some)
    }
}

/// A value with a schema of its own name.
#[derive(Debug)]
pub struct Nested<T>(PhantomData<fn() -> T>);

impl<T> Nested<T> {
    pub const fn of() -> Self {
        Self(PhantomData)
    }
}

impl<T: Type> Describe for Nested<T> {
    fn schema(&self) -> MetaSchema {
        MetaSchema::ANY
    }
    fn reference(&self) -> Option<String> {
        Some(T::name().into_owned())
    }
    fn register(&self, registry: &mut Registry) {
        T::register(registry);
    }
}

/// A value with a schema of its own name, of which more is said where it is used.
#[derive(Debug)]
pub struct AllOf<T>(PhantomData<fn() -> T>);

impl<T> AllOf<T> {
    pub const fn of() -> Self {
        Self(PhantomData)
    }
}

impl<T: Type> Describe for AllOf<T> {
    fn schema(&self) -> MetaSchema {
        MetaSchema { all_of: vec![T::schema_ref()], ..MetaSchema::ANY }
    }
    fn register(&self, registry: &mut Registry) {
        T::register(registry);
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
    fn a_null_character_is_refused_in_text_and_deep_in_objects() {
        assert_eq!(text(Text::ANY, r#""a\u0000""#), message("Null characters are not allowed."));
        let object = |json: &str| FreeForm.parse(&serde_json::from_str::<Box<RawValue>>(json).unwrap());
        assert_eq!(object(r#"{"a":[{"b\u0000":1}]}"#), message("Null characters are not allowed."));
        assert!(object(r#"{"a":"\\u0000"}"#).is_ok());
    }
}
