//! What the commands print.

use std::{
    borrow::Cow,
    io::{self, ErrorKind, Write},
    process,
};

use anstyle::{AnsiColor, Style};
use serde_json::value::RawValue;

use super::{Exit, Failure};

pub const BOLD: Style = Style::new().bold();
const KEY: Style = AnsiColor::Cyan.on_default();

/// How to print results.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub json: bool,
}

impl Output {
    /// Prints what was done; as JSON, the object that it was done to.
    pub fn done(self, message: &str, object: &RawValue) -> Result<(), Failure> {
        if self.json { self.object(object) } else { print(&format!("{message}\n")) }
    }

    /// Prints an object as JSON, as the server sent it.
    pub fn object(self, object: &RawValue) -> Result<(), Failure> {
        print_json(&format!("{object}\n"))
    }
}

/// Prints a line for each field of an object.
pub fn print_details(fields: &[(&str, String)]) -> Result<(), Failure> {
    let width = fields.iter().map(|(key, _)| key.len()).max().unwrap_or_default();
    let line = |(key, value): &(&str, String)| {
        let space = if value.is_empty() { 0 } else { width - key.len() + 2 };
        format!("{KEY}{key}{KEY:#}{:space$}{value}\n", "")
    };
    print(&fields.iter().map(line).collect::<String>())
}

/// Prints text, with its colours if a terminal shows them.
pub fn print(text: &str) -> Result<(), Failure> {
    write(&mut anstream::stdout().lock(), text)
}

/// Prints JSON. Escapes the characters that JSON allows and a terminal may obey.
pub fn print_json(json: &str) -> Result<(), Failure> {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character != '\n' && is_unsafe(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                escaped += &format!("\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    write(&mut io::stdout().lock(), &escaped)
}

/// Ends the program quietly when nobody reads on, as in `rollcall user list | head`.
fn write(target: &mut impl Write, text: &str) -> Result<(), Failure> {
    match target.write_all(text.as_bytes()).and_then(|()| target.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => process::exit(0),
        result => result.map_err(|error| Failure::new(Exit::Failed, format!("standard output: {error}"))),
    }
}

/// Whether a terminal could obey a character, or show the characters around it in another order.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Escapes what a terminal could obey.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => escaped += "\\n",
            '\r' => escaped += "\\r",
            '\t' => escaped += "\\t",
            _ if is_unsafe(character) => escaped.extend(character.escape_unicode()),
            _ => escaped.push(character),
        }
    }
    escaped.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_could_obey_is_escaped_and_other_text_is_kept() {
        for plain in ["ada", "Ада Лавлейс", "王 小明", "é 👩\u{200d}💻", "back\\slash"] {
            assert_eq!(visible(plain), plain);
        }
        for (text, expected) in [
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{9b}0m\u{7f}", "\\u{9b}0m\\u{7f}"),
            ("\u{202e}gpj", "\\u{202e}gpj"),
        ] {
            assert_eq!(visible(text), expected);
        }
    }
}
