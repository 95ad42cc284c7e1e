//! The wire: the contract's types, parsers, operations and routes.
//!
//! `schemas`, `operations` and `routes` are generated from `openapi/rollcall.yaml` by `cargo run -p codegen`; `runtime`
//! is the hand-written part they call. Nothing here knows a rule of the directory or the database: each operation is a
//! trait, implemented under `operations/`.

pub mod operations;
pub mod routes;
pub mod runtime;
mod samples;
pub mod schemas;

pub use operations::*;
pub use poem_openapi::types::MaybeUndefined;
pub use runtime::{
    Authenticate, Body, Document, Draft, Failure, FieldErrors, FromObject, Id, JsonObject, Limits, Rendered, Timestamp,
    UuidRef, not_available,
};
pub use schemas::*;

/// The contract as JSON, with code samples.
pub const CONTRACT_JSON: &str = include_str!("../../openapi/rollcall.json");

/// The edition of the contract that authentik's clients are generated from, as JSON.
pub const EDITION_JSON: &str = include_str!("../../openapi/editions/2024.8.json");
