//! `parameters!` declares the parameters of an operation.
//!
//! It expands to the struct, without what follows each `=`, a `read` that parses a request, and a `meta` that describes
//! the parameters. What follows a `=` is a [`Parameter`](super::super::Parameter), such as `query("name", Text::ANY)`.

macro_rules! parameters {
    (
        $(#[doc = $doc:literal])*
        pub struct $parameters:ident {
            $(
                $(#[doc = $about:literal])*
                pub $field:ident: $type:ty = $parameter:expr,
            )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub struct $parameters {
            $(
                $(#[doc = $about])*
                pub $field: $type,
            )*
        }

        impl $parameters {
            fn read(call: &$crate::api::runtime::Call) -> Result<Self, $crate::api::runtime::Failure> {
                let mut parameters = call.parameters()?;
                let read = Self {
                    $($field: parameters.read(const { &$parameter })?,)*
                };
                parameters.finish()?;
                Ok(read)
            }

            fn meta() -> Vec<poem_openapi::registry::MetaOperationParam> {
                vec![$($parameter.description($crate::api::runtime::text!($($about)*)).meta(),)*]
            }
        }
    };
}
pub(crate) use parameters;
