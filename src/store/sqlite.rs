//! SQLite through rusqlite. Statements run on the calling thread, because handing them to another takes longer than
//! most of them do.
//!
//! SeaORM reads rows by column name. A value's type follows from the declared type of its column or, for an expression,
//! from the value itself.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    error::Error,
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{
    CachedStatement, Connection, OpenFlags, ffi,
    types::{Value as Stored, ValueRef},
};
use sea_orm::{
    DbErr, ExecResult, ProxyDatabaseTrait, ProxyExecResult, ProxyRow, QueryResult, RuntimeErr, Statement,
    sea_query::Value,
    sqlx::{
        self,
        error::{DatabaseError, ErrorKind},
    },
};
use tokio::runtime::{Handle, RuntimeFlavor};

use super::connection::{STATEMENT_CACHE_SIZE, WAIT_TIMEOUT};

/// A database file and how to open it.
#[derive(Clone, Debug)]
pub struct File {
    pub path: PathBuf,
    pub read_only: bool,
}

impl File {
    /// Opens the file. Creates it if it doesn't exist, unless `read_only`.
    pub fn open(&self) -> Result<Connection, sqlx::Error> {
        let access = if self.read_only {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        } else {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        };
        let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || {
            let connection = Connection::open_with_flags(&self.path, flags)?;
            connection.busy_timeout(WAIT_TIMEOUT)?;
            connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE_SIZE);
            if !self.read_only {
                connection.pragma_update(None, "journal_mode", "wal")?;
                // Commits must survive a power cut, not only a crash of the process.
                connection.pragma_update(None, "synchronous", "full")?;
            }
            connection.pragma_update(None, "foreign_keys", true)?;
            Ok(connection)
        };
        open().map_err(failed)
    }
}

/// Executes a statement that returns no rows.
pub fn execute(connection: &Connection, statement: Statement) -> Result<ExecResult, sqlx::Error> {
    let run = || {
        let mut prepared = prepared(connection, statement)?;
        prepared.raw_execute()
    };
    let rows_affected = run().map_err(failed)? as u64;
    Ok(ProxyExecResult { last_insert_id: 0, rows_affected }.into())
}

/// Executes SQL without parameters.
pub fn execute_plain(connection: &Connection, sql: &str) -> Result<ExecResult, sqlx::Error> {
    connection.execute_batch(sql).map_err(failed)?;
    Ok(ProxyExecResult::default().into())
}

/// Executes a query and returns all rows.
pub fn query_all(connection: &Connection, statement: Statement) -> Result<Vec<QueryResult>, sqlx::Error> {
    Ok(rows(connection, statement)?.into_iter().map(Into::into).collect())
}

fn rows(connection: &Connection, statement: Statement) -> Result<Vec<ProxyRow>, sqlx::Error> {
    let run = || {
        let mut prepared = prepared(connection, statement)?;
        let kind = |column: &rusqlite::Column| (column.name().to_owned(), Kind::of(column.name(), column.decl_type()));
        let columns: Vec<(String, Kind)> = prepared.columns().iter().map(kind).collect();
        let (mut rows, mut read) = (prepared.raw_query(), Vec::new());
        while let Some(row) = rows.next()? {
            let mut values = BTreeMap::new();
            for (index, (name, kind)) in columns.iter().enumerate() {
                values.insert(name.clone(), kind.value(index, row.get_ref(index)?)?);
            }
            read.push(ProxyRow::new(values));
        }
        Ok(read)
    };
    run().map_err(failed)
}

fn prepared(connection: &Connection, statement: Statement) -> rusqlite::Result<CachedStatement<'_>> {
    let mut prepared = connection.prepare_cached(&statement.sql)?;
    for (index, value) in statement.values.into_iter().flatten().enumerate() {
        prepared.raw_bind_parameter(index + 1, to_stored(value)?)?;
    }
    Ok(prepared)
}

