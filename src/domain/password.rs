//! Passwords: hashed with Argon2id; hashes that Django made are understood too, so that directories can move in.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD},
};
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
/// When it has fewer code points than `min_length`.
pub fn check(password: &str, min_length: usize) -> Result<(), TooShort> {
    if password.chars().count() < min_length { Err(TooShort(min_length)) } else { Ok(()) }
}

/// Hashes a password with Argon2id and the parameters of OWASP's recommendation, as a PHC string. It takes tens of
/// milliseconds by design.
///
/// # Panics
///
/// When Argon2 refuses parameters that are fixed here.
pub fn hash(password: &SecretString) -> String {
    let (params, salt) = (Params::default(), random::bytes::<16>());
    let digest = argon2id(password, &salt, &params, Algorithm::Argon2id, 32).expect("the parameters are valid");
    format!(
        "$argon2id$v=19$m={},t={},p={}${}${}",
        params.m_cost(),
        params.t_cost(),
        params.p_cost(),
        BASE64_STANDARD_NO_PAD.encode(salt),
        BASE64_STANDARD_NO_PAD.encode(digest)
    )
}

/// Whether the password is the one that was hashed, here or by Django (`pbkdf2_sha256$...`, `argon2$argon2id$...`).
pub fn verify(password: &SecretString, hash: &str) -> bool {
    match hash.strip_prefix("pbkdf2_sha256$") {
        Some(rest) => verify_pbkdf2(password, rest).unwrap_or(false),
        None => verify_argon2(password, hash.strip_prefix("argon2").unwrap_or(hash)).unwrap_or(false),
    }
}

/// `iterations$salt$digest`.
fn verify_pbkdf2(password: &SecretString, hash: &str) -> Option<bool> {
    let mut parts = hash.split('$');
    let (iterations, salt, digest) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
    let digest = BASE64_STANDARD.decode(digest).ok()?;
    let mut computed = vec![0; digest.len()];
    pbkdf2::pbkdf2_hmac::<Sha256>(password.expose_secret().as_bytes(), salt.as_bytes(), iterations, &mut computed);
    Some(!digest.is_empty() && secret::equal(&computed, &digest))
}

/// `$argon2id$v=19$m=...,t=...,p=...$salt$digest`.
fn verify_argon2(password: &SecretString, hash: &str) -> Option<bool> {
    let mut parts = hash.split('$').skip(1);
    let algorithm = match parts.next()? {
        "argon2id" => Algorithm::Argon2id,
        "argon2i" => Algorithm::Argon2i,
        _ => return None,
    };
    if parts.next()? != "v=19" {
        return None;
    }
    let mut costs = [0_u32; 3];
    for (cost, (name, text)) in costs.iter_mut().zip(["m=", "t=", "p="].into_iter().zip(parts.next()?.split(','))) {
        *cost = text.strip_prefix(name)?.parse().ok()?;
    }
    let [memory, time, lanes] = costs;
    let decode = |text: &str| BASE64_STANDARD_NO_PAD.decode(text).ok();
    let (salt, digest) = (decode(parts.next()?)?, decode(parts.next()?)?);
    let params = Params::new(memory, time, lanes, Some(digest.len())).ok()?;
    let computed = argon2id(password, &salt, &params, algorithm, digest.len())?;
    Some(secret::equal(&computed, &digest))
}

fn argon2id(password: &SecretString, salt: &[u8], params: &Params, kind: Algorithm, length: usize) -> Option<Vec<u8>> {
    let mut digest = vec![0; length];
    let argon2 = Argon2::new(kind, Version::V0x13, params.clone());
    argon2.hash_password_into(password.expose_secret().as_bytes(), salt, &mut digest).ok()?;
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_verifies_its_password_only() {
        let hashed = hash(&"correct horse".into());
        assert!(hashed.starts_with("$argon2id$v=19$"), "{hashed}");
        assert!(verify(&"correct horse".into(), &hashed));
        assert!(!verify(&"correct horse ".into(), &hashed));
        assert_ne!(hashed, hash(&"correct horse".into()), "the salt differs");
    }

    #[test]
    fn hashes_of_django_are_verified() {
        for hash in [DJANGO_PBKDF2, DJANGO_ARGON2] {
            assert!(verify(&"lètmein".into(), hash), "{hash}");
            assert!(!verify(&"letmein".into(), hash), "{hash}");
        }
    }

    #[test]
    fn what_is_no_hash_verifies_nothing() {
        for hash in
            ["", "!", "pbkdf2_sha256$", "pbkdf2_sha256$1$salt$", "argon2$argon2id$v=19$m=1$x$y", "$argon2id$$$$"]
        {
            assert!(!verify(&"".into(), hash), "{hash}");
        }
    }

    const DJANGO_PBKDF2: &str = "pbkdf2_sha256$1000$seasalt123$9/GvPDkGD20I8p/vZr1Jr4cALRUOOT7TstsYI1EDOvw=";
    const DJANGO_ARGON2: &str = "argon2$argon2id$v=19$m=1024,t=2,p=8$VThubXRjSlUzeW53WlpUNnR3a2xPaQ$AZF4WnDvh5CGjtpPqCGXxHJCUlhalfzfUsECcO65jTo";
}
