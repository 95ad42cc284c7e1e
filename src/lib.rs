//! Rollcall: a user directory that speaks authentik's API v3.
//!
//! The contract, `openapi/rollcall.yaml`, is the source; `api` is generated from it. A request passes through `http`,
//! `api`, `operations` and `store`:
//!
//! | module | contains | may use |
//! |---|---|---|
//! | [`http::stand_in`] | an authentik for tests, around the server | `operations`, `api`, `store`, `data_dir` |
//! | [`http`] | server, middleware, documentation pages | `operations`, `api` |
//! | [`operations`] | one file per operation | `api`, `store`, `domain` |
//! | [`store`] | SeaORM: entities, queries, transactions | `domain` |
//! | [`api`] | generated types, parsers, routes, and their runtime | `telemetry` |
//! | [`domain`] | business rules and types | nothing of ours |
//!
//! Besides these there are [`config`], the settings, [`data_dir`], the directory with the secret key, [`log`], [`panics`],
//! [`telemetry`], for metrics and traces, and [`cli`], the command line.

// The tests of `store` share a file with the test suite.
#[cfg(test)]
extern crate self as rollcall;

pub mod api;
pub mod cli;
pub mod config;
pub mod data_dir;
pub mod domain;
pub mod http;
pub mod log;
pub mod operations;
pub mod panics;
pub mod store;
pub mod telemetry;
