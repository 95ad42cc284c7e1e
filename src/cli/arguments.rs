//! Parsing the command line, with defaults from the environment and the settings file.

use std::{
    error::Error,
    ffi::{OsStr, OsString},
    fmt,
    path::PathBuf,
};

use clap::{
    Arg, ArgMatches, Args, Command, CommandFactory, FromArgMatches,
    builder::Resettable,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::{Cli, Exit, Failure};
use crate::config::{Settings, SettingsFile};

/// The setting whose variable must not be empty: the administrator would get a token that nobody chose.
const NEVER_EMPTY: &str = "bootstrap_token";

/// The flag that commands with settings have in addition. Its value is taken from the matches, because the file has to be
/// read before the settings are complete.
#[derive(Debug, Args)]
pub struct FileArgument {
    /// TOML file with settings; keys are flag names with `_` instead of `-`
    #[arg(long, env = "ROLLCALL_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

/// What stands for the value of a secret.
pub const HIDDEN: &str = "(hidden)";

/// The command line, and where its values came from.
pub struct Parsed {
    pub cli: Cli,
    pub matches: ArgMatches,
    pub places: Places,
}

/// Where the values of settings can be.
pub struct Places {
    /// As they were given.
    pub arguments: Vec<OsString>,
    file: Option<SettingsFile>,
}

/// Where the value of a setting came from.
#[derive(Debug, PartialEq, Eq)]
pub enum Place {
    CommandLine,
    Variable(String),
    File(PathBuf, usize),
    Default,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => formatter.write_str("the command line"),
            Self::Variable(name) => write!(formatter, "the variable {name}"),
            Self::File(path, line) => write!(formatter, "{}, line {line}", path.display()),
            Self::Default => formatter.write_str("default"),
        }
    }
}

impl Places {
    /// Where the value of `setting` came from: the first of the places that has one.
    pub fn of(&self, setting: &Arg) -> Place {
        let flag = flag(setting);
        let is_flag = |argument: &OsString| {
            let argument = argument.to_string_lossy();
            argument.split('=').next() == Some(&flag)
        };
        if self.arguments.iter().any(is_flag) {
            return Place::CommandLine;
        }
        if let Some(name) = setting.get_env().filter(|name| std::env::var_os(name).is_some()) {
            return Place::Variable(name.to_string_lossy().into_owned());
        }
        match self.file.as_ref().and_then(|file| file.place(setting.get_id().as_str())) {
            Some((path, line)) => Place::File(path.to_owned(), line),
            None => Place::Default,
        }
    }
}

/// The flag of a setting, such as `--listen`.
pub fn flag(setting: &Arg) -> String {
    format!("--{}", setting.get_long().unwrap_or_default())
}

/// Why there is nothing to run.
pub enum Unparsed {
    /// A setting has a value that it refuses, or the file can't be used.
    Refused(Failure),
    /// Other arguments are wrong, or ask for help.
    Clap(clap::Error),
}

impl From<Unparsed> for Failure {
    fn from(unparsed: Unparsed) -> Self {
        match unparsed {
            Unparsed::Refused(failure) => failure,
            Unparsed::Clap(error) => Self::new(Exit::Usage, error),
        }
    }
}

/// Parses the arguments. If they name a settings file, its values are defaults.
pub fn parse(arguments: Vec<OsString>) -> Result<Parsed, Unparsed> {
    let mut command = without_empty_variables(Cli::command());
    let mut places = Places { arguments, file: None };
    if let Some(path) = settings_file(&command, &places.arguments) {
        let file = SettingsFile::read(&path, &known_settings());
        let file = file.map_err(|error| Unparsed::Refused(Failure::new(Exit::Usage, error)))?;
        command = with_defaults(command, &file);
        places.file = Some(file);
    }
    let matches = matches(command, &places)?;
    let cli = Cli::from_arg_matches(&matches).map_err(Unparsed::Clap)?;
    Ok(Parsed { cli, matches, places })
}

/// A command with all settings.
pub fn known_settings() -> Command {
    Settings::augment_args(Command::new("serve"))
}

/// The settings file that the arguments or the environment name, if the command has settings.
fn settings_file(command: &Command, arguments: &[OsString]) -> Option<PathBuf> {
    // Whatever else is wrong is reported when all is known.
    let matches = command.clone().ignore_errors(true).try_get_matches_from(arguments).ok()?;
    innermost(&matches).try_get_one::<PathBuf>("config").ok().flatten().cloned()
}

/// The matches of the subcommand that was called.
pub fn innermost(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, below)| innermost(below))
}

