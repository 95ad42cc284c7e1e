//! Avatars. Nothing is fetched: an avatar is a generated data URI, or a URL for the client to load.

use std::str::FromStr;

use base64::{Engine, prelude::BASE64_STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::user::Details;

/// Avatar sources in order of preference; the first that yields an avatar wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Avatars(Vec<Mode>);

/// An avatar source.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Mode {
    /// The same placeholder for everyone.
    None,
    /// The user's initials.
    Initials,
    /// The Gravatar of the email address, if the user has one.
    Gravatar,
    /// A URL from the user's attributes, at this path.
    Attribute(Vec<String>),
    /// A URL template with `%(username)s`, `%(mail_hash)s` and `%(upn)s`.
    Url(String),
}

/// An invalid avatar source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a valid avatar source: use none, initials, gravatar, attributes.PATH or http(s)://URL")]
pub struct UnknownMode(String);

impl FromStr for Avatars {
    type Err = UnknownMode;
    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        text.split(',').map(|mode| mode.trim().parse()).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for Mode {
    type Err = UnknownMode;
    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        match text {
            "none" => Ok(Self::None),
            "initials" => Ok(Self::Initials),
            "gravatar" => Ok(Self::Gravatar),
            _ if is_url(text) => Ok(Self::Url(text.to_owned())),
            _ => match text.strip_prefix("attributes.") {
                Some(path) if !path.is_empty() => Ok(Self::Attribute(path.split('.').map(Into::into).collect())),
                _ => Err(UnknownMode(text.to_owned())),
            },
        }
    }
}

impl Avatars {
    /// Returns the avatar of `user`: an `http`, `https` or `data` URI.
    pub fn of(&self, user: &Details) -> String {
        self.0.iter().find_map(|mode| mode.of(user)).unwrap_or_else(|| svg_uri(PLACEHOLDER))
    }
}

impl Mode {
    fn of(&self, user: &Details) -> Option<String> {
        match self {
            Self::None => Some(svg_uri(PLACEHOLDER)),
            Self::Initials => Some(svg_uri(&initials_svg(user))),
            Self::Gravatar if user.email.is_empty() => None,
            Self::Gravatar => {
                Some(format!("https://www.gravatar.com/avatar/{}?size=158&rating=g", mail_hash(&user.email)))
            }
            Self::Attribute(path) => {
                let (first, rest) = path.split_first()?;
                let attributes = user.attributes.members();
                let found = rest.iter().try_fold(attributes.get(first)?, |value, key| value.get(key))?;
                found.as_str().filter(|url| is_url(url) || url.starts_with("data:image/")).map(Into::into)
            }
            Self::Url(template) => {
                let attributes = if template.contains("%(upn)s") { user.attributes.members() } else { Map::new() };
                let upn = attributes.get("upn").and_then(Value::as_str).unwrap_or_default();
                // Substituted in one pass, so that a username such as `%(upn)s` is not expanded.
                let (mut filled, mut rest) = (String::with_capacity(template.len()), template.as_str());
                while let Some((before, after)) = rest.split_once("%(") {
                    filled += before;
                    let Some((key, after)) = after.split_once(")s") else { break };
                    filled += &match key {
                        "username" => url_encoded(&user.username),
                        "mail_hash" => mail_hash(&user.email),
                        "upn" => url_encoded(upn),
                        _ => String::new(),
                    };
                    rest = after;
                }
                Some(filled + rest)
            }
        }
    }
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Gravatar's hash of an address: SHA-256 of it, trimmed and in lower case.
fn mail_hash(email: &str) -> String {
    base16ct::lower::encode_string(&Sha256::digest(email.trim().to_lowercase()))
}

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn url_encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

const PLACEHOLDER: &str = concat!(
    r##"<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64"><rect width="64" height="64" "##,
    r##"fill="#bdc3c7"/><circle cx="32" cy="24" r="12" fill="#fff"/><path d="M8 64a24 24 0 0 1 48 0z" fill="#fff"/></svg>"##
);

/// Up to two initials on a background colour derived from the username. Short, because it is in every user of a list.
fn initials_svg(user: &Details) -> String {
    let name = if user.name.trim().is_empty() { &user.username } else { &user.name };
    let first = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    let mut words = name.split_whitespace().filter_map(first);
    let letters = words.next().into_iter().chain(words.next_back());
    let letters: String = letters.flat_map(char::to_uppercase).collect();
    let hue = user.username.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())) % 360;
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64"><path fill="hsl({hue},45%,40%)" d="M0 0h64v64H0"/><text x="32" y="42" text-anchor="middle" font-family="sans-serif" font-size="28" fill="#fff">{letters}</text></svg>"##
    )
}

fn svg_uri(svg: &str) -> String {
    let mut uri = String::from("data:image/svg+xml;base64,");
    BASE64_STANDARD.encode_string(svg, &mut uri);
    uri
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::user::UserType;

    fn user() -> Details {
        let attributes =
            json!({"upn": "a b", "pictures": {"small": "https://example.com/a.png", "bad": "javascript:1"}});
        Details {
            username: "ada%(upn)s".into(),
            name: "ada king  lovelace".into(),
            email: "Ada@Example.com".into(),
            is_active: true,
            last_login: None,
            path: "users".into(),
            kind: UserType::Internal,
            attributes: attributes.as_object().cloned().unwrap().into(),
        }
    }

    fn avatar(setting: &str, user: &Details) -> String {
        setting.parse::<Avatars>().unwrap().of(user)
    }

    #[test]
    fn the_first_source_that_yields_an_avatar_wins() {
        let ada = user();
        assert_eq!(avatar("https://x.org/%(username)s?u=%(upn)s", &ada), "https://x.org/ada%25%28upn%29s?u=a%20b");
        assert_eq!(avatar("attributes.pictures.small,initials", &ada), "https://example.com/a.png");
        assert!(avatar("attributes.pictures.bad,none", &ada).starts_with("data:image/svg+xml;base64,"));
        let hash = "b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72";
        assert_eq!(avatar("gravatar", &ada), format!("https://www.gravatar.com/avatar/{hash}?size=158&rating=g"));
        let nobody = Details { email: String::new(), ..ada };
        assert!(avatar("gravatar,initials", &nobody).starts_with("data:image/svg+xml;base64,"));
    }

    #[test]
    fn initials_come_from_the_first_and_last_word() {
        assert!(initials_svg(&user()).contains(">AL</text>"));
        assert!(initials_svg(&Details { name: "世界".into(), ..user() }).contains(">世</text>"));
        assert!(initials_svg(&Details { name: "<b>".into(), ..user() }).contains(">B</text>"));
    }

    #[test]
    fn an_unknown_source_is_rejected() {
        for setting in ["", "photos", "attributes.", "ftp://x"] {
            assert!(setting.parse::<Avatars>().is_err(), "{setting}");
        }
    }
}
