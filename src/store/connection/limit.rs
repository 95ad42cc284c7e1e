//! A limit on what one statement may read into memory.

use rusqlite::types::ValueRef;
use sea_orm::{
    DbErr,
    sqlx::{Row as _, postgres::PgRow},
};

use crate::store::error::TooLarge;

/// What a value without a length counts for, in bytes.
const FIXED: usize = 8;

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

    /// Counts a row of SQLite.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if the limit is exceeded.
    pub fn count_sqlite(&mut self, row: &rusqlite::Row<'_>) -> Result<(), DbErr> {
        let columns = row.as_ref().column_count();
        let length = |index| match row.get_ref(index) {
            Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => bytes.len(),
            _ => FIXED,
        };
        self.count((0..columns).map(length).sum())
    }

    /// Counts a row of PostgreSQL.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if the limit is exceeded.
    pub fn count_postgres(&mut self, row: &PgRow) -> Result<(), DbErr> {
        let length = |index| row.try_get_raw(index).ok().and_then(|value| value.as_bytes().ok()).map_or(0, <[u8]>::len);
        self.count((0..row.len()).map(|index| length(index).max(FIXED)).sum())
    }

    fn count(&mut self, bytes: usize) -> Result<(), DbErr> {
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(TooLarge(self.limit).into()),
        }
    }
}
