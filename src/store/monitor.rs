//! What is told about the store to those who watch the server.

use std::fmt;

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, gauge::ConstGauge},
    registry::Registry,
};
use sea_orm::Statement;

use super::{
    Result, Store,
    connection::{Pool, ReadRows},
};

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
