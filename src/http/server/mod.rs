//! Listening, admission of connections, and graceful shutdown.

mod admission;
mod body;
mod buffers;
mod channel;
mod connection;
mod files;
mod limits;
mod phase;
mod protection;
mod stop;
mod stream;
mod tls;

use std::{io, iter, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use poem::{Endpoint, EndpointExt};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    signal::unix::{Signal, SignalKind, signal},
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use self::{admission::Admission, buffers::Buffers, connection::Server, stop::Stop};
pub use self::{
    connection::CloseWithoutResponse,
    limits::WireLimits,
    tls::{Tls, TlsError, TlsFiles},
};
use super::Proxies;

/// How many connections may wait to be accepted; the system may allow fewer.
const BACKLOG: u32 = 1_024;

/// How long to wait after a connection could not be accepted, because the process has too many files open.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The response to a connection too many.
const REFUSAL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n";

/// How requests come.
#[derive(Debug, Default)]
pub struct Transport {
    pub limits: WireLimits,
    /// Who may say for whom a request is.
    pub proxies: Proxies,
    /// `None` for HTTP without TLS.
    pub tls: Option<Arc<Tls>>,
}

/// A bound listener that is not yet accepting requests.
pub struct Bound(TcpListener);

impl Bound {
    /// Binds an address.
    ///
    /// # Errors
    ///
    /// If the address can't be bound.
    pub fn to(address: SocketAddr) -> io::Result<Self> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG).map(Self)
    }

    /// Returns the bound address, with the port chosen by the system if port 0 was requested.
    ///
    /// # Errors
    ///
    /// If the system doesn't tell it.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    /// Serves until `stop` completes, then finishes the requests in flight and returns. A request whose client is gone
    /// is dropped.
    pub async fn serve(self, endpoint: impl Endpoint + 'static, transport: Transport, stop: impl Future<Output = ()>) {
        let endpoint = endpoint.map_to_response();
        let limits = transport.limits;
        let (buffers, stopping) = (Buffers::new(limits.buffered), Arc::new(Stop::default()));
        let server = Arc::new(Server { endpoint, buffers, stopping: stopping.clone(), transport });
        let connections = files::make_room(limits.connections);
        let admission = Admission::new(connections, limits.connections_per_address);
        let mut background = JoinSet::new();
        if let Some(tls) = server.transport.tls.clone() {
            background.spawn(async move { tls.keep_fresh().await });
        }
        let mut connections = JoinSet::new();
        let (mut failures, mut refusals) = (Throttle::default(), Throttle::default());
        let mut serve = |connections: &mut JoinSet<()>, stream, address: SocketAddr| match admission
            .admit(server.transport.proxies.lone_client(address.ip()))
        {
            Some(place) => {
                let (server, stop) = (server.clone(), stopping.watch());
                connections.spawn(async move {
                    let _place = place;
                    server.serve(stream, stop).await;
                });
            }
            None => {
                if refusals.allows() {
                    tracing::warn!(%address, "too many connections: some are refused");
                }
                if server.transport.tls.is_none() {
                    refuse(&stream);
                }
            }
        };
        let mut stop = pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.0.accept() => accepted,
                // Forgets those that have ended.
                Some(_) = connections.join_next() => continue,
                () = &mut stop => break,
            };
            match accepted {
                Ok((stream, address)) => serve(&mut connections, stream, address),
                Err(error) => {
                    if failures.allows() {
                        tracing::warn!(%error, "failed to accept connections");
                    }
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        for (stream, address) in waiting(self.0) {
            serve(&mut connections, stream, address);
        }
        stopping.set();
        let finished = async { while connections.join_next().await.is_some() {} };
        if timeout(limits.stop_time, finished).await.is_err() {
            tracing::warn!("not all requests were finished");
        }
    }
}

/// Closes the listener. Returns the connections that wait to be accepted, which it would reset.
fn waiting(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let accept = |listener: &std::net::TcpListener| {
        let (stream, address) = listener.accept().ok()?;
        stream.set_nonblocking(true).ok()?;
        Some((TcpStream::from_std(stream).ok()?, address))
    };
    // It doesn't wait: the listener is non-blocking.
    listener
        .into_std()
        .map_or_else(|_| Vec::new(), |listener| iter::from_fn(|| accept(&listener)).take(BACKLOG as usize).collect())
}

/// Tells a client that there are too many connections. It doesn't wait for the client, who may not get it.
fn refuse(stream: &TcpStream) {
    let _ = stream.try_write(REFUSAL);
}

/// Keeps the log readable while something goes wrong all the time.
#[derive(Default)]
struct Throttle(Option<Instant>);

impl Throttle {
    /// Whether it is time to log again.
    fn allows(&mut self) -> bool {
        const PAUSE: Duration = Duration::from_secs(10);
        let allows = self.0.is_none_or(|last| last.elapsed() >= PAUSE);
        if allows {
            self.0 = Some(Instant::now());
        }
        allows
    }
}

/// SIGTERM and SIGINT, which are received from now on instead of ending the process.
pub struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Begins to receive them. To be called in a Tokio runtime.
    ///
    /// # Errors
    ///
    /// If the handlers can't be installed.
    pub fn new() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for one of them.
    pub async fn received(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
