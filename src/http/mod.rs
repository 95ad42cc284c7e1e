//! What the server offers over HTTP: the API, its documents, and the pages for people.

mod assets;
mod compression;
mod conditional;
mod cors;
mod guard;
mod monitor;
mod openapi31;
mod pages;
mod proxies;
mod server;
pub mod stand_in;
mod watch;

use std::{any::Any, sync::Arc};

use poem::{
    Endpoint, EndpointExt, IntoResponse, Response, Route, endpoint::BoxEndpoint, http::StatusCode,
    middleware::CatchPanic,
};

pub use self::{
    cors::Origins,
    monitor::Monitor,
    openapi31::openapi_31,
    proxies::Proxies,
    server::{Bound, CloseWithoutResponse, StopSignals, Tls, TlsError, TlsFiles, Transport, WireLimits},
};

use crate::{
    api::{Failure, Limits, docs, routes::Routes, runtime::router},
    operations::App,
};

/// The whole server: every route, inside the middleware that applies to every request. Pages of `origins` may call it.
pub fn endpoint(
    app: Arc<App>,
    monitor: &Arc<Monitor>,
    limits: Limits,
    wire: &WireLimits,
    origins: &Origins,
) -> BoxEndpoint<'static> {
    let api = router(&app, Routes { api: app.clone(), limits }, &docs());
    let routes = monitor.add_to(pages::routes(app.edition).nest("/api/v3", api));
    with_middleware(routes, monitor, wire, origins).boxed()
}

/// Wraps `routes` so that every request has an id (the client's `X-Request-Id`, or a new one) that its response and the
/// log show, that it is bounded, and that errors and panics become JSON.
fn with_middleware(
    routes: Route,
    monitor: &Arc<Monitor>,
    wire: &WireLimits,
    origins: &Origins,
) -> impl Endpoint<Output = Response> + use<> {
    let answered = cors::allow(origins, guard::guard(protected(routes), wire.url, wire.request_time))
        .around(conditional::revalidate)
        .around(compression::compress);
    watch::watch(answered, monitor.requests())
}

/// Makes errors and panics JSON.
fn protected(routes: Route) -> impl Endpoint<Output = Response> {
    routes
        .catch_all_error(|error: poem::Error| async move { error_response(error) })
        .with(CatchPanic::new().with_handler(|_: Box<dyn Any + Send>| Failure::Internal.into_response()))
}

/// The response to a request that poem itself rejects.
fn error_response(error: poem::Error) -> Response {
    if error.is_from_response() {
        return error.into_response();
    }
    match error.status() {
        StatusCode::NOT_FOUND => Failure::NoRoute.into_response(),
        // For example, a path that is not UTF-8.
        status if status.is_client_error() => Failure::Unreadable.into_response(),
        _ => {
            tracing::error!(%error, "a request failed");
            Failure::Internal.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use poem::{Request, endpoint::make};
    use prometheus_client::registry::Registry;

    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_a_500_with_the_id_of_the_request() {
        let panicking = make(|_| async { if true { panic!("for a test") } else { Ok::<_, poem::Error>("") } });
        let requests = Arc::new(monitor::Requests::new(&mut Registry::default()));
        let server = watch::watch(protected(Route::new().at("/", panicking)), requests);
        let response = server.get_response(Request::builder().header("x-request-id", "mine").finish()).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.header("x-request-id"), Some("mine"));
        assert_eq!(response.into_body().into_string().await.unwrap(), r#"{"detail":"A server error occurred."}"#);
    }
}
