//! A TCP stream that gives up clients who don't read.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Instant,
};

use super::phase::{Deadline, Phase, Shared};

/// A client that reads fewer bytes than this in the time for writing has left the response unread.
const MIN_WRITTEN: usize = 16 * 1024;

/// Writing fails with [`io::ErrorKind::TimedOut`] if the client doesn't read.
pub struct Timed {
    stream: TcpStream,
    phase: Arc<Shared>,
    write_time: Duration,
    /// When [`MIN_WRITTEN`] bytes have to be written.
    deadline: Deadline,
    /// The bytes written since `deadline` was set.
    written: usize,
    is_unread: bool,
}

impl Timed {
    pub fn new(stream: TcpStream, phase: Arc<Shared>, write_time: Duration) -> Self {
        Self { stream, phase, write_time, deadline: Deadline::default(), written: 0, is_unread: false }
    }

    /// Whether the client has left a response unread.
    pub fn is_unread(&self) -> bool {
        self.is_unread
    }

    /// The first byte that the client sends, which stays to be read.
    pub async fn peek(&self) -> io::Result<u8> {
        let mut byte = [0];
        self.stream.peek(&mut byte).await.map(|_| byte[0])
    }

    pub fn into_inner(self) -> TcpStream {
        self.stream
    }

    /// Notes the result of a write.
    fn noted(&mut self, result: Poll<io::Result<usize>>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(written)) = result {
            self.written += written;
            if self.phase.get() == Phase::Idle {
                // The time until the next request begins when the response is written.
                self.phase.set(Phase::Idle);
            }
        }
        if result.is_ready() {
            return result;
        }
        loop {
            if !self.deadline.is_set() {
                self.written = 0;
                self.deadline.set(Instant::now() + self.write_time);
            }
            ready!(self.deadline.poll(context));
            self.deadline.clear();
            if self.written < MIN_WRITTEN {
                self.is_unread = true;
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        }
    }
}

impl AsyncRead for Timed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        if result.is_ready() && self.phase.get() == Phase::Idle {
            self.phase.set(Phase::Head);
        }
        result
    }
}

impl AsyncWrite for Timed {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.noted(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, buffers);
        self.noted(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// hyper flushes when it has written everything.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.deadline.clear();
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
