//! `enumeration!` declares a closed set of strings.
//!
//! It expands to the enum, `as_str`, `Serialize` and [`Enumeration`](super::super::Enumeration).

macro_rules! enumeration {
    (
        $(#[doc = $doc:literal])*
        pub enum $enumeration:ident {
            $($variant:ident = $value:literal,)+
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $enumeration {
            $($variant,)+
        }

        impl $enumeration {
            /// The value as a string.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $value,)+
                }
            }
        }

        impl $crate::api::runtime::Enumeration for $enumeration {
            const NAME: &'static str = stringify!($enumeration);
            const DESCRIPTION: &'static str = $crate::api::runtime::text!($($doc)*);
            const VARIANTS: &'static [(&'static str, Self)] = &[$(($value, Self::$variant),)+];
        }

        impl serde::Serialize for $enumeration {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use enumeration;
