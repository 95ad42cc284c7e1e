//! Parsing the command line, with defaults from the environment and the settings file.

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use clap::{
    Arg, ArgMatches, Args, CommandFactory, FromArgMatches,
    builder::Resettable,
    error::{ContextKind, ContextValue},
};

use super::{Cli, Failure};
use crate::config::{self, Settings};

/// Parses the arguments. If they name a settings file, parses them again with its values as defaults.
pub fn parse(arguments: Vec<OsString>) -> Result<Cli, Failure> {
    let mut command = without_empty_variables(Cli::command());
    let cli = Cli::from_arg_matches(&matches(command.clone(), &arguments))?;
    let Some(file) = cli.config else { return Ok(cli) };
    let known = Settings::augment_args(clap::Command::new("serve"));
    for path in [["serve"].as_slice(), &["token", "create"]] {
        command = with_defaults(command, path, &known, &file)?;
    }
    Ok(Cli::from_arg_matches(&matches(command, &arguments))?)
}

/// Parses the arguments. Prints a message and ends the program if they are wrong, or ask for help.
fn matches(mut command: clap::Command, arguments: &[OsString]) -> ArgMatches {
    command.build();
    let parsed = command.clone().try_get_matches_from(arguments);
    parsed.unwrap_or_else(|error| without_secrets(error, &command).exit())
}

/// Leaves the value of a secret out of the message about it, and arguments that belong to no flag, because they may be
/// parts of a secret.
fn without_secrets(mut error: clap::Error, command: &clap::Command) -> clap::Error {
    let hidden = || ContextValue::String("(hidden)".into());
    if let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) {
        if !argument.starts_with('-') {
            error.insert(ContextKind::InvalidArg, hidden());
        } else if is_secret(command, argument) {
            error.insert(ContextKind::InvalidValue, hidden());
        }
    }
    error
}

/// Whether an argument, such as `--secret-key <SECRET>`, is a secret of the command or of one below it.
fn is_secret(command: &clap::Command, argument: &str) -> bool {
    let name = argument.split([' ', '=']).next();
    let is_it = |secret: &Arg| {
        secret.is_hide_env_values_set() && name == secret.get_long().map(|long| format!("--{long}")).as_deref()
    };
    command.get_arguments().any(is_it) || command.get_subcommands().any(|below| is_secret(below, argument))
}

/// Ignores empty environment variables, which compose files set for missing values.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let keep = |argument: Arg| {
        if argument.get_env().is_some_and(is_empty) { argument.env(Resettable::Reset) } else { argument }
    };
    command.mut_args(keep).mut_subcommands(without_empty_variables)
}

/// Applies the settings file to the subcommand at `path`.
fn with_defaults(
    command: clap::Command,
    path: &[&str],
    known: &clap::Command,
    file: &PathBuf,
) -> Result<clap::Command, config::ConfigError> {
    let Some((name, rest)) = path.split_first() else { return config::with_file(command, known, file.clone()) };
    let mut result = Ok(());
    let command =
        command.mut_subcommand(name, |subcommand| match with_defaults(subcommand.clone(), rest, known, file) {
            Ok(changed) => changed,
            Err(error) => {
                result = Err(error);
                subcommand
            }
        });
    result.map(|()| command)
}
