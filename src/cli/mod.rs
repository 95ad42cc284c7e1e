//! The command line.

mod arguments;
mod failure;
mod serve;
mod tokens;

use std::{ffi::OsString, path::PathBuf};

use clap::{Parser, Subcommand};

pub use self::failure::{Exit, Failure};
use self::tokens::TokenCommand;
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
}

/// Runs the program.
///
/// # Errors
///
/// A message for the operator, and the exit code.
// Awaits here, because a future is compiled by the crate that awaits it, and this one has compiled most of it already.
#[tokio::main]
pub async fn run(arguments: Vec<OsString>) -> Result<(), Failure> {
    match arguments::parse(arguments)?.command {
        Command::Serve(settings) => serve::serve(*settings).await,
        Command::Token(TokenCommand::Create(command)) => tokens::create_token(command).await,
    }
}
