//! Attacks on the program from one address, while others ask from another: these have to be answered soon, and memory
//! has to be given back.
//!
//! The attacks run one after the other, because they measure times and memory.

mod connections;
mod memory;
mod sizes;
mod slow;
mod target;

#[path = "../support/program.rs"]
#[expect(dead_code, reason = "the test suite uses the rest")]
mod program;
