//! A log line per request.
//!
//! It is logged at debug level, because logging takes a good part of the time a request takes: set `ROLLCALL_LOG` to
//! `info,rollcall::http=debug` to turn it on. (poem's `Tracing` logs at info level and opens a span even if nobody
//! listens.) The request id and the user come
//! from the surrounding span.

use std::{sync::Arc, time::Instant};

use poem::{Endpoint, IntoResponse, Request, Response, Result};
use tracing::level_filters::LevelFilter;

use crate::api::client_address;

/// Handles a request, and logs it if the level is enabled.
pub async fn log<E: Endpoint>(endpoint: Arc<E>, request: Request) -> Result<Response> {
    if LevelFilter::current() < LevelFilter::DEBUG {
        return endpoint.call(request).await.map(IntoResponse::into_response);
    }
    let (method, uri) = (request.method().clone(), request.original_uri().to_string());
    let client = client_address(&request);
    let start = Instant::now();
    let response = endpoint.call(request).await.map(IntoResponse::into_response);
    let status = response.as_ref().map_or_else(poem::Error::status, Response::status).as_u16();
    tracing::debug!(%method, ?uri, %client, status, elapsed = ?start.elapsed(), "responded");
    response
}
