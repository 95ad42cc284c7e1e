//! The log of changes: a line for each that is stored, at info level. The line's span says who made it, and in which
//! request.
//!
//! Texts that clients chose are escaped, so that they can't forge a line or control a terminal.

use uuid::Uuid;

use crate::telemetry::visible;

/// Logs what was done to a user, with the username if it is known.
pub fn user(id: i32, username: Option<&str>, done: &str) {
    tracing::info!(pk = id, username = username.map(visible).as_deref(), "user {done}");
}

/// Logs what was done to a group, with its name if it is known.
pub fn group(uuid: Uuid, name: Option<&str>, done: &str) {
    tracing::info!(pk = %uuid, name = name.map(visible).as_deref(), "group {done}");
}

/// Logs which user was added to a group, or removed.
pub fn membership(group: Uuid, user_id: i32, done: &str) {
    tracing::info!(group = %group, user_pk = user_id, "member {done}");
}

/// Logs what was done to a token, or with it.
pub fn token(identifier: &str, done: &str) {
    tracing::info!(identifier = &*visible(identifier), "token {done}");
}
