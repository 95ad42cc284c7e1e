//! Rollcall: a user directory that speaks authentik's API v3.
//!
//! The contract, `openapi/rollcall.yaml`, is the source; `api` is generated from it. A request goes down through
//! `http`, `api`, `operations` and `store`, and comes up the same way:
//!
//! | module | holds | may use |
//! |---|---|---|
//! | [`http`] | server, middleware, documentation pages | `operations`, `api` |
//! | [`operations`] | one file an operation | `api`, `store`, `domain` |
//! | [`store`] | SeaORM: entities, queries, transactions | `domain` |
//! | [`api`] | generated types, parsers, routes, and their runtime | nothing of ours |
//! | [`domain`] | rules and values | nothing of ours |
//!
//! [`config`] and [`cli`] stand beside them: settings, and what the program does with them.

pub mod api;
pub mod cli;
pub mod config;
pub mod domain;
pub mod http;
pub mod operations;
pub mod store;
