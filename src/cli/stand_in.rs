//! `rollcall stand-in`.

use std::{
    future::pending,
    io::{self, Write},
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    sync::Arc,
    thread,
};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tokio::{
    signal::unix::{self, SignalKind},
    sync::oneshot,
};

use super::{Exit, Failure};
use crate::{
    api::Edition,
    domain::{address::reachable, token},
    http::{
        Bound, Proxies, StopSignals, Transport, WireLimits,
        stand_in::{Options, StandIn, StartError},
    },
    log::{self, Log},
    panics,
};

/// What is logged, on standard error.
const LOG: &str = "warn";

#[derive(Debug, Args)]
pub struct StandInArguments {
    /// File with users, groups, tokens, responses and faults to begin with, as YAML or JSON [default: only the
    /// administrator akadmin]
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,

    /// Port to listen on; 0 for a free one
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    port: u16,

    /// Address to listen on. Everyone who can reach it can control the stand-in
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    host: IpAddr,

    /// API token of the administrator akadmin
    #[arg(long, default_value = "stand-in-token", value_name = "TOKEN")]
    token: String,

    /// The release of authentik, 2024.8 or 2026.8, whose document is served and whose version is told unless a client asks for
    /// another
    #[arg(long, default_value = "2024.8", value_name = "RELEASE")]
    edition: Edition,

    /// Time to begin with, at the start and after each reset, such as 2026-01-01T00:00:00Z [default: the real time]
    #[arg(long, value_name = "TIME")]
    time: Option<DateTime<Utc>>,

    /// How long tokens are valid that are created without an expiry, in seconds [default: as in authentik]
    #[arg(long, value_name = "SECONDS")]
    token_lifetime: Option<NonZeroU32>,

    /// End when standard input ends, and so with the process that holds its other end
    #[arg(long)]
    until_stdin_ends: bool,
}

pub async fn stand_in(arguments: StandInArguments) -> Result<(), Failure> {
    let _log = Log::start(&LOG.parse()?, log::Format::Text, None)?;
    panics::log();
    let StandInArguments { seed, port, host, token, edition, time, token_lifetime, until_stdin_ends } = arguments;
    if let Err(error) = token::check_key(&token, 1) {
        return Err(Failure::new(Exit::Usage, format!("--token: {error}")));
    }
    let address = SocketAddr::new(host, port);
    let bound = Bound::to(address).map_err(|error| Failure::new(Exit::Failed, format!("{address}: {error}")))?;
    let stop = stop(until_stdin_ends)?;
    let token = SecretString::from(token);
    let token_lifetime = token_lifetime.map(|seconds| TimeDelta::seconds(seconds.get().into()));
    let avatars = "initials".parse()?;
    let options = Options { seed, token: token.clone(), edition, avatars, time, token_lifetime };
    let stand_in = Arc::new(StandIn::start(options).await.map_err(|error| {
        let is_usage = matches!(error, StartError::Seed(_) | StartError::Time(_));
        Failure::new(if is_usage { Exit::Usage } else { Exit::Failed }, error)
    })?);
    let url = format!("http://{}", reachable(bound.address()?));
    let ready = json!({
        "url": url, "api": format!("{url}/api/v3"), "token": token.expose_secret(), "edition": edition.as_str(),
    });
    // Not `println!`, which panics if nobody reads.
    writeln!(io::stdout(), "{ready}")?;
    let limits = WireLimits { connections_per_address: WireLimits::DEFAULT.connections, ..WireLimits::DEFAULT };
    let transport = Transport { limits, proxies: Proxies::default(), tls: None };
    let ending = stand_in.clone();
    let stop = async move {
        stop.await;
        ending.end_delays();
    };
    bound.serve(stand_in.clone(), transport, stop).await;
    stand_in.close().await;
    Ok(())
}

/// Returns a future that completes on SIGTERM, SIGINT or SIGHUP, and, if asked to, when standard input ends.
fn stop(until_stdin_ends: bool) -> io::Result<impl Future<Output = ()>> {
    let mut signals = StopSignals::new()?;
    let mut hangup = unix::signal(SignalKind::hangup())?;
    let end = until_stdin_ends.then(end_of_stdin).transpose()?;
    Ok(async move {
        let end = async {
            match end {
                Some(end) => drop(end.await),
                None => pending().await,
            }
        };
        tokio::select! {
            () = signals.received() => {}
            // Its terminal is gone.
            _ = hangup.recv() => {}
            () = end => {}
        }
    })
}

/// Waits for the end of standard input in a thread of its own, because in the end the runtime would wait for one of its
/// own that still reads.
fn end_of_stdin() -> io::Result<oneshot::Receiver<()>> {
    let (ended, end) = oneshot::channel();
    thread::Builder::new().name("stdin".into()).spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = ended.send(());
    })?;
    Ok(end)
}
