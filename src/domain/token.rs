//! Tokens: their intents, expiry and keys.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use strum::{Display, EnumString, IntoStaticStr, VariantNames};
use uuid::Uuid;

use super::{clock, membership::Profile, random};

/// How long tokens are valid if the client doesn't say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    pub token: TimeDelta,
    /// That of the app password that a new service account gets.
    pub service_account: TimeDelta,
}

impl Lifetimes {
    /// As in authentik.
    pub const DEFAULT: Self = Self { token: TimeDelta::days(1), service_account: TimeDelta::days(360) };
}

/// What a token may be used for. Its words are those of the contract, and of the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Display, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
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
    /// Unique; identifies the token in the API.
    pub identifier: String,
    pub intent: Intent,
    pub description: String,
    pub expires: Option<DateTime<Utc>>,
    pub expiring: bool,
    /// Unique name of what manages the token; `None` if nothing does.
    pub managed: Option<String>,
    pub owner: Profile,
}

/// A token to be created.
#[derive(Debug)]
pub struct NewToken {
    pub identifier: String,
    pub intent: Intent,
    pub description: String,
    /// When it expires; `None` for never.
    pub expires: Option<DateTime<Utc>>,
    pub managed: Option<String>,
    pub key: SecretString,
}

/// Changes to a token; fields that are `None` stay as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenChange {
    pub identifier: Option<String>,
    pub intent: Option<Intent>,
    pub user_id: Option<i64>,
    pub description: Option<String>,
    pub expires: Option<Option<DateTime<Utc>>>,
    pub expiring: Option<bool>,
    pub managed: Option<Option<String>>,
    /// How long it is valid if it has no expiry yet.
    pub default_lifetime: TimeDelta,
}

/// The authenticated user of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user's id.
    pub id: i32,
    /// The username of up to a second ago, for the log.
    pub username: Arc<str>,
    pub is_superuser: bool,
}

impl Caller {
    /// The user whose tokens the caller may see; `None` for all users.
    pub fn token_scope(&self) -> Option<i32> {
        (!self.is_superuser).then_some(self.id)
    }
}

/// An intent that clients can't set. The message is authentik's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Invalid intent {0}")]
pub struct InvalidIntent(Intent);

impl TokenChange {
    /// `expiring` and `expires` of a token that has `present` ones. The rules for new tokens hold for both together: a
    /// token that never expired has no time that could have passed meanwhile.
    pub fn expiry(&self, present: (bool, Option<DateTime<Utc>>)) -> (bool, Option<DateTime<Utc>>) {
        let expiring = self.expiring.unwrap_or(present.0);
        let kept = present.1.filter(|_| present.0);
        (expiring, expiry(expiring, self.expires.unwrap_or(kept), self.default_lifetime))
    }
}

/// Checks an intent set by a client.
///
/// # Errors
///
/// If only login flows may set it.
pub fn check_intent(intent: Intent) -> Result<(), InvalidIntent> {
    match intent {
        Intent::Api | Intent::AppPassword => Ok(()),
        Intent::Verification | Intent::Recovery => Err(InvalidIntent(intent)),
    }
}

/// Whether a token with this expiry has expired.
pub fn is_expired(expiring: bool, expires: Option<DateTime<Utc>>) -> bool {
    expiring && expires.is_none_or(|expires| expires <= clock::now())
}

/// The most characters of a key. Well below what the headers of a request may have.
const MAX_KEY: usize = 1_024;

/// A key that clients can't use, or shouldn't.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// RFC 6750 allows even fewer characters.
    #[error("Use only visible ASCII characters, without spaces.")]
    Unsendable,
    #[error("Ensure this field has at least {0} characters.")]
    TooShort(usize),
    #[error("Ensure this field has no more than {MAX_KEY} characters.")]
    TooLong,
}

/// Checks a key that a client chose.
///
/// # Errors
///
/// If it doesn't fit into the `Authorization` header, or has fewer than `min_length` characters.
pub fn check_key(key: &str, min_length: usize) -> Result<(), InvalidKey> {
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        Err(InvalidKey::Unsendable)
    } else if key.len() < min_length {
        Err(InvalidKey::TooShort(min_length))
    } else if key.len() > MAX_KEY {
        Err(InvalidKey::TooLong)
    } else {
        Ok(())
    }
}

/// The expiry of a token, after `default_lifetime` if the client set none.
pub fn expiry(expiring: bool, expires: Option<DateTime<Utc>>, default_lifetime: TimeDelta) -> Option<DateTime<Utc>> {
    expiring.then(|| expires.unwrap_or_else(|| clock::now() + default_lifetime))
}

/// Generates a key of 256 random bits, as URL-safe base64.
pub fn new_key() -> SecretString {
    BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<32>()).into()
}
