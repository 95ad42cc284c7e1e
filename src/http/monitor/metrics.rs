//! The metrics page, in the formats of Prometheus and OpenMetrics.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use poem::{
    IntoResponse, Response,
    http::{HeaderMap, header},
};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, prometheus_text, text},
    metrics::{MetricType, gauge::ConstGauge, info::Info},
    registry::Registry,
};

use crate::{api::Failure, operations::App};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The program's version, and the edition of authentik whose document it serves.
pub fn register_build(registry: &mut Registry, edition: &'static str) {
    let labels = [("version", env!("CARGO_PKG_VERSION")), ("edition", edition)];
    registry.register("build", "The program", Info::new(labels));
}

/// What is registered, as OpenMetrics if the client accepts that, otherwise in the format of Prometheus.
pub fn response(registry: &Registry, headers: &HeaderMap) -> Response {
    let accepts = |accept: &str| accept.to_ascii_lowercase().contains("application/openmetrics-text");
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let mut page = String::new();
    let (content_type, encoded) = if accept.is_some_and(accepts) {
        (OPEN_METRICS, text::encode(&mut page, registry))
    } else {
        (PROMETHEUS, prometheus_text::encode(&mut page, registry))
    };
    match encoded {
        Ok(()) => page.with_content_type(content_type).into_response(),
        Err(_) => Failure::Internal.into_response(),
    }
}

/// What there is, each with its name.
type Numbers = [(&'static str, i64); 3];

/// The numbers of users, groups and tokens, which are counted before each response.
#[derive(Clone, Debug)]
pub struct Totals(Arc<Mutex<Option<Numbers>>>);

impl Totals {
    pub fn new(registry: &mut Registry) -> Self {
        let this = Self(Arc::default());
        registry.register_collector(Box::new(this.clone()));
        this
    }

    /// Counts anew.
    pub async fn update(&self, app: &App) {
        let totals = app.totals().await;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = totals;
    }
}

impl Collector for Totals {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let totals = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, number) in totals.into_iter().flatten() {
            let (gauge, help) = (ConstGauge::new(number), format!("The number of {name} in the directory"));
            gauge.encode(encoder.encode_descriptor(name, &help, None, MetricType::Gauge)?)?;
        }
        Ok(())
    }
}
