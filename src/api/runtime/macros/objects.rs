//! `response_object!` and `request_object!` declare the objects of bodies.
//!
//! Both expand to a struct and its [`Object`](super::super::Object). What follows a `=` describes the property:
//! `required("name", Text::ANY).title("Name")` becomes `Property::required("name", Text::ANY).title("Name")`.
//!
//! - The object of a response also gets `Serialize`. A last line `..additional` allows additional properties.
//! - The object of a request also gets [`FromObject`](super::super::FromObject), which parses each property with the
//!   method of [`Fields`](super::super::Fields) of the same name, here `fields.required("name", &Text::ANY)`.

macro_rules! response_object {
    (
        $(#[doc = $doc:literal])*
        pub struct $object:ident {
            $(
                $(#[doc = $about:literal])*
                $(#[serde $serde:tt])?
                pub $field:ident: $type:ty =
                    $presence:ident($name:literal, $kind:expr)$(.$option:ident($($value:literal)?))*,
            )*
            $(..$additional:ident)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, serde::Serialize)]
        pub struct $object {
            $(
                $(#[doc = $about])*
                $(#[serde $serde])?
                pub $field: $type,
            )*
            $(
                /// Additional properties.
                #[serde(flatten)]
                pub $additional: $crate::api::runtime::AdditionalProperties,
            )?
        }

        impl $crate::api::runtime::Object for $object {
            const NAME: &'static str = stringify!($object);
            const DESCRIPTION: &'static str = $crate::api::runtime::text!($($doc)*);

            fn properties(properties: $crate::api::runtime::Properties<'_>) -> $crate::api::runtime::Properties<'_> {
                let properties = properties$(.with(
                    $crate::api::runtime::Property::$presence($name, $kind)
                        .description($crate::api::runtime::text!($($about)*))
                        $(.$option($($value)?))*
                ))*;
                $(
                    // The name only makes the macro repeat this for `..additional`.
                    let $additional = properties.open();
                    let properties = $additional;
                )?
                properties
            }
        }
    };
}
pub(crate) use response_object;

macro_rules! request_object {
    (
        $(#[doc = $doc:literal])*
        pub struct $object:ident {
            $(
                $(#[doc = $about:literal])*
                pub $field:ident: $type:ty =
                    $presence:ident($name:literal, $kind:expr $(, $default:literal)?)
                    $(.$option:ident($($value:literal)?))*,
            )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub struct $object {
            $(
                $(#[doc = $about])*
                pub $field: $type,
            )*
        }

        impl $crate::api::runtime::Object for $object {
            const NAME: &'static str = stringify!($object);
            const DESCRIPTION: &'static str = $crate::api::runtime::text!($($doc)*);

            fn properties(properties: $crate::api::runtime::Properties<'_>) -> $crate::api::runtime::Properties<'_> {
                properties$(.with(
                    $crate::api::runtime::Property::$presence($name, $kind $(, $default)?)
                        .description($crate::api::runtime::text!($($about)*))
                        $(.$option($($value)?))*
                ))*
            }
        }

        impl $crate::api::runtime::FromObject for $object {
            fn from_object(fields: &mut $crate::api::runtime::Fields<'_>) -> Self {
                Self {
                    $($field: fields.$presence($name, const { &$kind } $(, $default)?),)*
                }
            }
        }
    };
}
pub(crate) use request_object;
