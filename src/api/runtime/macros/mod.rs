//! The macros that the generated code consists of.
//!
//! Each takes a declaration that reads like the Rust it expands to. A doc comment in it becomes both a doc comment and
//! the description in the document; whatever has none has no description of its own in the contract.

mod components;
mod enumeration;
mod objects;
mod operation;
mod parameters;
mod responses;

pub(crate) use {
    components::components,
    enumeration::enumeration,
    objects::{request_object, response_object},
    operation::{api, operation},
    parameters::parameters,
    responses::responses,
};

/// The text of the lines of a doc comment, which each start with a space.
macro_rules! text {
    ($($line:literal)*) => {
        const { concat!($($line),*).trim_ascii_start() }
    };
}
pub(crate) use text;
