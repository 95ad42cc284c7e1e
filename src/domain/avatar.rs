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
    /// The user's initials, if the name or the username has a letter or digit.
    Initials,
    /// The Gravatar of the email address, if the user has one.
    Gravatar,
    /// A URL from the user's attributes, at this path.
    Attribute(Vec<String>),
    /// A URL template with `%(username)s`, `%(mail_hash)s` and `%(upn)s`, if the user has what it names.
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
            Self::Initials => initials_svg(user).map(|svg| svg_uri(&svg)),
            Self::Gravatar if user.email.is_empty() => None,
            Self::Gravatar => {
                Some(format!("https://www.gravatar.com/avatar/{}?size=158&rating=g", mail_hash(&user.email)))
            }
            Self::Attribute(path) => {
                let (first, rest) = path.split_first()?;
                let attributes = user.attributes.members();
                let found = rest.iter().try_fold(attributes.get(first)?, |value, key| value.get(key))?;
                found.as_str().filter(|url| is_picture(url)).map(Into::into)
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
                        "mail_hash" if user.email.is_empty() => return None,
                        "mail_hash" => mail_hash(&user.email),
                        "upn" if upn.is_empty() => return None,
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

/// Whether a browser can show it: a URL with a host, or a data URI with content.
fn is_picture(text: &str) -> bool {
    let rest = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    match rest {
        Some(rest) => rest.starts_with(|c: char| !"/?#:".contains(c) && !c.is_whitespace()),
        None => {
            let data = text.strip_prefix("data:image/").and_then(|data| data.split_once(','));
            data.is_some_and(|(_, content)| !content.is_empty())
        }
    }
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

/// Up to two initials of the name, or else of the username, on a background colour derived from the username; `None` if
/// neither has a letter or digit. Short, because it is in every user of a list.
fn initials_svg(user: &Details) -> Option<String> {
    let letters = [&user.name, &user.username].into_iter().map(|name| initials(name)).find(|some| !some.is_empty())?;
    let hue = user.username.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())) % 360;
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64"><path fill="hsl({hue},45%,40%)" d="M0 0h64v64H0"/><text x="32" y="42" text-anchor="middle" font-family="sans-serif" font-size="28" fill="#fff">{letters}</text></svg>"##
    ))
}

/// The first letter or digit of the first and the last word that have one, in upper case.
fn initials(name: &str) -> String {
    let first = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    let mut words = name.split_whitespace().filter_map(first);
    let letters = words.next().into_iter().chain(words.next_back());
    letters.flat_map(char::to_uppercase).collect()
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
    fn a_source_that_has_nothing_to_show_yields_to_the_next_and_at_last_to_the_placeholder() {
        let placeholder = svg_uri(PLACEHOLDER);
        let picture = |url: &str| json!({"picture": url}).as_object().cloned().unwrap().into();
        let nobody = Details { username: "--".into(), name: "🤖 !".into(), email: String::new(), ..user() };
        for url in
            ["https://", "http:///a.png", "https:// a", "data:image/png;base64,", "data:image/png", "", "javascript:1"]
        {
            let nobody = Details { attributes: picture(url), ..nobody.clone() };
            for setting in ["attributes.picture", "initials", "gravatar,attributes.picture.deeper,initials"] {
                assert_eq!(avatar(setting, &nobody), placeholder, "{setting} {url}");
            }
            for template in ["https://x.org/%(upn)s", "https://x.org/%(mail_hash)s"] {
                assert_eq!(avatar(template, &nobody), placeholder, "{template}");
            }
        }
        for url in ["https://x", "http://[::1]/a", "data:image/gif;base64,R0lGOD"] {
            assert_eq!(avatar("attributes.picture", &Details { attributes: picture(url), ..nobody.clone() }), url);
        }
    }

    #[test]
    fn initials_come_from_the_first_and_last_word() {
        let letters = |name: &str| {
            let svg = initials_svg(&Details { name: name.into(), ..user() }).unwrap();
            svg.rsplit('>').nth(2).unwrap().trim_end_matches("</text").to_owned()
        };
        for (name, expected) in
            [("ada king  lovelace", "AL"), ("世界", "世"), ("<b>", "B"), ("🤖 bot", "B"), ("🤖", "A"), (" ", "A")]
        {
            assert_eq!(letters(name), expected, "{name}");
        }
    }

    #[test]
    fn an_unknown_source_is_rejected() {
        for setting in ["", "photos", "attributes.", "ftp://x"] {
            assert!(setting.parse::<Avatars>().is_err(), "{setting}");
        }
    }
}
