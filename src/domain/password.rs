//! Passwords: hashed with Argon2id as PHC strings. Hashes made by Django are verified too, so that directories can move
//! in.

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, PasswordVerifier, Version,
    password_hash::{
        Error, Result as Verified,
        phc::{Output, ParamsString, Salt},
    },
};
use base64::{Engine, prelude::BASE64_STANDARD};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::{random, secret};

/// A password that is too short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Ensure this field has at least {0} characters.")]
pub struct TooShort(usize);

/// Checks a new password.
///
/// # Errors
///
/// If it has fewer than `min_length` code points.
pub fn check(password: &str, min_length: usize) -> Result<(), TooShort> {
    if password.chars().count() < min_length { Err(TooShort(min_length)) } else { Ok(()) }
}

/// Memory for hashing one password after another: empty at first, 19 MiB after the first hash.
#[derive(Default)]
pub struct Memory(Vec<Block>);

impl std::fmt::Debug for Memory {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Memory")
    }
}

/// Hashes a password with Argon2id and the parameters OWASP recommends. Takes tens of milliseconds by design. `memory`
/// may have been used for another password.
///
/// # Panics
///
/// If Argon2 rejects its own default parameters.
pub fn hash(password: &SecretString, memory: &mut Memory) -> String {
    let (params, salt) = (Params::default(), random::bytes::<16>());
    memory.0.resize(params.block_count(), Block::new());
    let mut digest = [0; Params::DEFAULT_OUTPUT_LEN];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
        .hash_password_into_with_memory(password.expose_secret().as_bytes(), &salt, &mut digest, &mut memory.0)
        .expect("the default parameters are valid");
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).expect("the default parameters are valid"),
        salt: Some(Salt::new(&salt).expect("16 bytes are a valid salt")),
        hash: Some(Output::new(&digest).expect("32 bytes are a valid digest")),
    };
    hash.to_string()
}

/// Whether `hash`, made here or by Django (`pbkdf2_sha256$...`, `argon2$argon2id$...`), matches the password.
pub fn verify(password: &SecretString, hash: &str) -> bool {
    let password = password.expose_secret().as_bytes();
    match hash.strip_prefix("pbkdf2_sha256$") {
        Some(rest) => verify_pbkdf2(password, rest).unwrap_or(false),
        None => verify_argon2(password, hash.strip_prefix("argon2").unwrap_or(hash)).is_ok(),
    }
}

/// The most iterations of PBKDF2 accepted. Django 5.2 uses 1,000,000.
const MAX_ITERATIONS: u32 = 10_000_000;

/// Verifies Django's `iterations$salt$digest`. It is no PHC string, so `password-hash` can't read it, and
/// `djangohashers` panics on zero iterations.
fn verify_pbkdf2(password: &[u8], hash: &str) -> Option<bool> {
    let mut parts = hash.split('$');
    let (iterations, salt, digest) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
    let digest: [u8; 32] = BASE64_STANDARD.decode(digest).ok()?.try_into().ok()?;
    if !(1..=MAX_ITERATIONS).contains(&iterations) {
        return None;
    }
    let computed = pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password, salt.as_bytes(), iterations);
    Some(secret::equal(&computed, &digest))
}

/// The most memory accepted, in KiB. Django uses 100 MiB.
const MAX_MEMORY: u32 = 256 * 1024;

/// The most passes over the memory accepted. Django makes two.
const MAX_PASSES: u32 = 16;

/// Verifies a PHC string. The costs come from the hash, and the library itself accepts up to 4 TiB.
fn verify_argon2(password: &[u8], hash: &str) -> Verified<()> {
    let hash = PasswordHash::new(hash)?;
    let params = Params::try_from(&hash)?;
    if params.m_cost() > MAX_MEMORY || params.t_cost() > MAX_PASSES {
        return Err(Error::ParamsInvalid);
    }
    Argon2::default().verify_password(password, &hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_only_its_password() {
        let mut memory = Memory::default();
        let hashed = hash(&"correct horse".into(), &mut memory);
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(verify(&"correct horse".into(), &hashed));
        assert!(!verify(&"correct horse ".into(), &hashed));
        let again = hash(&"correct horse".into(), &mut memory);
        assert_ne!(hashed, again, "the salt differs");
        assert!(verify(&"correct horse".into(), &again), "used memory doesn't change the hash");
    }

    #[test]
    fn hashes_made_by_django_are_verified() {
        for hash in [DJANGO_PBKDF2, DJANGO_ARGON2] {
            assert!(verify(&"lètmein".into(), hash), "{hash}");
            assert!(!verify(&"letmein".into(), hash), "{hash}");
        }
    }

    #[test]
    fn an_invalid_hash_matches_no_password() {
        for hash in
            ["", "!", "pbkdf2_sha256$", "pbkdf2_sha256$1$salt$", "argon2$argon2id$v=19$m=1$x$y", "$argon2id$$$$"]
        {
            assert!(!verify(&"".into(), hash), "{hash}");
        }
    }

    #[test]
    fn a_hash_with_excessive_costs_is_rejected() {
        let salt_and_digest = "$VThubXRjSlUzeW53WlpUNnR3a2xPaQ$AZF4WnDvh5CGjtpPqCGXxHJCUlhalfzfUsECcO65jTo";
        for costs in ["m=4294967295,t=2,p=8", "m=1024,t=4294967295,p=8", "m=1024,t=2,p=16777215", "m=8,t=0,p=0"] {
            assert!(!verify(&"lètmein".into(), &format!("$argon2id$v=19${costs}{salt_and_digest}")), "{costs}");
        }
        let digest = DJANGO_PBKDF2.rsplit('$').next().unwrap();
        for iterations in ["0", "4294967295", "-1"] {
            let hash = format!("pbkdf2_sha256${iterations}$seasalt123${digest}");
            assert!(!verify(&"lètmein".into(), &hash), "{iterations}");
        }
    }

    const DJANGO_PBKDF2: &str = "pbkdf2_sha256$1000$seasalt123$9/GvPDkGD20I8p/vZr1Jr4cALRUOOT7TstsYI1EDOvw=";
    const DJANGO_ARGON2: &str = "argon2$argon2id$v=19$m=1024,t=2,p=8$VThubXRjSlUzeW53WlpUNnR3a2xPaQ$AZF4WnDvh5CGjtpPqCGXxHJCUlhalfzfUsECcO65jTo";
}
