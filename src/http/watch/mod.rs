//! Watching requests: each gets an id, and is measured, logged and traced.
//!
//! All of it is one layer, because every layer copies the request, the response and the future between them.

mod access_log;
mod trace;

use std::sync::Arc;

use poem::{
    Endpoint, EndpointExt, Request, Response, Result,
    endpoint::BoxEndpoint,
    http::{HeaderName, HeaderValue},
};
use tracing::{Instrument, error_span, field::Empty};
use uuid::Builder;

use self::access_log::Entry;
use super::monitor::Requests;
use crate::{api::runtime::Watched, domain::random};

/// The header with the id of a request.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id of a client that is used.
const MAX_ID: usize = 128;

/// Watches the requests of an endpoint. The id of each is the client's `X-Request-Id`, if it has at most 128 visible ASCII
/// characters, or a new one; the response has it, and so have, with the user, all lines that are logged meanwhile.
pub fn watch<E: Endpoint + 'static>(endpoint: E, requests: Arc<Requests>) -> impl Endpoint<Output = Response> + use<E> {
    // Own code instead of poem's `RequestId`, which uses any id of a client, and whose span has no place for the user.
    // Boxed, so that what it needs isn't copied with what this layer needs.
    endpoint.map_to_response().boxed().around(move |endpoint: Arc<_>, request: Request| {
        let requests = requests.clone();
        async move { handle(&endpoint, &requests, request).await }
    })
}

async fn handle(endpoint: &BoxEndpoint<'static>, requests: &Requests, mut request: Request) -> Result<Response> {
    let theirs = request.headers().get(REQUEST_ID).filter(|id| is_usable(id)).cloned();
    let id = match theirs {
        Some(id) => id,
        None => HeaderValue::try_from(Builder::from_random_bytes(random::bytes()).into_uuid().to_string())
            .map_err(poem::error::InternalServerError)?,
    };
    // At the highest level, so that no filter removes it from the lines that are left.
    let span = error_span!("request", request_id = id.to_str().unwrap_or_default(), user = Empty);
    let watched = Arc::new(Watched::new(span));
    request.set_data(watched.clone());
    let (running, entry, traced) = (requests.begin(), Entry::begin(&request), trace::begin(&request));
    let called = endpoint.call(request);
    let responded = match &traced {
        None => called.instrument(watched.span().clone()).await,
        Some(traced) => called.instrument(traced.clone()).instrument(watched.span().clone()).await,
    };
    let mut response = responded.unwrap_or_else(poem::Error::into_response);
    let (operation, status) = (watched.operation(), response.status());
    running.end(operation, status);
    if let Some(entry) = entry {
        watched.span().in_scope(|| entry.end(status));
    }
    if let Some(traced) = traced {
        trace::end(&traced, operation, status);
    }
    response.headers_mut().insert(REQUEST_ID, id);
    Ok(response)
}

fn is_usable(id: &HeaderValue) -> bool {
    (1..=MAX_ID).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
}
