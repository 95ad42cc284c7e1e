//! What the server offers over HTTP: the API, its documents, and the pages for people.

mod access_log;
mod assets;
mod compression;
mod conditional;
mod cors;
mod openapi31;
mod pages;
mod server;

use std::{any::Any, sync::Arc};

use poem::{
    Endpoint, EndpointExt, IntoResponse, Response, Route,
    endpoint::BoxEndpoint,
    http::StatusCode,
    middleware::{CatchPanic, RequestId, ReuseId},
};

pub use self::{
    cors::Origins,
    openapi31::openapi_31,
    server::{Bound, stop_signal},
};

use crate::{
    api::{Failure, Limits, routes::Routes, runtime::router},
    operations::App,
};

/// The whole server: every route, inside the middleware that applies to every request. Pages of `origins` may call it.
pub fn endpoint(app: Arc<App>, limits: Limits, origins: &Origins) -> BoxEndpoint<'static> {
    let api = router(&app, Routes { api: app.clone(), limits });
    with_middleware(pages::routes(app.edition).nest("/api/v3", api), origins).boxed()
}

/// Wraps `routes` so that every request has an id (the client's `X-Request-Id`, or a new one) that its response and the
/// log show, and so that errors and panics become JSON.
fn with_middleware(routes: Route, origins: &Origins) -> impl Endpoint<Output = Response> + use<> {
    let routes = routes
        .catch_all_error(|error: poem::Error| async move { error_response(error) })
        .with(CatchPanic::new().with_handler(panic_response));
    cors::allow(origins, routes)
        .around(conditional::revalidate)
        .around(compression::compress)
        .around(access_log::log)
        .with(RequestId::new().reuse_id(ReuseId::Use))
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

fn panic_response(cause: Box<dyn Any + Send>) -> Response {
    let message = cause.downcast_ref::<&str>().map(ToString::to_string);
    let message = message.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(message, "a request panicked");
    Failure::Internal.into_response()
}
