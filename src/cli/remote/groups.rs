//! `rollcall group`

use clap::{Args, Subcommand};
use rollcall_client::types;
use serde_json::value::RawValue;

use super::{
    connection::{Connection, ConnectionArgs, field},
    pages, prompt,
    users::{self, Attributes, OneOf, attributes, yes_or_no},
};
use crate::{
    cli::{
        Exit, Failure,
        output::{print, print_details},
    },
    telemetry::visible,
};

/// Manage groups of a running server
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct GroupArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(subcommand)]
    command: GroupCommand,
}

#[derive(Debug, Subcommand)]
enum GroupCommand {
    /// Create a group
    Create(Create),
    /// List groups
    List(List),
    /// Show a group with its members
    Show {
        /// Name of the group
        name: String,
    },
    /// Add users to a group
    Add(Members),
    /// Remove users from a group
    Remove(Members),
    /// Delete a group; its members stay
    Delete(Delete),
}

#[derive(Debug, Args)]
struct Create {
    /// Name of the group
    name: String,

    /// Name of a group to which it belongs; can be repeated
    #[arg(long = "parent", value_name = "NAME")]
    parents: Vec<String>,

    /// Make its members superusers
    #[arg(long)]
    superuser: bool,

    /// Attributes, as a JSON object
    #[arg(long, value_name = "JSON", value_parser = attributes)]
    attributes: Option<Attributes>,
}

#[derive(Debug, Args)]
struct List {
    /// Only groups with these words in their name
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
}

#[derive(Debug, Args)]
struct Members {
    /// Name of the group
    name: String,

    /// Users, by their usernames
    #[arg(required = true, value_name = "USERNAME")]
    usernames: Vec<String>,
}

#[derive(Debug, Args)]
struct Delete {
    /// Name of the group
    name: String,

    /// Don't ask
    #[arg(long, short)]
    yes: bool,
}

/// A group without its members, and as the server sent it.
pub struct Found {
    pub group: types::Group,
    json: Box<RawValue>,
}

pub async fn run(arguments: GroupArgs) -> Result<(), Failure> {
    let connection = arguments.connection.connect()?;
    match arguments.command {
        GroupCommand::Create(command) => create(&connection, command).await,
        GroupCommand::List(command) => list(&connection, command).await,
        GroupCommand::Show { name } => show(&connection, &name).await,
        GroupCommand::Add(command) => change_members(&connection, command, true).await,
        GroupCommand::Remove(command) => change_members(&connection, command, false).await,
        GroupCommand::Delete(command) => delete(&connection, command).await,
    }
}

/// Returns the group with this name.
///
/// # Errors
///
/// If there is none.
pub async fn find(connection: &Connection, name: &str) -> Result<Found, Failure> {
    let request = connection.client.core_groups_list().name(name).page_size(1);
    let reply = connection.call(request.include_users(false).include_parents(true).send()).await?;
    let json = reply.raw::<OneOf<'_>>()?.results.first().map(|json| (*json).to_owned());
    let group = reply.value.results.into_iter().next();
    match group.zip(json) {
        // A server that doesn't know the filter returns other groups.
        Some((group, json)) if group.name == name => Ok(Found { group, json }),
        _ => Err(Failure::new(Exit::NotFound, format!("there is no group {name:?}"))),
    }
}

async fn create(connection: &Connection, command: Create) -> Result<(), Failure> {
    let mut parents = Vec::new();
    for name in &command.parents {
        parents.push(find(connection, name).await?.group.pk);
    }
    let body = types::GroupRequest::builder()
        .name(field::<types::GroupRequestName>("name", &command.name)?)
        .parents(parents)
        .is_superuser(Some(command.superuser))
        .attributes(command.attributes.map(|attributes| attributes.0).unwrap_or_default());
    let reply = connection.call(connection.client.core_groups_create().body(body).send()).await?;
    let message = format!("created group {}", visible(&command.name));
    connection.output.done(&message, &reply.object()?)
}

