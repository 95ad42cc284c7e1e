//! The comparisons. Nothing here uses the server's store or operations.

pub mod fixed;
pub mod pgbench;
pub mod transaction;
