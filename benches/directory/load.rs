//! Sends prepared requests over several connections at once, and takes the time of each.

use std::{
    cell::{Cell, RefCell},
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::future::{join_all, try_join_all};

use crate::{
    connection::{Answer, Connection},
    failures::Failures,
};

/// Failures after which a connection gives up.
const PATIENCE: usize = 100;

/// What is sent, and for how long.
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
    /// Each request was sent once.
    AllSent,
    /// This time has passed; the requests are sent again and again.
    Elapsed(Duration),
}

/// How long it all took, and each.
pub struct Run {
    elapsed: Duration,
    /// The shortest first.
    latencies: Vec<Duration>,
}

impl Run {
    pub fn new(elapsed: Duration, mut latencies: Vec<Duration>) -> Self {
        latencies.sort_unstable();
        Self { elapsed, latencies }
    }

    /// How many per second.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    pub fn p50_ms(&self) -> f64 {
        self.percentile_ms(50)
    }

    pub fn p99_ms(&self) -> f64 {
        self.percentile_ms(99)
    }

    /// The shortest time that `percent` of them don't exceed.
    fn percentile_ms(&self, percent: usize) -> f64 {
        let rank = (self.latencies.len() * percent).div_ceil(100);
        let latency = self.latencies.get(rank.saturating_sub(1)).copied().unwrap_or_default();
        latency.as_secs_f64() * 1e3
    }
}

/// Runs a plan. `check` gets the number of the request and its answer; it runs between two requests, so it should be
/// quick. Connections that break are opened again, so that one fault doesn't hide others.
///
/// # Errors
///
/// When the server can't be reached at the start.
pub async fn run(
    plan: Plan<'_>,
    failures: &Failures,
    check: impl FnMut(usize, &Answer<'_>) -> Result<(), String>,
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

/// What the connections of a run share.
struct Shared<'p, C> {
    plan: Plan<'p>,
    failures: &'p Failures,
    check: RefCell<C>,
    next: Cell<usize>,
    latencies: RefCell<Vec<Duration>>,
    start: Instant,
}

impl<C: FnMut(usize, &Answer<'_>) -> Result<(), String>> Shared<'_, C> {
    async fn work(&self, mut connection: Connection) {
        let mut failed = 0;
        while let Some(index) = self.take() {
            let sent = Instant::now();
            let result = match connection.exchange(&self.plan.requests[index]).await {
                Ok(answer) => {
                    self.latencies.borrow_mut().push(sent.elapsed());
                    (self.check.borrow_mut())(index, &answer)
                }
                Err(error) => match Connection::open(self.plan.address).await {
                    Ok(new) => {
                        connection = new;
                        Err(error.to_string())
                    }
                    Err(refused) => return self.failures.add(format!("{error}, then {refused}")),
                },
            };
            if self.failures.note(result).is_none() {
                failed += 1;
                if failed == PATIENCE {
                    return;
                }
            }
        }
    }

    /// The number of the next request.
    fn take(&self) -> Option<usize> {
        let (next, count) = (self.next.get(), self.plan.requests.len());
        self.next.set(next + 1);
        match self.plan.until {
            Until::AllSent => (next < count).then_some(next),
            Until::Elapsed(duration) => (self.start.elapsed() < duration).then(|| next % count),
        }
    }
}
