//! The span of a request in a trace, by OpenTelemetry's conventions for HTTP servers.

use std::sync::Arc;

use opentelemetry::{propagation::TextMapPropagator, trace::TraceContextExt};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use tracing::{Instrument, debug_span, field::Empty};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::{
    api::{client_address, runtime::Watched},
    telemetry::{TRACES, is_tracing},
};

/// Handles a request in a span of the trace that its `traceparent` (W3C Trace Context) names, or of a new one. Does
/// nothing else while no traces are exported.
pub async fn trace<E: Endpoint>(endpoint: Arc<E>, request: Request) -> Result<Response> {
    if !is_tracing() {
        return endpoint.call(request).await.map(IntoResponse::into_response);
    }
    let span = debug_span!(
        target: TRACES,
        "request",
        otel.kind = "server",
        otel.name = request.method().as_str(),
        otel.status_code = Empty,
        http.request.method = request.method().as_str(),
        http.response.status_code = Empty,
        url.path = request.original_uri().path(),
        client.address = %client_address(&request),
    );
    // It is not a failure if there is none.
    let _ = span.set_parent(TraceContextPropagator::new().extract(&HeaderExtractor(request.headers())));
    let watched = request.data::<Watched>().cloned();
    let response = endpoint.call(request).instrument(span.clone()).await.map(IntoResponse::into_response);
    let status = response.as_ref().map_or_else(poem::Error::status, Response::status);
    if let Some(operation) = watched.and_then(|watched| watched.operation()) {
        // A record would not change the name, because the context exists already.
        span.context().span().update_name(operation);
    }
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    response
}
