//! Serving one connection.
//!
//! poem's own server would go on with a request whose client is gone, has no deadlines, and closes a connection of which
//! it didn't read everything in a way that makes clients lose the response.

use std::{
    future::{pending, poll_fn},
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use hyper::{
    body::{Body as _, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use poem::{
    Addr, Endpoint, IntoResponse, Response,
    http::{self, HeaderMap, HeaderValue, Request, header, uri::Scheme},
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use super::{
    Transport,
    body::{Received, Sent},
    buffers::Buffers,
    channel::Channel,
    phase::{Phase, Shared, Watch},
    protection::protect,
    stop::{Stop, StopWatch},
    stream::Timed,
};
use crate::{api::Failure, http::watch::REQUEST_ID};

/// How long a connection that is closed waits for the client to close it too, and so to have read the response.
const LINGER_TIME: Duration = Duration::from_secs(1);

/// How much of what the client still sends is read meanwhile.
const LINGER_BYTES: usize = 1024 * 1024;

/// How long a connection without a request waits for one when the server stops, which may be on its way.
const STOP_IDLE_TIME: Duration = Duration::from_millis(100);

/// How long a body may still take to arrive after that.
const STOP_BODY_TIME: Duration = Duration::from_secs(2);

/// The number of header fields for which hyper needs no memory of its own.
const FREE_HEADER_FIELDS: usize = 100;

/// The response to a head that didn't arrive in time.
const HEAD_TIMEOUT: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// An extension of a response that is not to be sent: the connection is closed instead. Only the stand-in for tests uses
/// it.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the connection is closed without a response")]
pub struct CloseWithoutResponse;

/// What all connections have in common.
pub struct Server<E> {
    pub endpoint: E,
    pub transport: Transport,
    pub buffers: Buffers,
    pub stopping: Arc<Stop>,
}

impl<E: Endpoint<Output = Response> + 'static> Server<E> {
    /// Serves a connection until it is closed, or `stop` says so and no request is in flight.
    pub async fn serve(self: Arc<Self>, stream: TcpStream, mut stop: StopWatch) {
        let (Ok(local), Ok(remote)) = (stream.local_addr(), stream.peer_addr()) else { return };
        // What is written together is sent together; waiting for more would only delay it.
        let _ = stream.set_nodelay(true);
        let phase = Arc::new(Shared::new());
        let limits = &self.transport.limits;
        let timed = Timed::new(stream, phase.clone(), limits.write_time);
        let channel = match &self.transport.tls {
            None => Channel::Plain(timed),
            Some(tls) => {
                let begun = tokio::select! {
                    begun = timeout(limits.head_time, Channel::begin_tls(tls, timed)) => begun,
                    () = poll_fn(|context| stop.poll(context)) => return,
                };
                phase.set(Phase::Idle);
                match begun {
                    Ok(Ok(channel)) => channel,
                    Ok(Err(channel)) => return close(channel, false).await,
                    Err(_) => return,
                }
            }
        };
        let server = self.clone();
        let in_service = phase.clone();
        let service =
            service_fn(move |request| Box::pin(server.clone().respond(request, (local, remote), in_service.clone())));
        let mut http = http1::Builder::new();
        http.header_read_timeout(None).max_header_size(limits.head);
        if limits.header_fields != FREE_HEADER_FIELDS {
            http.max_headers(limits.header_fields);
        }
        let mut connection = http.serve_connection(TokioIo::new(channel), service);
        let mut watch = Watch::default();
        let leave = async {
            poll_fn(|context| stop.poll(context)).await;
            sleep(STOP_IDLE_TIME).await;
            if matches!(phase.get(), Phase::Idle | Phase::Head) {
                return;
            }
            sleep(STOP_BODY_TIME).await;
            if phase.get() != Phase::Body {
                // The connection ends with its response.
                pending().await
            }
        };
        let serve = poll_fn(|context| {
            if self.stopping.is_set() && matches!(phase.get(), Phase::Body | Phase::Busy) {
                Pin::new(&mut connection).graceful_shutdown();
            }
            connection.poll_without_shutdown(context)
        });
        let expired = tokio::select! {
            biased;
            () = leave => return,
            _ = serve => None,
            expired = poll_fn(|context| watch.poll(&phase, limits, context)) => Some(expired),
        };
        close(connection.into_parts().io.into_inner(), expired == Some(Phase::Head)).await;
    }

    async fn respond(
        self: Arc<Self>,
        request: Request<Incoming>,
        (local, mut remote): (SocketAddr, SocketAddr),
        phase: Arc<Shared>,
    ) -> Result<http::Response<Sent>, CloseWithoutResponse> {
        phase.set(Phase::Busy);
        let length = request.body().size_hint();
        let received_body = !request.body().is_end_stream();
        // What poem calls remote is the client, not a proxy before it.
        remote.set_ip(self.transport.proxies.client(remote.ip(), request.headers()));
        let scheme = if self.transport.tls.is_some() { Scheme::HTTPS } else { Scheme::HTTP };
        let (local, remote) = (LocalAddr(Addr::from(local)), RemoteAddr(Addr::from(remote)));
        let mut request = poem::Request::from((request, local, remote, scheme));
        let received = received_body.then(|| {
            let is_awaited = request.headers().contains_key(header::EXPECT);
            let length = length.exact().filter(|_| !is_awaited);
            let received = Received::new(
                request.take_body(),
                length,
                phase.clone(),
                self.transport.limits.body_time,
                &self.buffers,
            );
            request.set_body(received.body());
            received
        });
        let mut response = http::Response::from(self.endpoint.get_response(request).await);
        if let Some(close) = response.extensions().get::<CloseWithoutResponse>() {
            return Err(*close);
        }
        let mut share = self.buffers.share();
        let length = usize::try_from(response.body().size_hint().lower()).unwrap_or(usize::MAX);
        if !self.buffers.enlarge(&mut share, length) {
            tracing::warn!(length, "a response was refused: too much is waiting to be read");
            response = unavailable(response.headers());
        }
        protect(response.headers_mut());
        let is_read = match received {
            Some(received) => received.finish().await,
            None => true,
        };
        // So that no further request is sent.
        if !is_read || self.stopping.is_set() {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response.map(|body| Sent::new(body, phase, share)))
    }
}

/// The response instead of one with these headers.
fn unavailable<B>(headers: &HeaderMap) -> http::Response<B>
where
    http::Response<B>: From<Response>,
{
    let mut instead = http::Response::from(Failure::Unavailable.into_response());
    for name in [REQUEST_ID, header::ACCESS_CONTROL_ALLOW_ORIGIN, header::VARY] {
        if let Some(value) = headers.get(&name) {
            instead.headers_mut().insert(name, value.clone());
        }
    }
    instead
}

/// Closes a connection so that the client receives all of the last response: TCP would throw it away if the client had
/// sent more than was read. `is_late` says that it closes because a head didn't arrive in time.
async fn close(mut channel: Channel, is_late: bool) {
    if channel.is_unread() {
        // What the client doesn't read must not wait in the kernel either.
        return drop(channel.into_tcp().set_zero_linger());
    }
    let rest = async {
        if is_late {
            channel.write_all(HEAD_TIMEOUT).await.ok()?;
        }
        channel.shutdown().await.ok()?;
        let mut stream = channel.into_tcp();
        let (mut buffer, mut length) = ([0; 4096], 0);
        while length < LINGER_BYTES {
            match stream.read(&mut buffer).await.ok()? {
                0 => break,
                read => length += read,
            }
        }
        Some(())
    };
    let _ = timeout(LINGER_TIME, rest).await;
}
