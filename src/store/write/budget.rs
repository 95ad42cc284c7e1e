//! Limits the memory of queued writes.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use crate::store::Error;

/// The unit of the budget, in bytes. Every write takes at least one.
const UNIT: usize = 1_024;

/// The memory that queued writes may take, in units: 64 MiB.
const UNITS: u32 = 64 * 1_024;

/// How much more may be queued.
#[derive(Clone, Debug)]
pub struct Budget(Arc<Semaphore>);

/// A queued write's share of the budget, given back when dropped.
pub type Permit = OwnedSemaphorePermit;

impl Budget {
    pub fn new() -> Self {
        Self(Arc::new(Semaphore::new(UNITS as usize)))
    }

    /// Takes the share of a write of `size` bytes.
    pub fn take(&self, size: usize) -> Result<Permit, Error> {
        let units = u32::try_from(size / UNIT + 1).unwrap_or(UNITS).min(UNITS);
        self.0.clone().try_acquire_many_owned(units).map_err(|error| match error {
            TryAcquireError::NoPermits => Error::Busy,
            TryAcquireError::Closed => Error::Closed,
        })
    }

    /// Waits until nothing is queued, and rejects all further writes.
    pub async fn close(&self) {
        let _all = self.0.acquire_many(UNITS).await;
        self.0.close();
    }
}
