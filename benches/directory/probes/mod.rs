//! What the server is compared with. Nothing here uses the server's own store or operations.

pub mod fixed;
pub mod pgbench;
pub mod transaction;
