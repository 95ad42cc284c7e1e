//! Business rules and types. Pure: no database, no HTTP, no async.

pub mod address;
pub mod attribute_test;
pub mod attributes;
pub mod avatar;
pub mod case;
pub mod clock;
pub mod filter;
pub mod group;
pub mod guesses;
pub mod limits;
pub mod membership;
pub mod page;
pub mod password;
pub mod random;
pub mod secret;
pub mod token;
pub mod user;

pub use attributes::Attributes;
