//! Listening, and stopping without dropping a request.

use std::{io, time::Duration};

use poem::{Endpoint, Server, listener::Acceptor};

/// How long requests in flight may take to end after the signal to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// Serves until SIGTERM or SIGINT, then answers what is in flight and returns.
///
/// # Errors
///
/// When the listener fails.
pub async fn serve(acceptor: impl Acceptor + 'static, endpoint: impl Endpoint + 'static) -> io::Result<()> {
    Server::new_with_acceptor(acceptor).run_with_graceful_shutdown(endpoint, stop_signal(), Some(PATIENCE)).await
}

async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let wait = |kind: SignalKind| async move {
        match signal(kind) {
            Ok(mut signals) => {
                signals.recv().await;
            }
            // Without the handler the signal ends the process by itself.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::interrupt()) => {}
    }
    tracing::info!("stopping");
}
