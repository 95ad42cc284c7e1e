//! `rollcall token`, as far as the server does it.

use chrono::{DateTime, Utc};
use rollcall_client::types;
use secrecy::SecretString;

use super::{
    connection::{Connection, field},
    pages, prompt, times, users,
};
use crate::{
    cli::{Exit, Failure},
    telemetry::visible,
};

/// A token to be created.
pub struct NewToken<'n> {
    pub user: &'n str,
    pub identifier: &'n str,
    pub description: &'n str,
    /// `api` or `app_password`.
    pub intent: &'n str,
    pub expires: Option<DateTime<Utc>>,
}

/// Creates a token, and returns its key.
///
/// # Errors
///
/// If the server refuses it, or doesn't show the key.
pub async fn create(connection: &Connection, new: &NewToken<'_>) -> Result<SecretString, Failure> {
    let user = owner(connection, new.user).await?;
    let body = types::TokenRequest::builder()
        .identifier(field::<types::TokenRequestIdentifier>("identifier", new.identifier)?)
        .user(user)
        .description(Some(new.description.to_owned()))
        .intent(Some(field("intent", new.intent)?))
        .expiring(Some(new.expires.is_some()))
        .expires(new.expires);
    connection.call(connection.client.core_tokens_create().body(body).send()).await?;
    let request = connection.client.core_tokens_view_key_retrieve().identifier(new.identifier).send();
    let viewed = connection.call(request).await.map_err(|failure| {
        let message = format!("created token {}, but its key can't be read: {failure}", new.identifier);
        Failure::new(failure.exit, message)
    })?;
    Ok(viewed.value.key.into())
}

/// The id of the token's owner; `None` for the user who asks, if that is no superuser and so can't look users up.
async fn owner(connection: &Connection, username: &str) -> Result<Option<i64>, Failure> {
    let refusal = match users::find(connection, username).await {
        Ok(found) => return Ok(Some(found.user.pk)),
        Err(failure) if failure.exit == Exit::Forbidden => failure,
        Err(failure) => return Err(failure),
    };
    match connection.call(connection.client.core_users_me_retrieve().send()).await {
        Ok(me) if *me.value.user.username == username => Ok(None),
        _ => Err(refusal),
    }
}

/// Lists tokens, or those of a user.
pub async fn list(connection: &Connection, user: Option<&str>) -> Result<(), Failure> {
    let fetch = async |page: i64, size: i64| {
        let mut request = connection.client.core_tokens_list().page(page).page_size(size);
        if let Some(username) = user {
            request = request.user_username(username);
        }
        connection.call(request.send()).await
    };
    let rows = |page: types::PaginatedTokenList| page.results.iter().map(row).collect();
    pages::print_all(connection, &["IDENTIFIER", "USER", "INTENT", "EXPIRES", "DESCRIPTION"], fetch, rows).await
}

fn row(token: &types::Token) -> Vec<String> {
    let expires = if token.expiring == Some(false) { "never".to_owned() } else { times::shown(token.expires) };
    vec![
        token.identifier.to_string(),
        token.user_obj.username.to_string(),
        token.intent.map(|intent| intent.to_string()).unwrap_or_default(),
        expires,
        token.description.clone().unwrap_or_default(),
    ]
}

/// Deletes a token.
pub async fn revoke(connection: &Connection, identifier: &str, is_confirmed: bool) -> Result<(), Failure> {
    prompt::check_can_ask(is_confirmed)?;
    // In a path, dots would lead elsewhere.
    if identifier.is_empty() || identifier.bytes().all(|byte| byte == b'.') {
        return Err(Failure::new(Exit::NotFound, format!("there is no token {identifier:?}")));
    }
    let reply = connection.call(connection.client.core_tokens_retrieve().identifier(identifier).send()).await;
    let found = reply.map_err(|failure| match failure.exit {
        Exit::NotFound => Failure::new(Exit::NotFound, format!("there is no token {identifier:?}")),
        _ => failure,
    })?;
    let shown = format!("{} of {}", visible(identifier), visible(&found.value.user_obj.username));
    prompt::confirm(is_confirmed, &format!("Revoke token {shown}?"))?;
    connection.call(connection.client.core_tokens_destroy().identifier(identifier).send()).await?;
    connection.output.done(&format!("revoked token {shown}"), &found.object()?)
}
