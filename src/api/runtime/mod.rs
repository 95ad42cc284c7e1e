//! The hand-written part of `api` that the generated code calls: how values are described and parsed, how a request
//! reaches its operation, and how a failure becomes a response.
//!
//! It knows HTTP and JSON, but no operation, no rule of the directory and no database.

mod body;
mod doc;
mod document;
mod enumeration;
mod failure;
mod fields;
mod formats;
mod free_form;
mod json;
mod kind;
mod macros;
mod media;
mod object;
mod params;
mod reference;
mod response;
mod router;
mod secret;
mod text;
mod timestamp;

pub use body::{Body, Draft};
pub use doc::{HeaderDoc, OperationDoc, ResponseDoc, bearer, json, no_content, one_of, paths, register, tag};
pub use document::Document;
pub use enumeration::{Choice, Enumeration};
pub use failure::{Failure, FieldErrors};
pub use fields::Fields;
pub use formats::{DateTimeText, Email};
pub use free_form::{FreeForm, JsonObject};
pub use kind::{
    AllOf, Boolean, Count, Describe, Double, Flag, Integer, List, Nested, Ordinal, Parse, ParseItem, ParseParameter,
    not_available,
};
pub use object::{FromObject, Object, Properties, Property};
pub use params::{Parameter, Parameters, Path, Query, QueryOr, Repeated, Source, path, query, query_or, repeated};
pub use reference::{Id, IdOrText, IdRef, UuidRef};
pub use response::{Rendered, ResponseBody, empty, json as json_response, success};
pub use router::{Authenticate, Call, Callers, Limits, RouteTable, Watched, authorize, client_address, router};
pub use secret::{Secret, SecretText};
pub use text::Text;
pub use timestamp::Timestamp;

pub(crate) use macros::{
    api, components, enumeration, operation, parameters, request_object, response_object, responses, text,
};

/// Properties that the schema of a response allows without naming them.
pub type AdditionalProperties = serde_json::Map<String, serde_json::Value>;
