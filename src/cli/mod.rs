//! The command line.

mod arguments;
mod backup;
mod check;
mod documents;
mod failure;
mod health;
mod output;
mod progress;
mod remote;
mod serve;
mod settings;
mod stand_in;
mod table;
mod tokens;

use std::ffi::OsString;

use clap::{Parser, Subcommand};

pub use self::failure::{Exit, Failure};
use self::{
    arguments::Unparsed,
    backup::{BackupCommand, RestoreCommand},
    check::CheckCommand,
    documents::{CompletionsCommand, ManCommand, OpenapiCommand},
    health::HealthCommand,
    remote::{GroupArgs, UserArgs},
    serve::ServeCommand,
    settings::ConfigCommand,
    stand_in::StandInArguments,
    tokens::TokenArgs,
};

/// What `rollcall --help` says about [`Exit`].
const EXIT_CODES: &str = "\
Exit codes:
  0  success
  1  another failure
  2  wrong arguments or settings
  3  the server can't be reached, doesn't answer in time, or can't answer now
  4  the server doesn't accept the token, or its owner may not do this
  5  there is no such user, group or token
  6  the server refuses the values, for example because a name is taken";

/// A user directory that speaks authentik's API v3
#[derive(Debug, Parser)]
#[command(version, subcommand_required = true, arg_required_else_help = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and its documentation
    Serve(Box<ServeCommand>),
    /// Serve a stand-in for authentik in tests, with seeded data, injected faults and a settable clock
    StandIn(Box<StandInArguments>),
    /// Manage users of a running server
    User(UserArgs),
    /// Manage groups of a running server
    Group(GroupArgs),
    /// Manage API tokens
    Token(TokenArgs),
    /// Examine settings, data directory and database, without changing them
    Check(Box<CheckCommand>),
    /// Write a backup of the database to a file, also while a server uses it
    Backup(Box<BackupCommand>),
    /// Put a backup in the place of the database
    Restore(Box<RestoreCommand>),
    /// Ask the server that has these settings, on this machine, whether it is ready
    Health(Box<HealthCommand>),
    /// Print the settings in effect, and where each comes from
    Config(Box<ConfigCommand>),
    /// Print an OpenAPI document
    Openapi(OpenapiCommand),
    /// Print a script that completes arguments in a shell
    Completions(CompletionsCommand),
    /// Print the manual page
    Man(ManCommand),
}

/// Runs the program.
///
/// # Errors
///
/// A message for the operator, and the exit code.
// Awaits here, because a future is compiled by the crate that awaits it, and this one has compiled most of it already.
#[tokio::main]
pub async fn run(arguments: Vec<OsString>) -> Result<(), Failure> {
    let parsed = arguments::parse(arguments).map_err(|unparsed| match unparsed {
        // Prints help, or what is wrong, and ends the program.
        Unparsed::Clap(error) => error.exit(),
        Unparsed::Refused(failure) => failure,
    })?;
    match parsed.cli.command {
        Command::Config(ref command) => settings::print(command, &parsed),
        Command::Serve(command) => serve::serve(*command, parsed.places.arguments).await,
        Command::Check(command) => check::check(&command).await,
        Command::Backup(command) => backup::backup(&command).await,
        Command::Restore(command) => backup::restore(&command).await,
        Command::Health(command) => health::health(&command).await,
        Command::Openapi(command) => documents::print_openapi(&command),
        Command::Completions(command) => documents::print_completions(&command),
        Command::Man(command) => documents::print_man(&command),
        Command::User(arguments) => remote::users(arguments).await,
        Command::Group(arguments) => remote::groups(arguments).await,
        Command::Token(arguments) => tokens::run(arguments).await,
        Command::StandIn(arguments) => stand_in::stand_in(*arguments).await,
    }
}
