//! `rollcall health`: whether a server is ready, for the health checks of containers, whose images have no curl.

use std::time::Duration;

use clap::Args;
use reqwest::redirect;
use tokio_rustls::rustls::crypto::ring;

use super::{Exit, Failure, arguments::FileArgument, output::print, remote::cause};
use crate::{config::Settings, domain::address::reachable};

/// The longest time that the answer may take.
const TIMEOUT: Duration = Duration::from_secs(5);

const PATH: &str = "/-/health/ready/";

#[derive(Debug, Args)]
pub struct HealthCommand {
    #[command(flatten)]
    settings: Settings,

    #[command(flatten)]
    _file: FileArgument,
}

/// Asks the server that runs with the same settings on this machine whether it is ready.
///
/// # Errors
///
/// If it isn't, doesn't answer within five seconds, or can't be found by these settings.
pub async fn health(command: &HealthCommand) -> Result<(), Failure> {
    let server = &command.settings.server;
    if server.listen.port() == 0 {
        return Err(Failure::new(Exit::Usage, "--listen: with port 0, nobody knows where the server listens"));
    }
    let scheme = if server.has_tls() { "https" } else { "http" };
    let url = format!("{scheme}://{}{PATH}", reachable(server.listen));
    // Another one that is installed already is fine, too.
    let _ = ring::default_provider().install_default();
    let mut client =
        reqwest::Client::builder().timeout(TIMEOUT).no_proxy().redirect(redirect::Policy::none()).tls_certs_only([]);
    if server.has_tls() {
        // The certificate is for the server's name, not for this address. Nothing secret is sent.
        client = client.tls_danger_accept_invalid_certs(true);
    }
    let unready = |why: String| Failure::new(Exit::Unreachable, format!("{url}: {why}"));
    let response = client.build()?.get(&url).send().await;
    let response = response.map_err(|error| match error.is_timeout() {
        true => unready(format!("no answer within {} s", TIMEOUT.as_secs())),
        false => unready(cause(&error)),
    })?;
    match response.status() {
        status if status.is_success() => print("ready\n"),
        status => Err(unready(status.to_string())),
    }
}
