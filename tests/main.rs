//! The test suite: one binary. Its modules mirror the URLs.
//!
//! It runs on SQLite, or on PostgreSQL if `ROLLCALL_TEST_DATABASE_URL` names a server where it may create databases.

mod access;
mod api;
mod backup;
mod cases;
mod cli;
mod client;
mod contract;
mod documentation;
mod examples;
mod faults;
mod first_start;
mod layers;
mod malformed;
mod monitoring;
mod program;
mod settings;
mod stand_in;
mod support;
