//! The HTTP interface: types, parsers, operations and routes of the contract.
//!
//! `schemas`, `operations` and `routes` are generated from `openapi/rollcall.yaml` by `cargo run -p codegen`; `runtime`
//! is the hand-written code that they use, such as the macros that they consist of. Nothing here knows a rule of the
//! directory or the database: each operation is a trait, implemented under `operations/`.
//!
//! The generated code has two parts, both from the same declarations:
//!
//! - What the server runs: the structs and enums of bodies and parameters, their parsers and serialization, the traits
//!   of the operations, and the routes, which authenticate and negotiate before they call an operation.
//! - What only describes: [`routes::service`] makes poem-openapi emit a document of the operations. The server never
//!   calls it; it publishes [`CONTRACT_JSON`] and [`EDITION_JSON`]. `tests/contract.rs` compares that document with the
//!   contract, which proves that the server's own types and limits are those of the contract. To this part belong
//!   every `meta`, `schema` and `doc`, `runtime/doc.rs`, and `samples.rs`, which gives poem-openapi the code samples.

pub mod operations;
pub mod routes;
pub mod runtime;
mod samples;
pub mod schemas;

pub use operations::*;
pub use poem_openapi::types::MaybeUndefined;
pub use routes::Api;
pub use runtime::{
    Authenticate, Body, Document, Draft, Failure, FieldErrors, FromObject, Id, JsonObject, Limits, Rendered, Timestamp,
    UuidRef, not_available,
};
pub use schemas::*;

/// The contract as JSON, with code samples.
pub const CONTRACT_JSON: &str = include_str!("../../openapi/rollcall.json");

/// The edition of the contract that authentik's clients are generated from, as JSON.
pub const EDITION_JSON: &str = include_str!("../../openapi/editions/2024.8.json");
