//! What the server answers over HTTP: the API, its documents, and the pages for people.

mod access_log;
mod assets;
mod compression;
mod conditional;
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
    openapi31::document_31,
    server::{Bound, stop_signal},
};

use crate::{
    api::{Failure, Limits, routes::Routes, runtime::router},
    operations::App,
};

/// The whole server: every route, inside the middleware that every answer passes.
pub fn endpoint(app: Arc<App>, limits: Limits) -> BoxEndpoint<'static> {
    let api = router(&app, Routes { api: app.clone(), limits });
    around_everything(pages::routes().nest("/api/v3", api)).boxed()
}

/// Wraps `routes` so that every request has an id (the client's `X-Request-Id`, or a new one) that its answer and the
/// log show, and so that errors and panics are answered as JSON.
fn around_everything(routes: Route) -> impl Endpoint<Output = Response> {
    routes
        .catch_all_error(|error: poem::Error| async move { answer(error) })
        .with(CatchPanic::new().with_handler(answer_panic))
        .around(conditional::revalidated)
        .around(compression::packed)
        .around(access_log::logged)
        .with(RequestId::new().reuse_id(ReuseId::Use))
}

/// Answers what poem itself refuses.
fn answer(error: poem::Error) -> Response {
    if error.is_from_response() {
        return error.into_response();
    }
    match error.status() {
        StatusCode::NOT_FOUND => Failure::NoRoute.into_response(),
        // The path is not UTF-8, say.
        status if status.is_client_error() => Failure::Unreadable.into_response(),
        _ => {
            tracing::error!(%error, "a request failed");
            Failure::Internal.into_response()
        }
    }
}

fn answer_panic(cause: Box<dyn Any + Send>) -> Response {
    let message = cause.downcast_ref::<&str>().map(ToString::to_string);
    let message = message.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(message, "a request panicked");
    Failure::Internal.into_response()
}
