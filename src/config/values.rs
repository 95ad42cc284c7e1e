//! What the values of settings look like. Messages say what is expected; the setting, where it was set and an example
//! are added by the command line.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::{IntErrorKind, ParseIntError},
    ops::RangeInclusive,
    str::FromStr,
};

use secrecy::SecretString;

use crate::domain::{
    limits::ObjectLimits,
    secret::{InstanceSecret, MIN_LENGTH},
    token::check_key,
};

/// A value that a setting refuses. Contains nothing of a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidValue {
    #[error("expected an IP address or `localhost`, a colon, and a port")]
    NoAddress,
    #[error("expected a whole number, {}", words(.0))]
    NotInRange(RangeInclusive<u64>),
    #[error("the number is too large")]
    TooLarge,
    #[error("it has fewer than {MIN_LENGTH} characters; `openssl rand -base64 32` generates one")]
    ShortSecretKey,
    #[error(
        "expected at least {} visible ASCII characters, without spaces; `openssl rand -hex 32` generates one",
        ObjectLimits::DEFAULT.token_key
    )]
    BadToken,
}

/// Parses an address to listen on. `localhost` is its IPv4 address; other names could be any machine's.
pub fn listen_address(text: &str) -> Result<SocketAddr, InvalidValue> {
    let port = text.strip_prefix("localhost:").and_then(|port| port.parse().ok());
    match port {
        Some(port) => Ok((IpAddr::from(Ipv4Addr::LOCALHOST), port).into()),
        None => text.parse().map_err(|_| InvalidValue::NoAddress),
    }
}

/// The whole numbers from `min`.
pub const fn at_least(min: u64) -> RangeInclusive<u64> {
    min..=u64::MAX
}

fn words(range: &RangeInclusive<u64>) -> String {
    match *range.end() {
        u64::MAX => format!("{} or more", range.start()),
        max => format!("from {} to {max}", range.start()),
    }
}

/// Returns a parser of whole numbers in `range`.
pub fn number<T>(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<T, InvalidValue> + Clone + Send + Sync + 'static
where
    T: FromStr<Err = ParseIntError>,
{
    move |text| match text.parse::<u64>() {
        Ok(number) if range.contains(&number) => text.parse().map_err(|_| InvalidValue::TooLarge),
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => Err(InvalidValue::TooLarge),
        _ => Err(InvalidValue::NotInRange(range.clone())),
    }
}

/// Parses the secret key of an instance.
pub fn secret_key(text: &str) -> Result<SecretString, InvalidValue> {
    let secret = SecretString::from(text);
    if InstanceSecret::is_long_enough(&secret) { Ok(secret) } else { Err(InvalidValue::ShortSecretKey) }
}

/// Parses the key of the first administrator's token: one that a client could set without other settings.
pub fn token(text: &str) -> Result<SecretString, InvalidValue> {
    check_key(text, ObjectLimits::DEFAULT.token_key).map_err(|_| InvalidValue::BadToken)?;
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn an_address_is_an_ip_address_or_localhost_and_a_port() {
        let parsed = |text: &str| listen_address(text).map(|address| address.to_string());
        assert_eq!(parsed("localhost:8000"), Ok("127.0.0.1:8000".into()));
        assert_eq!(parsed("[::1]:0"), Ok("[::1]:0".into()));
        for text in ["", ":8000", "8000", "localhost", "localhost:", "localhost:99999", "example.com:80", "127.0.0.1"] {
            assert_eq!(parsed(text), Err(InvalidValue::NoAddress), "{text}");
        }
    }

    #[test]
    fn numbers_have_a_minimum_and_the_maximum_of_their_type() {
        let (counts, seconds) = (number::<usize>(1..=9), number::<NonZeroU32>(at_least(1)));
        assert_eq!([counts("1"), counts("9")], [Ok(1), Ok(9)]);
        assert_eq!(seconds("4294967295"), Ok(NonZeroU32::MAX));
        for text in ["0", "10", "", "-1", "1.5", "1k", " 1"] {
            assert_eq!(counts(text), Err(InvalidValue::NotInRange(1..=9)), "{text}");
        }
        assert_eq!(counts("0").unwrap_err().to_string(), "expected a whole number, from 1 to 9");
        assert_eq!(seconds("0").unwrap_err().to_string(), "expected a whole number, 1 or more");
        for text in ["4294967296", "99999999999999999999"] {
            assert_eq!(seconds(text), Err(InvalidValue::TooLarge), "{text}");
        }
    }

    #[test]
    fn secrets_have_a_minimum_length() {
        assert!(secret_key("sixteen--letters").is_ok());
        for text in ["", "x", " fifteen-letters "] {
            assert_eq!(secret_key(text).unwrap_err(), InvalidValue::ShortSecretKey, "{text}");
        }
        assert_eq!(token("eight--8").unwrap().expose_secret(), "eight--8");
        for text in ["", "x", "seven-7", "with space", "mit-ümlaut"] {
            assert_eq!(token(text).unwrap_err(), InvalidValue::BadToken, "{text}");
        }
    }
}
