//! Listening, and stopping without dropping a request.

use std::{io, net::SocketAddr, time::Duration};

use poem::{
    Endpoint, Server,
    listener::{Acceptor, Listener as _, TcpAcceptor, TcpListener},
};
use tokio::signal::unix::{SignalKind, signal};

/// How long requests in flight may take to end after the signal to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// An address that is taken, where nobody is answered yet.
pub struct Bound(TcpAcceptor);

impl Bound {
    /// Takes an address.
    ///
    /// # Errors
    ///
    /// When the address is not to be had.
    pub async fn to(address: SocketAddr) -> io::Result<Self> {
        TcpListener::bind(address).into_acceptor().await.map(Self)
    }

    /// Where it listens; the port is the one that the system chose, if it was left to it.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.0.local_addr().into_iter().filter_map(|address| address.as_socket_addr().copied())
    }

    /// Serves until `stop` ends, then answers what is in flight and returns.
    ///
    /// # Errors
    ///
    /// When the listener fails.
    pub async fn serve(self, endpoint: impl Endpoint + 'static, stop: impl Future<Output = ()>) -> io::Result<()> {
        Server::new_with_acceptor(self.0).run_with_graceful_shutdown(endpoint, stop, Some(PATIENCE)).await
    }
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
