//! A limit on what one statement may read into memory.

use rusqlite::types::ValueRef;
use sea_orm::{
    DbErr,
    sqlx::{Row as _, postgres::PgRow},
};

use crate::store::error::TooLarge;

/// The bytes that a statement may still read.
#[derive(Clone, Copy, Debug)]
pub struct ReadLimit {
    limit: usize,
    left: usize,
}

impl ReadLimit {
    /// For writes, which read what they return.
    pub const NONE: Self = Self::new(usize::MAX);

    pub const fn new(bytes: usize) -> Self {
        Self { limit: bytes, left: bytes }
    }

    /// Counts what was read.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if the limit is exceeded.
    pub fn count(&mut self, bytes: usize) -> Result<(), DbErr> {
        self.left = self.left.checked_sub(bytes).ok_or(TooLarge(self.limit))?;
        Ok(())
    }
}

/// What a value without a length counts for, in bytes.
const FIXED: usize = 8;

/// The bytes of a value of SQLite.
pub fn size_in_sqlite(value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len(),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => FIXED,
    }
}

/// The bytes of a value of PostgreSQL.
pub fn size_in_postgres(row: &PgRow, index: usize) -> usize {
    row.try_get_raw(index).ok().and_then(|value| value.as_bytes().ok()).map_or(FIXED, <[u8]>::len)
}
