//! Attacks on the program from one address, while others ask from another: these have to be answered soon, and memory
//! has to be given back. And kills, full disks and the like: what was acknowledged has to be there afterwards.
//!
//! The attacks run one after the other, because they measure times and memory. Those on what is stored also run on
//! PostgreSQL, if `ROLLCALL_TEST_DATABASE_URL` names a server. `ROLLCALL_ATTACK_ROUNDS` makes them longer:
//!
//! ```sh
//! ROLLCALL_ATTACK_ROUNDS=200 cargo test --release --test attack kill -- --nocapture
//! ```

mod client;
mod connections;
mod contents;
mod first_starts;
mod full;
mod installation;
mod kills;
mod ledger;
mod memory;
mod sizes;
mod slow;
mod small_files;
mod target;
mod writers;

#[path = "../support/database.rs"]
#[expect(dead_code, reason = "the test suite uses the rest")]
mod database;
#[path = "../support/postgres.rs"]
#[expect(dead_code, reason = "the test suite uses the rest")]
mod postgres;
#[path = "../support/program.rs"]
#[expect(dead_code, reason = "the test suite uses the rest")]
mod program;

/// The number of rounds of a test that has so many by default.
fn rounds(default: usize) -> usize {
    std::env::var("ROLLCALL_ATTACK_ROUNDS").map_or(default, |rounds| rounds.parse().unwrap())
}
