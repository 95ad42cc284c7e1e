//! What is told about the directory to those who watch the server.

use std::time::Duration;

use prometheus_client::registry::Registry;
use tokio::time::timeout;

use super::App;

/// How long the store may take to answer.
const DEADLINE: Duration = Duration::from_secs(2);

impl App {
    /// Whether the store answers within two seconds.
    pub async fn is_ready(&self) -> bool {
        match timeout(DEADLINE, self.store.ping()).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::warn!(%error, "not ready: the database fails");
                false
            }
            Err(_) => {
                tracing::warn!(deadline = ?DEADLINE, "not ready: the database doesn't answer");
                false
            }
        }
    }

    /// Registers what the directory measures.
    pub fn register_metrics(&self, registry: &mut Registry) {
        self.store.register_metrics(registry);
    }

    /// The numbers of users, groups and tokens, each with its name; none while the database can't tell.
    pub async fn totals(&self) -> Option<[(&'static str, i64); 3]> {
        let totals = self.store.totals().await.inspect_err(|error| tracing::warn!(%error, "nothing was counted"));
        totals.ok().map(|totals| [("users", totals.users), ("groups", totals.groups), ("tokens", totals.tokens)])
    }
}
