//! The instance's secret and what is derived from it: users' `uid`s, the digests by which token keys are looked up,
//! and the encryption of the keys.
//!
//! Each purpose has a key of its own, so that none of the values tells anything about another.

use base64::{Engine, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::random;

const NONCE_BYTES: usize = 24;

/// What the instance knows and nobody else may. It has to stay the same for the life of the directory.
pub struct InstanceSecret {
    uid: [u8; 32],
    lookup: [u8; 32],
    sealing: [u8; 32],
    mark: [u8; 32],
}

impl std::fmt::Debug for InstanceSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("InstanceSecret")
    }
}

impl InstanceSecret {
    /// Derives the keys from the secret that the operator keeps.
    pub fn new(secret: &SecretString) -> Self {
        let derive = |purpose: &str| mac(secret.expose_secret().as_bytes(), purpose.as_bytes());
        Self {
            uid: derive("rollcall user uid"),
            lookup: derive("rollcall token lookup"),
            sealing: derive("rollcall token sealing"),
            mark: derive("rollcall secret mark"),
        }
    }

    /// A new secret for a new instance.
    pub fn generate() -> SecretString {
        BASE64_STANDARD.encode(random::bytes::<48>()).into()
    }

    /// A value by which the database recognises the secret, and which tells nothing about it.
    pub fn mark(&self) -> [u8; 32] {
        self.mark
    }

    /// Whether `mark` is of this secret.
    pub fn matches(&self, mark: &[u8]) -> bool {
        equal(mark, &self.mark)
    }

    /// The stable, opaque id of a user: 64 hexadecimal digits.
    pub fn uid(&self, user_id: i32) -> String {
        base16ct::lower::encode_string(&mac(&self.uid, user_id.to_string().as_bytes()))
    }

    /// The digest by which a token's key is looked up.
    pub fn digest(&self, key: &str) -> [u8; 32] {
        mac(&self.lookup, key.as_bytes())
    }

    /// Encrypts the key of the token `id`: nonce and ciphertext.
    ///
    /// # Panics
    ///
    /// When the key is longer than the cipher can take, some 256 GiB.
    pub fn seal(&self, id: Uuid, key: &SecretString) -> Vec<u8> {
        let nonce = random::bytes::<NONCE_BYTES>();
        let payload = Payload { msg: key.expose_secret().as_bytes(), aad: id.as_bytes() };
        let sealed = XChaCha20Poly1305::new(&self.sealing.into())
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a key is not that long");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Decrypts what [`seal`](Self::seal) made for the same token; `None` for anything else.
    pub fn open(&self, id: Uuid, sealed: &[u8]) -> Option<SecretString> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: sealed, aad: id.as_bytes() };
        let key = XChaCha20Poly1305::new(&self.sealing.into()).decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(key).ok().map(Into::into)
    }
}

/// Compares in a time that does not depend on where the difference is.
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
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
