//! The export of traces by the OpenTelemetry protocol (OTLP) over HTTP.

use std::{str::FromStr, time::Duration};

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracerProvider, Tracer},
};
use tokio_rustls::rustls::crypto::ring;

/// How long sending traces may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The URL of a collector of traces, without the path that the protocol adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector(String);

/// What is wrong with the URL of a collector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a URL such as http://127.0.0.1:4318")]
pub struct InvalidCollector;

impl FromStr for Collector {
    type Err = InvalidCollector;

    fn from_str(text: &str) -> Result<Self, InvalidCollector> {
        let url = text.trim_end_matches('/');
        let host = ["http://", "https://"].iter().find_map(|scheme| url.strip_prefix(scheme));
        let is_valid = host.is_some_and(|host| !host.is_empty() && !host.starts_with([':', '/']))
            && url.chars().all(|character| character.is_ascii_graphic());
        if is_valid { Ok(Self(url.to_owned())) } else { Err(InvalidCollector) }
    }
}

/// Why traces can't be exported.
#[derive(Debug, thiserror::Error)]
#[error("traces can't be exported: {0}")]
pub struct ExportError(String);

/// Exports the traces of the process until it is dropped, which sends those that are left.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Begins to export to a collector, in batches. The variables of OpenTelemetry that start with `OTEL_` can change the
    /// name of the service, the share of requests that are traced, headers and more.
    ///
    /// # Errors
    ///
    /// If there can't be a client for it.
    pub fn start(Collector(url): &Collector) -> Result<Self, ExportError> {
        // The client for HTTP needs a library for TLS.
        let _ = ring::default_provider().install_default();
        let exporter = SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary);
        let exporter = exporter.with_endpoint(format!("{url}/v1/traces")).with_timeout(TIMEOUT).build();
        let exporter = exporter.map_err(|error| ExportError(error.to_string()))?;
        let mut resource = Resource::builder();
        if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
            resource = resource.with_service_name("rollcall");
        }
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build()).build()))
    }

    pub fn tracer(&self) -> Tracer {
        self.0.tracer("rollcall")
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(TIMEOUT) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_is_a_url_of_http() {
        assert_eq!("http://127.0.0.1:4318/".parse(), Ok(Collector("http://127.0.0.1:4318".into())));
        assert!("https://collector.example.com".parse::<Collector>().is_ok());
        for text in ["", "127.0.0.1:4318", "http://", "http://:4318", "grpc://h:4317", "http://a b"] {
            assert_eq!(text.parse::<Collector>(), Err(InvalidCollector), "{text}");
        }
    }
}
