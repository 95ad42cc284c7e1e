//! The operations of the contract, one file each, named by their verbs: each a paragraph that checks the caller, reads
//! the body, and lets the store act.

mod groups;
mod root;
mod schema;
mod tokens;
mod users;

mod failure;
mod list;
mod present;

use secrecy::SecretString;

use crate::{
    api::{Authenticate, Failure, MaybeUndefined},
    domain::{
        avatar::Avatars,
        secret::InstanceSecret,
        token::{Caller, Intent, NewToken},
    },
    store::{self, Store},
};

/// What operations work with.
#[derive(Debug)]
pub struct App {
    pub store: Store,
    pub secret: InstanceSecret,
    pub avatars: Avatars,
    /// The fewest characters of a new password.
    pub password_min_length: usize,
}

/// Every operation of the contract is there; the compiler names the one that is not.
const _: fn() = || {
    fn complete<T: crate::api::Api>() {}
    complete::<App>();
};

impl Authenticate for App {
    type Caller = Caller;

    async fn authenticate(&self, token: &str) -> Result<Caller, Failure> {
        let caller = self.store.caller(&self.secret, token).await?;
        caller.ok_or(Failure::Unauthenticated("Token invalid/expired"))
    }
}

/// Lets only superusers pass.
fn require_superuser(caller: &Caller) -> Result<(), Failure> {
    if caller.is_superuser { Ok(()) } else { Err(Failure::Forbidden) }
}

/// What a nullable field asks for: nothing if it was left out, else the value or null.
fn given<T>(field: MaybeUndefined<T>) -> Option<Option<T>> {
    match field {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

/// Why a token could not be made for a user.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("there is no user {0:?}")]
    NoUser(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl App {
    /// Makes an API token for the user with this name.
    ///
    /// # Errors
    ///
    /// When there is no such user, or the identifier is taken.
    pub async fn create_token(&self, username: &str, identifier: String, key: SecretString) -> Result<(), TokenError> {
        let user_id = self.store.user_id(username).await?.ok_or_else(|| TokenError::NoUser(username.to_owned()))?;
        let description = "Made on the command line".to_owned();
        let token = NewToken { identifier, intent: Intent::Api, description, expires: None, managed: None, key };
        self.store.create_token(&self.secret, user_id.into(), &token).await?;
        Ok(())
    }
}
