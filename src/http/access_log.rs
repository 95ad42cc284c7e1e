//! A line in the log for every request.
//!
//! It is written at debug level, because writing it costs a good part of what answering takes: `ROLLCALL_LOG` set to
//! `info,rollcall::http=debug` turns it on. Its request id comes from the span around it.

use std::{sync::Arc, time::Instant};

use poem::{Endpoint, IntoResponse, Request, Response, Result};

/// Answers a request, and logs it if that is wanted.
pub async fn logged<E: Endpoint>(endpoint: Arc<E>, request: Request) -> Result<Response> {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return endpoint.call(request).await.map(IntoResponse::into_response);
    }
    let (method, uri, client) =
        (request.method().clone(), request.original_uri().clone(), request.remote_addr().clone());
    let start = Instant::now();
    let answer = endpoint.call(request).await.map(IntoResponse::into_response);
    let status = answer.as_ref().map_or_else(poem::Error::status, Response::status).as_u16();
    tracing::debug!(%method, %uri, %client, status, elapsed = ?start.elapsed(), "answered");
    answer
}
