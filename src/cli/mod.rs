//! The command line.

mod arguments;
mod check;
mod documents;
mod failure;
mod serve;
mod settings;
mod tokens;

use std::{ffi::OsString, path::PathBuf};

use clap::{Parser, Subcommand};

pub use self::failure::{Exit, Failure};
use self::{
    check::CheckCommand,
    documents::{CompletionsCommand, ManCommand, OpenapiCommand},
    settings::ConfigCommand,
    tokens::TokenCommand,
};
use crate::config::Settings;

/// A user directory that speaks authentik's API v3
#[derive(Debug, Parser)]
#[command(version, subcommand_required = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// TOML file with settings; keys are flag names with `_` instead of `-`
    #[arg(long, env = "ROLLCALL_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and its documentation
    Serve(Box<Settings>),
    /// Manage API tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Examine settings, data directory and database, without changing them
    Check(Box<CheckCommand>),
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
    let parsed = arguments::parse(arguments)?;
    match parsed.cli.command {
        Command::Config(ref command) => settings::print(command, &parsed),
        Command::Serve(settings) => serve::serve(*settings).await,
        Command::Token(TokenCommand::Create(command)) => tokens::create_token(command).await,
        Command::Check(command) => check::check(&command).await,
        Command::Openapi(command) => documents::print_openapi(&command),
        Command::Completions(command) => documents::print_completions(&command),
        Command::Man(command) => documents::print_man(&command),
    }
}
