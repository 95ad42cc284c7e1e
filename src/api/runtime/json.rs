//! Parsing JSON: the error messages for malformed bodies, and JSON values as Python prints them.
//!
//! authentik's messages quote invalid values as Python prints them (`True`, `['x']`), and those for malformed bodies
//! come from its JSON parser. Clients show both to people, so both are the same here.

use std::borrow::Cow;

use serde_json::{Value, value::RawValue};

/// How deep arrays and objects may be nested, as in authentik's parser.
const MAX_DEPTH: usize = 1024;

/// The keys and values of an object, in the order sent.
pub type Members<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// A JSON document, of which only the outermost level is parsed.
pub enum Document<'a> {
    Object(Members<'a>),
    Null,
    /// Anything else: the name of its Python type.
    Other(&'static str),
}

impl<'a> Document<'a> {
    /// Parses `bytes`, whose objects may have `max_keys` keys together. The error is the message for the client.
    pub fn parse(bytes: &'a [u8], max_keys: usize) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| parse_error("str is not valid UTF-8: surrogates not allowed", "", 0))?;
        check_size(text, max_keys)?;
        let whole: &RawValue = serde_json::from_str(text).map_err(|error| syntax_error(text, &error))?;
        Ok(match whole.get().as_bytes().first() {
            Some(b'{') => Self::Object(members(text, whole)?),
            Some(b'n') => Self::Null,
            _ => Self::Other(python_type(whole.get())),
        })
    }
}

fn members<'a>(text: &str, whole: &'a RawValue) -> Result<Members<'a>, String> {
    struct Visitor;
    impl<'de> serde::de::Visitor<'de> for Visitor {
        type Value = Members<'de>;
        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("an object")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::with_capacity(16);
            while let Some((Key(key), value)) = map.next_entry()? {
                members.push((key, value));
            }
            Ok(members)
        }
    }
    serde::Deserializer::deserialize_map(&mut serde_json::Deserializer::from_str(whole.get()), Visitor)
        .map_err(|error| syntax_error(text, &error))
}

/// A string, borrowed from the document unless it contains escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The string in `raw`; `None` if it is not a string.
pub fn string(raw: &RawValue) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Key<'_>>(raw.get()).ok().map(|Key(text)| text)
}

/// Whether `raw` is null.
pub fn is_null(raw: &RawValue) -> bool {
    raw.get() == "null"
}

/// The name of the corresponding Python type.
pub fn python_type(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'{') => "dict",
        Some(b'[') => "list",
        Some(b'"') => "str",
        Some(b't' | b'f') => "bool",
        Some(b'n') | None => "NoneType",
        _ if json.contains(['.', 'e', 'E']) => "float",
        _ => "int",
    }
}

/// The value as printed by Python's `str()`.
pub fn python_str(raw: &RawValue) -> String {
    match serde_json::from_str(raw.get()) {
        Ok(Value::String(text)) => text,
        Ok(value) => python_repr(&value),
        Err(_) => raw.get().to_owned(),
    }
}

fn python_repr(value: &Value) -> String {
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
        Value::String(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(python_repr).collect::<Vec<_>>().join(", "))
        }
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                format!("{}: {}", python_repr(&Value::String(key.clone())), python_repr(value))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Checks the depth and the number of keys, before memory is used for either.
fn check_size(text: &str, max_keys: usize) -> Result<(), String> {
    let (mut depth, mut keys, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b':' => keys += 1,
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(parse_error("array and object recursion depth exceeded", text, at + 1));
        }
        if keys > max_keys {
            return Err(format!("The body has more than {max_keys} keys (ROLLCALL_MAX_JSON_KEYS)."));
        }
    }
    Ok(())
}

/// Translates an error of serde_json into authentik's message.
fn syntax_error(text: &str, error: &serde_json::Error) -> String {
    let found = error.to_string();
    let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = line_start + error.column().saturating_sub(1);
    let (words, at) = if error.is_eof() {
        ("unexpected end of data", text.len())
    } else if let Some(comma) = comma_before_end(text, at) {
        ("trailing comma is not allowed", comma)
    } else if found.starts_with("trailing characters") {
        ("unexpected content after document", at)
    } else if found.starts_with("control character") {
        ("unexpected control character in string", at + 1)
    } else if found.starts_with("invalid escape") {
        ("invalid escaped character in string", at)
    } else if found.starts_with("expected ident") {
        ("invalid literal", text[..at].trim_end_matches(|c: char| c.is_ascii_lowercase()).len())
    } else if found.starts_with("invalid number") {
        invalid_number(text, at)
    } else {
        ("unexpected character", at)
    };
    parse_error(words, text, at)
}

