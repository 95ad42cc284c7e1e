//! The requests that were received, for tests that look at what a client sent.

use std::{collections::VecDeque, io, pin::Pin};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt, stream};
use indexmap::IndexMap;
use poem::{
    Body, Request,
    http::{HeaderMap, Method, StatusCode, Uri, header},
};
use serde_json::{Value, json};

use crate::{
    api::{Limits, Timestamp},
    domain::clock,
};

/// The most requests that are kept.
const MAX_REQUESTS: usize = 1_000;

/// The most bytes that are kept of them together.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The most bytes that are kept of a body.
const MAX_BODY: usize = 64 * 1024;

/// What a client sent.
#[derive(Debug)]
pub struct Received {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Vec<u8>,
    is_truncated: bool,
}

impl Received {
    /// Reads the body, as far as the API would, and leaves the request as if it hadn't.
    pub async fn read(request: &mut Request) -> Self {
        let limit = Limits::DEFAULT.body;
        let (method, uri, headers) = (request.method().clone(), request.uri().clone(), request.headers().clone());
        let mut received = Self { method, uri, headers, body: Vec::new(), is_truncated: false };
        let length = request.header(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
        if length.is_some_and(|length| length > limit as u64) {
            received.is_truncated = true;
            return received;
        }
        let mut rest: Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>> =
            Box::pin(request.take_body().into_bytes_stream());
        let (mut pieces, mut read) = (Vec::new(), 0);
        while let Some(piece) = rest.next().await {
            let bytes = piece.as_ref().map(Bytes::clone).unwrap_or_default();
            read += bytes.len();
            let kept = bytes.len().min(MAX_BODY - received.body.len());
            received.body.extend_from_slice(&bytes[..kept]);
            received.is_truncated |= kept < bytes.len() || piece.is_err();
            let is_over = read > limit || piece.is_err();
            pieces.push(piece);
            if is_over {
                break;
            }
        }
        request.set_body(Body::from_bytes_stream(stream::iter(pieces).chain(rest)));
        received
    }

    fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len());
        self.body.len() + self.uri.path().len() + self.uri.query().map_or(0, str::len) + headers.sum::<usize>()
    }

    fn query(&self) -> IndexMap<String, Vec<String>> {
        let mut query: IndexMap<String, Vec<String>> = IndexMap::new();
        for (name, value) in form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes()) {
            query.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        query
    }

    fn headers(&self) -> IndexMap<&str, String> {
        let mut headers: IndexMap<&str, String> = IndexMap::new();
        for (name, value) in &self.headers {
            let text = String::from_utf8_lossy(value.as_bytes());
            let text = match text.split_once(' ') {
                Some((scheme, _)) if name == header::AUTHORIZATION => format!("{scheme} ..."),
                None if name == header::AUTHORIZATION => "...".to_owned(),
                _ => text.into_owned(),
            };
            let all = headers.entry(name.as_str()).or_default();
            *all = if all.is_empty() { text } else { format!("{all}, {text}") };
        }
        headers
    }

    fn body(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        let content_type = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_json = content_type.is_some_and(|name| name.to_ascii_lowercase().contains("json"));
        let parsed = if is_json && !self.is_truncated { serde_json::from_slice(&self.body).ok() } else { None };
        parsed.unwrap_or_else(|| String::from_utf8_lossy(&self.body).into())
    }
}

#[derive(Debug)]
struct Entry {
    number: u64,
    time: DateTime<Utc>,
    operation: Option<&'static str>,
    received: Received,
    fault: Option<u64>,
    /// `None` until there is a response.
    status: Option<StatusCode>,
}

impl Entry {
    fn json(&self) -> Value {
        let mut json = json!({
            "number": self.number,
            "time": Timestamp(self.time),
            "method": self.received.method.as_str(),
            "path": self.received.uri.path(),
            "query": self.received.query(),
            "operation": self.operation,
            "headers": self.received.headers(),
            "body": self.received.body(),
            "status": self.status.map(|status| status.as_u16()),
            "fault": self.fault,
        });
        if self.received.is_truncated {
            json["truncated"] = true.into();
        }
        json
    }
}

/// The requests, the oldest first.
#[derive(Debug, Default)]
pub struct Log {
    entries: VecDeque<Entry>,
    bytes: usize,
    /// The number of requests so far.
    count: u64,
    /// How many of them were dropped to make room.
    omitted: u64,
}

impl Log {
    /// Adds a request, and returns its number.
    pub fn add(&mut self, operation: Option<&'static str>, received: Received, fault: Option<u64>) -> u64 {
        self.count += 1;
        self.bytes += received.size();
        let entry = Entry { number: self.count, time: clock::now(), operation, received, fault, status: None };
        self.entries.push_back(entry);
        while self.entries.len() > MAX_REQUESTS || self.bytes > MAX_BYTES {
            let Some(dropped) = self.entries.pop_front() else { break };
            self.bytes -= dropped.received.size();
            self.omitted += 1;
        }
        self.count
    }

    /// Notes the status that the client gets.
    pub fn responded(&mut self, number: u64, status: StatusCode) {
        if let Ok(place) = self.entries.binary_search_by_key(&number, |entry| entry.number) {
            self.entries[place].status = Some(status);
        }
    }

    /// Forgets all requests. Numbers go on.
    pub fn clear(&mut self) {
        *self = Self { count: self.count, ..Self::default() };
    }

    /// The requests of this operation, or all.
    pub fn json(&self, operation: Option<&str>) -> Value {
        let is_meant = |entry: &&Entry| operation.is_none() || entry.operation == operation;
        let requests: Vec<Value> = self.entries.iter().filter(is_meant).map(Entry::json).collect();
        json!({ "requests": requests, "omitted": self.omitted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn received(body: Vec<u8>) -> Received {
        let mut request =
            Request::builder().uri_str("/a?b=1&b=2&c").header("authorization", "Bearer secret").body(body);
        let received = Received::read(&mut request).await;
        let again = request.take_body().into_vec().await.unwrap();
        assert!(again.starts_with(&received.body));
        received
    }

    #[tokio::test]
    async fn the_last_thousand_requests_and_16_mib_are_kept() {
        let mut log = Log::default();
        for _ in 0..1_500 {
            log.add(None, received(Vec::new()).await, None);
        }
        assert_eq!((log.entries.len(), log.omitted, log.entries[0].number), (1_000, 500, 501));
        for _ in 0..500 {
            log.add(None, received(vec![b'x'; 100_000]).await, None);
        }
        assert!(log.bytes <= MAX_BYTES && log.entries.len() < 260, "{}", log.entries.len());
        assert_eq!(log.omitted, 2_000 - log.entries.len() as u64);
        let last = log.entries.back().unwrap().json();
        assert_eq!((&last["truncated"], last["body"].as_str().unwrap().len()), (&json!(true), MAX_BODY));
        assert_eq!(last["query"], json!({"b": ["1", "2"], "c": [""]}));
        assert_eq!(last["headers"]["authorization"], "Bearer ...");
        log.responded(2_000, StatusCode::CREATED);
        log.responded(1, StatusCode::CREATED);
        assert_eq!(log.entries.back().unwrap().status, Some(StatusCode::CREATED));
        log.clear();
        assert_eq!(log.json(None), json!({"requests": [], "omitted": 0}));
        assert_eq!((log.bytes, log.add(None, received(Vec::new()).await, None)), (0, 2_001));
    }
}
