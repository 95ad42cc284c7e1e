//! The current time. Everything that needs it calls [`now`]; clippy enforces it.
//!
//! It is the system's, until [`set`] changes it, which only the stand-in for tests does. It is static because there is
//! one time for everything in the process, and passing it to all that asks for it would be in the way of the server.

use std::{
    ops::Range,
    sync::atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Datelike, SubsecRound, TimeDelta, Utc};

/// How far this time is ahead of the system's, in microseconds.
static SHIFT: AtomicI64 = AtomicI64::new(0);

/// Where the time stands still, in microseconds since 1970, or [`RUNNING`].
static FROZEN: AtomicI64 = AtomicI64::new(RUNNING);

const RUNNING: i64 = i64::MIN;

/// The years that [`set`] accepts, so that times can be added to the current one, and ids can hold it.
const YEARS: Range<i32> = 1970..9000;

/// A time that can't be the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Ensure the time is in one of the years {} to {}.", YEARS.start, YEARS.end - 1)]
pub struct OutOfRange;

/// The current time in whole microseconds: what responses show and both databases can store. A filter for a time that
/// a client read would not find a finer one.
pub fn now() -> DateTime<Utc> {
    let frozen = FROZEN.load(Ordering::Relaxed);
    if frozen != RUNNING
        && let Some(time) = DateTime::from_timestamp_micros(frozen)
    {
        return time;
    }
    system() + TimeDelta::microseconds(SHIFT.load(Ordering::Relaxed))
}

#[expect(clippy::disallowed_methods, reason = "the only allowed use")]
fn system() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// Makes `time` the current time from now on. It goes on from there, unless it is `frozen`.
///
/// # Errors
///
/// If it is too early or too late.
pub fn set(time: DateTime<Utc>, frozen: bool) -> Result<(), OutOfRange> {
    if !YEARS.contains(&time.year()) {
        return Err(OutOfRange);
    }
    SHIFT.store((time - system()).num_microseconds().unwrap_or_default(), Ordering::Relaxed);
    FROZEN.store(if frozen { time.timestamp_micros() } else { RUNNING }, Ordering::Relaxed);
    Ok(())
}

/// Makes the system's time the current time again.
pub fn unset() {
    SHIFT.store(0, Ordering::Relaxed);
    FROZEN.store(RUNNING, Ordering::Relaxed);
}

/// Whether the current time was [`set`].
pub fn is_set() -> bool {
    is_frozen() || SHIFT.load(Ordering::Relaxed) != 0
}

/// Whether the time stands still.
pub fn is_frozen() -> bool {
    FROZEN.load(Ordering::Relaxed) != RUNNING
}
