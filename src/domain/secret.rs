//! The instance's secret key, and what is derived from it: users' `uid`s, the digests for looking up token keys, and
//! the encryption of those keys.
//!
//! Each purpose has its own derived key, so none of the values reveals anything about another.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use quick_cache::sync::Cache;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::random;

/// The maximum number of users whose hash for `uid` is cached, which takes some megabytes.
const CACHED_UIDS: usize = 100_000;

const NONCE_BYTES: usize = 24;

/// The minimum length of a secret key in code points, without whitespace around it.
pub const MIN_LENGTH: usize = 16;

/// The keys derived from the secret key, which must stay the same for the lifetime of the database.
#[derive(Clone)]
pub struct InstanceSecret {
    /// With the key already hashed, which is half of the work.
    uid: Hmac<Sha256>,
    /// The hashes by user id. Without a processor that has instructions for it, hashing is an eighth of a list of users.
    uids: Arc<Cache<i32, [u8; 32]>>,
    lookup: Hmac<Sha256>,
    sealing: [u8; 32],
    mark: [u8; 32],
}

impl std::fmt::Debug for InstanceSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("InstanceSecret")
    }
}

impl InstanceSecret {
    /// Derives the keys from the secret key.
    pub fn new(secret: &SecretString) -> Self {
        let root = keyed(secret.expose_secret().as_bytes());
        let derive = |purpose: &str| mac(&root, purpose.as_bytes());
        Self {
            uid: keyed(&derive("rollcall user uid")),
            uids: Arc::new(Cache::new(CACHED_UIDS)),
            lookup: keyed(&derive("rollcall token lookup")),
            sealing: derive("rollcall token sealing"),
            mark: derive("rollcall secret mark"),
        }
    }

    /// Generates a secret key for a new instance.
    pub fn generate() -> SecretString {
        BASE64_STANDARD.encode(random::bytes::<48>()).into()
    }

    /// Whether a secret key has at least [`MIN_LENGTH`] code points, without whitespace around it.
    pub fn is_long_enough(secret: &SecretString) -> bool {
        secret.expose_secret().trim().chars().count() >= MIN_LENGTH
    }

    /// A fingerprint of the secret key, stored in the database. It reveals nothing about the key.
    pub fn mark(&self) -> [u8; 32] {
        self.mark
    }

    /// Whether `mark` is the fingerprint of this secret key.
    pub fn matches(&self, mark: &[u8]) -> bool {
        equal(mark, &self.mark)
    }

    /// The stable, opaque id of a user: 64 hexadecimal digits.
    pub fn uid(&self, user_id: i32) -> String {
        let hash = self.uids.get(&user_id).unwrap_or_else(|| {
            let hash = mac(&self.uid, user_id.to_string().as_bytes());
            self.uids.insert(user_id, hash);
            hash
        });
        base16ct::lower::encode_string(&hash)
    }

    /// The digest for looking up a token by its key.
    pub fn digest(&self, key: &str) -> [u8; 32] {
        mac(&self.lookup, key.as_bytes())
    }

    /// Encrypts the key of the token `id`. Returns the nonce followed by the ciphertext.
    ///
    /// # Panics
    ///
    /// If the key exceeds the limit of the cipher, about 256 GiB.
    pub fn seal(&self, id: Uuid, key: &SecretString) -> Vec<u8> {
        let nonce = random::bytes::<NONCE_BYTES>();
        let payload = Payload { msg: key.expose_secret().as_bytes(), aad: id.as_bytes() };
        let sealed = XChaCha20Poly1305::new(&self.sealing.into())
            .encrypt(&XNonce::from(nonce), payload)
            .expect("keys are shorter than 256 GiB");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Decrypts the output of [`seal`](Self::seal) for the same token; `None` for anything else.
    pub fn open(&self, id: Uuid, sealed: &[u8]) -> Option<SecretString> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: sealed, aad: id.as_bytes() };
        let key = XChaCha20Poly1305::new(&self.sealing.into()).decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(key).ok().map(Into::into)
    }
}

/// Compares in constant time.
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn mac(keyed: &Hmac<Sha256>, message: &[u8]) -> [u8; 32] {
    keyed.clone().chain_update(message).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_key_opens_only_with_its_secret_and_for_its_token() {
        let secret = InstanceSecret::new(&"one".into());
        let (id, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = secret.seal(id, &"key".into());
        assert_eq!(secret.open(id, &sealed).unwrap().expose_secret(), "key");
        assert!(secret.open(other, &sealed).is_none());
        assert!(InstanceSecret::new(&"two".into()).open(id, &sealed).is_none());
        assert!(secret.open(id, b"short").is_none());
        assert!(!sealed.windows(3).any(|window| window == b"key"));
    }

    #[test]
    fn a_uid_is_64_hexadecimal_digits_and_differs_by_user_and_secret() {
        let secret = InstanceSecret::new(&"one".into());
        let uid = secret.uid(1);
        assert!(uid.len() == 64 && uid.bytes().all(|byte| byte.is_ascii_hexdigit()), "{uid}");
        assert_eq!(uid, secret.uid(1));
        assert_ne!(uid, secret.uid(2));
        assert_ne!(uid, InstanceSecret::new(&"two".into()).uid(1));
    }
}
