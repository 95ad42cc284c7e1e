//! Requests of web pages on other origins, by the CORS protocol of the Fetch standard.
//!
//! Off unless origins are set. Cookies play no part: a page has to have a token, and sends it itself.

use std::{str::FromStr, sync::Arc};

use poem::{
    Endpoint, EndpointExt, Middleware, Request, Response,
    endpoint::{BoxEndpoint, make},
    http::{HeaderName, HeaderValue, Method, Uri, header},
    middleware::Cors,
};

/// Seconds for which browsers cache that a request is allowed. They take no more than two hours.
const MAX_AGE: i32 = 7200;

const METHODS: [Method; 6] = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Origins whose pages may call the API, such as `https://app.example.com`.
#[derive(Clone, Debug, Default)]
pub struct Origins(Vec<HeaderValue>);

/// What is wrong with an origin.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is not an origin, such as `https://app.example.com`: scheme, host, and the port if it is not the default"
)]
pub struct InvalidOrigin(String);

impl FromStr for Origins {
    type Err = InvalidOrigin;

    /// Parses a comma-separated list.
    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        let origins = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        origins.map(|text| origin(text).ok_or_else(|| InvalidOrigin(text.into()))).collect::<Result<_, _>>().map(Self)
    }
}

/// The value of the `Origin` header for `text`, as browsers write it: in lower case, and without a path.
fn origin(text: &str) -> Option<HeaderValue> {
    let uri: Uri = text.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    let is_bare = text.split_once("://")?.1 == authority.as_str() && !authority.as_str().contains('@');
    let is_default_port = matches!((scheme, authority.port_u16()), ("http", Some(80)) | ("https", Some(443)));
    let is_web = matches!(scheme, "http" | "https");
    (is_web && is_bare && !is_default_port).then(|| HeaderValue::try_from(text.to_ascii_lowercase()).ok()).flatten()
}

/// Lets pages of `origins` call `endpoint`. Requests of other origins pass through unchanged, because pages of this
/// server send their origin too; browsers withhold the responses from pages that are not allowed.
pub fn allow<E: Endpoint<Output = Response> + 'static>(origins: &Origins, endpoint: E) -> BoxEndpoint<'static> {
    if origins.0.is_empty() {
        return endpoint.boxed();
    }
    let (origins, endpoint) = (origins.0.clone(), Arc::new(endpoint));
    let cors = Cors::new()
        .allow_origins(origins.iter().filter_map(|origin| origin.to_str().ok()))
        .allow_methods(METHODS)
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_NONE_MATCH, REQUEST_ID])
        .expose_headers([header::ETAG, header::RETRY_AFTER, REQUEST_ID])
        .allow_credentials(false)
        .max_age(MAX_AGE);
    let state = Arc::new((origins, cors.transform(endpoint.clone()), endpoint));
    make(move |request: Request| {
        let state = state.clone();
        async move {
            let (origins, cors, endpoint) = &*state;
            let is_allowed = request.headers().get(header::ORIGIN).is_some_and(|origin| origins.contains(origin));
            let mut response =
                if is_allowed { cors.get_response(request).await } else { endpoint.call(request).await? };
            // Caches must not give one origin the response to another.
            response.headers_mut().append(header::VARY, HeaderValue::from_static("origin"));
            Ok::<_, poem::Error>(response)
        }
    })
    .boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_a_host_and_no_default_port() {
        let parsed: Origins = "https://app.example.com, http://LOCALHOST:3000,".parse().unwrap();
        assert_eq!(parsed.0, ["https://app.example.com", "http://localhost:3000"]);
        assert!("".parse::<Origins>().unwrap().0.is_empty());
        for text in
            ["*", "app.example.com", "https://", "https://a/", "https://a/b", "https://u@a", "ftp://a", "https://a:443"]
        {
            assert!(text.parse::<Origins>().is_err(), "{text}");
        }
    }
}
