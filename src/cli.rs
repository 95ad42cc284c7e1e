//! The command line.

use std::{
    error::Error,
    ffi::{OsStr, OsString},
    path::PathBuf,
    sync::Arc,
};

use clap::{
    Arg, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand,
    builder::Resettable,
    error::{ContextKind, ContextValue},
};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    api::Edition,
    config::{self, Settings, Storage},
    domain::{guesses::Guesses, limits::ObjectLimits, random, secret::InstanceSecret, token},
    http::{self, Bound},
    operations::{App, Passwords},
    panics,
    store::Store,
};

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

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Create an API token for a user and print its key, which is shown only once
    Create(TokenCreate),
}

#[derive(Debug, Args)]
struct TokenCreate {
    /// Username of the token's owner
    #[arg(long, value_name = "NAME")]
    user: String,

    /// Unique identifier of the token [default: random]
    #[arg(long, value_name = "NAME")]
    identifier: Option<String>,

    #[command(flatten)]
    storage: Storage,
}

type BoxError = Box<dyn Error>;

/// Runs the program.
///
/// # Errors
///
/// An error message for the operator.
// Awaits here, because a future is compiled by the crate that awaits it, and this one has compiled most of it already.
#[tokio::main]
pub async fn run(arguments: Vec<OsString>) -> Result<(), BoxError> {
    match parse(arguments)?.command {
        Command::Serve(settings) => serve(*settings).await,
        Command::Token(TokenCommand::Create(command)) => create_token(command).await,
    }
}

/// Parses the arguments. If they name a settings file, parses them again with its values as defaults.
fn parse(arguments: Vec<OsString>) -> Result<Cli, BoxError> {
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

/// Opens and sets up the store. On first start `key` becomes the administrator's token. Returns whether it did.
async fn open(storage: &Storage, key: &SecretString) -> Result<(Store, InstanceSecret, bool), BoxError> {
    storage.create_directory()?;
    let secret = storage.secret()?;
    let store = Store::open(&storage.database(), storage.database_connections, storage.read_limits())?;
    let is_first = store.set_up(&secret, key).await?;
    Ok((store, secret, is_first))
}

async fn serve(settings: Settings) -> Result<(), BoxError> {
    let Settings { server, storage, directory } = settings;
    storage.log.start();
    panics::log();
    let (is_given, limits) = (directory.bootstrap_token.is_some(), directory.limits());
    let key = directory.bootstrap_token.unwrap_or_else(token::new_key);
    let transport = server.transport()?;
    // Bind first, so that a second server on the same address fails before it changes anything.
    let bound = Bound::to(server.listen).map_err(|error| format!("{}: {error}", server.listen))?;
    // Held until the end of this function, when the store is closed.
    let _lock = storage.lock()?;
    let (store, secret, is_first) = open(&storage, &key).await?;
    if is_first {
        print_first_start(&key, is_given);
    }
    let stop = http::stop_signal()?;
    let scheme = if transport.tls.is_some() { "https" } else { "http" };
    println!("Listening on {scheme}://{}/", bound.address()?);
    let app = Arc::new(App {
        store: store.clone(),
        secret,
        limits,
        avatars: directory.avatars,
        passwords: Passwords::new(directory.password_min_length),
        guesses: Guesses::new(server.access.max_wrong_tokens),
        edition: directory.edition,
    });
    let background_tasks = store.start_background_tasks();
    let endpoint = http::endpoint(app, server.limits(), &transport.limits, &server.cors_origins);
    bound.serve(endpoint, transport, stop).await;
    drop(background_tasks);
    store.close().await;
    if panics::count() > 0 {
        tracing::error!(panics = panics::count(), "there were panics");
    }
    Ok(())
}

/// Prints the administrator's credentials on first start.
fn print_first_start(key: &SecretString, is_given: bool) {
    println!("First start: created the superuser akadmin in the group authentik Admins.");
    if is_given {
        println!("Its API token is the value of ROLLCALL_BOOTSTRAP_TOKEN.");
    } else {
        println!("Its API token, shown only this once: {}", key.expose_secret());
    }
}

async fn create_token(command: TokenCreate) -> Result<(), BoxError> {
    command.storage.log.start();
    let (store, secret, is_first) = open(&command.storage, &token::new_key()).await?;
    if is_first {
        eprintln!("First start: created the superuser akadmin.");
    }
    let app = App {
        store: store.clone(),
        secret,
        avatars: "none".parse()?,
        passwords: Passwords::new(1),
        limits: ObjectLimits::DEFAULT,
        guesses: Guesses::new(Guesses::DEFAULT),
        edition: Edition::V2024_8,
    };
    let identifier = command.identifier.unwrap_or_else(|| random::uuid().to_string());
    let key = token::new_key();
    app.create_token(&command.user, identifier, key.clone()).await?;
    println!("{}", key.expose_secret());
    store.close().await;
    Ok(())
}
