//! The test suite: one binary, laid out as the URLs are.
//!
//! It runs on SQLite, or on PostgreSQL when `ROLLCALL_TEST_DATABASE_URL` names a server where databases may be made.

mod api;
mod cases;
mod contract;
mod layers;
mod program;
mod support;
