//! Metrics of requests.

use std::{sync::Arc, time::Instant};

use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Result};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::{api::runtime::Watched, telemetry::times};

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
        let help = "Responses, by operation of the API and status; `none` is everything else, such as pages";
        registry.register("http_responses", help, this.responses.clone());
        let help = "How long requests took, from their head to the head of the response";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, this.times.clone());
        registry.register("http_requests_in_flight", "Requests without a response yet", this.in_flight.clone());
        let help = "Requests whose client was gone before the response";
        registry.register("http_requests_abandoned", help, this.abandoned.clone());
        this
    }

    async fn measure<E: Endpoint>(&self, endpoint: Arc<E>, request: Request) -> Result<Response> {
        let watched = request.data::<Watched>().cloned();
        let mut running = Running::new(self);
        let response = endpoint.call(request).await.map(IntoResponse::into_response);
        let status = response.as_ref().map_or_else(poem::Error::status, Response::status).as_u16();
        let operation = watched.and_then(|watched| watched.operation()).unwrap_or(NO_OPERATION);
        self.responses.get_or_create(&Outcome { operation, status }).inc();
        self.times.get_or_create(&[("operation", operation)]).observe(running.finish());
        response
    }
}

/// Measures the requests of an endpoint.
pub fn measure<E: Endpoint + 'static>(
    requests: Arc<Requests>,
    endpoint: E,
) -> impl Endpoint<Output = Response> + use<E> {
    endpoint.around(move |endpoint: Arc<_>, request: Request| {
        let requests = requests.clone();
        async move { requests.measure(endpoint, request).await }
    })
}

/// A request without a response yet.
struct Running<'r> {
    requests: &'r Requests,
    start: Instant,
    is_finished: bool,
}

impl<'r> Running<'r> {
    fn new(requests: &'r Requests) -> Self {
        requests.in_flight.inc();
        Self { requests, start: Instant::now(), is_finished: false }
    }

    /// Returns the seconds that it took.
    fn finish(&mut self) -> f64 {
        self.is_finished = true;
        self.start.elapsed().as_secs_f64()
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.requests.in_flight.dec();
        if !self.is_finished {
            self.requests.abandoned.inc();
        }
    }
}
