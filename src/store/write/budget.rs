//! Limits the memory of queued writes.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use crate::{
    domain::{Attributes, user::NewUser},
    store::Error,
};

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

/// The approximate size of a user in memory, in bytes.
pub fn size_of_user(new: &NewUser) -> usize {
    let details = &new.details;
    let texts = [&details.username, &details.name, &details.email, &details.path];
    texts.map(String::len).iter().sum::<usize>()
        + size_of_attributes(&details.attributes)
        + size_of_val(new.groups.as_slice())
}

/// The approximate size of attributes in memory, in bytes.
pub fn size_of_attributes(attributes: &Attributes) -> usize {
    attributes.iter().map(|(key, value)| key.len() + size_of_value(value)).sum()
}

fn size_of_value(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::String(text) => text.len(),
            Value::Array(values) => values.iter().map(size_of_value).sum(),
            Value::Object(attributes) => size_of_attributes(attributes),
            _ => 0,
        }
}
