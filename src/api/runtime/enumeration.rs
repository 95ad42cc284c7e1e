//! Enumerations: closed sets of strings.

use std::marker::PhantomData;

use poem_openapi::registry::{MetaSchema, Registry};
use serde_json::value::RawValue;

use super::{
    Describe, Parse, ParseItem, ParseParameter, json,
    kind::{Messages, message, not_available},
};

/// A closed set of strings, each a variant.
pub trait Enumeration: Copy + 'static {
    const NAME: &'static str;
    /// Empty if the contract has none.
    const DESCRIPTION: &'static str;
    /// The variants with their strings, in the contract's order.
    const VARIANTS: &'static [(&'static str, Self)];

    /// The enumeration where a schema is expected: a reference to its own under `#/components/schemas/`.
    const SCHEMA: Choice<Self> = Choice { inline: false, marker: PhantomData };
    /// The enumeration where only its values are stated.
    const INLINE: Choice<Self> = Choice { inline: true, marker: PhantomData };

    /// The variant for a string.
    fn from_text(text: &str) -> Option<Self> {
        Self::VARIANTS.iter().find(|(name, _)| *name == text).map(|(_, variant)| *variant)
    }
}

/// A value of an enumeration.
#[derive(Debug)]
pub struct Choice<E> {
    inline: bool,
    marker: PhantomData<fn() -> E>,
}

impl<E: Enumeration> Describe for Choice<E> {
    fn schema(&self) -> MetaSchema {
        MetaSchema {
            ty: "string",
            description: Some(E::DESCRIPTION).filter(|text| !text.is_empty() && !self.inline),
            enum_items: E::VARIANTS.iter().map(|(name, _)| (*name).into()).collect(),
            ..MetaSchema::ANY
        }
    }
    fn reference(&self) -> Option<String> {
        (!self.inline).then(|| E::NAME.into())
    }
    fn register(&self, registry: &mut Registry) {
        if !self.inline {
            registry.create_schema::<E, _>(E::NAME.into(), |_| self.schema());
        }
    }
}

impl<E: Enumeration> Parse for Choice<E> {
    type Value = E;
    fn parse(&self, raw: &RawValue) -> Result<Option<E>, Messages> {
        match json::string(raw).and_then(|text| E::from_text(&text)) {
            Some(variant) => Ok(Some(variant)),
            None => message(format!("\"{}\" is not a valid choice.", json::python_str(raw))),
        }
    }
}

impl<E: Enumeration> ParseParameter for Choice<E> {
    type Value = E;
    fn parse_parameter(&self, text: &str) -> Result<Option<E>, String> {
        match E::from_text(text) {
            None if !text.is_empty() => Err(not_available(text)),
            found => Ok(found),
        }
    }
}

impl<E: Enumeration> ParseItem for Choice<E> {
    type Value = E;
    fn parse_item(&self, text: &str) -> Result<E, String> {
        E::from_text(text).ok_or_else(|| not_available(text))
    }
}
