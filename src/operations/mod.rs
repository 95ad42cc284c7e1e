//! The operations of the contract, one file per operation, named by its verb. Each parses the body and calls the store.
//! Who may call an operation is in the contract, and checked before it is called.

mod admin;
mod groups;
mod root;
mod schema;
mod tokens;
mod users;

mod changes;
mod enumerations;
mod failure;
mod list;
mod monitor;
mod passwords;
mod present;

pub use passwords::Passwords;
use present::Included;

use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

use crate::{
    api::{Authenticate, Callers, Edition, Failure, FieldErrors, JsonObject, MaybeUndefined, UuidRef},
    domain::{
        avatar::Avatars,
        guesses::{Guesses, Verdict},
        limits::ObjectLimits,
        secret::InstanceSecret,
        token::{Caller, Lifetimes},
    },
    store::Store,
};

/// The state shared by all operations.
#[derive(Debug)]
pub struct App {
    pub store: Store,
    pub secret: InstanceSecret,
    pub avatars: Avatars,
    pub passwords: Passwords,
    pub limits: ObjectLimits,
    pub lifetimes: Lifetimes,
    pub guesses: Guesses,
    /// The edition whose document is served, and whose version is told, unless the client asks for another.
    pub edition: Edition,
}

/// Fails to compile, naming the operation, if one is not implemented.
const _: fn() = || {
    fn complete<T: crate::api::Api>() {}
    complete::<App>();
};

impl Authenticate for App {
    type Caller = Caller;

    async fn authenticate(&self, token: &str, client: IpAddr) -> Result<Caller, Failure> {
        let digest = self.secret.digest(token);
        const INVALID: Failure = Failure::Unauthenticated("Token invalid/expired");
        let throttled = |wait: Duration| {
            let begun = u64::from(wait.subsec_nanos() > 0);
            Failure::TooManyGuesses { seconds: wait.as_secs() + begun }
        };
        let attempt = self.guesses.attempt(client, &digest, token.len(), Instant::now()).map_err(throttled)?;
        match self.store.caller(&digest).await {
            Ok(Some(caller)) => {
                attempt.succeeded();
                Ok(caller)
            }
            Ok(None) => match attempt.failed() {
                Verdict::TooEarly(wait) => Err(throttled(wait)),
                Verdict::Wrong => Err(INVALID),
                Verdict::WrongAndWait(wait) => {
                    tracing::warn!(%client, ?wait, "too many wrong tokens: the next ones have to wait");
                    Err(INVALID)
                }
            },
            Err(error) => {
                attempt.undecided();
                Err(error.into())
            }
        }
    }

    fn username(caller: &Caller) -> &str {
        &caller.username
    }

    fn is_among(caller: &Caller, callers: Callers) -> bool {
        match callers {
            Callers::Users => true,
            Callers::Superusers => caller.is_superuser,
        }
    }
}

/// Checks the roles that a request gives to a user or group. There are no roles, so any is unknown.
fn check_roles(roles: Option<&[UuidRef]>) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.extend("roles", roles.and_then(|roles| roles.first()).map(UuidRef::unknown));
    errors
}

/// Checks the size of the attributes that a request sets.
fn check_attributes(attributes: Option<&JsonObject>, limits: ObjectLimits) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.check("attributes", limits.check_attributes(attributes.map_or(0, |object| object.0.get().len())));
    errors
}

/// Converts a nullable field: `None` if it was omitted, `Some(None)` for null.
fn given<T>(field: MaybeUndefined<T>) -> Option<Option<T>> {
    match field {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}
