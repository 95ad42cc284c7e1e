//! Commands that act on a running server over its API, with the client that is generated from the contract.
//!
//! A token or password is never printed, and never sent where others could read it on its way unless that was allowed.
//! Whatever the server or the directory says reaches the terminal only with control characters escaped.

mod connection;
mod groups;
mod pages;
mod profile;
mod prompt;
mod refusal;
mod times;
mod tokens;
mod users;

pub use self::{
    connection::{Connection, ConnectionArgs},
    groups::{GroupArgs, run as groups},
    refusal::cause,
    times::Expiry,
    tokens::{NewToken, create, list, revoke},
    users::{UserArgs, run as users},
};