/// Converts a value to the form in which SQLite stores it.
fn to_stored(value: Value) -> rusqlite::Result<Stored> {
    let whole = |number: Option<i64>| number.map_or(Stored::Null, Stored::Integer);
    let text = |text: Option<String>| text.map_or(Stored::Null, Stored::Text);
    Ok(match value {
        Value::Bool(flag) => whole(flag.map(i64::from)),
        Value::Int(number) => whole(number.map(i64::from)),
        Value::BigInt(number) => whole(number),
        Value::Unsigned(number) => whole(number.map(i64::from)),
        Value::BigUnsigned(number) => whole(number.map(|number| i64::try_from(number).unwrap_or(i64::MAX))),
        Value::Double(number) => number.map_or(Stored::Null, Stored::Real),
        Value::String(found) => text(found),
        Value::Bytes(bytes) => bytes.map_or(Stored::Null, Stored::Blob),
        Value::Uuid(uuid) => uuid.map_or(Stored::Null, |uuid| Stored::Blob(uuid.as_bytes().to_vec())),
        Value::Json(json) => text(json.map(|json| json.to_string())),
        Value::ChronoDateTimeUtc(moment) => {
            text(moment.map(|moment| moment.to_rfc3339_opts(SecondsFormat::AutoSi, false)))
        }
        // The store has no other types.
        other => return Err(rusqlite::Error::ToSqlConversionFailure(format!("{other:?}").into())),
    })
}

/// The type of a column for SeaORM.
#[derive(Clone, Copy)]
enum Kind {
    Bool,
    Int,
    Uuid,
    Json,
    DateTime,
    Text,
    Bytes,
    /// An expression; its integers are 64 bits wide.
    Undeclared,
}

impl Kind {
    fn of(column: &str, declared: Option<&str>) -> Self {
        match declared.map(str::to_ascii_lowercase).as_deref() {
            // The only 64-bit column, in the migrations table; SQLite declares all integers alike.
            Some("integer") if column == "applied_at" => Self::Undeclared,
            Some("boolean") => Self::Bool,
            Some("integer") => Self::Int,
            Some("uuid_text") => Self::Uuid,
            Some("jsonb_text" | "json_text") => Self::Json,
            Some("timestamp_with_timezone_text") => Self::DateTime,
            Some(name) if name == "text" || name.starts_with("varchar") => Self::Text,
            Some("blob") => Self::Bytes,
            _ => Self::Undeclared,
        }
    }

    fn value(self, index: usize, stored: ValueRef<'_>) -> rusqlite::Result<Value> {
        let wrong = |error: Box<dyn std::error::Error + Send + Sync>| {
            rusqlite::Error::FromSqlConversionFailure(index, stored.data_type(), error)
        };
        Ok(match self {
            Self::Bool => Value::Bool(stored.as_i64_or_null()?.map(|flag| flag != 0)),
            Self::Int => Value::Int(stored.as_i64_or_null()?.and_then(|number| i32::try_from(number).ok())),
            Self::Uuid => {
                let uuid = stored.as_blob_or_null()?.map(uuid::Uuid::from_slice);
                Value::Uuid(uuid.transpose().map_err(|error| wrong(error.into()))?)
            }
            Self::Json => {
                let json = stored.as_str_or_null()?.map(serde_json::from_str);
                Value::Json(json.transpose().map_err(|error| wrong(error.into()))?.map(Box::new))
            }
            Self::DateTime => {
                let moment = stored.as_str_or_null()?.map(DateTime::parse_from_rfc3339);
                let moment = moment.transpose().map_err(|error| wrong(error.into()))?;
                Value::ChronoDateTimeUtc(moment.map(|moment| moment.with_timezone(&Utc)))
            }
            Self::Text => Value::String(stored.as_str_or_null()?.map(Into::into)),
            Self::Bytes => Value::Bytes(stored.as_blob_or_null()?.map(Into::into)),
            Self::Undeclared => match stored {
                ValueRef::Integer(number) => Value::BigInt(Some(number)),
                ValueRef::Real(number) => Value::Double(Some(number)),
                ValueRef::Blob(bytes) => Value::Bytes(Some(bytes.into())),
                ValueRef::Text(_) => Value::String(stored.as_str_or_null()?.map(Into::into)),
                ValueRef::Null => Value::BigInt(None),
            },
        })
    }
}

