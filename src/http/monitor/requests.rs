//! Metrics of requests.

use std::time::Instant;

use poem::http::StatusCode;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::telemetry::times;

/// The operation of a request that none was found for: that of a page, for example.
const NO_OPERATION: &str = "none";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    operation: &'static str,
    status: u16,
}

pub struct Requests {
    responses: Family<Outcome, Counter>,
    times: Family<[(&'static str, &'static str); 1], Histogram>,
    in_flight: Gauge,
    abandoned: Counter,
}

impl Requests {
    pub fn new(registry: &mut Registry) -> Self {
        let this = Self {
            responses: Family::default(),
            times: Family::new_with_constructor(times),
            in_flight: Gauge::default(),
            abandoned: Counter::default(),
        };
        let help =
            "Requests with a response, by operation of the API and status; `none` is everything else, such as pages";
        registry.register("http_requests", help, this.responses.clone());
        let help = "How long requests took, from their head to the head of the response";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, this.times.clone());
        registry.register("http_requests_in_flight", "Requests without a response yet", this.in_flight.clone());
        let help = "Requests whose client was gone before the response";
        registry.register("http_requests_abandoned", help, this.abandoned.clone());
        this
    }

    /// Begins to measure a request.
    pub fn begin(&self) -> Running<'_> {
        self.in_flight.inc();
        Running { requests: self, start: Instant::now(), is_answered: false }
    }
}

/// A request without a response yet.
pub struct Running<'r> {
    requests: &'r Requests,
    start: Instant,
    is_answered: bool,
}

impl Running<'_> {
    /// Notes the response.
    pub fn end(mut self, operation: Option<&'static str>, status: StatusCode) {
        self.is_answered = true;
        let operation = operation.unwrap_or(NO_OPERATION);
        self.requests.responses.get_or_create(&Outcome { operation, status: status.as_u16() }).inc();
        let took = self.start.elapsed().as_secs_f64();
        self.requests.times.get_or_create(&[("operation", operation)]).observe(took);
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.requests.in_flight.dec();
        if !self.is_answered {
            self.requests.abandoned.inc();
        }
    }
}
