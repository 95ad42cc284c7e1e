//! Passwords: hashed with Argon2id as PHC strings. Hashes made by Django are verified too, so that directories can move
//! in.

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, PasswordVerifier, Version,
    password_hash::phc::{Output, ParamsString, Salt},
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

/// How hard it is to find a password by its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// As OWASP recommends: hashing takes tens of milliseconds by design.
    Recommended,
    /// As little as Argon2 allows, for the passwords of tests.
    Least,
}

impl Cost {
    fn params(self) -> Params {
        let least = || Params::new(Params::MIN_M_COST, Params::MIN_T_COST, Params::MIN_P_COST, None);
        match self {
            Self::Recommended => Params::default(),
            Self::Least => least().expect("Argon2 accepts its least parameters"),
        }
    }
}

/// Hashes a password with Argon2id. `memory` may have been used for another password.
///
/// # Panics
///
/// If Argon2 rejects its own default parameters.
pub fn hash(password: &SecretString, cost: Cost, memory: &mut Memory) -> String {
    let (params, salt) = (cost.params(), random::bytes::<16>());
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

/// Why a hash can't be stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHash {
    #[error("Password hashes made with \"{0}\" are not supported, only those made with pbkdf2_sha256 or argon2.")]
    Unsupported(String),
    /// The text is not repeated: it may be a password.
    #[error("This is not a password hash.")]
    NoHash,
    #[error("This hash is malformed.")]
    Malformed,
    #[error("This hash takes too much time or memory to verify.")]
    TooCostly,
}

/// Checks that `hash` is one that [`verify`] understands.
///
/// # Errors
///
/// Names the algorithm if that is the reason.
pub fn check_hash(hash: &str) -> Result<(), InvalidHash> {
    StoredHash::parse(hash).map(|_| ())
}

/// Whether `hash`, made here or by Django, matches the password.
pub fn verify(password: &SecretString, hash: &str) -> bool {
    StoredHash::parse(hash).is_ok_and(|hash| hash.matches(password.expose_secret().as_bytes()))
}

/// The most iterations of PBKDF2 accepted. Django 5.2 uses 1,000,000.
const MAX_ITERATIONS: u32 = 10_000_000;

/// The most memory accepted for Argon2, in KiB. Django uses 100 MiB. The library itself accepts up to 4 TiB.
const MAX_MEMORY: u32 = 256 * 1024;

/// The most passes over the memory accepted. Django makes two.
const MAX_PASSES: u32 = 16;

/// The maximum length of a hash, in bytes.
const MAX_HASH: usize = 512;

/// A hash that can be verified.
enum StoredHash<'h> {
    /// Django's `pbkdf2_sha256$iterations$salt$digest`. It is no PHC string, so `password-hash` can't read it, and
    /// `djangohashers` panics on zero iterations.
    Pbkdf2 { iterations: u32, salt: &'h str, digest: [u8; 32] },
    /// A PHC string, to which Django adds the prefix `argon2`.
    Argon2(Box<PasswordHash>),
}

impl<'h> StoredHash<'h> {
    fn parse(hash: &'h str) -> Result<Self, InvalidHash> {
        let (algorithm, rest) = hash.split_once('$').ok_or(InvalidHash::NoHash)?;
        if hash.len() > MAX_HASH {
            return Err(InvalidHash::Malformed);
        }
        match algorithm {
            "pbkdf2_sha256" => Self::parse_pbkdf2(rest),
            "" | "argon2" if rest.starts_with("argon2") => Self::parse_argon2(&hash[algorithm.len()..]),
            "argon2" => Err(InvalidHash::Malformed),
            // The name that other PHC strings begin with.
            "" => Err(unsupported(rest.split('$').next().unwrap_or_default())),
            name => Err(unsupported(name)),
        }
    }

    fn parse_pbkdf2(rest: &'h str) -> Result<Self, InvalidHash> {
        let parts: Vec<&str> = rest.split('$').collect();
        let [iterations, salt, digest] = parts[..] else { return Err(InvalidHash::Malformed) };
        let digest = BASE64_STANDARD.decode(digest).ok().and_then(|digest| digest.try_into().ok());
        match (iterations.parse(), digest) {
            (Ok(0), _) | (Err(_), _) | (_, None) => Err(InvalidHash::Malformed),
            (Ok(iterations), _) if iterations > MAX_ITERATIONS => Err(InvalidHash::TooCostly),
            (Ok(iterations), Some(digest)) => Ok(Self::Pbkdf2 { iterations, salt, digest }),
        }
    }

