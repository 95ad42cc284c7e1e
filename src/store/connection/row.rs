//! Reading rows by position.
//!
//! SeaORM reads by name, for which a row from another driver than sqlx's is a map of values. With those, and with
//! attributes parsed and cloned, a list on SQLite took three times as long.

use rusqlite::types::{FromSql, FromSqlError, Type};
use sea_orm::{
    DbErr,
    sqlx::{self, Decode, Postgres, Row as _, postgres::PgRow},
};
use uuid::Uuid;

use super::{
    failed,
    limit::{ReadLimit, size_in_postgres, size_in_sqlite},
    sqlite,
};

/// A row of a result, whose columns are read one after the other.
pub struct Row<'r> {
    source: Source<'r>,
    next: usize,
    /// The bytes read.
    bytes: usize,
}

enum Source<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r PgRow),
}

/// Something that is read from a row, or from some of its columns.
pub trait FromRow: Sized + Send + 'static {
    /// Reads the next columns.
    ///
    /// # Errors
    ///
    /// If a column has another type.
    fn from_row(row: &mut Row<'_>) -> Result<Self, DbErr>;
}

impl Row<'_> {
    /// Reads the next column.
    ///
    /// # Errors
    ///
    /// If it has another type.
    pub fn next<T>(&mut self) -> Result<T, DbErr>
    where
        T: FromSql + for<'r> Decode<'r, Postgres> + sqlx::Type<Postgres>,
    {
        let index = self.next;
        self.next += 1;
        match self.source {
            Source::Sqlite(row) => {
                let value = row.get_ref(index).map_err(sqlite::failed)?;
                self.bytes += size_in_sqlite(value);
                T::column_result(value).map_err(|error| sqlite::failed(unreadable(index, value.data_type(), error)))
            }
            Source::Postgres(row) => {
                self.bytes += size_in_postgres(row, index);
                row.try_get(index).map_err(failed)
            }
        }
    }

    /// Leaves out the next columns.
    pub fn skip(&mut self, columns: usize) {
        self.next += columns;
    }

    /// Reads the next column, which holds a word.
    ///
    /// # Errors
    ///
    /// If it holds another word.
    pub fn next_word<T: std::str::FromStr>(&mut self) -> Result<T, DbErr>
    where
        T::Err: std::fmt::Display,
    {
        self.next::<String>()?.parse().map_err(|error: T::Err| DbErr::Type(error.to_string()))
    }
}

fn unreadable(index: usize, found: Type, error: FromSqlError) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(index, found, Box::new(error))
}

/// Reads a row of SQLite.
///
/// # Errors
///
/// If a column has another type, or more is read than `limit` allows.
pub fn read_sqlite<T: FromRow>(row: &rusqlite::Row<'_>, limit: &mut ReadLimit) -> Result<T, DbErr> {
    read(Source::Sqlite(row), limit)
}

/// Reads a row of PostgreSQL.
///
/// # Errors
///
/// If a column has another type, or more is read than `limit` allows.
pub fn read_postgres<T: FromRow>(row: &PgRow, limit: &mut ReadLimit) -> Result<T, DbErr> {
    read(Source::Postgres(row), limit)
}

fn read<T: FromRow>(source: Source<'_>, limit: &mut ReadLimit) -> Result<T, DbErr> {
    let mut row = Row { source, next: 0, bytes: 0 };
    let value = T::from_row(&mut row)?;
    limit.count(row.bytes)?;
    Ok(value)
}

macro_rules! tuples {
    ($(($($name:ident)+))*) => {$(
        impl<$($name: FromRow),+> FromRow for ($($name,)+) {
            fn from_row(row: &mut Row<'_>) -> Result<Self, DbErr> {
                Ok(($($name::from_row(row)?,)+))
            }
        }
    )*};
}
tuples! { (A B) (A B C) (A B C D) }

macro_rules! columns {
    ($($type:ty)*) => {$(
        impl FromRow for $type {
            fn from_row(row: &mut Row<'_>) -> Result<Self, DbErr> {
                row.next()
            }
        }
    )*};
}
columns! { i32 i64 Option<i64> String Uuid Vec<u8> }
