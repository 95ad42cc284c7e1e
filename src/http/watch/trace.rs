//! The span of a request in a trace, by OpenTelemetry's conventions for HTTP servers.

use opentelemetry::{propagation::TextMapPropagator, trace::TraceContextExt};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use poem::{Request, http::StatusCode};
use tracing::{Span, debug_span, field::Empty};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::{
    api::client_address,
    telemetry::{TRACES, is_tracing},
};

/// Begins the span, in the trace that the request's `traceparent` (W3C Trace Context) names, or a new one. `None` while no
/// traces are exported.
pub fn begin(request: &Request) -> Option<Span> {
    if !is_tracing() {
        return None;
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
        client.address = %client_address(request),
    );
    // It is not a failure if there is no trace to continue.
    let _ = span.set_parent(TraceContextPropagator::new().extract(&HeaderExtractor(request.headers())));
    Some(span)
}

/// Completes the span. Its name becomes that of the operation, if the request was for one.
pub fn end(span: &Span, operation: Option<&'static str>, status: StatusCode) {
    if let Some(operation) = operation {
        // Recording `otel.name` would change nothing any more.
        span.context().span().update_name(operation);
    }
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}
