//! Listening, and stopping without dropping a request.

use std::{io, time::Duration};

use poem::{Endpoint, Server, listener::Acceptor};
use tokio::signal::unix::{SignalKind, signal};

/// How long requests in flight may take to end after the signal to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// Serves until `stop` ends, then answers what is in flight and returns.
///
/// # Errors
///
/// When the listener fails.
pub async fn serve(
    acceptor: impl Acceptor + 'static,
    endpoint: impl Endpoint + 'static,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    Server::new_with_acceptor(acceptor).run_with_graceful_shutdown(endpoint, stop, Some(PATIENCE)).await
}

/// Ends when the process gets SIGTERM or SIGINT. From this call on, not from the first poll, these no longer end it.
///
/// # Errors
///
/// When the operating system refuses to pass the signals on.
pub fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
    })
}
