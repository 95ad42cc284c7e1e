//! Random bytes and new ids. Everything that needs them calls these functions; clippy enforces it.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

use super::clock;

/// Returns `N` random bytes from the operating system.
///
/// # Panics
///
/// If the operating system provides none.
#[expect(clippy::disallowed_methods, reason = "the only allowed use")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system provides random bytes");
    bytes
}

/// Generates a UUID. Version 7, because ids that are close in time are close in an index, which keeps inserts local.
#[expect(clippy::disallowed_methods, reason = "the only allowed use")]
pub fn uuid() -> Uuid {
    if clock::is_set() { uuid_of(clock::now()) } else { Uuid::now_v7() }
}

/// Generates a UUID of a time that the stand-in for tests has set, which may be earlier than that of the one before.
/// Those of one millisecond are in the order in which they were generated.
fn uuid_of(time: DateTime<Utc>) -> Uuid {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let (mut rest, random) = ([0; 10], bytes::<3>());
    // The version and the variant are in the first three bytes.
    rest[3..7].copy_from_slice(&COUNTER.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    rest[7..].copy_from_slice(&random);
    Builder::from_unix_timestamp_millis(u64::try_from(time.timestamp_millis()).unwrap_or_default(), &rest).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_a_set_time_hold_it_and_are_in_order() {
        let times = ["2026-01-01T00:00:00.123Z", "1970-01-01T00:00:00Z"];
        for time in times.map(|time| time.parse::<DateTime<Utc>>().unwrap()) {
            let ids: Vec<Uuid> = (0..1_000).map(|_| uuid_of(time)).collect();
            assert!(ids.is_sorted_by(|one, next| one < next));
            for id in ids {
                assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122));
                assert_eq!((id.as_u128() >> 80) as i64, time.timestamp_millis());
            }
        }
    }
}
