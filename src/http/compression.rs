//! Smaller answers for clients that can unpack them.
//!
//! Only large texts are packed: for a small answer it would cost both sides more time than the network saves. Answers to
//! clients that accept no gzip pass untouched.

use std::{io::Write, sync::Arc};

use flate2::{Compression, write::GzEncoder};
use poem::{
    Body, Endpoint, IntoResponse, Request, Response, Result,
    http::{HeaderMap, HeaderValue, header},
};

/// Bytes of the smallest answer that is packed.
const LARGE: usize = 32 * 1024;

/// A fast level: the harder ones save little more of JSON.
const LEVEL: u32 = 2;

/// Answers a request, packed if the answer is large and the client can unpack it.
pub async fn packed<E: Endpoint>(endpoint: Arc<E>, request: Request) -> Result<Response> {
    let accepted = accepts(request.headers(), "gzip");
    let mut response = endpoint.call(request).await?.into_response();
    // What caches may keep for others says so even if it is not packed for this client.
    if response.headers().contains_key(header::ETAG) {
        vary(response.headers_mut());
    }
    if !accepted || !is_text(&response) {
        return Ok(response);
    }
    let Ok(bytes) = response.take_body().into_bytes().await else {
        return Err(poem::Error::from_string("an answer broke off", poem::http::StatusCode::INTERNAL_SERVER_ERROR));
    };
    if bytes.len() < LARGE {
        response.set_body(Body::from(bytes));
        return Ok(response);
    }
    // Packing takes milliseconds, which other requests on this thread would have to wait.
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

/// Tells caches that the answer depends on what the client can unpack.
fn vary(headers: &mut HeaderMap) {
    let name = HeaderValue::from_static("accept-encoding");
    if !headers.get_all(header::VARY).iter().any(|present| present == name) {
        headers.append(header::VARY, name);
    }
}

/// Packs `bytes`, at a level of 1 to 9.
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
