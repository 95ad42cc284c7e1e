//! Strings, and their limits.

use poem_openapi::registry::MetaSchema;
use serde_json::value::RawValue;

use super::{
    Describe, Parse, ParseItem, ParseParameter, SecretText, json,
    kind::{Messages, message},
};

/// A string. It is trimmed like Python's `str.strip()`, then checked.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    min_length: Option<usize>,
    max_length: Option<usize>,
    is_slug: bool,
    is_verbatim: bool,
}

impl Text {
    pub const ANY: Self = Self { min_length: None, max_length: None, is_slug: false, is_verbatim: false };

    /// At least so many code points.
    pub const fn min_length(self, min: usize) -> Self {
        Self { min_length: Some(min), ..self }
    }

    /// At most so many code points.
    pub const fn max_length(self, max: usize) -> Self {
        Self { max_length: Some(max), ..self }
    }

    /// Only ASCII letters, digits, underscores and hyphens.
    pub const fn slug(self) -> Self {
        Self { is_slug: true, ..self }
    }

    /// Not trimmed.
    pub const fn verbatim(self) -> Self {
        Self { is_verbatim: true, ..self }
    }

    /// A password or key.
    pub const fn secret(self) -> SecretText {
        SecretText(self)
    }

    /// Trims and checks `text`, and adds its errors to `messages`.
    pub(super) fn check<'a>(&self, text: &'a str, messages: &mut Messages) -> &'a str {
        let text = if self.is_verbatim { text } else { text.trim_matches(is_python_space) };
        if text.is_empty() && self.min_length.is_some_and(|min| min > 0) {
            messages.push("This field may not be blank.".into());
            return text;
        }
        // A string has at most as many code points as bytes, so most strings need no counting.
        let length = || text.chars().count();
        if let Some(max) = self.max_length
            && text.len() > max
            && length() > max
        {
            messages.push(format!("Ensure this field has no more than {max} characters."));
        }
        if let Some(min) = self.min_length
            && length() < min
        {
            messages.push(format!("Ensure this field has at least {min} characters."));
        }
        // PostgreSQL can't store them, and authentik rejects them.
        if text.contains('\0') {
            messages.push("Null characters are not allowed.".into());
        }
        let is_slug_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if self.is_slug && !text.bytes().all(is_slug_byte) {
            messages.push("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.".into());
        }
        text
    }
}

impl Describe for Text {
    fn schema(&self) -> MetaSchema {
        MetaSchema {
            ty: "string",
            min_length: self.min_length,
            max_length: self.max_length,
            pattern: self.is_slug.then(|| "^[-a-zA-Z0-9_]+$".into()),
            ..MetaSchema::ANY
        }
    }
}

impl Parse for Text {
    type Value = String;
    fn parse(&self, raw: &RawValue) -> Result<Option<String>, Messages> {
        let Some(text) = json::string(raw) else { return message("Not a valid string.") };
        let mut messages = Messages::new();
        let text = self.check(&text, &mut messages);
        if messages.is_empty() { Ok(Some(text.to_owned())) } else { Err(messages) }
    }
}

impl ParseParameter for Text {
    type Value = String;
    fn parse_parameter(&self, text: &str) -> Result<Option<String>, String> {
        let mut messages = Messages::new();
        let text = self.check(text, &mut messages);
        match messages.into_iter().next() {
            Some(message) => Err(message),
            None => Ok(Some(text.to_owned()).filter(|text| !text.is_empty())),
        }
    }
}

impl ParseItem for Text {
    type Value = String;
    fn parse_item(&self, text: &str) -> Result<String, String> {
        if text.contains('\0') { Err("Null characters are not allowed.".into()) } else { Ok(text.to_owned()) }
    }
}

/// Whether Python considers `c` whitespace: Unicode's definition, plus four control characters.
pub(super) fn is_python_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(kind: Text, json: &str) -> Result<Option<String>, Messages> {
        kind.parse(&serde_json::from_str::<Box<RawValue>>(json).unwrap())
    }

    #[test]
    fn lengths_are_counted_in_code_points_after_trimming() {
        let kind = Text::ANY.min_length(1).max_length(3);
        assert_eq!(text(kind, r#"" \u001f\u3000😀😀😀\t""#), Ok(Some("😀😀😀".into())));
        assert_eq!(text(kind, r#""😀😀😀😀""#), message("Ensure this field has no more than 3 characters."));
        assert_eq!(text(kind, r#""\u001c\u00a0 ""#), message("This field may not be blank."));
        assert_eq!(text(kind, "5"), message("Not a valid string."));
    }

    #[test]
    fn null_characters_are_rejected() {
        assert_eq!(text(Text::ANY, r#""a\u0000""#), message("Null characters are not allowed."));
    }
}
