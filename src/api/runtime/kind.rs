//! Kinds of values: each has a JSON Schema and parses what that schema allows, with authentik's error messages.
//!
//! The generated code states every limit once, as a constant of such a kind; both the schema and the parser use it.

use std::marker::PhantomData;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use serde_json::value::RawValue;

use super::{Object, json, text::is_python_space};

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

const NOT_BOOLEAN: &str = "Must be a valid boolean.";

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
            _ => message(NOT_BOOLEAN),
        }
    }
}

impl ParseParameter for Boolean {
    type Value = bool;
    /// Understands the words of Django REST framework. authentik ignores all but four of them, and then lists
    /// everything.
    fn parse_parameter(&self, text: &str) -> Result<Option<bool>, String> {
        match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "on" | "1" => Ok(Some(true)),
            "false" | "f" | "no" | "n" | "off" | "0" => Ok(Some(false)),
            _ => Err(NOT_BOOLEAN.into()),
        }
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
