//! `rollcall serve`.

use std::{ffi::OsString, future::pending, io, sync::Arc, time::Duration};

use clap::Args;
use prometheus_client::registry::Registry;
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::sleep,
};

use super::{
    Command, Exit, Failure,
    arguments::{self, FileArgument},
};
use crate::{
    config::{Settings, Storage},
    domain::{
        guesses::Guesses,
        secret::InstanceSecret,
        token::{self, Lifetimes},
    },
    http::{self, Bound, Monitor, StopSignals, Transport},
    log::Log,
    operations::{App, Passwords},
    panics,
    store::{DatabaseUrl, SetUp, Store},
    telemetry::Kept,
};

/// Opens and sets up the store. On first start `key` becomes the administrator's token.
async fn open(
    storage: &Storage,
    replica: Option<&DatabaseUrl>,
    key: &SecretString,
) -> Result<(Store, InstanceSecret, SetUp), Failure> {
    storage.create_directory()?;
    let secret = storage.secret()?;
    let mut store = Store::open(&storage.database(), storage.database_connections, storage.read_limits())?;
    if let Some(url) = replica {
        store = store.with_replica(url, storage.read_limits())?;
    }
    let database = storage.database().without_password();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), database, data_dir = %storage.data_dir.display(), "starting");
    let set_up = store.set_up(&secret, key).await?;
    tracing::info!(migrations_run = ?set_up.applied_migrations, "the database is set up");
    Ok((store, secret, set_up))
}

#[derive(Debug, Args)]
pub struct ServeCommand {
    #[command(flatten)]
    settings: Settings,

    #[command(flatten)]
    _file: FileArgument,
}

/// Serves until SIGTERM or SIGINT. `arguments` are those of the process, which SIGHUP parses again.
pub async fn serve(command: ServeCommand, arguments: Vec<OsString>) -> Result<(), Failure> {
    let Settings { server, storage, directory, logging } = command.settings;
    let log = logging.start()?;
    panics::log();
    let (is_given, limits) = (directory.bootstrap_token.is_some(), directory.limits());
    let key = directory.bootstrap_token.unwrap_or_else(token::new_key);
    let (transport, replica) = (server.transport()?, storage.replica()?);
    // Bind first, so that a second server on the same address fails before it changes anything.
    let bind = |address| Bound::to(address).map_err(|error| Failure::new(Exit::Failed, format!("{address}: {error}")));
    let bound = bind(server.listen)?;
    let metrics = server.metrics_listen.map(bind).transpose()?;
    // Held until the end of this function, when the store is closed.
    let _lock = storage.lock()?;
    let (store, secret, set_up) = open(&storage, replica, &key).await?;
    if set_up.is_first_start {
        print_first_start(&key, is_given);
    }
    let signals = StopSignals::new()?;
    let reload = reload_on_hangup(&log, arguments)?;
    let scheme = if transport.tls.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{}/", bound.address()?);
    println!("Listening on {url}");
    tracing::info!(url, "listening");
    if let Some(metrics) = &metrics {
        tracing::info!(url = format!("http://{}/-/metrics/", metrics.address()?), "listening for those who watch");
    }
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
    let monitor = Monitor::new(app.clone(), registry(&log), metrics.is_some());
    let endpoint = http::endpoint(app, &monitor, server.limits(), &transport.limits, &server.cors_origins);
    let watched = async {
        match metrics {
            Some(metrics) => metrics.serve(monitor.endpoint(), Transport::default(), pending()).await,
            None => pending().await,
        }
    };
    let stop = stop(signals, &monitor, server.stop_delay());
    tokio::select! {
        () = bound.serve(endpoint, transport, stop) => {}
        () = watched => {}
        () = reload => {}
    }
    drop(background_tasks);
    store.close().await;
    if panics::count() > 0 {
        tracing::error!(panics = panics::count(), "there were panics");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Metrics of the process.
fn registry(log: &Log) -> Registry {
    let mut registry = Registry::with_prefix("rollcall");
    registry.register("panics", "Panics, each of which is in the log", Kept(panics::count));
    let dropped = log.dropped();
    let help = "Lines of the log that were dropped because nobody read them";
    registry.register("log_lines_dropped", help, Kept(move || dropped.dropped_lines() as u64));
    registry
}

/// Waits for a signal to stop, and then for `delay`, or another signal.
async fn stop(mut signals: StopSignals, monitor: &Monitor, delay: Duration) {
    signals.received().await;
    monitor.stop();
    tracing::info!(?delay, "stopping");
    tokio::select! {
        () = sleep(delay) => {}
        () = signals.received() => {}
    }
}

/// Uses the log filter anew whenever the process gets SIGHUP, for as long as it is polled.
fn reload_on_hangup(log: &Log, arguments: Vec<OsString>) -> io::Result<impl Future<Output = ()>> {
    // It would end the process if nobody listened.
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        while hangup.recv().await.is_some() {
            match arguments::parse(arguments.clone()).map_err(Failure::from) {
                Ok(parsed) => {
                    if let Command::Serve(command) = parsed.cli.command {
                        let filter = command.settings.logging.log;
                        log.set_filter(&filter);
                        tracing::info!(%filter, "read the log filter again");
                    }
                }
                Err(error) => tracing::error!(%error, "the settings can't be used; the log filter stays as it is"),
            }
        }
    })
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
