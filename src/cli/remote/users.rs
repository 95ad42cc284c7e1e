//! `rollcall user`

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use rollcall_client::types;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, value::RawValue};

use super::{
    connection::{Connection, ConnectionArgs, field},
    groups, pages, prompt, times,
};
use crate::{
    cli::{Exit, Failure, output::print_details},
    telemetry::visible,
};

/// The types that a client may give a user.
const TYPES: [&str; 3] = ["internal", "external", "service_account"];

/// Manage users of a running server
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct UserArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Create a user
    Create(Box<Create>),
    /// List users
    List(List),
    /// Show a user with its groups
    Show(Named),
    /// Set a user's password: asks for it, or reads the first line of standard input if that is no terminal
    SetPassword(Named),
    /// Deactivate a user, whose tokens are then refused
    Deactivate(Named),
    /// Delete a user with its tokens
    Delete(Delete),
}

/// A user by its name.
#[derive(Debug, Args)]
struct Named {
    /// Username; after `--` if it starts with `-`
    username: String,
}

#[derive(Debug, Args)]
struct Create {
    /// Username; after `--` if it starts with `-`
    username: String,

    /// Full name [default: none]
    #[arg(long, default_value = "", hide_default_value = true)]
    name: String,

    /// Email address [default: none]
    #[arg(long)]
    email: Option<String>,

    /// Name of a group to join; can be repeated
    #[arg(long = "group", value_name = "NAME")]
    groups: Vec<String>,

    /// Path, such as `staff/berlin` [default: users]
    #[arg(long)]
    path: Option<String>,

    /// Type [default: internal]
    #[arg(long = "type", value_name = "TYPE",
        value_parser = PossibleValuesParser::new(TYPES).try_map(|name| types::UserTypeEnum::try_from(name)))]
    kind: Option<types::UserTypeEnum>,

    /// Attributes, as a JSON object
    #[arg(long, value_name = "JSON", value_parser = attributes)]
    attributes: Option<Attributes>,

    /// Create the user deactivated
    #[arg(long)]
    inactive: bool,

    /// Set the password, too: it is the first line of standard input, or asked for if that is a terminal
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Args)]
struct List {
    /// Only users with these words in their username, name or email address
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,

    /// Only members of this group
    #[arg(long, value_name = "NAME")]
    group: Option<String>,

    /// Only active users
    #[arg(long, conflicts_with = "inactive")]
    active: bool,

    /// Only inactive users
    #[arg(long)]
    inactive: bool,

    /// Only users whose path starts like this
    #[arg(long, value_name = "PATH")]
    path_prefix: Option<String>,

    /// Field to sort by, such as `username`; with `-` before it (`--ordering=-username`) in descending order
    #[arg(long, value_name = "FIELD")]
    ordering: Option<String>,
}

#[derive(Debug, Args)]
struct Delete {
    /// Username; after `--` if it starts with `-`
    username: String,

    /// Don't ask
    #[arg(long, short)]
    yes: bool,
}

/// Attributes of a user or group. Not a `Map`, which the parser of arguments would take for several values.
#[derive(Clone, Debug)]
pub struct Attributes(pub Map<String, Value>);

/// Parses the value of `--attributes`.
pub fn attributes(text: &str) -> Result<Attributes, String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Ok(Attributes(map)),
        Ok(_) => Err("must be a JSON object such as {\"badge\": 4711}".to_owned()),
        Err(error) => Err(format!("not JSON: {error}")),
    }
}

/// A user, and as the server sent it.
pub struct Found {
    pub user: types::User,
    pub json: Box<RawValue>,
}

impl Found {
    /// How messages name the user.
    pub fn shown(&self) -> String {
        format!("{} (pk {})", visible(&self.user.username), self.user.pk)
    }
}

pub async fn run(arguments: UserArgs) -> Result<(), Failure> {
    let connection = arguments.connection.connect()?;
    match arguments.command {
        UserCommand::Create(command) => create(&connection, *command).await,
        UserCommand::List(command) => list(&connection, command).await,
        UserCommand::Show(Named { username }) => show(&connection, &username).await,
        UserCommand::SetPassword(Named { username }) => {
            let found = find(&connection, &username).await?;
            set_password(&connection, &found, &prompt::new_password()?).await?;
            connection.output.done(&format!("set the password of user {}", found.shown()), &found.json)
        }
        UserCommand::Deactivate(Named { username }) => deactivate(&connection, &username).await,
        UserCommand::Delete(Delete { username, yes }) => delete(&connection, &username, yes).await,
    }
}

/// Returns the user with this name.
///
/// # Errors
///
/// If there is none.
pub async fn find(connection: &Connection, username: &str) -> Result<Found, Failure> {
    let request = connection.client.core_users_list().username(username).page_size(1).send();
    let reply = connection.call(request).await?;
    let json = reply.raw::<OneOf<'_>>()?.results.first().map(|json| (*json).to_owned());
    let user = reply.value.results.into_iter().next();
    match user.zip(json) {
        // A server that doesn't know the filter returns other users.
        Some((user, json)) if *user.username == username => Ok(Found { user, json }),
        _ => Err(Failure::new(Exit::NotFound, format!("there is no user {username:?}"))),
    }
}

#[derive(serde::Deserialize)]
pub struct OneOf<'r> {
    #[serde(borrow)]
    pub results: Vec<&'r RawValue>,
}

