//! How far long work has come.

/// Shows how far work has come, and may stop it.
pub trait Progress: Send + Sync {
    /// Work begins, for example "copying the database". It ends when `total` is reached, or at an unknown time if that is
    /// `None`.
    fn begin(&self, work: &'static str, total: Option<u64>);

    /// So much of it is done.
    fn reached(&self, done: u64);

    /// Whether it should end without a result. Only what would leave nothing half done asks for it.
    fn is_stopped(&self) -> bool {
        false
    }
}
