//! The current time. Everything that needs it calls [`now`]; clippy enforces it.

use chrono::{DateTime, Utc};

/// The current time.
#[expect(clippy::disallowed_methods, reason = "the only allowed use")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}
