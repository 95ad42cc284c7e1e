//! Responses without a body for clients that already have it.

use std::sync::Arc;

use poem::{
    Endpoint, IntoResponse, Request, Response, Result,
    http::{HeaderMap, Method, StatusCode, header},
    web::headers::{ETag, HeaderMapExt, IfNoneMatch},
};

/// Returns 304 if the client already has the representation it asks for (RFC 9110, section 13.1.2).
pub async fn revalidate<E: Endpoint>(endpoint: Arc<E>, request: Request) -> Result<Response> {
    let condition = match *request.method() {
        Method::GET | Method::HEAD => request.headers().typed_get::<IfNoneMatch>(),
        _ => None,
    };
    let mut response = endpoint.call(request).await?.into_response();
    if response.status() == StatusCode::OK && condition.is_some_and(|condition| is_met(&condition, response.headers()))
    {
        response.set_status(StatusCode::NOT_MODIFIED);
        response.set_body(());
        for describes_the_body in [header::CONTENT_TYPE, header::CONTENT_ENCODING, header::CONTENT_LENGTH] {
            response.headers_mut().remove(describes_the_body);
        }
    }
    Ok(response)
}

/// Whether the response has an entity tag, and `condition` names it.
fn is_met(condition: &IfNoneMatch, response: &HeaderMap) -> bool {
    response.typed_get::<ETag>().is_some_and(|tag| !condition.precondition_passes(&tag))
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    #[test]
    fn tags_are_compared_weakly() {
        let tagged = HeaderMap::from_iter([(header::ETAG, HeaderValue::from_static("W/\"a\""))]);
        let condition = |value: &'static str| {
            let request = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))]);
            request.typed_get().unwrap()
        };
        for (value, expected) in [
            ("W/\"a\"", true),
            ("\"a\"", true),
            ("\"b\", W/\"a\"", true),
            ("\"b,c\",\"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("\"a b\"", false),
            ("a", false),
            ("", false),
        ] {
            assert_eq!(is_met(&condition(value), &tagged), expected, "{value}");
        }
        assert!(!is_met(&condition("*"), &HeaderMap::new()));
    }
}