async fn create(connection: &Connection, command: Create) -> Result<(), Failure> {
    // First, so that nothing is created without its password.
    let password = command.password_stdin.then(prompt::new_password).transpose()?;
    let mut group_ids = Vec::new();
    for name in &command.groups {
        group_ids.push(groups::find(connection, name).await?.group.pk);
    }
    let email = command.email.as_deref().map(|email| field("email", email)).transpose()?;
    let path = command.path.as_deref().map(|path| field("path", path)).transpose()?;
    let body = types::UserRequest::builder()
        .username(field::<types::UserRequestUsername>("username", &command.username)?)
        .name(command.name)
        .email(email)
        .path(path)
        .type_(command.kind)
        .is_active(Some(!command.inactive))
        .groups(group_ids)
        .attributes(command.attributes.map(|attributes| attributes.0).unwrap_or_default());
    let reply = connection.call(connection.client.core_users_create().body(body).send()).await?;
    let created = Found { json: reply.object()?, user: reply.value };
    if let Some(password) = password {
        set_password(connection, &created, &password).await.map_err(|failure| {
            Failure::new(failure.exit, format!("created user {}, but without its password: {failure}", created.shown()))
        })?;
    }
    connection.output.done(&format!("created user {}", created.shown()), &created.json)
}

async fn set_password(connection: &Connection, found: &Found, password: &SecretString) -> Result<(), Failure> {
    let password = field::<types::UserPasswordSetRequestPassword>("password", password.expose_secret())?;
    let body = types::UserPasswordSetRequest::builder().password(password);
    connection.call(connection.client.core_users_set_password_create().id(found.user.pk).body(body).send()).await?;
    Ok(())
}

async fn list(connection: &Connection, command: List) -> Result<(), Failure> {
    let fetch = async |page: i64, size: i64| {
        let mut request = connection.client.core_users_list().page(page).page_size(size);
        if let Some(words) = &command.search {
            request = request.search(words);
        }
        if let Some(name) = &command.group {
            request = request.groups_by_name(vec![name.clone()]);
        }
        if command.active || command.inactive {
            request = request.is_active(command.active);
        }
        if let Some(prefix) = &command.path_prefix {
            request = request.path_startswith(prefix);
        }
        if let Some(ordering) = &command.ordering {
            request = request.ordering(ordering);
        }
        if !connection.output.json {
            request = request.include_groups(false).include_roles(false);
        }
        connection.call(request.send()).await
    };
    pages::print_all(connection, &HEADER, fetch, |page| rows(&page)).await
}

/// The columns of a list of users.
pub const HEADER: [&str; 7] = ["PK", "USERNAME", "NAME", "EMAIL", "ACTIVE", "TYPE", "PATH"];

/// A row for each user.
pub fn rows(page: &types::PaginatedUserList) -> Vec<Vec<String>> {
    let row = |user: &types::User| {
        vec![
            user.pk.to_string(),
            user.username.to_string(),
            user.name.clone(),
            user.email.as_deref().cloned().unwrap_or_default(),
            yes_or_no(user.is_active.unwrap_or_default()),
            user.type_.map(|kind| kind.to_string()).unwrap_or_default(),
            user.path.clone().unwrap_or_default(),
        ]
    };
    page.results.iter().map(row).collect()
}

pub fn yes_or_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

async fn show(connection: &Connection, username: &str) -> Result<(), Failure> {
    let Found { user, json } = find(connection, username).await?;
    if connection.output.json {
        return connection.output.object(&json);
    }
    let groups = user.groups_obj.iter().flatten().map(|group| visible(&group.name).into_owned());
    print_details(&[
        ("pk", user.pk.to_string()),
        ("username", visible(&user.username).into_owned()),
        ("name", visible(&user.name).into_owned()),
        ("email", visible(user.email.as_deref().map_or("", |email| email)).into_owned()),
        ("active", yes_or_no(user.is_active.unwrap_or_default())),
        ("superuser", yes_or_no(user.is_superuser)),
        ("type", user.type_.map(|kind| kind.to_string()).unwrap_or_default()),
        ("path", visible(user.path.as_deref().unwrap_or_default()).into_owned()),
        ("groups", groups.collect::<Vec<_>>().join(", ")),
        ("attributes", visible(&serde_json::to_string(&user.attributes)?).into_owned()),
        ("last_login", times::shown(user.last_login)),
        ("date_joined", times::shown(Some(user.date_joined))),
        ("password_change_date", times::shown(Some(user.password_change_date))),
        ("last_updated", times::shown(Some(user.last_updated))),
        ("uuid", user.uuid.to_string()),
        ("uid", visible(&user.uid).into_owned()),
    ])
}

async fn deactivate(connection: &Connection, username: &str) -> Result<(), Failure> {
    let found = find(connection, username).await?;
    let body = types::PatchedUserRequest::builder().is_active(Some(false));
    let request = connection.client.core_users_partial_update().id(found.user.pk).body(body).send();
    let json = connection.call(request).await?.object()?;
    connection.output.done(&format!("deactivated user {}", found.shown()), &json)
}

async fn delete(connection: &Connection, username: &str, is_confirmed: bool) -> Result<(), Failure> {
    prompt::check_can_ask(is_confirmed)?;
    let found = find(connection, username).await?;
    prompt::confirm(is_confirmed, &format!("Delete user {} with its tokens?", found.shown()))?;
    connection.call(connection.client.core_users_destroy().id(found.user.pk).send()).await?;
    connection.output.done(&format!("deleted user {}", found.shown()), &found.json)
}
