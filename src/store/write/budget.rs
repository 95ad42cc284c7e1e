//! Limits the memory of queued writes.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use crate::store::{
    Error,
    metrics::{Metrics, Queued},
};

/// The unit of the budget, in bytes. Every write takes at least one.
const UNIT: usize = 1_024;

/// The memory that queued writes may take, in units: 64 MiB.
const UNITS: u32 = 64 * 1_024;

/// How much more may be queued.
#[derive(Clone, Debug)]
pub struct Budget {
    left: Arc<Semaphore>,
    metrics: Metrics,
}

/// A queued write's share of the budget, given back when dropped.
pub struct Permit {
    _share: OwnedSemaphorePermit,
    _queued: Queued,
}

impl Budget {
    pub fn new(metrics: &Metrics) -> Self {
        Self { left: Arc::new(Semaphore::new(UNITS as usize)), metrics: metrics.clone() }
    }

    /// Takes the share of a write of `size` bytes.
    pub fn take(&self, size: usize) -> Result<Permit, Error> {
        let units = u32::try_from(size / UNIT + 1).unwrap_or(UNITS).min(UNITS);
        let share = self.left.clone().try_acquire_many_owned(units).map_err(|error| match error {
            TryAcquireError::NoPermits => Error::Busy,
            TryAcquireError::Closed => Error::Closed,
        })?;
        Ok(Permit { _share: share, _queued: self.metrics.queue() })
    }

    /// Waits until nothing is queued, and rejects all further writes.
    pub async fn close(&self) {
        let _all = self.left.acquire_many(UNITS).await;
        self.left.close();
    }
}
