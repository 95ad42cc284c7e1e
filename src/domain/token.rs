//! API tokens: what they are for, and their keys.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::random;

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Calling the API.
    Api,
    /// Signing in to an application; not accepted by the API.
    AppPassword,
}

/// A token to store.
#[derive(Debug)]
pub struct NewToken {
    /// Unique; names the token in the API.
    pub identifier: String,
    pub intent: Intent,
    pub description: String,
    /// When it stops working; `None` for never.
    pub expires: Option<DateTime<Utc>>,
    pub key: SecretString,
}

/// The user behind a token, as far as an operation needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user's id.
    pub id: i32,
    pub is_superuser: bool,
}

/// A new key: 256 random bits, in characters that need no escaping anywhere.
pub fn new_key() -> SecretString {
    BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<32>()).into()
}
