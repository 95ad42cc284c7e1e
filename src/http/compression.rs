//! Compression of large text responses.
//!
//! Small responses stay as they are: compressing them costs both sides more time than the network saves.
//!
//! poem's `Compression` won't do: it has no threshold, sets no `Vary`, compresses on the runtime's thread, compresses a
//! second time what is compressed already, and takes `gzip;q=0` for consent.

use std::{io::Write, sync::Arc};

use flate2::{Compression, write::GzEncoder};
use poem::{
    Body, Endpoint, IntoResponse, Request, Response, Result,
    http::{HeaderMap, HeaderValue, header},
};

/// The smallest body that is compressed, in bytes.
const LARGE: usize = 32 * 1024;

/// A fast level; higher ones make JSON little smaller.
const LEVEL: u32 = 2;

/// Compresses the response if it is large and the client accepts gzip.
pub async fn compress<E: Endpoint>(endpoint: Arc<E>, request: Request) -> Result<Response> {
    let accepted = accepts(request.headers(), "gzip");
    let mut response = endpoint.call(request).await?.into_response();
    // A response that caches may share needs `Vary` even if it isn't compressed for this client.
    if response.headers().contains_key(header::ETAG) {
        vary(response.headers_mut());
    }
    if !accepted || !is_text(&response) {
        return Ok(response);
    }
    let Ok(bytes) = response.take_body().into_bytes().await else {
        return Err(poem::Error::from_string(
            "the response body ended early",
            poem::http::StatusCode::INTERNAL_SERVER_ERROR,
        ));
    };
    if bytes.len() < LARGE {
        response.set_body(Body::from(bytes));
        return Ok(response);
    }
    // Compression takes milliseconds and would hold up other requests on this thread.
    let original = bytes.clone();
    match tokio::task::spawn_blocking(move || gzip(&original, LEVEL)).await {
        Ok(Ok(small)) => {
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            vary(headers);
            response.set_body(Body::from(small));
        }
        _ => response.set_body(Body::from(bytes)),
    }
    Ok(response)
}

/// Tells caches that the response depends on `Accept-Encoding`.
fn vary(headers: &mut HeaderMap) {
    let name = HeaderValue::from_static("accept-encoding");
    if !headers.get_all(header::VARY).iter().any(|present| present == name) {
        headers.append(header::VARY, name);
    }
}

/// Compresses `bytes` at a level from 1 to 9.
pub fn gzip(bytes: &[u8], level: u32) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(level));
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn is_text(response: &Response) -> bool {
    let kind = response.content_type().unwrap_or_default();
    !response.headers().contains_key(header::CONTENT_ENCODING)
        && ["application/json", "application/vnd.oai.openapi", "text/"].iter().any(|text| kind.starts_with(text))
}

/// Whether `Accept-Encoding` names `coding` with a weight above zero (RFC 9110, section 12.5.3).
///
/// `headers` has no type for it; `headers-accept-encoding` takes `gzip;q=0` for consent and panics on `gzip;q=x`.
pub fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let all = headers.get_all(header::ACCEPT_ENCODING);
    let codings = all.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let mut weights = codings.filter_map(|accepted| {
        let (name, parameters) = accepted.split_once(';').unwrap_or((accepted, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.parse::<f32>().ok());
        (name.trim().eq_ignore_ascii_case(coding)).then_some(weight.unwrap_or(0.0))
    });
    weights.any(|weight| weight > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_explicit_gzip_counts() {
        for (value, expected) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0", false),
            ("gzip;q=x", false),
            ("deflate, br", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]);
            assert_eq!(accepts(&headers, "gzip"), expected, "{value}");
        }
    }
}
