//! The time of day. Everything that needs it asks here, so that there is one place to look.

use chrono::{DateTime, Utc};

/// Now, in UTC.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}
