//! The HTTP interface: types, parsers, operations and routes of the contract.
//!
//! `schemas`, `operations` and `routes` are generated from `openapi/rollcall.yaml` by `cargo run -p codegen`; `runtime`
//! is the hand-written code that they use, such as the macros that they consist of. Nothing here knows a rule of the
//! directory or the database: each operation is a trait, implemented under `operations/`.
//!
//! Every declaration in the generated code has two uses:
//!
//! - The server runs the types of bodies and parameters, their parsers and serialization, the traits of the operations,
//!   and the routes, which negotiate the media type, authenticate, and then call the operation.
//! - The rest is a proof. From the same declarations, [`routes::service`] makes poem-openapi emit a document, and
//!   `tests/contract.rs` checks that it equals the contract, so the types and limits above are the contract's. The
//!   server never calls it: it publishes [`CONTRACT_JSON`], [`PORTABLE_JSON`] and the [`Edition`]s. To the proof belong
//!   everything named `meta`, `schema`, `register` or `description`, `runtime/doc.rs`, of which the routes use only the
//!   media types and the callers, and `samples.rs`.

mod editions;
pub mod operations;
pub mod routes;
pub mod runtime;
mod samples;
pub mod schemas;

pub use editions::UnknownEdition;
pub use operations::{SchemaRetrieveEdition as Edition, *};
pub use poem_openapi::types::MaybeUndefined;
pub use routes::{Api, VERSION, docs};
pub use runtime::{
    AdditionalProperties, Authenticate, Body, Callers, Document, Draft, Enumeration, Failure, FieldErrors, FromObject,
    Id, JsonObject, Limits, Rendered, Secret, Timestamp, UuidRef, client_address, not_available,
};
pub use schemas::*;

/// The contract as JSON, with code samples.
pub const CONTRACT_JSON: &str = include_str!("../../openapi/rollcall.json");

/// The contract in a form that every client generator accepts, as JSON.
pub const PORTABLE_JSON: &str = include_str!("../../openapi/editions/portable.json");