fn matches(mut command: Command, places: &Places) -> Result<ArgMatches, Unparsed> {
    command.build();
    let parsed = command.clone().try_get_matches_from(&places.arguments);
    parsed.map_err(|error| match refusal(&error, &command, places) {
        Some(failure) => Unparsed::Refused(failure),
        None => Unparsed::Clap(without_secrets(error, &command)),
    })
}

/// Explains which setting refuses its value, where that is, and what it could be instead.
fn refusal(error: &clap::Error, command: &Command, places: &Places) -> Option<Failure> {
    if error.kind() == ErrorKind::InvalidUtf8 {
        return not_text();
    }
    let is_about_value = matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation);
    let context = (error.get(ContextKind::InvalidArg), error.get(ContextKind::InvalidValue));
    let (true, (Some(ContextValue::String(name)), Some(ContextValue::String(value)))) = (is_about_value, context)
    else {
        return None;
    };
    let setting = find(command, name)?;
    let (flag, place) = (flag(setting), places.of(setting));
    let value = if setting.is_hide_env_values_set() { HIDDEN.into() } else { format!("{value:?}") };
    let cause = match (error.source(), error.get(ContextKind::ValidValue)) {
        (Some(cause), _) => cause.to_string(),
        (None, Some(ContextValue::Strings(known))) => format!("expected one of {}", known.join(", ")),
        (None, _) => "expected a value".into(),
    };
    // The setting's own default, not that of the file.
    let known = known_settings();
    let example = known.get_arguments().find(|known| known.get_id() == setting.get_id()).and_then(example);
    let example = example.map(|example| format!("; for example {example}")).unwrap_or_default();
    Some(Failure::new(Exit::Usage, format!("{flag}, from {place}: {value} can't be used: {cause}{example}")))
}

/// Names the variable that isn't text, which clap doesn't.
fn not_text() -> Option<Failure> {
    let is_not_text = |name: &&OsStr| std::env::var_os(name).is_some_and(|value| value.to_str().is_none());
    let known = known_settings();
    let variable = known.get_arguments().filter_map(Arg::get_env).find(is_not_text)?;
    let message = format!("the variable {}: the value can't be used: it is not UTF-8", variable.display());
    Some(Failure::new(Exit::Usage, message))
}

/// An example of what a setting accepts: its default, if it has one that can be shown.
fn example(setting: &Arg) -> Option<String> {
    if !setting.get_action().takes_values() {
        return Some("true".into());
    }
    let default = setting.get_default_values().first().filter(|_| !setting.is_hide_default_value_set())?;
    Some(default.to_string_lossy().into_owned())
}

/// Leaves the value of a secret out of the message about it, and arguments that belong to no flag, because they may be
/// parts of a secret.
fn without_secrets(mut error: clap::Error, command: &Command) -> clap::Error {
    let hidden = || ContextValue::String(HIDDEN.into());
    if let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) {
        if !argument.starts_with('-') {
            error.insert(ContextKind::InvalidArg, hidden());
        } else if find(command, argument).is_some_and(Arg::is_hide_env_values_set) {
            error.insert(ContextKind::InvalidValue, hidden());
        }
    }
    error
}

/// Finds the argument that messages call `name`, such as `--secret-key <SECRET>`, in a command or one below it.
fn find<'c>(command: &'c Command, name: &str) -> Option<&'c Arg> {
    let name = name.split([' ', '=']).next();
    let is_it = |argument: &&Arg| argument.get_long().is_some() && name == Some(&flag(argument));
    let below = || command.get_subcommands().find_map(|below| find(below, name.unwrap_or_default()));
    command.get_arguments().find(is_it).or_else(below)
}

/// Ignores empty environment variables, which compose files set for missing values.
fn without_empty_variables(command: Command) -> Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let keep = |argument: Arg| match argument.get_env() {
        Some(name) if is_empty(name) && argument.get_id() != NEVER_EMPTY => argument.env(Resettable::Reset),
        _ => argument,
    };
    command.mut_args(keep).mut_subcommands(without_empty_variables)
}

/// Whether it uses the store, and so has settings.
fn has_settings(command: &Command) -> bool {
    command.get_arguments().any(|argument| argument.get_id() == "data_dir")
}

/// Applies the settings file to the commands that use the store, which are those with settings.
fn with_defaults(command: Command, file: &SettingsFile) -> Command {
    let command = if has_settings(&command) { file.apply(command) } else { command };
    command.mut_subcommands(|below| with_defaults(below, file))
}
