//! Randomness and new ids. Everything that needs them asks here.

use uuid::Uuid;

/// `N` bytes from the operating system's generator.
///
/// # Panics
///
/// When the operating system has no randomness; nothing could be kept secret then.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A new id. Version 7: ids made one after the other stand side by side in an index, which keeps inserts local.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn uuid() -> Uuid {
    Uuid::now_v7()
}
