//! Telling all connections that the server stops.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use tokio::sync::{Notify, futures::OwnedNotified};

#[derive(Debug, Default)]
pub struct Stop {
    is_set: AtomicBool,
    notify: Arc<Notify>,
}

impl Stop {
    pub fn set(&self) {
        self.is_set.store(true, Ordering::SeqCst);
        self.notify.notify_waiters();
    }

    pub fn is_set(&self) -> bool {
        self.is_set.load(Ordering::SeqCst)
    }

    /// A way for one task to notice it.
    pub fn watch(self: &Arc<Self>) -> StopWatch {
        StopWatch { stop: self.clone(), notified: None }
    }
}

/// Registers the task once; asking [`Notify`] whenever the task is polled would take a lock that all connections share.
pub struct StopWatch {
    stop: Arc<Stop>,
    notified: Option<Pin<Box<OwnedNotified>>>,
}

impl StopWatch {
    /// Is ready once the server stops.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.notified.is_none() {
            let mut notified = Box::pin(self.stop.notify.clone().notified_owned());
            let _ = notified.as_mut().poll(context);
            self.notified = Some(notified);
        }
        if self.stop.is_set() { Poll::Ready(()) } else { Poll::Pending }
    }
}
