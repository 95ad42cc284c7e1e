//! One server with its own copy of the seeded database. A reset replaces it by a new one, so nothing that a test did can
//! stay behind, whether in the data or in a cache.

use std::{
    io, mem,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use poem::{
    Endpoint, Request, Response,
    endpoint::BoxEndpoint,
    http::{StatusCode, Uri, header},
};
use tokio::{
    sync::{OwnedRwLockReadGuard, RwLock, watch},
    task::{JoinSet, spawn_blocking},
    time::timeout,
};

use super::{
    directory::{DatabaseFile, Directory},
    faults::{Fault, Faults},
    operations::Operations,
    requests::{Log, Received},
    responses::Responses,
};
use crate::{
    api::{Edition, Limits},
    domain::{avatar::Avatars, guesses::Guesses, limits::ObjectLimits, secret::InstanceSecret, token::Lifetimes},
    http::{self, CloseWithoutResponse, Monitor, Origins, WireLimits},
    operations::{App, Passwords},
    store::{self, ReadLimits, Store},
};

/// The path of an operation that every user may call.
const OWN_USER: &str = "/api/v3/core/users/me/";

/// What every instance begins with.
#[derive(Debug)]
pub struct Template {
    pub directory: Directory,
    pub server: Server,
    /// The seeded database, which nothing has open.
    pub database: PathBuf,
    pub faults: Vec<Arc<Fault>>,
    pub responses: Responses,
    pub operations: Operations,
    /// The time that it is at first; `None` for the system's.
    pub time: Option<DateTime<Utc>>,
    pub instances: AtomicU64,
}

/// The settings of the servers.
#[derive(Debug)]
pub struct Server {
    pub secret: InstanceSecret,
    pub avatars: Avatars,
    pub lifetimes: Lifetimes,
    pub edition: Edition,
}

impl Server {
    /// The server on this database.
    pub fn endpoint(&self, store: Store) -> BoxEndpoint<'static> {
        let app = Arc::new(App {
            store,
            secret: self.secret.clone(),
            avatars: self.avatars.clone(),
            passwords: Passwords::of_tests(),
            limits: ObjectLimits::DEFAULT,
            lifetimes: self.lifetimes,
            guesses: Guesses::new(0),
            edition: self.edition,
        });
        let monitor = Monitor::of(app.clone());
        http::endpoint(app, &monitor, Limits::DEFAULT, &WireLimits::DEFAULT, &Origins::default())
    }
}

impl Template {
    /// Makes a new instance.
    ///
    /// # Errors
    ///
    /// If the database can't be copied or opened.
    pub async fn instance(&self) -> Result<Instance, InstanceError> {
        let number = self.instances.fetch_add(1, Ordering::Relaxed);
        let (from, to) = (self.database.clone(), self.directory.path().join(format!("{number}.sqlite3")));
        let copied = spawn_blocking(move || DatabaseFile::copy(&from, to)).await.map_err(io::Error::other)?;
        let file = copied?;
        let store = Store::open_for_tests(file.path(), ReadLimits::DEFAULT)?;
        let mut faults = Faults::default();
        for fault in &self.faults {
            // They are within the limits, or the seed would have been refused.
            let _ = faults.add(fault.clone());
        }
        Ok(Instance {
            endpoint: self.server.endpoint(store.clone()),
            tasks: Mutex::new(store.start_background_tasks()),
            store,
            log: Mutex::default(),
            faults: Mutex::new(faults),
            uses: Arc::default(),
            has_ended: watch::Sender::default(),
            _file: file,
        })
    }
}

/// Why there is no new instance.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    #[error("the database can't be copied: {0}")]
    Copy(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// A server, and what tests have set and sent since it began.
pub struct Instance {
    endpoint: BoxEndpoint<'static>,
    store: Store,
    tasks: Mutex<JoinSet<()>>,
    log: Mutex<Log>,
    faults: Mutex<Faults>,
    /// Read by every request in flight.
    uses: Arc<RwLock<()>>,
    /// Ends delays.
    has_ended: watch::Sender<bool>,
    /// Dropped, and so removed, when the store is closed.
    _file: DatabaseFile,
}

impl Instance {
    /// Keeps the instance open while the result exists. `None` if it is closing.
    pub fn keep_open(&self) -> Option<OwnedRwLockReadGuard<()>> {
        self.uses.clone().try_read_owned().ok()
    }

    /// Ends the delays of faults at once, also those that begin later.
    pub fn end_delays(&self) {
        self.has_ended.send_replace(true);
    }

    /// Closes the instance, which gets no new requests, once those in flight have ended. Delays end at once.
    pub async fn close(&self) {
        self.end_delays();
        let _unused = self.uses.write().await;
        let mut tasks = mem::take(&mut *lock(&self.tasks));
        tasks.shutdown().await;
        self.store.clone().close().await;
    }

    pub fn log(&self) -> MutexGuard<'_, Log> {
        lock(&self.log)
    }

    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    /// Responds to a request of a client.
    pub async fn respond(&self, template: &Template, received: Received, request: Request) -> Response {
        let path = request.uri().path();
        let operation = template.operations.of_request(request.method(), path);
        let fault = if Operations::is_api(path) { self.faults().next(operation) } else { None };
        let number = self.log().add(operation, received, fault.as_ref().map(|(id, _)| *id));
        let response = match fault {
            Some((_, fault)) => self.respond_with(&fault, template, request).await,
            None => self.carry_out(template, request).await,
        };
        if response.extensions().get::<CloseWithoutResponse>().is_none() {
            self.log().responded(number, response.status());
        }
        response
    }

    /// Responds as the server does, or as the seed says instead.
    async fn carry_out(&self, template: &Template, request: Request) -> Response {
        let Some(found) = template.responses.of_request(&request) else {
            return self.endpoint.get_response(request).await;
        };
        if found.is_public || !Operations::is_api(request.uri().path()) {
            return found.response;
        }
        self.refusal(&request).await.unwrap_or(found.response)
    }

    /// What a request without a valid token gets: the response of an operation that every user may call.
    async fn refusal(&self, request: &Request) -> Option<Response> {
        let mut probe = Request::builder().uri(Uri::from_static(OWN_USER)).finish();
        if let Some(token) = request.headers().get(header::AUTHORIZATION) {
            probe.headers_mut().insert(header::AUTHORIZATION, token.clone());
        }
        let response = self.endpoint.get_response(probe).await;
        (response.status() == StatusCode::FORBIDDEN).then_some(response)
    }

    async fn respond_with(&self, fault: &Fault, template: &Template, request: Request) -> Response {
        if fault.after {
            let response = self.carry_out(template, request).await;
            self.pause(fault.delay).await;
            return fault.response().unwrap_or(response);
        }
        self.pause(fault.delay).await;
        match fault.response() {
            Some(response) => response,
            None => self.carry_out(template, request).await,
        }
    }

    /// Waits, unless delays have ended.
    async fn pause(&self, delay: Option<Duration>) {
        let Some(delay) = delay else { return };
        let mut ended = self.has_ended.subscribe();
        let _ = timeout(delay, ended.wait_for(|ended| *ended)).await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
