//! Panics: each is logged, with the request's id if there is one, and counted.

use std::{
    panic,
    sync::atomic::{AtomicU64, Ordering},
};

static COUNT: AtomicU64 = AtomicU64::new(0);

/// Logs and counts the panics of all threads from now on, instead of printing them.
pub fn log() {
    panic::set_hook(Box::new(|info| {
        COUNT.fetch_add(1, Ordering::Relaxed);
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        // The span of the request is the current one, because the hook runs where the panic began.
        tracing::error!(place, message = info.payload_as_str().unwrap_or_default(), "panicked");
    }));
}

/// The number of panics since [`log`] was called.
pub fn count() -> u64 {
    COUNT.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_counted() {
        let printing = panic::take_hook();
        log();
        let result = panic::catch_unwind(|| panic!("for a test"));
        panic::set_hook(printing);
        assert!(result.is_err() && count() > 0);
    }
}
