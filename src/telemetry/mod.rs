//! What metrics, traces and lines of the log have in common, whichever layer they are from.

mod visible;

use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
};

use prometheus_client::{
    encoding::{EncodeMetric, MetricEncoder, NoLabelSet},
    metrics::{MetricType, histogram::Histogram},
};

pub use self::visible::{is_unsafe, visible};

/// The target of spans that are for traces only. They are at debug level, and made only if traces are exported.
pub const TRACES: &str = "rollcall_traces";

static IS_TRACING: AtomicBool = AtomicBool::new(false);

/// Says that traces are exported from now on.
pub fn begin_tracing() {
    IS_TRACING.store(true, Ordering::Relaxed);
}

/// Whether traces are exported. tracing's own `enabled!` is no substitute: what it leaves behind confuses filters of
/// layers.
pub fn is_tracing() -> bool {
    IS_TRACING.load(Ordering::Relaxed)
}

/// The upper ends of a histogram of times, in seconds.
const SECONDS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

/// The upper ends of a histogram of sizes.
const SIZES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// A histogram of times in seconds.
pub fn times() -> Histogram {
    Histogram::new(SECONDS)
}

/// A histogram of sizes.
pub fn sizes() -> Histogram {
    Histogram::new(SIZES)
}

/// A counter that is kept elsewhere, and read whenever somebody asks.
pub struct Kept<F>(pub F);

impl<F> fmt::Debug for Kept<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Kept")
    }
}

impl<F: Fn() -> u64> EncodeMetric for Kept<F> {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        encoder.encode_counter::<NoLabelSet, _, u64>(&(self.0)(), None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Counter
    }
}
