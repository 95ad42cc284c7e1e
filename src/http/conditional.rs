//! Answers without a body for clients that have the body already.

use std::sync::Arc;

use poem::{
    Endpoint, IntoResponse, Request, Response, Result,
    http::{HeaderMap, Method, StatusCode, header},
};

/// Answers a request, with 304 if the client names the entity tag of what it would get (RFC 9110, section 13.1.2).
pub async fn revalidated<E: Endpoint>(endpoint: Arc<E>, request: Request) -> Result<Response> {
    let known = match *request.method() {
        Method::GET | Method::HEAD => request.headers().get(header::IF_NONE_MATCH).cloned(),
        _ => None,
    };
    let mut response = endpoint.call(request).await?.into_response();
    if response.status() == StatusCode::OK
        && known.is_some_and(|known| has_tag(known.to_str().unwrap_or_default(), response.headers()))
    {
        response.set_status(StatusCode::NOT_MODIFIED);
        response.set_body(());
        for describing_the_body in [header::CONTENT_TYPE, header::CONTENT_ENCODING, header::CONTENT_LENGTH] {
            response.headers_mut().remove(describing_the_body);
        }
    }
    Ok(response)
}

/// Whether one of the tags in `known`, separated by commas, is the tag in `headers`, by weak comparison.
fn has_tag(known: &str, headers: &HeaderMap) -> bool {
    let Some(tag) = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()) else { return false };
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.trim() == "*" || known.split(',').any(|known| strong(known) == strong(tag))
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    #[test]
    fn tags_are_compared_weakly() {
        let headers = HeaderMap::from_iter([(header::ETAG, HeaderValue::from_static("W/\"a\""))]);
        for (known, expected) in [
            ("W/\"a\"", true),
            ("\"a\"", true),
            ("\"b\", W/\"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
            ("", false),
        ] {
            assert_eq!(has_tag(known, &headers), expected, "{known}");
        }
        assert!(!has_tag("*", &HeaderMap::new()));
    }
}