/// The message for an invalid number that ends at byte `at`, and the position that it reports.
fn invalid_number(text: &str, at: usize) -> (&'static str, usize) {
    let start = text[..at].trim_end_matches(|c: char| c.is_ascii_digit() || "+-.eE".contains(c)).len();
    let so_far = &text[start..at];
    match so_far.as_bytes().last() {
        Some(b'-') if so_far.len() == 1 => ("no digit after minus sign", at - 1),
        Some(b'.') => ("no digit after decimal point", at - 1),
        Some(b'e' | b'E' | b'+' | b'-') => ("no digit after exponent sign", at - 1),
        Some(b'0') => ("number with leading zero is not allowed", at - 1),
        _ => ("unexpected character", at),
    }
}

/// The position of a comma directly before the end of an array or object at byte `at`.
fn comma_before_end(text: &str, at: usize) -> Option<usize> {
    let before = matches!(text.as_bytes().get(at), Some(b'}' | b']')).then(|| text[..at].trim_end())?;
    before.ends_with(',').then(|| before.len() - 1)
}

/// The message `what` with the position of byte `at` of `text`, counted in characters.
fn parse_error(what: &str, text: &str, at: usize) -> String {
    let before = String::from_utf8_lossy(&text.as_bytes()[..at.min(text.len())]);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("JSON parse error - {what}: line {line} column {column} (char {})", before.chars().count())
}

/// The message for a value that is malformed inside, such as half a surrogate pair; `None` if it is not.
pub fn malformed_value(text: &[u8], raw: &RawValue) -> Option<String> {
    let error = serde_json::from_str::<Value>(raw.get()).err()?;
    if error.to_string().starts_with("recursion limit") {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let start = (raw.get().as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let at = start + error.column().saturating_sub(1);
    if error.to_string().starts_with("number out of range") {
        let number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
        let start = text.get(..at)?.trim_end_matches(number).len();
        return Some(parse_error("number is infinity when parsed as double", text, start));
    }
    Some(parse_error("no low surrogate in string", text, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Document::parse(text.as_bytes(), 3).err().unwrap_or_default()
    }

    #[test]
    fn malformed_bodies_get_the_messages_of_authentik() {
        for (body, message) in [
            ("hello", "unexpected character: line 1 column 1 (char 0)"),
            (r#"{"a":"b",}"#, "trailing comma is not allowed: line 1 column 9 (char 8)"),
            (r#"{"a":1} // x"#, "unexpected content after document: line 1 column 9 (char 8)"),
            ("{\"a\":\"b\n\"}", "unexpected control character in string: line 1 column 8 (char 7)"),
            (r#"{"a":"4\x"}"#, "invalid escaped character in string: line 1 column 9 (char 8)"),
            ("{", "unexpected end of data: line 1 column 2 (char 1)"),
            ("name=new", "invalid literal: line 1 column 1 (char 0)"),
            (r#"{"name":tru}"#, "invalid literal: line 1 column 9 (char 8)"),
            (r#"{"name":01}"#, "number with leading zero is not allowed: line 1 column 9 (char 8)"),
            (r#"{"name":5.}"#, "no digit after decimal point: line 1 column 10 (char 9)"),
            (r#"{"name":-}"#, "no digit after minus sign: line 1 column 9 (char 8)"),
        ] {
            assert_eq!(error(body), format!("JSON parse error - {message}"), "{body}");
        }
        let deep = format!("{}{}", "[".repeat(1025), "]".repeat(1025));
        assert_eq!(
            error(&deep),
            "JSON parse error - array and object recursion depth exceeded: line 1 column 1026 (char 1025)"
        );
        assert!(Document::parse(&deep.as_bytes()[1..deep.len() - 1], 0).is_ok());
        assert_eq!(error(r#"{"a::":{"b":1,"c":1}}"#), "");
        assert_eq!(error(r#"{"a":{"b":1,"c":1},"d":1}"#), "The body has more than 3 keys (ROLLCALL_MAX_JSON_KEYS).");
    }

    #[test]
    fn values_are_printed_as_in_python() {
        for (json, printed) in [
            ("true", "True"),
            ("null", "None"),
            ("1.5", "1.5"),
            (r#"["a",{"k":"it's"}]"#, r#"['a', {'k': "it's"}]"#),
            (r#""plain""#, "plain"),
        ] {
            let raw: Box<RawValue> = serde_json::from_str(json).unwrap();
            assert_eq!(python_str(&raw), printed);
        }
    }
}
