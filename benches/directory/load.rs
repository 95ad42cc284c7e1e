//! Sends prepared requests over concurrent connections, and measures their latencies.

use std::{
    cell::{Cell, RefCell},
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::future::{join_all, try_join_all};

use crate::{
    connection::{Connection, Response},
    failures::Failures,
};

/// The number of failures after which a connection gives up.
const MAX_FAILURES: usize = 100;

/// What to send, and for how long.
#[derive(Clone, Copy)]
pub struct Plan<'r> {
    pub address: SocketAddr,
    pub connections: usize,
    /// The bytes of the requests.
    pub requests: &'r [Vec<u8>],
    pub until: Until,
}

#[derive(Clone, Copy)]
pub enum Until {
    /// Each request has been sent once.
    AllSent,
    /// This time has passed; the requests are repeated.
    Elapsed(Duration),
}

/// The total duration and the latencies.
pub struct Run {
    elapsed: Duration,
    /// Sorted.
    latencies: Vec<Duration>,
    /// The processor time that the server used, background work included.
    cpu_time: Duration,
}

impl Run {
    pub fn new(elapsed: Duration, mut latencies: Vec<Duration>) -> Self {
        latencies.sort_unstable();
        Self { elapsed, latencies, cpu_time: Duration::ZERO }
    }

    pub fn with_cpu_time(self, cpu_time: Duration) -> Self {
        Self { cpu_time, ..self }
    }

    /// Requests per second.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// The server's processor time per request, in microseconds.
    pub fn cpu_us(&self) -> f64 {
        self.cpu_time.as_secs_f64() * 1e6 / self.latencies.len() as f64
    }

    pub fn p50_ms(&self) -> f64 {
        self.percentile_ms(50)
    }

    pub fn p99_ms(&self) -> f64 {
        self.percentile_ms(99)
    }

    /// The latency that `percent` of the requests don't exceed.
    fn percentile_ms(&self, percent: usize) -> f64 {
        let rank = (self.latencies.len() * percent).div_ceil(100);
        let latency = self.latencies.get(rank.saturating_sub(1)).copied().unwrap_or_default();
        latency.as_secs_f64() * 1e3
    }
}

/// Runs a plan. `check` gets the index of a request and its response; it must be fast, because it delays the next
/// request. Broken connections are reopened, so that one failure doesn't hide others.
///
/// # Errors
///
/// If the server can't be reached at the start.
pub async fn run(
    plan: Plan<'_>,
    failures: &Failures,
    check: impl FnMut(usize, &Response<'_>) -> Result<(), String>,
) -> io::Result<Run> {
    let connections = try_join_all((0..plan.connections).map(|_| Connection::open(plan.address))).await?;
    let shared = Shared {
        plan,
        failures,
        check: RefCell::new(check),
        next: Cell::new(0),
        latencies: RefCell::new(Vec::with_capacity(1 << 16)),
        start: Instant::now(),
    };
    join_all(connections.into_iter().map(|connection| shared.work(connection))).await;
    let elapsed = shared.start.elapsed();
    Ok(Run::new(elapsed, shared.latencies.into_inner()))
}

/// State shared by the connections of a run.
struct Shared<'p, C> {
    plan: Plan<'p>,
    failures: &'p Failures,
    check: RefCell<C>,
    next: Cell<usize>,
    latencies: RefCell<Vec<Duration>>,
    start: Instant,
}

impl<C: FnMut(usize, &Response<'_>) -> Result<(), String>> Shared<'_, C> {
    async fn work(&self, mut connection: Connection) {
        let mut failed = 0;
        while let Some(index) = self.next_index() {
            let sent = Instant::now();
            let result = match connection.exchange(&self.plan.requests[index]).await {
                Ok(response) => {
                    self.latencies.borrow_mut().push(sent.elapsed());
                    (self.check.borrow_mut())(index, &response)
                }
                Err(error) => match Connection::open(self.plan.address).await {
                    Ok(new) => {
                        connection = new;
                        Err(error.to_string())
                    }
                    Err(reconnect) => return self.failures.add(format!("{error}, then {reconnect}")),
                },
            };
            if self.failures.note(result).is_none() {
                failed += 1;
                if failed == MAX_FAILURES {
                    return;
                }
            }
        }
    }

    /// Returns the index of the next request.
    fn next_index(&self) -> Option<usize> {
        let (next, count) = (self.next.get(), self.plan.requests.len());
        self.next.set(next + 1);
        match self.plan.until {
            Until::AllSent => (next < count).then_some(next),
            Until::Elapsed(duration) => (self.start.elapsed() < duration).then(|| next % count),
        }
    }
}
