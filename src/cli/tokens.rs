//! `rollcall token`.

use clap::{Args, Subcommand};
use secrecy::ExposeSecret;

use super::{Failure, serve::open};
use crate::{
    api::Edition,
    config::Storage,
    domain::{guesses::Guesses, limits::ObjectLimits, random, token},
    operations::{App, Passwords},
};

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Create an API token for a user and print its key, which is shown only once
    Create(TokenCreate),
}

#[derive(Debug, Args)]
pub struct TokenCreate {
    /// Username of the token's owner
    #[arg(long, value_name = "NAME")]
    user: String,

    /// Unique identifier of the token [default: random]
    #[arg(long, value_name = "NAME")]
    identifier: Option<String>,

    #[command(flatten)]
    storage: Storage,
}

pub async fn create_token(command: TokenCreate) -> Result<(), Failure> {
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
