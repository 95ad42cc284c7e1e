//! The small hand-written part of `api` that the generated code calls: how a value is described and parsed, how a
//! request reaches its operation, and how a failure is answered.
//!
//! It knows HTTP and JSON, but no operation, no rule of the directory and no database.

mod body;
mod document;
mod enumeration;
mod failure;
mod fields;
mod formats;
mod json;
mod kind;
mod media;
mod object;
mod params;
mod reference;
mod response;
mod router;

pub use body::{Body, Draft};
pub use document::Document;
pub use enumeration::{Choice, Enumeration};
pub use failure::{Failure, FieldErrors};
pub use fields::Fields;
pub use formats::{DateTimeText, Email, Timestamp};
pub use kind::{
    AllOf, Boolean, Count, Describe, Double, Flag, FreeForm, Integer, List, Nested, Ordinal, Parse, ParseItem,
    ParseParameter, Text, not_available,
};
pub use object::{FromObject, Object, Properties, Property};
pub use params::{Parameter, Parameters};
pub use reference::{Id, IdRef, UuidRef};
pub use response::{Rendered, describe_response, empty, free_form_media, json as json_response, media, rendered};
pub use router::{Authenticate, Call, Limits, RouteTable, router};

pub(crate) use enumeration::impl_enumeration;
pub(crate) use object::impl_object;

/// A JSON object with keys and values of the client's choosing.
pub type JsonObject = serde_json::Map<String, serde_json::Value>;
