//! The rules for new passwords, and their hashing, which takes 19 MiB and tens of milliseconds of a core by design.
//!
//! There are never more hashes at once than cores: more would not be faster, and a burst of requests could take all
//! memory. The buffers are kept and reused, so that the system need not provide and clear them for each hash.

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use secrecy::SecretString;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    api::Failure,
    domain::password::{self, Cost, Memory, TooShort},
};

/// The maximum number of passwords that wait for a core; further requests get 503.
const MAX_WAITING: usize = 64;

/// Checks and hashes new passwords.
#[derive(Debug)]
pub struct Passwords {
    min_length: usize,
    cost: Cost,
    /// One permit for each password that is being hashed or waits.
    places: Arc<Semaphore>,
    /// One permit for each password that is being hashed.
    cores: Arc<Semaphore>,
    idle: Arc<Idle>,
}

/// The buffers that no hash uses at the moment.
type Idle = Mutex<Vec<Memory>>;

impl Passwords {
    /// Accepts passwords of at least `min_length` code points, and hashes as many at once as there are cores.
    pub fn new(min_length: usize) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self::with_limits(min_length, cores, MAX_WAITING)
    }

    /// Accepts any password of tests, and hashes it fast.
    pub fn of_tests() -> Self {
        Self { cost: Cost::Least, ..Self::new(1) }
    }

    fn with_limits(min_length: usize, cores: usize, waiting: usize) -> Self {
        Self {
            min_length,
            cost: Cost::Recommended,
            places: Arc::new(Semaphore::new(cores + waiting)),
            cores: Arc::new(Semaphore::new(cores)),
            idle: Arc::default(),
        }
    }

    /// Checks a new password.
    ///
    /// # Errors
    ///
    /// If it is too short.
    pub fn check(&self, password: &str) -> Result<(), TooShort> {
        password::check(password, self.min_length)
    }

    /// Hashes a password, once a core is free.
    ///
    /// # Errors
    ///
    /// [`Failure::Unavailable`] if too many passwords are waiting.
    pub async fn hash(&self, password: SecretString) -> Result<String, Failure> {
        let cost = self.cost;
        self.run(move |memory| password::hash(&password, cost, memory)).await
    }

    /// Runs `work` on a thread that may block.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Memory) -> T + Send + 'static) -> Result<T, Failure> {
        let Ok(place) = self.places.clone().try_acquire_owned() else { return Err(Failure::Unavailable) };
        let core = self.cores.clone().acquire_owned().await.expect("the semaphore is never closed");
        // The slot moves to the thread: if the client leaves, the thread still finishes, and only then frees the slot.
        let mut slot = Slot::new(self.idle.clone(), [place, core]);
        tokio::task::spawn_blocking(move || work(&mut slot.memory)).await.map_err(|error| {
            tracing::error!(%error, "failed to hash a password");
            Failure::Internal
        })
    }
}

/// A core and a buffer for one hash. Dropping it, also by a panic, makes both available again.
struct Slot {
    memory: Memory,
    idle: Arc<Idle>,
    /// Released after `drop` has returned the buffer, so that the next hash finds it.
    _permits: [OwnedSemaphorePermit; 2],
}

impl Slot {
    fn new(idle: Arc<Idle>, permits: [OwnedSemaphorePermit; 2]) -> Self {
        let memory = idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        Self { memory, idle, _permits: permits }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let memory = mem::take(&mut self.memory);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        sync::{
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
        time::Duration,
    };

    use futures_util::{FutureExt, future::join_all};

    use super::*;

    #[tokio::test]
    async fn as_many_run_at_once_as_there_are_cores_and_they_share_the_buffers() {
        let passwords = Passwords::with_limits(1, 2, 64);
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let run = || {
            let (running, most) = (running.clone(), most.clone());
            passwords.run(move |_| {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(5));
                running.fetch_sub(1, Ordering::SeqCst);
            })
        };
        assert!(join_all((0..66).map(|_| run())).await.iter().all(Result::is_ok));
        assert_eq!(most.load(Ordering::SeqCst), 2);
        assert_eq!(passwords.idle.lock().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn passwords_beyond_the_queue_are_unavailable_and_a_client_that_leaves_makes_room() {
        let passwords = Passwords::with_limits(1, 1, 1);
        let (finish, finished) = mpsc::channel::<()>();
        let mut running = Box::pin(passwords.run(move |_| finished.recv().is_ok()));
        assert!(running.as_mut().now_or_never().is_none());
        {
            let mut waiting = pin!(passwords.run(|_| ()));
            assert!(waiting.as_mut().now_or_never().is_none());
            assert!(matches!(passwords.run(|_| ()).await, Err(Failure::Unavailable)));
        }
        // The running one goes on without its client, and keeps its core.
        drop(running);
        let mut waiting = pin!(passwords.run(|_| ()));
        assert!(waiting.as_mut().now_or_never().is_none());
        assert!(matches!(passwords.run(|_| ()).await, Err(Failure::Unavailable)));
        finish.send(()).unwrap();
        assert!(waiting.await.is_ok());
        assert_eq!(passwords.idle.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_panic_frees_the_core_and_keeps_the_buffer() {
        let passwords = Passwords::with_limits(1, 1, 0);
        for _ in 0..3 {
            assert!(matches!(passwords.run(|_| panic!("on purpose")).await, Err(Failure::Internal)));
        }
        assert!(passwords.hash("long enough".into()).await.is_ok());
        assert_eq!(passwords.idle.lock().unwrap().len(), 1);
    }
}
