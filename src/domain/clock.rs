//! The current time. Everything that needs it calls [`now`]; clippy enforces it.

use chrono::{DateTime, SubsecRound, Utc};

/// The current time in whole microseconds: what responses show and both databases can store. A filter for a time that
/// a client read would not find a finer one.
#[expect(clippy::disallowed_methods, reason = "the only allowed use")]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
