//! A line in the log for each request.
//!
//! It is logged at debug level, because logging takes a good part of the time a request takes: set `ROLLCALL_LOG` to
//! `info,rollcall::http=debug` to turn it on. The request id and the user come from the surrounding span.

use std::{net::IpAddr, time::Instant};

use poem::{
    Request,
    http::{Method, StatusCode},
};
use tracing::level_filters::LevelFilter;

use crate::{api::client_address, telemetry::visible};

/// What the line says of a request.
pub struct Entry {
    method: Method,
    uri: String,
    client: IpAddr,
    start: Instant,
}

impl Entry {
    /// Begins the line; `None` if no line of this level is logged.
    pub fn begin(request: &Request) -> Option<Self> {
        (LevelFilter::current() >= LevelFilter::DEBUG).then(|| Self {
            method: request.method().clone(),
            uri: request.original_uri().to_string(),
            client: client_address(request),
            start: Instant::now(),
        })
    }

    /// Logs it.
    pub fn end(self, status: StatusCode) {
        let Self { method, uri, client, start } = self;
        tracing::debug!(%method, uri = &*visible(&uri), %client, status = status.as_u16(), elapsed = ?start.elapsed(), "responded");
    }
}
