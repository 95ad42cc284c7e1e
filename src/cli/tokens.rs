//! `rollcall token`: over the API, or in the store for the first token.

use std::io::{self, Write};

use chrono::SecondsFormat;
use clap::{ArgMatches, Args, FromArgMatches, Subcommand, builder::PossibleValuesParser, parser::ValueSource};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{
    Exit, Failure,
    arguments::FileArgument,
    output::print,
    remote::{self, Connection, ConnectionArgs, Expiry, NewToken},
};
use crate::{
    config::{Logging, Storage},
    domain::{
        random,
        token::{self, Intent},
    },
    store::{SetupError, Store, Violation},
    telemetry::visible,
};

/// What a token may be created for.
const INTENTS: [&str; 2] = ["api", "app_password"];

/// Manage API tokens
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct TokenArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Create a token for a user and print its key
    ///
    /// Asks the server for it if a token is known that may do so. Without one, or with --data-dir or --database-url,
    /// creates it in the database itself, whether a server is running there or not.
    Create(Box<TokenCreate>),
    /// List tokens
    List {
        /// Only tokens of this user
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
    },
    /// Delete a token, which is then refused
    Revoke {
        /// Identifier of the token
        identifier: String,

        /// Don't ask
        #[arg(long, short)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
struct TokenCreate {
    /// Before the others, which take their values out of what was parsed.
    #[command(flatten)]
    named: Named,

    /// Username of the token's owner
    #[arg(long, value_name = "NAME")]
    user: String,

    /// Unique identifier of the token, of letters, digits, `-` and `_` [default: random]
    #[arg(long, value_name = "NAME", value_parser = identifier)]
    identifier: Option<String>,

    /// What the token is for
    #[arg(long, value_name = "TEXT", default_value = "Created on the command line")]
    description: String,

    /// Whether the token is for the API or for signing in to an application
    #[arg(long, default_value = "api", value_parser = PossibleValuesParser::new(INTENTS))]
    intent: String,

    /// When the token expires: in a time such as `30d` or `12h`, or at one such as `2027-01-31` [default: never]
    #[arg(long, value_name = "WHEN")]
    expires: Option<Expiry>,

    #[command(flatten)]
    storage: Storage,

    #[command(flatten)]
    logging: Logging,

    #[command(flatten)]
    _file: FileArgument,
}

/// What was named on the command line itself, not by a variable or settings file.
#[derive(Debug)]
struct Named {
    store: bool,
    server: bool,
}

impl FromArgMatches for Named {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let is_named = |id| matches.value_source(id) == Some(ValueSource::CommandLine);
        let store = is_named("data_dir") || is_named("database_url");
        Ok(Self { store, server: ["url", "token", "profile"].into_iter().any(is_named) })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Named {
    fn augment_args(command: clap::Command) -> clap::Command {
        command
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        command
    }
}

/// Parses an identifier as the contract allows it.
fn identifier(text: &str) -> Result<String, String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if text.is_empty() || text.len() > 255 || !text.bytes().all(is_allowed) {
        return Err("must have 1 to 255 letters, digits, `-` and `_`".to_owned());
    }
    Ok(text.to_owned())
}

pub async fn run(arguments: TokenArgs) -> Result<(), Failure> {
    match arguments.command {
        TokenCommand::Create(command) => create(&arguments.connection, *command).await,
        TokenCommand::List { user } => remote::list(&arguments.connection.connect()?, user.as_deref()).await,
        TokenCommand::Revoke { identifier, yes } => {
            remote::revoke(&arguments.connection.connect()?, &identifier, yes).await
        }
    }
}

async fn create(connection: &ConnectionArgs, command: TokenCreate) -> Result<(), Failure> {
    let identifier = command.identifier.clone().unwrap_or_else(|| random::uuid().to_string());
    let new = NewToken {
        user: &command.user,
        identifier: &identifier,
        description: &command.description,
        intent: &command.intent,
        expires: command.expires.map(|expiry| expiry.0),
    };
    let server = if command.named.store { None } else { Some(connection.target()?) };
    let (key, place) = match server.filter(|server| command.named.server || server.has_token()) {
        Some(server) => {
            let connection: Connection = server.connect()?;
            (remote::create(&connection, &new).await?, format!("at {}", connection.url))
        }
        None => (create_in_store(&command, &new).await?, format!("in {}", place(&command.storage))),
    };
    let expires = new.expires.map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    let text = if connection.json {
        json!({"identifier": identifier, "key": key.expose_secret(), "user": new.user, "expires": expires}).to_string()
    } else {
        key.expose_secret().to_owned()
    };
    let lifetime = expires.map_or_else(
        || "It never expires; --expires 30d, for example, would limit it.".to_owned(),
        |time| format!("It expires at {time}."),
    );
    let note = format!("created token {identifier} of user {} {place}. {lifetime}", visible(new.user));
    // The key counts, whether anybody reads this or not.
    let _ = writeln!(io::stderr(), "{note}");
    print(&format!("{text}\n"))
}

/// How messages name the database.
fn place(storage: &Storage) -> String {
    match &storage.database_url {
        None => storage.data_dir.display().to_string(),
        Some(url) => url.without_password(),
    }
}

/// Creates a token in the database. Sets nothing up: that is for `rollcall serve`, which shows the administrator's token
/// then, and updates a database of an older version when no other version uses it.
async fn create_in_store(command: &TokenCreate, new: &NewToken<'_>) -> Result<SecretString, Failure> {
    let (_log, storage) = (command.logging.start()?, &command.storage);
    let place = place(storage);
    let missing = || {
        let hint = "Run `rollcall serve` first, or name another location with --data-dir or --database-url";
        Failure::new(Exit::Failed, format!("{place}: no Rollcall database exists here yet. {hint}"))
    };
    let database = storage.database();
    if database.missing_file().is_some() {
        return Err(missing());
    }
    let store = Store::open(&database, storage.database_connections, storage.read_limits())?;
    let create = async {
        let wrong = |error| match error {
            SetupError::Empty => missing(),
            error => Failure::new(Exit::Failed, format!("{place}: {error}")),
        };
        store.check_set_up().await.map_err(wrong)?;
        let secret = storage.existing_secret()?;
        store.check_secret(&secret).await.map_err(wrong)?;
        let no_user = || Failure::new(Exit::NotFound, format!("there is no user {:?}", new.user));
        let user_id = store.user_id(new.user).await?.ok_or_else(no_user)?;
        let key = token::new_key();
        let token = token::NewToken {
            identifier: new.identifier.to_owned(),
            intent: new.intent.parse::<Intent>()?,
            description: new.description.to_owned(),
            expires: new.expires,
            managed: None,
            key: key.clone(),
        };
        match store.create_token(&secret, user_id.into(), token.into()).await? {
            Ok(_) => Ok(key),
            Err(rejection) if rejection.0.contains(&Violation::UnknownOwner) => Err(no_user()),
            Err(_) => Err(Failure::new(Exit::Rejected, "identifier: it is taken by another token")),
        }
    };
    let created = create.await;
    store.close().await;
    created
}
