//! Settings: what is refused and how, `rollcall config`, `rollcall check`, and what describes the program.

mod check;
mod config;
mod documents;
mod extremes;
mod refusals;
mod tampering;