async fn list(connection: &Connection, command: List) -> Result<(), Failure> {
    let fetch = async |page: i64, size: i64| {
        let mut request = connection.client.core_groups_list().page(page).page_size(size);
        if let Some(words) = &command.search {
            request = request.search(words);
        }
        // The ids of members are there without it, too.
        connection.call(request.include_users(false).include_parents(true).send()).await
    };
    let rows = |page: types::PaginatedGroupList| {
        let row = |group: types::Group| {
            vec![
                group.name.clone(),
                group.users.len().to_string(),
                yes_or_no(group.is_superuser.unwrap_or_default()),
                parents(&group),
            ]
        };
        page.results.into_iter().map(row).collect()
    };
    pages::print_all(connection, &["NAME", "MEMBERS", "SUPERUSER", "PARENTS"], fetch, rows).await
}

/// The names of a group's parents.
fn parents(group: &types::Group) -> String {
    let names = group.parents_obj.iter().flatten().map(|parent| parent.name.clone());
    names.collect::<Vec<_>>().join(", ")
}

async fn show(connection: &Connection, name: &str) -> Result<(), Failure> {
    let Found { group, .. } = find(connection, name).await?;
    if connection.output.json {
        let request = connection.client.core_groups_retrieve().group_uuid(group.pk).include_parents(true);
        return connection.output.object(&connection.call(request.send()).await?.object()?);
    }
    print_details(&[
        ("pk", group.pk.to_string()),
        ("name", visible(&group.name).into_owned()),
        ("superuser", yes_or_no(group.is_superuser.unwrap_or_default())),
        ("parents", visible(&parents(&group)).into_owned()),
        ("attributes", visible(&serde_json::to_string(&group.attributes)?).into_owned()),
        ("members", group.users.len().to_string()),
    ])?;
    if group.users.is_empty() {
        return Ok(());
    }
    print("\n")?;
    let fetch = async |page: i64, size: i64| {
        let request = connection.client.core_users_list().groups_by_pk(vec![group.pk]).page(page).page_size(size);
        connection.call(request.include_groups(false).include_roles(false).send()).await
    };
    pages::print_all(connection, &users::HEADER, fetch, |page| users::rows(&page)).await
}

async fn change_members(connection: &Connection, command: Members, is_added: bool) -> Result<(), Failure> {
    let Found { group, .. } = find(connection, &command.name).await?;
    // All of them first, so that a mistake in one name changes nothing.
    let mut members = Vec::new();
    for username in &command.usernames {
        members.push(users::find(connection, username).await?);
    }
    for member in &members {
        let body = types::UserAccountRequest::builder().pk(member.user.pk);
        let client = &connection.client;
        if is_added {
            connection.call(client.core_groups_add_user_create().group_uuid(group.pk).body(body).send()).await?;
        } else {
            connection.call(client.core_groups_remove_user_create().group_uuid(group.pk).body(body).send()).await?;
        }
        if !connection.output.json {
            let change = if is_added { ("added", "to") } else { ("removed", "from") };
            print(&format!("{} {} {} {}\n", change.0, member.shown(), change.1, visible(&group.name)))?;
        }
    }
    if connection.output.json {
        let changed = connection.call(connection.client.core_groups_retrieve().group_uuid(group.pk).send()).await?;
        connection.output.object(&changed.object()?)?;
    }
    Ok(())
}

async fn delete(connection: &Connection, command: Delete) -> Result<(), Failure> {
    prompt::check_can_ask(command.yes)?;
    let Found { group, json } = find(connection, &command.name).await?;
    let (name, members) = (visible(&group.name), group.users.len());
    let members = if members == 1 { "1 member".to_owned() } else { format!("{members} members") };
    prompt::confirm(command.yes, &format!("Delete group {name} with {members}?"))?;
    connection.call(connection.client.core_groups_destroy().group_uuid(group.pk).send()).await?;
    connection.output.done(&format!("deleted group {name}"), &json)
}
