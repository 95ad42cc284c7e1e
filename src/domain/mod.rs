//! Business rules and types. Pure: no database, no HTTP, no async.

pub mod avatar;
pub mod clock;
pub mod filter;
pub mod group;
pub mod membership;
pub mod page;
pub mod password;
pub mod random;
pub mod secret;
pub mod token;
pub mod user;

/// Free-form JSON data of a user or a group.
pub type Attributes = serde_json::Map<String, serde_json::Value>;
