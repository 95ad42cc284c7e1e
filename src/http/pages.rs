//! The pages for people: the start page, the Swagger UI, and the reference. Everything they load is in this program.
//!
//! Links between them are relative, so they work under any path of a proxy.

use bytes::Bytes;
use poem::{
    Endpoint, EndpointExt, IntoResponse, Request, Response, Result, Route,
    endpoint::make,
    http::{Method, StatusCode, header},
};

use super::{
    assets::{self, Asset, Content},
    openapi_31,
};
use crate::api::{CONTRACT_JSON, Edition, Failure, FieldErrors, PORTABLE_JSON, not_available};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JSON: &str = "application/json";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Nothing from another server, nothing written into a page. The hashes are those of the two style elements that Redoc
/// makes: an empty one, which it fills by script, and that of its scroll bars.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; \
     style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' \
     'sha256-sDI9pUw6Z98NC0sorERcD03vlQ8zZwyaBSQ06jerL4M='; worker-src blob:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Every file, by its path. Pages name the versions of others as `{path}`.
static FILES: [(&str, Asset); 15] = [
    ("", Asset::new(HTML, Content::Made(index))),
    ("index.css", Asset::new(CSS, Content::Here(include_str!("pages/index.css")))),
    ("openapi.json", Asset::new(JSON, Content::Here(CONTRACT_JSON))),
    ("openapi-portable.json", Asset::new(JSON, Content::Here(PORTABLE_JSON))),
    ("docs/", Asset::new(HTML, Content::Made(|| page(include_str!("pages/docs.html"))))),
    ("docs/docs.css", Asset::new(CSS, Content::Here(include_str!("pages/docs.css")))),
    ("docs/docs.js", Asset::new(JAVASCRIPT, Content::Here(include_str!("pages/docs.js")))),
    ("docs/document.js", Asset::new(JAVASCRIPT, Content::Here(include_str!("pages/document.js")))),
    ("docs/samples.js", Asset::new(JAVASCRIPT, Content::Here(include_str!("pages/samples.js")))),
    ("docs/swagger-ui.css", Asset::new(CSS, Content::Made(|| assets::swagger_ui("swagger-ui.css")))),
    ("docs/swagger-ui-bundle.js", Asset::new(JAVASCRIPT, Content::Made(|| assets::swagger_ui("swagger-ui-bundle.js")))),
    ("reference/", Asset::new(HTML, Content::Made(|| page(include_str!("pages/reference.html"))))),
    ("reference/reference.css", Asset::new(CSS, Content::Here(include_str!("pages/reference.css")))),
    ("reference/reference.js", Asset::new(JAVASCRIPT, Content::Here(include_str!("pages/reference.js")))),
    ("reference/redoc.js", Asset::new(JAVASCRIPT, Content::Made(assets::redoc))),
];

/// The documents of the editions as OpenAPI 3.1.
static OPENAPI_31: [(Edition, Asset); 2] = [
    (Edition::V2024_8, Asset::new(JSON, Content::Made(|| openapi_31(Edition::V2024_8.json()).into()))),
    (Edition::V2026_8, Asset::new(JSON, Content::Made(|| openapi_31(Edition::V2026_8.json()).into()))),
];

/// `/`, `/docs/`, `/reference/`, and what they load; and the editions as OpenAPI 3.1, by default that of `edition`.
pub fn routes(edition: Edition) -> Route {
    let openapi_31 = make(move |request| serve_openapi_31(edition, request));
    let mut routes = Route::new().at("/api/v3/schema/openapi-3.1.json", read_only(openapi_31));
    for (path, asset) in &FILES {
        routes = routes.at(format!("/{path}"), read_only(make(move |request| serve(asset, request))));
        if let Some(without_slash) = path.strip_suffix('/') {
            routes = routes.at(format!("/{without_slash}"), read_only(make(move |_| redirect(path))));
        }
    }
    routes
}

/// The start page, which says what has which version.
fn index() -> Bytes {
    let item = |edition: Edition| include_str!("pages/edition.html").replace("{edition}", edition.as_str());
    let html = include_str!("pages/index.html").replace("{program version}", env!("CARGO_PKG_VERSION"));
    page(&html.replace("{editions}", &Edition::all().map(item).collect::<String>()))
}

/// A page with the versions of the files it loads, and a link to itself for each edition.
fn page(html: &str) -> Bytes {
    let link = |edition: Edition| format!(r#" <a href="?edition={0}">authentik {0}</a>"#, edition.as_str());
    let html = html.replace("{edition links}", &Edition::all().map(link).collect::<String>());
    let named =
        FILES.iter().map(|(path, asset)| (format!("{{{path}}}"), asset)).filter(|(name, _)| html.contains(name));
    named.fold(html.clone(), |html, (name, asset)| html.replace(&name, asset.version())).into()
}

/// Serves the edition that `edition` in the query names.
async fn serve_openapi_31(default: Edition, request: Request) -> Result<Response> {
    #[derive(serde::Deserialize)]
    struct Query {
        edition: Option<String>,
    }
    let Query { edition } = request.params()?;
    let edition = edition.as_deref().unwrap_or(default.as_str());
    match OPENAPI_31.iter().find(|(of, _)| of.as_str() == edition) {
        Some((_, asset)) => serve(asset, request).await,
        None => Ok(Failure::Invalid(FieldErrors::one("edition", not_available(edition))).into_response()),
    }
}

async fn serve(asset: &'static Asset, request: Request) -> Result<Response> {
    // A URL with the version never changes its content; any other may after an upgrade.
    let version = request.uri().query().and_then(|query| query.strip_prefix("v=")).map(ToOwned::to_owned);
    let headers = request.headers().clone();
    let served = tokio::task::spawn_blocking(move || {
        let kept = version.is_some_and(|version| version == asset.version());
        (asset.response(&headers), kept)
    });
    let (response, kept) = served.await.map_err(poem::error::InternalServerError)?;
    let cache = if kept { "public, max-age=31536000, immutable" } else { "no-cache" };
    Ok(response.with_header(header::CACHE_CONTROL, cache).into_response())
}

/// Redirects to the page, relative to the request's URL.
async fn redirect(path: &'static str) -> Result<Response> {
    Ok(Response::builder().status(StatusCode::PERMANENT_REDIRECT).header(header::LOCATION, path).finish())
}

/// Allows GET and HEAD only, and what pages may do in browsers.
pub fn read_only(endpoint: impl Endpoint + 'static) -> impl Endpoint + 'static {
    endpoint.around(|endpoint, request: Request| async move {
        let response = match *request.method() {
            // hyper leaves out the body of a response to HEAD.
            Method::GET | Method::HEAD => endpoint.call(request).await?.into_response(),
            ref method => {
                let (method, allow) = (method.to_string(), "GET, HEAD".to_owned());
                Failure::MethodNotAllowed { method, allow }.into_response()
            }
        };
        Ok(response.with_header(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY).into_response())
    })
}
