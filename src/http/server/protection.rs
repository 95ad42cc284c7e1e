//! Headers that protect what a browser got from here.

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

/// For responses that are no pages: nothing in them is to be run or shown in a frame.
const NOTHING_ALLOWED: &str = "default-src 'none'; frame-ancestors 'none'";

/// Headers of every response that doesn't say otherwise. What the API returns is for its caller only, and may be a key.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING_ALLOWED)),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// Adds the headers that are missing.
///
/// It is no middleware of poem, because each of those moves the request and the response around, which took a fifth of
/// a request's instructions.
pub fn protect(headers: &mut HeaderMap) {
    headers.reserve(HEADERS.len());
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
}
