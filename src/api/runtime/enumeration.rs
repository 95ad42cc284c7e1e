//! Enumerations: a closed set of texts.

use std::marker::PhantomData;

use poem_openapi::registry::{MetaSchema, Registry};
use serde_json::value::RawValue;

use super::{
    Describe, Parse, ParseItem, ParseParameter, json,
    kind::{Messages, message, not_available},
};

/// A closed set of texts, each a variant.
pub trait Enumeration: Copy + Sized + 'static {
    /// The variants with their texts, in the contract's order.
    const VARIANTS: &'static [(&'static str, Self)];

    /// Its name and description, unless it stands in place.
    const NAMED: Option<(&'static str, &'static str)>;

    /// The variant with this text.
    fn from_text(text: &str) -> Option<Self> {
        Self::VARIANTS.iter().find(|(name, _)| *name == text).map(|(_, variant)| *variant)
    }

    /// Its schema, in full.
    fn meta_schema() -> MetaSchema {
        MetaSchema {
            ty: "string",
            description: Self::NAMED.map(|(_, description)| description),
            enum_items: Self::VARIANTS.iter().map(|(name, _)| (*name).into()).collect(),
            ..MetaSchema::ANY
        }
    }
}

/// A value of an enumeration.
#[derive(Debug)]
pub struct Choice<E>(PhantomData<fn() -> E>);

impl<E> Choice<E> {
    pub const fn of() -> Self {
        Self(PhantomData)
    }
}

impl<E: Enumeration> Describe for Choice<E> {
    fn schema(&self) -> MetaSchema {
        E::meta_schema()
    }
    fn reference(&self) -> Option<String> {
        E::NAMED.map(|(name, _)| name.into())
    }
    fn register(&self, registry: &mut Registry) {
        if let Some((name, _)) = E::NAMED {
            registry.create_schema::<E, _>(name.into(), |_| E::meta_schema());
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

/// Makes an [`Enumeration`] a poem-openapi type that is written as its text.
macro_rules! impl_enumeration {
    ($enumeration:ty) => {
        impl serde::Serialize for $enumeration {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl poem_openapi::types::Type for $enumeration {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;
            fn name() -> std::borrow::Cow<'static, str> {
                <Self as Enumeration>::NAMED.map_or("string", |(name, _)| name).into()
            }
            fn schema_ref() -> poem_openapi::registry::MetaSchemaRef {
                $crate::api::runtime::Describe::schema_ref(&Choice::<Self>::of())
            }
            fn register(registry: &mut poem_openapi::registry::Registry) {
                $crate::api::runtime::Describe::register(&Choice::<Self>::of(), registry);
            }
            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }
            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }
        }
    };
}
pub(crate) use impl_enumeration;
