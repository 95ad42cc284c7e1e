//! What the store measures of its work.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use prometheus_client::{
    metrics::{family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use sea_orm::{DbBackend, Statement};
use tracing::{Span, debug_span};

use crate::telemetry::{TRACES, is_tracing, sizes, times};

/// A label, and its value.
type Label = [(&'static str, &'static str); 1];

/// Shared by everything in a store that measures.
#[derive(Clone, Debug)]
pub struct Metrics {
    statements: Arc<AtomicU64>,
    statement_times: Family<Label, Histogram>,
    queue: Gauge,
    batch_sizes: Histogram,
    transaction_times: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            statements: Arc::default(),
            statement_times: Family::new_with_constructor(times),
            queue: Gauge::default(),
            batch_sizes: sizes(),
            transaction_times: times(),
        }
    }
}

impl Metrics {
    /// For the statements of one kind.
    pub fn statements_of(&self, kind: &'static str) -> Statements {
        let times = self.statement_times.get_or_create(&[("kind", kind)]).clone();
        Statements { number: self.statements.clone(), times }
    }

    /// The number of statements executed.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Counts a queued write until the result is dropped.
    pub fn queue(&self) -> Queued {
        self.queue.inc();
        Queued(self.queue.clone())
    }

    /// Notes a transaction with so many writes.
    pub fn transaction(&self, writes: usize, took: Duration) {
        self.batch_sizes.observe(writes as f64);
        self.transaction_times.observe(took.as_secs_f64());
    }

    pub fn register(&self, registry: &mut Registry) {
        let help = "How long statements of the database took: of reads of rows, of lists, and of writes";
        let statements = "database_statement_duration";
        registry.register_with_unit(statements, help, Unit::Seconds, self.statement_times.clone());
        registry.register("write_queue", "Writes that are queued or being carried out", self.queue.clone());
        registry.register("write_batch_size", "Writes that a transaction carried out", self.batch_sizes.clone());
        let help = "How long transactions that write took, with their commit";
        registry.register_with_unit("write_transaction_duration", help, Unit::Seconds, self.transaction_times.clone());
    }
}

/// Counts and times statements of one kind.
#[derive(Clone, Debug)]
pub struct Statements {
    number: Arc<AtomicU64>,
    times: Histogram,
}

impl Statements {
    /// Counts a statement, and returns when it began.
    pub fn begin(&self) -> Instant {
        self.number.fetch_add(1, Ordering::Relaxed);
        Instant::now()
    }

    /// Notes how long it took.
    pub fn end(&self, began: Instant) {
        self.times.observe(began.elapsed().as_secs_f64());
    }
}

/// The span of a statement in the trace of a request, if that is traced. Its text has no values.
pub fn span_of(statement: &Statement) -> Option<Span> {
    span(statement.db_backend, &statement.sql)
}

/// [`span_of`] a statement without values.
pub fn span(backend: DbBackend, sql: &str) -> Option<Span> {
    if !is_tracing() || Span::current().is_none() {
        return None;
    }
    let system = if backend == DbBackend::Postgres { "postgresql" } else { "sqlite" };
    let kind = "client";
    Some(debug_span!(target: TRACES, "statement", otel.kind = kind, db.system.name = system, db.query.text = sql))
}

/// A queued write.
#[derive(Debug)]
pub struct Queued(Gauge);

impl Drop for Queued {
    fn drop(&mut self) {
        self.0.dec();
    }
}
