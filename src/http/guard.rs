//! What every request is checked for before anything else, and the longest time that it may take.

use std::{sync::Arc, time::Duration};

use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, http::header};
use tokio::time::timeout;

use crate::api::Failure;

/// Refuses URLs longer than `max_url` bytes, unknown expectations and unknown transfer codings, and ends requests after
/// `time`.
pub fn guard(
    endpoint: impl Endpoint<Output = Response> + 'static,
    max_url: usize,
    time: Duration,
) -> impl Endpoint<Output = Response> {
    endpoint.around(move |endpoint: Arc<_>, request: Request| async move {
        if let Err(failure) = check(&request, max_url) {
            return Ok(failure.into_response());
        }
        match timeout(time, endpoint.call(request)).await {
            Ok(response) => response,
            Err(_) => {
                tracing::warn!("a request was ended");
                Ok(Failure::TimedOut { seconds: time.as_secs() }.into_response())
            }
        }
    })
}

fn check(request: &Request, max_url: usize) -> Result<(), Failure> {
    let url = request.original_uri();
    if url.path().len() + url.query().map_or(0, |query| query.len() + 1) > max_url {
        return Err(Failure::UrlTooLong { limit: max_url });
    }
    let headers = request.headers();
    let coding = headers.get(header::TRANSFER_ENCODING);
    // hyper would read what was compressed as it is.
    if coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"chunked")) {
        return Err(Failure::UnknownTransferCoding);
    }
    let expectation = headers.get(header::EXPECT);
    if expectation.is_some_and(|expected| !expected.as_bytes().eq_ignore_ascii_case(b"100-continue")) {
        return Err(Failure::UnknownExpectation);
    }
    Ok(())
}
