//! The id of a request, and the span that puts it, and the user, into every line of the log.
//!
//! Own code, because poem's `RequestId` uses any id of a client, and its span has no place for the user.

use std::sync::Arc;

use poem::{
    Endpoint, IntoResponse, Request, Response, Result,
    http::{HeaderName, HeaderValue},
};
use tracing::{Instrument, error_span, field::Empty};
use uuid::Builder;

use crate::{api::runtime::Watched, domain::random};

/// The header with the id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id of a client that is used.
const MAX_LENGTH: usize = 128;

/// Handles a request in a span with its id: the client's, if it has at most 128 visible ASCII characters, or a new one.
/// The response has it too.
pub async fn identify<E: Endpoint>(endpoint: Arc<E>, mut request: Request) -> Result<Response> {
    let theirs = request.headers().get(REQUEST_ID).filter(|id| is_usable(id)).cloned();
    let id = match theirs {
        Some(id) => id,
        None => HeaderValue::try_from(Builder::from_random_bytes(random::bytes()).into_uuid().to_string())
            .map_err(poem::error::InternalServerError)?,
    };
    // At the highest level, so that no filter removes it from the lines that are left.
    let span = error_span!("request", request_id = id.to_str().unwrap_or_default(), user = Empty);
    request.set_data(Watched::new(span.clone()));
    let mut response = endpoint.call(request).instrument(span).await.map(IntoResponse::into_response)?;
    response.headers_mut().insert(REQUEST_ID, id);
    Ok(response)
}

fn is_usable(id: &HeaderValue) -> bool {
    (1..=MAX_LENGTH).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
}