/// A single connection that SeaORM uses as a database, for migrations. It can have only one open transaction.
#[derive(Debug)]
pub struct MigrationConnection {
    connection: Mutex<Connection>,
    /// The error of `begin` or `commit`, which can't return it.
    failure: Mutex<Option<DbErr>>,
}

impl MigrationConnection {
    pub fn open(file: &File) -> Result<Self, DbErr> {
        let connection = file.open().map_err(into_db_error)?;
        Ok(Self { connection: Mutex::new(connection), failure: Mutex::default() })
    }

    fn with<T>(&self, work: impl FnOnce(&Connection) -> Result<T, sqlx::Error>) -> Result<T, DbErr> {
        work(&self.connection.lock().unwrap_or_else(PoisonError::into_inner)).map_err(into_db_error)
    }

    fn remember<T>(&self, result: Result<T, DbErr>) {
        if let Err(error) = result {
            *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        }
    }
}

#[async_trait::async_trait]
impl ProxyDatabaseTrait for MigrationConnection {
    async fn query(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        self.with(|connection| rows(connection, statement))
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        self.with(|connection| execute(connection, statement)).map(Into::into)
    }

    /// Can't return an error, so the next [`ping`](Self::ping) does.
    async fn begin(&self) {
        self.remember(self.with(|connection| execute_plain(connection, "BEGIN IMMEDIATE")));
    }

    async fn commit(&self) {
        self.remember(self.with(|connection| execute_plain(connection, "COMMIT")));
    }

    async fn rollback(&self) {
        let _ = self.with(|connection| execute_plain(connection, "ROLLBACK"));
    }

    async fn ping(&self) -> Result<(), DbErr> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone().map_or(Ok(()), Err)
    }
}

pub fn into_db_error(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

/// Runs blocking work, such as a commit that waits for the disk, without blocking other tasks of this thread.
pub fn blocking<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current() {
        Ok(runtime) if runtime.runtime_flavor() == RuntimeFlavor::MultiThread => tokio::task::block_in_place(work),
        _ => work(),
    }
}

/// A SQLite error in sqlx's form, which the rest of the store expects.
#[derive(Debug)]
struct SqliteError {
    code: String,
    kind: ErrorKind,
    message: String,
}

fn failed(error: rusqlite::Error) -> sqlx::Error {
    let rusqlite::Error::SqliteFailure(cause, _) = &error else { return sqlx::Error::Protocol(error.to_string()) };
    let kind = match cause.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => ErrorKind::UniqueViolation,
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ErrorKind::ForeignKeyViolation,
        ffi::SQLITE_CONSTRAINT_NOTNULL => ErrorKind::NotNullViolation,
        ffi::SQLITE_CONSTRAINT_CHECK => ErrorKind::CheckViolation,
        _ => ErrorKind::Other,
    };
    let error = SqliteError { code: cause.extended_code.to_string(), kind, message: error.to_string() };
    sqlx::Error::Database(Box::new(error))
}

impl fmt::Display for SqliteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for SqliteError {}

impl DatabaseError for SqliteError {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.as_str().into())
    }

    fn kind(&self) -> ErrorKind {
        match self.kind {
            ErrorKind::UniqueViolation => ErrorKind::UniqueViolation,
            ErrorKind::ForeignKeyViolation => ErrorKind::ForeignKeyViolation,
            ErrorKind::NotNullViolation => ErrorKind::NotNullViolation,
            ErrorKind::CheckViolation => ErrorKind::CheckViolation,
            _ => ErrorKind::Other,
        }
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }
}
