//! What the commands print.

use std::{
    io::{self, ErrorKind, Write},
    process,
};

use anstyle::{AnsiColor, Style};
use serde_json::value::RawValue;

use super::{Exit, Failure};
use crate::telemetry::is_unsafe;

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
