//! Random bytes and new ids. Everything that needs them calls these functions; clippy enforces it.

use uuid::Uuid;

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
    Uuid::now_v7()
}
