//! What a connection is waiting for, and since when.

use std::{
    pin::Pin,
    sync::atomic::{AtomicU8, AtomicU64, Ordering},
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

use super::WireLimits;

/// The phase of a connection, shared by what reads from it and what handles its requests.
#[derive(Debug)]
pub struct Shared {
    phase: AtomicU8,
    /// When the phase began, in milliseconds after `start`.
    since: AtomicU64,
    start: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// For the first byte of a request.
    Idle = 0,
    /// For the rest of the head.
    Head = 1,
    /// For more of the body.
    Body = 2,
    /// For the response.
    Busy = 3,
}

impl Shared {
    /// A connection that has just been made.
    pub fn new() -> Self {
        Self { phase: AtomicU8::new(Phase::Idle as u8), since: AtomicU64::new(0), start: Instant::now() }
    }

    pub fn get(&self) -> Phase {
        match self.phase.load(Ordering::Relaxed) {
            0 => Phase::Idle,
            1 => Phase::Head,
            2 => Phase::Body,
            _ => Phase::Busy,
        }
    }

    /// Begins a phase.
    pub fn set(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Relaxed);
        let since = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.since.store(since, Ordering::Relaxed);
    }

    fn since(&self) -> Instant {
        self.start + Duration::from_millis(self.since.load(Ordering::Relaxed))
    }
}

/// Watches how long a connection waits for the next request, or for the rest of a head.
///
/// Own code, because hyper has one time for both, and starts neither anew.
#[derive(Default)]
pub struct Watch(Deadline);

impl Watch {
    /// Is ready with the phase that has lasted too long. To be polled whenever the connection was.
    pub fn poll(&mut self, shared: &Shared, limits: &WireLimits, context: &mut Context<'_>) -> Poll<Phase> {
        let phase = shared.get();
        let time = match phase {
            Phase::Idle => limits.idle_time,
            Phase::Head => limits.head_time,
            Phase::Body | Phase::Busy => return Poll::Pending,
        };
        self.0.set(shared.since() + time);
        self.0.poll(context).map(|()| phase)
    }
}

/// A time that may come, for one task. Setting it later is cheap: the timer runs on, and is only moved when it fires too
/// early.
#[derive(Default)]
pub struct Deadline {
    at: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    pub fn is_set(&self) -> bool {
        self.at.is_some()
    }

    pub fn set(&mut self, at: Instant) {
        self.at = Some(at);
    }

    pub fn clear(&mut self) {
        self.at = None;
    }

    /// Is ready once the time has come; never, if none is set.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(at) = self.at else { return Poll::Pending };
        if let Some(timer) = &self.timer
            && timer.deadline() <= at
            && !timer.is_elapsed()
        {
            // It will wake the task.
            return Poll::Pending;
        }
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if timer.deadline() != at {
            timer.as_mut().reset(at);
        }
        timer.as_mut().poll(context)
    }
}
