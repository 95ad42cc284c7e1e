//! What a connection's bytes go through: TCP alone, or TLS over it.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use super::{stream::Timed, tls::Tls};

/// The first byte of a TLS connection: its first record is one of the handshake (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

/// The response to HTTP without TLS where TLS is expected. A redirect would come too late: the token has been sent.
const NOT_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: text/plain\r\n\
    content-length: 32\r\n\r\nUse https:// for this address.\r\n";

pub enum Channel {
    Plain(Timed),
    Tls(Box<TlsStream<Timed>>),
}

impl Channel {
    /// Begins TLS on a connection. A client that doesn't is told so.
    ///
    /// # Errors
    ///
    /// With the connection as it is, if it is to be closed.
    pub async fn begin_tls(tls: &Tls, mut timed: Timed) -> Result<Self, Self> {
        if timed.peek().await.is_ok_and(|first| first != HANDSHAKE) {
            let _ = timed.write_all(NOT_TLS).await;
            return Err(Self::Plain(timed));
        }
        let accepted = tls.acceptor().accept(timed).into_fallible().await;
        accepted.map(|stream| Self::Tls(Box::new(stream))).map_err(|(error, timed)| {
            tracing::debug!(%error, "a TLS handshake failed");
            Self::Plain(timed)
        })
    }

    /// Whether the client has left a response unread.
    pub fn is_unread(&self) -> bool {
        match self {
            Self::Plain(timed) => timed.is_unread(),
            Self::Tls(stream) => stream.get_ref().0.is_unread(),
        }
    }

    pub fn into_tcp(self) -> TcpStream {
        match self {
            Self::Plain(timed) => timed.into_inner(),
            Self::Tls(stream) => stream.into_inner().0.into_inner(),
        }
    }
}

/// Calls a method of whichever stream it is.
macro_rules! of_either {
    ($channel:expr, $method:ident($($argument:expr),*)) => {
        match $channel.get_mut() {
            Channel::Plain(timed) => Pin::new(timed).$method($($argument),*),
            Channel::Tls(stream) => Pin::new(stream).$method($($argument),*),
        }
    };
}

impl AsyncRead for Channel {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        of_either!(self, poll_read(context, buffer))
    }
}

impl AsyncWrite for Channel {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        of_either!(self, poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        of_either!(self, poll_write_vectored(context, buffers))
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(timed) => timed.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        of_either!(self, poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        of_either!(self, poll_shutdown(context))
    }
}
