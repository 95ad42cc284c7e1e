//! How a queued write returns its result.

use std::{panic, thread};

use tokio::sync::oneshot;

use crate::store::Error;

/// Where the result of a write goes. A panic goes to the task that waits and continues there.
pub struct Reply<T>(oneshot::Sender<thread::Result<T>>);

/// The other end.
pub type Receiver<T> = oneshot::Receiver<thread::Result<T>>;

impl<T> Reply<T> {
    pub fn channel() -> (Self, Receiver<T>) {
        let (sender, receiver) = oneshot::channel();
        (Self(sender), receiver)
    }

    /// Whether nobody waits any more.
    pub fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    pub fn send(self, result: thread::Result<T>) {
        // The client may have disconnected; what was written stays written.
        let _ = self.0.send(result);
    }
}

/// Waits for the result. The reply is dropped without one only when the program ends.
pub async fn receive<T, E: From<Error>>(receiver: Receiver<std::result::Result<T, E>>) -> std::result::Result<T, E> {
    match receiver.await {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => panic::resume_unwind(panic),
        Err(_) => Err(Error::Closed.into()),
    }
}
