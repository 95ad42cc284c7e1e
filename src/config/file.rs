//! The settings file.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use clap::Command;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::ConfigError;

/// How alike two names must be for one to be suggested instead of the other, from 0 to 1.
const LIKENESS: f64 = 0.8;

/// The settings in a TOML file.
#[derive(Debug)]
pub struct SettingsFile {
    path: PathBuf,
    /// Each key, its value, and its line.
    settings: BTreeMap<String, (OsString, usize)>,
}

impl SettingsFile {
    /// Reads the file at `path`. `known` has every setting there is.
    ///
    /// # Errors
    ///
    /// When the file can't be read, or has an unknown key.
    pub fn read(path: &Path, known: &Command) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(|cause| ConfigError::File { path: path.to_owned(), cause })?;
        let line = |start: usize| text.get(..start).unwrap_or_default().matches('\n').count() + 1;
        let at = |start, message| ConfigError::InFile { path: path.to_owned(), line: line(start), message };
        // Without the line itself, which may hold a secret.
        let table = DeTable::parse(&text)
            .map_err(|error| at(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
        let mut settings = BTreeMap::new();
        for (key, value) in table.into_inner() {
            let start = key.span().start;
            let key = key.into_inner().into_owned();
            if !known.get_arguments().any(|argument| argument.get_id() == key.as_str()) {
                return Err(at(start, unknown(&key, known)));
            }
            let value =
                text_of(value).ok_or_else(|| at(start, format!("`{key}` must be a string, number or boolean")))?;
            settings.insert(key, (value, line(start)));
        }
        Ok(Self { path: path.to_owned(), settings })
    }

    /// The file and the line where a setting is, if it is there.
    pub fn place(&self, key: &str) -> Option<(&Path, usize)> {
        self.settings.get(key).map(|(_, line)| (self.path.as_path(), *line))
    }

    /// Makes the settings the defaults of a command, which may have fewer.
    pub fn apply(&self, command: Command) -> Command {
        command.mut_args(|argument| match self.settings.get(argument.get_id().as_str()) {
            Some((value, _)) => argument.default_value(value.clone()).hide_default_value(true),
            None => argument,
        })
    }
}

fn text_of(value: Spanned<DeValue<'_>>) -> Option<OsString> {
    Some(match value.into_inner() {
        DeValue::String(text) => text.into_owned().into(),
        DeValue::Integer(number) if number.radix() == 10 => number.as_str().replace('_', "").into(),
        DeValue::Boolean(flag) => flag.to_string().into(),
        _ => return None,
    })
}

fn unknown(key: &str, known: &Command) -> String {
    let likeness = |name: &str| strsim::jaro_winkler(&key.replace('-', "_"), name);
    let names = known.get_arguments().map(|argument| argument.get_id().as_str());
    let nearest = names.max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    match nearest.filter(|name| likeness(name) > LIKENESS) {
        Some(name) => format!("unknown setting `{key}`; did you mean `{name}`?"),
        None => format!("unknown setting `{key}`; `rollcall serve --help` lists all, here with `_` instead of `-`"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Arg;

    use super::*;

    fn read(text: &str) -> Result<SettingsFile, String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("rollcall.toml");
        fs::write(&path, text).unwrap();
        let known = Command::new("serve").args(["listen", "max_body", "log"].map(|name| Arg::new(name).long(name)));
        let without_folder = |error: ConfigError| error.to_string().rsplit('/').next().unwrap_or_default().to_owned();
        SettingsFile::read(&path, &known).map_err(without_folder)
    }

    #[test]
    fn values_are_strings_numbers_and_booleans() {
        let file = read("# settings\n\nmax_body = 1_000\nlog = 'warn'\nlisten = true\n").unwrap();
        let value = |key: &str| file.settings[key].0.to_str().unwrap().to_owned();
        assert_eq!([value("max_body"), value("log"), value("listen")], ["1000", "warn", "true"]);
        assert_eq!(file.place("log").map(|(_, line)| line), Some(4));
        assert!(file.place("edition").is_none());
        for value in ["[1]", "{a = 1}", "1.5", "2026-01-01"] {
            let error = read(&format!("log = 'x'\nmax_body = {value}\n")).unwrap_err();
            assert_eq!(error, "rollcall.toml, line 2: `max_body` must be a string, number or boolean");
        }
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_one_that_was_meant() {
        for (key, meant) in [("max-body", "max_body"), ("max_bdoy", "max_body"), ("lisen", "listen")] {
            let error = read(&format!("\n{key} = 1\n")).unwrap_err();
            assert_eq!(error, format!("rollcall.toml, line 2: unknown setting `{key}`; did you mean `{meant}`?"));
        }
        let error = read("colour = 1\n").unwrap_err();
        assert!(error.starts_with("rollcall.toml, line 1: unknown setting `colour`; `rollcall serve"), "{error}");
    }
}
