//! An authentik for tests: the server with data from a file, and with an API to reset it, to see what was sent to it, to
//! let requests fail, and to set the time.
//!
//! It is the same server as `rollcall serve`, on a temporary database, and wrapped rather than changed: the rest of the
//! program only has a place for a time that was set, cheap password hashes, a database that needn't survive a power cut,
//! and responses that aren't sent. Nothing but this module uses these.

mod canned;
mod control;
mod directory;
mod faults;
mod instance;
mod members;
mod operations;
mod requests;
mod responses;
mod seed;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex as StdMutex, PoisonError, RwLock, atomic::AtomicU64},
};

use chrono::{DateTime, TimeDelta, Utc};
use poem::{Endpoint, Request, Response, Result};
use secrecy::SecretString;
use tokio::{
    sync::{Mutex, OwnedRwLockReadGuard},
    task::{JoinSet, spawn_blocking},
};

pub use self::seed::SeedError;
use self::{
    directory::Directory,
    instance::{Instance, InstanceError, Server, Template},
    operations::Operations,
    requests::Received,
    seed::Seed,
};
use crate::{
    api::Edition,
    data_dir::DataDirError,
    domain::{
        avatar::Avatars,
        clock::{self, OutOfRange},
        secret::InstanceSecret,
        token::Lifetimes,
    },
    store::{self, ReadLimits, SetupError, Store},
};

/// The secret key of every stand-in, so that the `uid`s of users are the same in each.
const SECRET: &str = "the secret key of all stand-ins";

/// What a stand-in begins with.
#[derive(Debug)]
pub struct Options {
    /// A file with its data, as YAML or JSON.
    pub seed: Option<PathBuf>,
    /// The administrator's token.
    pub token: SecretString,
    pub edition: Edition,
    pub avatars: Avatars,
    /// `None` for the system's time.
    pub time: Option<DateTime<Utc>>,
    /// The lifetime of all tokens that are created without an expiry; `None` for authentik's.
    pub token_lifetime: Option<TimeDelta>,
}

/// Why a stand-in can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Seed(#[from] SeedError),
    #[error("the time can't be set: {0}")]
    Time(#[from] OutOfRange),
    #[error(transparent)]
    Directory(#[from] DataDirError),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    SetUp(#[from] SetupError),
    #[error(transparent)]
    Instance(#[from] InstanceError),
}

/// A running stand-in. There is one in a process, because the time is the process's.
pub struct StandIn {
    template: Template,
    current: RwLock<Arc<Instance>>,
    /// Held during a reset.
    resetting: Mutex<()>,
    /// The instances that are closing.
    closing: StdMutex<JoinSet<()>>,
}

impl StandIn {
    /// Creates the database with the seed's data. To be called in a Tokio runtime.
    ///
    /// # Errors
    ///
    /// If the seed is wrong, or there can't be a directory for the database.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let Options { seed, token, edition, avatars, time, token_lifetime } = options;
        let lifetimes = token_lifetime
            .map_or(Lifetimes::DEFAULT, |lifetime| Lifetimes { token: lifetime, service_account: lifetime });
        let operations = Operations::of_contract();
        let seed = seed.map(|file| Seed::read(file, &operations)).transpose()?.unwrap_or_default();
        if let Some(time) = time {
            clock::set(time, false)?;
        }
        let directory = Directory::create()?;
        let secret = InstanceSecret::new(&SECRET.into());
        let server = Server { secret, avatars, lifetimes, edition };
        let database = directory.path().join("seed.sqlite3");
        let store = Store::open_for_tests(&database, ReadLimits::DEFAULT)?;
        store.set_up(&server.secret, &token).await?;
        if !seed.is_empty() {
            seed.apply(&server.endpoint(store.clone()), &token).await?;
        }
        // So that no instance has to.
        store.index_users().await?;
        store.close().await;
        let (faults, responses) = (seed.faults, seed.responses);
        let instances = AtomicU64::new(0);
        let template = Template { directory, server, database, faults, responses, operations, time, instances };
        let current = RwLock::new(Arc::new(template.instance().await?));
        let own = template.directory.path().to_owned();
        spawn_blocking(move || directory::remove_abandoned(&own));
        Ok(Self { template, current, resetting: Mutex::default(), closing: StdMutex::default() })
    }

    /// Goes back to the seed: the data, the faults, the requests and the time. Requests in flight end as they would have.
    ///
    /// # Errors
    ///
    /// If the database can't be copied.
    async fn reset(&self) -> Result<(), InstanceError> {
        let _turn = self.resetting.lock().await;
        let mut instance = Arc::new(self.template.instance().await?);
        {
            let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
            self.template.set_time();
            std::mem::swap(&mut *current, &mut instance);
        }
        let mut closing = self.closing.lock().unwrap_or_else(PoisonError::into_inner);
        while closing.try_join_next().is_some() {}
        closing.spawn(async move { instance.close().await });
        Ok(())
    }

    fn current(&self) -> Arc<Instance> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The current instance, which stays open while the guard exists.
    fn kept_open(&self) -> (Arc<Instance>, Option<OwnedRwLockReadGuard<()>>) {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        // There is a guard, because nothing closes the instance that is current.
        (current.clone(), current.keep_open())
    }

    /// Ends the delays of faults, so that the requests in flight end soon.
    pub fn end_delays(&self) {
        self.current().end_delays();
    }

    /// Closes everything. To be called when there are no more requests.
    pub async fn close(&self) {
        self.current().close().await;
        let mut closing = std::mem::take(&mut *self.closing.lock().unwrap_or_else(PoisonError::into_inner));
        while closing.join_next().await.is_some() {}
    }
}

impl Template {
    /// Makes the time what it is at first.
    fn set_time(&self) {
        match self.time {
            // It was set before, so it is in range.
            Some(time) => drop(clock::set(time, false)),
            None => clock::unset(),
        }
    }
}

impl Endpoint for StandIn {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let path = request.uri().path().to_owned();
        if let Some(path) = path.strip_prefix(control::PREFIX) {
            return Ok(control::respond(self, path, request).await);
        }
        // Before the instance is chosen, because a client may take its time, and nothing should wait for it.
        let received = Received::read(&mut request).await;
        let (instance, _open) = self.kept_open();
        Ok(instance.respond(&self.template, received, request).await)
    }
}