    fn parse_argon2(phc: &str) -> Result<Self, InvalidHash> {
        let hash = PasswordHash::new(phc).map_err(|_| InvalidHash::Malformed)?;
        let params = Params::try_from(&hash).map_err(|_| InvalidHash::Malformed)?;
        if Algorithm::try_from(hash.algorithm.as_str()).is_err() || hash.salt.is_none() || hash.hash.is_none() {
            return Err(InvalidHash::Malformed);
        }
        if params.m_cost() > MAX_MEMORY || params.t_cost() > MAX_PASSES {
            return Err(InvalidHash::TooCostly);
        }
        Ok(Self::Argon2(hash.into()))
    }

    fn matches(&self, password: &[u8]) -> bool {
        match self {
            Self::Pbkdf2 { iterations, salt, digest } => {
                let computed = pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password, salt.as_bytes(), *iterations);
                secret::equal(&computed, digest)
            }
            Self::Argon2(hash) => Argon2::default().verify_password(password, hash.as_ref()).is_ok(),
        }
    }
}

/// Names the algorithm, if it is the name of one.
fn unsupported(algorithm: &str) -> InvalidHash {
    const MAX_NAME: usize = 32;
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    let is_name = (1..=MAX_NAME).contains(&algorithm.len()) && algorithm.bytes().all(is_plain);
    if is_name { InvalidHash::Unsupported(algorithm.to_owned()) } else { InvalidHash::NoHash }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_only_its_password() {
        let mut memory = Memory::default();
        let hashed = hash(&"correct horse".into(), Cost::Recommended, &mut memory);
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(verify(&"correct horse".into(), &hashed));
        assert!(!verify(&"correct horse ".into(), &hashed));
        let again = hash(&"correct horse".into(), Cost::Recommended, &mut memory);
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
    fn a_hash_that_cannot_be_verified_is_rejected_and_its_algorithm_named() {
        for hash in [DJANGO_PBKDF2, DJANGO_ARGON2, &DJANGO_ARGON2["argon2".len()..]] {
            assert_eq!(check_hash(hash), Ok(()), "{hash}");
        }
        for (hash, algorithm) in [
            ("bcrypt_sha256$$2b$12$aaaaaaaaaaaaaaaaaaaaaa", "bcrypt_sha256"),
            ("$2b$12$aaaaaaaaaaaaaaaaaaaaaa", "2b"),
            ("scrypt$16384$salt$8$1$digest", "scrypt"),
            ("pbkdf2_sha1$1000$salt$digest", "pbkdf2_sha1"),
            ("md5$salt$0123456789abcdef0123456789abcdef", "md5"),
        ] {
            assert_eq!(check_hash(hash), Err(InvalidHash::Unsupported(algorithm.into())), "{hash}");
        }
        for text in ["correct horse", "Pa$$word", "", "!", "$", "{SSHA}abc=", "a password with $ signs"] {
            assert_eq!(check_hash(text), Err(InvalidHash::NoHash), "{text}");
        }
        for hash in [
            "pbkdf2_sha256$1000$salt",
            "pbkdf2_sha256$0$salt$9/GvPDkGD20I8p/vZr1Jr4cALRUOOT7TstsYI1EDOvw=",
            "pbkdf2_sha256$1000$salt$c2hvcnQ=",
            "pbkdf2_sha256$1000$salt$9/GvPDkGD20I8p/vZr1Jr4cALRUOOT7TstsYI1EDOvw=$more",
            "argon2$argon2id$v=19$m=1024,t=2,p=8$VThubXRjSlUzeW53WlpUNnR3a2xPaQ",
            "argon2$foo",
            "$argon2x$v=19$m=1024,t=2,p=8$VThubXRjSlUzeW53WlpUNnR3a2xPaQ$AZF4WnDvh5CGjtpPqCGXxHJCUlhalfzfUsECcO65jTo",
        ] {
            assert_eq!(check_hash(hash), Err(InvalidHash::Malformed), "{hash}");
        }
        assert_eq!(check_hash(&DJANGO_PBKDF2.replace("$1000$", "$99999999$")), Err(InvalidHash::TooCostly));
        assert_eq!(check_hash(&DJANGO_ARGON2.replace("m=1024", "m=9999999")), Err(InvalidHash::TooCostly));
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
