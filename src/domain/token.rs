//! API tokens: what they are for, and their keys.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use uuid::Uuid;

use super::{clock, random, user::Profile};

/// How long a token lives unless told otherwise, as in authentik.
const DEFAULT_LIFETIME: TimeDelta = TimeDelta::days(1);

/// What a token may be used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Intent {
    Verification,
    /// Calling the API.
    #[default]
    Api,
    Recovery,
    /// Signing in to an application; not accepted by the API.
    AppPassword,
}

/// A token as it is stored, without its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub id: Uuid,
    /// Unique; names the token in the API.
    pub identifier: String,
    pub intent: Intent,
    pub description: String,
    pub expires: Option<DateTime<Utc>>,
    pub expiring: bool,
    /// What manages it, unique; `None` if nothing does.
    pub managed: Option<String>,
    pub owner: Profile,
}

/// A token to store.
#[derive(Debug)]
pub struct NewToken {
    pub identifier: String,
    pub intent: Intent,
    pub description: String,
    /// When it stops working; `None` for never.
    pub expires: Option<DateTime<Utc>>,
    pub managed: Option<String>,
    pub key: SecretString,
}

/// What to change of a token; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TokenChange {
    pub identifier: Option<String>,
    pub intent: Option<Intent>,
    pub user_id: Option<i64>,
    pub description: Option<String>,
    pub expires: Option<Option<DateTime<Utc>>>,
    pub expiring: Option<bool>,
    pub managed: Option<Option<String>>,
}

/// The user behind a token, as far as an operation needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user's id.
    pub id: i32,
    pub is_superuser: bool,
}

impl Caller {
    /// The id of the user whose tokens alone the caller may see; `None` for everybody's.
    pub fn token_scope(&self) -> Option<i32> {
        (!self.is_superuser).then_some(self.id)
    }
}

/// An intent that clients can't choose; the text is the original's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Invalid intent {0}")]
pub struct InvalidIntent(&'static str);

/// Checks the intent that a client chose.
///
/// # Errors
///
/// When it is one of those that only login flows give.
pub fn check_intent(intent: Intent) -> Result<(), InvalidIntent> {
    match intent {
        Intent::Api | Intent::AppPassword => Ok(()),
        Intent::Verification => Err(InvalidIntent("verification")),
        Intent::Recovery => Err(InvalidIntent("recovery")),
    }
}

/// Whether a token that expires so no longer works.
pub fn is_expired(expiring: bool, expires: Option<DateTime<Utc>>) -> bool {
    expiring && expires.is_none_or(|expires| expires <= clock::now())
}

/// When a token expires of which a client says only so much.
pub fn expiry(expiring: bool, expires: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    expiring.then(|| expires.unwrap_or_else(|| clock::now() + DEFAULT_LIFETIME))
}

/// A new key: 256 random bits, in characters that need no escaping anywhere.
pub fn new_key() -> SecretString {
    BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<32>()).into()
}
