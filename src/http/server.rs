//! Listening, and graceful shutdown.

use std::{convert::Infallible, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
};
use poem::{
    Endpoint, EndpointExt, Response,
    http::{self, Request, uri::Scheme},
    listener::{Acceptor, Listener as _, TcpAcceptor, TcpListener},
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    net::TcpStream,
    signal::unix::{SignalKind, signal},
    time::{sleep, timeout},
};

/// How long to wait for requests in flight at shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);

/// How long to wait after a connection could not be accepted, because there are too many.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

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

    /// Serves until `stop` completes, then finishes the requests in flight and returns. A request whose client is gone
    /// is dropped.
    pub async fn serve(mut self, endpoint: impl Endpoint + 'static, stop: impl Future<Output = ()>) {
        let endpoint = Arc::new(endpoint.map_to_response());
        let connections = GracefulShutdown::new();
        let mut stop = pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.0.accept() => accepted,
                () = &mut stop => break,
            };
            match accepted {
                Ok(accepted) => spawn_connection(accepted, endpoint.clone(), connections.watcher()),
                Err(error) => {
                    tracing::warn!(%error, "failed to accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        drop(self);
        if timeout(SHUTDOWN_TIMEOUT, connections.shutdown()).await.is_err() {
            tracing::warn!("not all requests were finished");
        }
    }
}

type Accepted = (TcpStream, LocalAddr, RemoteAddr, Scheme);

/// Serves a connection. poem's own server would go on with a request whose client is gone: it polls a connection that
/// has failed until the request is answered.
fn spawn_connection<E>((stream, local, remote, scheme): Accepted, endpoint: Arc<E>, watcher: Watcher)
where
    E: Endpoint<Output = Response> + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let (endpoint, origin) = (endpoint.clone(), (local.clone(), remote.clone(), scheme.clone()));
        async move {
            let (local, remote, scheme) = origin;
            let response = endpoint.get_response((request, local, remote, scheme).into()).await;
            Ok::<_, Infallible>(http::Response::from(response))
        }
    });
    let server = auto::Builder::new(TokioExecutor::new());
    let connection = server.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
    tokio::spawn(watcher.watch(connection));
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
