//! `rollcall serve`.

use std::sync::Arc;

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use super::{Exit, Failure, arguments::FileArgument};
use crate::{
    config::{Settings, Storage},
    domain::{
        guesses::Guesses,
        secret::InstanceSecret,
        token::{self, Lifetimes},
    },
    http::{self, Bound},
    operations::{App, Passwords},
    panics,
    store::Store,
};

/// Opens and sets up the store. On first start `key` becomes the administrator's token. Returns whether it did.
pub async fn open(storage: &Storage, key: &SecretString) -> Result<(Store, InstanceSecret, bool), Failure> {
    storage.create_directory()?;
    let secret = storage.secret()?;
    let store = Store::open(&storage.database(), storage.database_connections, storage.read_limits())?;
    let is_first = store.set_up(&secret, key).await?;
    Ok((store, secret, is_first))
}

#[derive(Debug, Args)]
pub struct ServeCommand {
    #[command(flatten)]
    settings: Settings,

    #[command(flatten)]
    _file: FileArgument,
}

pub async fn serve(command: ServeCommand) -> Result<(), Failure> {
    let Settings { server, storage, directory } = command.settings;
    storage.log.start();
    panics::log();
    let (is_given, limits) = (directory.bootstrap_token.is_some(), directory.limits());
    let key = directory.bootstrap_token.unwrap_or_else(token::new_key);
    let transport = server.transport()?;
    // Bind first, so that a second server on the same address fails before it changes anything.
    let bound =
        Bound::to(server.listen).map_err(|error| Failure::new(Exit::Failed, format!("{}: {error}", server.listen)))?;
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
        lifetimes: Lifetimes::DEFAULT,
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
