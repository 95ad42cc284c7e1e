//! A connection that does as little as it can, because it shares the processor with the server that it measures.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// More headers than any answer has.
const HEADERS: usize = 32;

/// An HTTP/1.1 connection, kept open between requests.
pub struct Connection {
    stream: TcpStream,
    /// Reused for every answer; grows to the largest.
    buffer: Vec<u8>,
}

pub struct Answer<'b> {
    pub status: u16,
    pub body: &'b [u8],
}

impl Answer<'_> {
    /// The answer for a message, in short.
    pub fn describe(&self) -> String {
        let start = &self.body[..self.body.len().min(300)];
        format!("{} {}", self.status, String::from_utf8_lossy(start))
    }
}

/// The head of an answer.
struct Head {
    status: u16,
    /// Bytes of the head.
    length: usize,
    /// Bytes of the body.
    body: usize,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 16 * 1024] })
    }

    /// Sends a request, given as its bytes, and reads the answer.
    ///
    /// # Errors
    ///
    /// When the connection breaks, or the answer is not understood or late. The connection is of no more use then.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        let late = |_| io::Error::new(io::ErrorKind::TimedOut, "no answer in time");
        timeout(PATIENCE, self.exchange_patiently(request)).await.map_err(late)?
    }

    async fn exchange_patiently(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        let head = loop {
            filled += self.read_from(filled).await?;
            if let Some(head) = head(&self.buffer[..filled])? {
                break head;
            }
            if filled == self.buffer.len() {
                return Err(io::Error::other("the head of an answer is too long"));
            }
        };
        let end = head.length + head.body;
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        while filled < end {
            filled += self.read_from(filled).await?;
        }
        if filled > end {
            return Err(io::Error::other("more was sent than one answer"));
        }
        Ok(Answer { status: head.status, body: &self.buffer[head.length..end] })
    }

    async fn read_from(&mut self, place: usize) -> io::Result<usize> {
        match self.stream.read(&mut self.buffer[place..]).await? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection")),
            count => Ok(count),
        }
    }
}

/// Reads the head of an answer; `None` while some of it is missing.
fn head(bytes: &[u8]) -> io::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = response.parse(bytes).map_err(io::Error::other)? else {
        return Ok(None);
    };
    let value = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let body = value.and_then(|header| str::from_utf8(header.value).ok()?.parse().ok());
    let body = body.ok_or_else(|| io::Error::other("an answer has no Content-Length; the bench reads no other"))?;
    Ok(Some(Head { status: response.code.unwrap_or_default(), length, body }))
}
