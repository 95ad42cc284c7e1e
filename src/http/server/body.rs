//! The bodies of requests and responses on their way through a connection.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream::BoxStream};
use http_body_util::combinators::BoxBody;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use poem::Body;
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use super::{
    buffers::{Buffers, Share},
    phase::{Phase, Shared},
};

/// The rest of a body that is read, so that the connection can be used again after a response that didn't need it.
const SMALL_REST: usize = 64 * 1024;

/// How long to wait for that rest.
const REST_TIME: Duration = Duration::from_millis(100);

/// The largest piece of a response that is given to the connection at once, so that the rest stays counted.
const PIECE: usize = 256 * 1024;

/// The body of a request, of which the endpoint reads as much as it needs.
pub struct Received(Arc<Mutex<Source>>);

struct Source {
    /// `None` once it has ended or failed.
    stream: Option<BoxStream<'static, io::Result<Bytes>>>,
    phase: Arc<Shared>,
    deadline: Pin<Box<Sleep>>,
    buffers: Buffers,
    share: Share,
    /// The bytes read.
    received: usize,
    /// All bytes, if the client said how many there are, and sends them without being told to.
    length: Option<u64>,
}

impl Received {
    /// Takes a body that has to arrive within `time`. `length` is its length, if it is known and on its way.
    pub fn new(body: Body, length: Option<u64>, phase: Arc<Shared>, time: Duration, buffers: &Buffers) -> Self {
        let deadline = Box::pin(sleep_until(Instant::now() + time));
        let (stream, share) = (Some(body.into_bytes_stream().boxed()), buffers.share());
        let buffers = buffers.clone();
        Self(Arc::new(Mutex::new(Source { stream, phase, deadline, buffers, share, received: 0, length })))
    }

    /// The body, for the endpoint. Reading it fails with [`io::ErrorKind::TimedOut`] if it takes too long, and with
    /// [`io::ErrorKind::OutOfMemory`] if the server holds too much already.
    pub fn body(&self) -> Body {
        Body::from_bytes_stream(Reader(self.0.clone()))
    }

    /// Reads the rest, if it is small and there. Returns whether the body has ended.
    pub async fn finish(self) -> bool {
        let (stream, rest) = {
            let mut source = lock(&self.0);
            let received = source.received as u64;
            (source.stream.take(), source.length.map(|length| length.saturating_sub(received)))
        };
        let Some(mut stream) = stream else { return true };
        if rest.is_none_or(|rest| rest > SMALL_REST as u64) {
            return false;
        }
        let read = async {
            while let Some(piece) = stream.next().await {
                piece.ok()?;
            }
            Some(())
        };
        timeout(REST_TIME, read).await.ok().flatten().is_some()
    }
}

fn lock(source: &Mutex<Source>) -> MutexGuard<'_, Source> {
    source.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Reader(Arc<Mutex<Source>>);

impl Stream for Reader {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let source = &mut *lock(&self.0);
        let Some(stream) = &mut source.stream else { return Poll::Ready(None) };
        let piece = match stream.poll_next_unpin(context) {
            Poll::Ready(piece) => piece,
            Poll::Pending => {
                source.phase.set(Phase::Body);
                ready!(source.deadline.as_mut().poll(context));
                Some(Err(io::ErrorKind::TimedOut.into()))
            }
        };
        source.phase.set(Phase::Busy);
        match &piece {
            Some(Ok(bytes)) => {
                source.received += bytes.len();
                if !source.buffers.enlarge(&mut source.share, source.received) {
                    return Poll::Ready(Some(Err(io::ErrorKind::OutOfMemory.into())));
                }
            }
            // What is left of a body that failed can't be read.
            Some(Err(error)) if error.kind() == io::ErrorKind::TimedOut => {}
            _ => source.stream = None,
        }
        Poll::Ready(piece)
    }
}

/// The body of a response. While it is there, so is its share of the memory.
pub struct Sent {
    body: BoxBody<Bytes, io::Error>,
    /// What the connection has not taken yet of the last piece of `body`.
    rest: Bytes,
    phase: Arc<Shared>,
    _share: Share,
}

impl Sent {
    pub fn new(body: BoxBody<Bytes, io::Error>, phase: Arc<Shared>, share: Share) -> Self {
        Self { body, rest: Bytes::new(), phase, _share: share }
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.phase.set(Phase::Idle);
    }
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)).transpose()?.map(Frame::into_data) {
                Some(Ok(bytes)) => self.rest = bytes,
                Some(Err(other)) => return Poll::Ready(Some(Ok(other))),
                None => return Poll::Ready(None),
            }
        }
        let length = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.body.size_hint();
        let rest = self.rest.len() as u64;
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(hint.lower() + rest);
        hint
    }
}
