//! What describes the program: the OpenAPI documents, completions for shells, and manual pages.

use std::{fs, path::PathBuf};

use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Cli, Failure, output::print};
use crate::{
    api::{CONTRACT_JSON, Edition, PORTABLE_JSON},
    http::openapi_31,
};

/// The name of the program in what is printed.
const NAME: &str = "rollcall";

#[derive(Debug, Args)]
pub struct OpenapiCommand {
    /// The release of authentik, 2024.8 or 2026.8, whose document it is [default: the whole contract]
    #[arg(long, value_name = "RELEASE", conflicts_with = "portable")]
    edition: Option<Edition>,

    /// The contract in a form that every client generator accepts
    #[arg(long)]
    portable: bool,

    /// The version of OpenAPI
    #[arg(long, default_value = "3.0", value_name = "VERSION")]
    openapi: OpenApiVersion,

    /// The format of the document
    #[arg(long, default_value = "json")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OpenApiVersion {
    #[value(name = "3.0")]
    V3_0,
    #[value(name = "3.1")]
    V3_1,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Json,
    Yaml,
}

#[derive(Debug, Args)]
pub struct CompletionsCommand {
    /// The shell
    shell: Shell,
}

#[derive(Debug, Args)]
pub struct ManCommand {
    /// Write a page for each command into this directory, instead of printing that of the program
    #[arg(long, value_name = "PATH")]
    directory: Option<PathBuf>,
}

/// Prints an OpenAPI document, the same that the server publishes.
///
/// # Errors
///
/// If it can't be written.
pub fn print_openapi(command: &OpenapiCommand) -> Result<(), Failure> {
    let json = match command.edition {
        Some(edition) => edition.json(),
        None if command.portable => PORTABLE_JSON,
        None => CONTRACT_JSON,
    };
    let json = match command.openapi {
        OpenApiVersion::V3_0 => json.to_owned(),
        OpenApiVersion::V3_1 => openapi_31(json),
    };
    let text = match command.format {
        Format::Json => json,
        Format::Yaml => yaml_serde::to_string(&serde_json::from_str::<serde_json::Value>(&json)?)?,
    };
    print(&format!("{}\n", text.trim_end()))
}

/// Prints a script that completes arguments in a shell.
///
/// # Errors
///
/// If it can't be written.
pub fn print_completions(command: &CompletionsCommand) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Cli::command(), NAME, &mut script);
    print(&String::from_utf8_lossy(&script))
}

/// Prints the manual page, or writes all pages into a directory.
///
/// # Errors
///
/// If they can't be written.
pub fn print_man(command: &ManCommand) -> Result<(), Failure> {
    match &command.directory {
        None => {
            let mut page = Vec::new();
            Man::new(Cli::command()).render(&mut page)?;
            print(&String::from_utf8_lossy(&page))
        }
        Some(directory) => {
            fs::create_dir_all(directory)?;
            clap_mangen::generate_to(Cli::command(), directory)?;
            Ok(())
        }
    }
}
