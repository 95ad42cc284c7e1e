//! A budget of memory for what is on its way in and out: bodies that arrive and responses that wait for their readers.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What is smaller isn't counted: the number of connections bounds it.
pub const SMALL: usize = 64 * 1024;

/// The unit of the budget, in bytes. Semaphores count to at most 2^32 at a time.
const UNIT: usize = 1024;

#[derive(Clone, Debug)]
pub struct Buffers(Arc<Semaphore>);

/// A share of the budget, given back when it is dropped.
#[derive(Debug)]
pub struct Share {
    permit: Option<OwnedSemaphorePermit>,
    bytes: usize,
}

impl Buffers {
    /// A budget of this many bytes.
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new((bytes / UNIT).min(Semaphore::MAX_PERMITS))))
    }

    /// A share that is still empty.
    pub fn share(&self) -> Share {
        Share { permit: None, bytes: 0 }
    }

    /// Enlarges `share` to `bytes`, unless they are few. `false` if there is no room for them.
    pub fn enlarge(&self, share: &mut Share, bytes: usize) -> bool {
        if bytes <= SMALL || bytes <= share.bytes {
            return true;
        }
        // At least doubled, so that a body in many pieces is not counted as often.
        let bytes = bytes.max(share.bytes.saturating_mul(2));
        let Ok(units) = u32::try_from((bytes - share.bytes).div_ceil(UNIT)) else { return false };
        let Ok(more) = self.0.clone().try_acquire_many_owned(units) else { return false };
        match &mut share.permit {
            Some(permit) => permit.merge(more),
            permit => *permit = Some(more),
        }
        share.bytes += units as usize * UNIT;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_grows_while_there_is_room_and_is_given_back() {
        let buffers = Buffers::new(300 * 1024);
        let (mut one, mut other) = (buffers.share(), buffers.share());
        assert!(buffers.enlarge(&mut one, SMALL) && buffers.enlarge(&mut one, 100 * 1024));
        assert!(buffers.enlarge(&mut one, 150 * 1024), "it doubles to 200 KiB");
        assert!(!buffers.enlarge(&mut other, 150 * 1024), "100 KiB are left");
        assert!(buffers.enlarge(&mut other, SMALL), "a small one is not counted");
        drop(one);
        assert!(buffers.enlarge(&mut other, 300 * 1024));
    }
}
