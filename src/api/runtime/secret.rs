//! Passwords and keys in bodies.

use poem_openapi::registry::MetaSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Describe, Parse, Text, kind::Messages};

/// A password or key: a string that `Debug` doesn't show, and that is overwritten when it is dropped.
#[derive(Clone, Debug, Default)]
pub struct Secret(pub SecretString);

impl Secret {
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The client that asked for it gets to see it.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

/// A string with the same limits, and the value of which is a [`Secret`].
#[derive(Clone, Copy, Debug)]
pub struct SecretText(pub(super) Text);

impl Describe for SecretText {
    fn schema(&self) -> MetaSchema {
        self.0.schema()
    }
}

impl Parse for SecretText {
    type Value = Secret;
    fn parse(&self, raw: &RawValue) -> Result<Option<Secret>, Messages> {
        self.0.parse(raw).map(|text| text.map(|text| Secret(text.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_to_the_client_only() {
        let raw: Box<RawValue> = serde_json::from_str(r#""hush""#).unwrap();
        let secret = Text::ANY.secret().parse(&raw).unwrap().unwrap();
        assert!(!format!("{secret:?}").contains("hush"));
        assert_eq!(serde_json::to_string(&secret).unwrap(), r#""hush""#);
    }
}
