//! Listening, and graceful shutdown.

use std::{io, net::SocketAddr, time::Duration};

use poem::{
    Endpoint, Server,
    listener::{Acceptor, Listener as _, TcpAcceptor, TcpListener},
};
use tokio::signal::unix::{SignalKind, signal};

/// How long to wait for requests in flight at shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);

/// A bound listener that is not yet accepting requests.
pub struct Bound(TcpAcceptor);

impl Bound {
    /// Binds an address.
    ///
    /// # Errors
    ///
    /// If the address can't be bound.
    pub async fn to(address: SocketAddr) -> io::Result<Self> {
        TcpListener::bind(address).into_acceptor().await.map(Self)
    }

    /// Returns the bound addresses, with the port chosen by the system if port 0 was requested.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.0.local_addr().into_iter().filter_map(|address| address.as_socket_addr().copied())
    }

    /// Serves until `stop` completes, then finishes the requests in flight and returns.
    ///
    /// # Errors
    ///
    /// If the listener fails.
    pub async fn serve(self, endpoint: impl Endpoint + 'static, stop: impl Future<Output = ()>) -> io::Result<()> {
        Server::new_with_acceptor(self.0).run_with_graceful_shutdown(endpoint, stop, Some(SHUTDOWN_TIMEOUT)).await
    }
}

/// Returns a future that completes on SIGTERM or SIGINT. The handlers are installed by the call, not by the first poll.
///
/// # Errors
///
/// If the handlers can't be installed.
pub fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("shutting down");
    })
}
