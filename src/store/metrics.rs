//! What the store measures of its work.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{
        MetricType,
        family::Family,
        gauge::{ConstGauge, Gauge},
        histogram::Histogram,
    },
    registry::{Registry, Unit},
};
use sea_orm::{DbBackend, Statement};
use tracing::{Instrument, Span, debug_span};

use super::{
    Result, Store,
    connection::{Pool, ReadRows},
};
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

    fn register(&self, registry: &mut Registry) {
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
    /// Awaits a statement, in a span if the request is traced.
    pub async fn measure<T>(&self, span: Span, statement: impl Future<Output = T>) -> T {
        self.number.fetch_add(1, Ordering::Relaxed);
        let start = Instant::now();
        let result = statement.instrument(span).await;
        self.times.observe(start.elapsed().as_secs_f64());
        result
    }
}

/// The span of a statement in the trace of a request. Its text has no values.
pub fn span_of(statement: &Statement) -> Span {
    span(statement.db_backend, &statement.sql)
}

/// [`span_of`] a statement without values.
pub fn span(backend: DbBackend, sql: &str) -> Span {
    if !is_tracing() || Span::current().is_none() {
        return Span::none();
    }
    let system = if backend == DbBackend::Postgres { "postgresql" } else { "sqlite" };
    debug_span!(target: TRACES, "statement", otel.kind = "client", db.system.name = system, db.query.text = sql)
}

/// A queued write.
#[derive(Debug)]
pub struct Queued(Gauge);

impl Drop for Queued {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The state of the pools.
struct Pools(Vec<(&'static str, Pool)>);

impl fmt::Debug for Pools {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pools")
    }
}

impl Collector for Pools {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let states = self.0.iter().map(|(name, pool)| (*name, pool.status()));
        let states: Vec<_> = states.collect();
        let (name, help) = ("database_connections", "Connections to the database");
        let mut connections = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (pool, status) in &states {
            for (state, number) in [("idle", status.available), ("used", status.size.saturating_sub(status.available))]
            {
                let labels = [("pool", *pool), ("state", state)];
                gauge(number).encode(connections.encode_family(&labels)?)?;
            }
        }
        let help = "The most connections to the database that there may be";
        let mut most = encoder.encode_descriptor("database_connections_max", help, None, MetricType::Gauge)?;
        for (pool, status) in &states {
            gauge(status.max_size).encode(most.encode_family(&[("pool", *pool)])?)?;
        }
        let help = "Statements that wait for a connection";
        let mut waiting = encoder.encode_descriptor("database_connections_waiting", help, None, MetricType::Gauge)?;
        for (pool, status) in &states {
            gauge(status.waiting).encode(waiting.encode_family(&[("pool", *pool)])?)?;
        }
        Ok(())
    }
}

fn gauge(number: usize) -> ConstGauge<i64> {
    ConstGauge::new(i64::try_from(number).unwrap_or(i64::MAX))
}

/// How many objects there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    pub users: i64,
    pub groups: i64,
    pub tokens: i64,
}

impl Store {
    /// Registers what the store measures.
    pub fn register_metrics(&self, registry: &mut Registry) {
        self.metrics.register(registry);
        let mut pools = vec![("rows", self.reader.clone()), ("lists", self.lister.clone())];
        pools.extend(self.replica.as_ref().map(|replica| ("replica", replica.pool())));
        registry.register_collector(Box::new(Pools(pools)));
    }

    /// Waits until the database answers.
    ///
    /// # Errors
    ///
    /// If it can't be reached, or reports a failure.
    pub async fn ping(&self) -> Result<()> {
        numbers(&self.reader, "SELECT CAST(1 AS bigint)").await.map(|_| ())
    }

    /// Counts what there is.
    ///
    /// # Errors
    ///
    /// If the database fails, or takes longer than a list may.
    pub async fn totals(&self) -> Result<Totals> {
        // Users are counted as they are created; there may be a million.
        let sql = r#"SELECT CAST(sum("users") AS bigint) FROM "user_counts"
            UNION ALL SELECT count(*) FROM "groups" UNION ALL SELECT count(*) FROM "tokens""#;
        let numbers = self.list(|lister| async move { numbers(&lister, sql).await }).await?;
        let at = |place: usize| numbers.get(place).copied().unwrap_or_default();
        Ok(Totals { users: at(0), groups: at(1), tokens: at(2) })
    }
}

async fn numbers(connection: &impl ReadRows, sql: &str) -> Result<Vec<i64>> {
    Ok(connection.rows(Statement::from_string(connection.get_database_backend(), sql)).await?)
}
