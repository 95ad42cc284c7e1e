//! Data written as a literal of some language: the layout is the same everywhere, the signs are not.

use serde_json::{Map, Value};

/// How much of a list or an object goes on one line.
const WIDTH: usize = 60;

/// How a language writes data; the defaults are those of JSON.
pub trait Notation {
    const NULL: &'static str = "null";
    const TRUE: &'static str = "true";
    const FALSE: &'static str = "false";
    /// Spaces on the inner side are for one line only.
    const LIST: [&'static str; 2] = ["[", "]"];
    const OBJECT: [&'static str; 2] = ["{", "}"];
    const INDENT: &'static str = "  ";
    const ELEMENTS: Separator = COMMAS;
    const ENTRIES: Separator = COMMAS;

    fn text(text: &str) -> String;

    /// The key of an entry, up to the value.
    fn key(key: &str) -> String;

    /// What stands around the parts of a list.
    fn around_list(_list: &[Value]) -> [&'static str; 2] {
        Self::LIST
    }

    /// What stands around the parts of an object.
    fn around_object(_object: &Map<String, Value>) -> [&'static str; 2] {
        Self::OBJECT
    }
}

/// What follows an element.
pub struct Separator {
    /// Between two on the same line.
    inline: &'static str,
    /// At the end of a line.
    line: &'static str,
    /// At the end of the last line.
    last: &'static str,
}

pub const COMMAS: Separator = Separator { inline: ", ", line: ",", last: "" };
pub const TRAILING_COMMAS: Separator = Separator { last: ",", ..COMMAS };
pub const LINES: Separator = Separator { inline: "; ", line: "", last: "" };

/// Writes `value`, which starts in a line that is indented by `margin`.
pub fn write<N: Notation>(value: &Value, margin: &str) -> String {
    let inner = format!("{margin}{}", N::INDENT);
    let (elements, around, separator): (Vec<String>, _, _) = match value {
        Value::Null => return N::NULL.to_owned(),
        Value::Bool(true) => return N::TRUE.to_owned(),
        Value::Bool(false) => return N::FALSE.to_owned(),
        Value::Number(number) => return number.to_string(),
        Value::String(text) => return N::text(text),
        Value::Array(list) => {
            (list.iter().map(|value| write::<N>(value, &inner)).collect(), N::around_list(list), N::ELEMENTS)
        }
        Value::Object(object) => {
            let entry = |(key, value): (&String, &Value)| N::key(key) + &write::<N>(value, &inner);
            (object.iter().map(entry).collect(), N::around_object(object), N::ENTRIES)
        }
    };
    lay_out(&elements, around, &separator, margin, &inner)
}

fn lay_out(elements: &[String], [open, close]: [&str; 2], separator: &Separator, margin: &str, inner: &str) -> String {
    let (bare_open, bare_close) = (open.trim_end(), close.trim_start());
    if elements.is_empty() {
        return format!("{bare_open}{bare_close}");
    }
    let line = elements.join(separator.inline);
    if line.chars().count() <= WIDTH && !line.contains('\n') {
        return format!("{open}{line}{close}");
    }
    let lines = elements.join(&format!("{}\n{inner}", separator.line));
    format!("{bare_open}\n{inner}{lines}{}\n{margin}{bare_close}", separator.last)
}

/// JSON itself, for languages that send it as text.
pub struct Json;

impl Notation for Json {
    fn text(text: &str) -> String {
        double_quoted(text, &[], utf16_escape)
    }

    fn key(key: &str) -> String {
        Self::text(key) + ": "
    }
}

/// A text in double quotes, with a backslash before each quote, backslash and `special` character; `escape` writes what
/// cannot be seen.
pub fn double_quoted(text: &str, special: &[char], escape: fn(char) -> String) -> String {
    let mut out = String::from('"');
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if !is_visible(character) => out += &escape(character),
            _ => {
                if matches!(character, '"' | '\\') || special.contains(&character) {
                    out.push('\\');
                }
                out.push(character);
            }
        }
    }
    out.push('"');
    out
}

/// `\u00e9`, and two of these for a character beyond the 65,536 first.
pub fn utf16_escape(character: char) -> String {
    let mut units = [0; 2];
    character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// Whether a reader sees the character; others are escaped, because editors and compilers treat some of them specially.
pub fn is_visible(character: char) -> bool {
    matches!(character, '"' | '\'' | '\\') || character.escape_debug().count() == 1
}

/// Whether `text` can be a name in all of the languages here.
pub fn is_identifier(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
        && text.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}
