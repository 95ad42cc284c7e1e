//! `components!` declares the parameters and responses that operations share.
//!
//! It expands to constants, described by their doc comments.

macro_rules! components {
    ($(
        $(#[doc = $about:literal])*
        const $component:ident: $type:ty = $value:expr;
    )*) => {
        $(
            $(#[doc = $about])*
            const $component: $type = $value.description($crate::api::runtime::text!($($about)*));
        )*
    };
}
pub(crate) use components;
