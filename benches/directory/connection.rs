//! A minimal HTTP client, because it shares the processor with the server that is measured.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// The timeout of a request.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The maximum number of headers.
const HEADERS: usize = 32;

/// An HTTP/1.1 connection, kept open between requests.
pub struct Connection {
    stream: TcpStream,
    /// Reused for all responses.
    buffer: Vec<u8>,
}

pub struct Response<'b> {
    pub status: u16,
    pub body: &'b [u8],
}

impl Response<'_> {
    /// A short description for error messages.
    pub fn describe(&self) -> String {
        let start = &self.body[..self.body.len().min(300)];
        format!("{} {}", self.status, String::from_utf8_lossy(start))
    }
}

/// The head of a response.
struct Head {
    status: u16,
    /// The size of the head in bytes.
    length: usize,
    /// The size of the body in bytes.
    body: usize,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 16 * 1024] })
    }

    /// Sends the bytes of a request and reads the response.
    ///
    /// # Errors
    ///
    /// If the connection breaks, or the response is malformed or late. The connection is unusable afterwards.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Response<'_>> {
        let late = |_| io::Error::new(io::ErrorKind::TimedOut, "the request timed out");
        timeout(TIMEOUT, self.exchange_without_timeout(request)).await.map_err(late)?
    }

    async fn exchange_without_timeout(&mut self, request: &[u8]) -> io::Result<Response<'_>> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        let head = loop {
            filled += self.read_from(filled).await?;
            if let Some(head) = head(&self.buffer[..filled])? {
                break head;
            }
            if filled == self.buffer.len() {
                return Err(io::Error::other("the head of a response is too long"));
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
            return Err(io::Error::other("the server sent more than one response"));
        }
        Ok(Response { status: head.status, body: &self.buffer[head.length..end] })
    }

    async fn read_from(&mut self, place: usize) -> io::Result<usize> {
        match self.stream.read(&mut self.buffer[place..]).await? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection")),
            count => Ok(count),
        }
    }
}

/// Parses the head of a response; `None` if it is incomplete.
fn head(bytes: &[u8]) -> io::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = response.parse(bytes).map_err(io::Error::other)? else {
        return Ok(None);
    };
    let value = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let body = value.and_then(|header| str::from_utf8(header.value).ok()?.parse().ok());
    let body = body.ok_or_else(|| io::Error::other("a response without Content-Length is not supported"))?;
    Ok(Some(Head { status: response.code.unwrap_or_default(), length, body }))
}
