//! SQLite through rusqlite. Statements run on the calling thread, because handing them to another takes longer than
//! most of them do: reading a row by its key is 4 times as fast as with sqlx's driver, which has a thread for each
//! connection, and takes 3.5 times less of the processor (with 32 tasks on 4 connections 3.1 times as fast).
//!
//! SeaORM reads rows by column name. A value's type follows from the declared type of its column or, for an expression,
//! from the value itself.

use std::{borrow::Cow, cell::Cell, collections::BTreeMap, error::Error, fmt, fs, io, path::PathBuf, sync::Arc};

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{
    CachedStatement, Connection, OpenFlags,
    config::DbConfig,
    ffi,
    types::{Value as Stored, ValueRef},
};
use sea_orm::{
    DbErr, ExecResult, ProxyExecResult, ProxyRow, QueryResult, RuntimeErr, Statement,
    sea_query::Value,
    sqlx::{
        self,
        error::{DatabaseError, ErrorKind},
    },
};

use super::{FromRow, ReadLimit, STATEMENT_CACHE_SIZE, functions, limit::size_in_sqlite, row::read_sqlite};
use crate::store::WAIT_TIMEOUT;

/// The size of the writer's page cache, in KiB.
const WRITER_CACHE: i32 = 32 * 1024;

/// The write-ahead log is cut to this size when it starts again from its beginning, in bytes.
const LOG_SIZE_LIMIT: i32 = 64 * 1024 * 1024;

/// A database file and how to open it.
#[derive(Clone, Debug)]
pub struct File {
    pub path: PathBuf,
    pub read_only: bool,
    pub durability: Durability,
}

/// What a commit survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// A power cut, not only a crash of the process.
    PowerCut,
    /// A crash of the process. A power cut may break the file.
    Crash,
}

impl File {
    /// Opens the file. Creates it if it doesn't exist, unless `read_only`.
    pub fn open(&self) -> Result<Connection, DbErr> {
        if self.read_only {
            return self.connect(OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed);
        }
        self.create().map_err(|error| database_error(sqlx::Error::Io(error)))?;
        let open = || {
            let connection = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            connection.pragma_update(None, "journal_mode", "wal")?;
            let synchronous = match self.durability {
                Durability::PowerCut => "full",
                Durability::Crash => "off",
            };
            connection.pragma_update(None, "synchronous", synchronous)?;
            connection.pragma_update(None, "cache_size", -WRITER_CACHE)?;
            // An insert of several rows and a savepoint keep what they may have to undo; in a temporary file it would
            // cost a quarter of the creates.
            connection.pragma_update(None, "temp_store", "memory")?;
            connection.pragma_update(None, "journal_size_limit", LOG_SIZE_LIMIT)?;
            // The writer decides when to checkpoint.
            connection.wal_hook(Some(|_, pages| {
                LOG_PAGES.set(pages);
                Ok(())
            }));
            Ok(connection)
        };
        open().map_err(failed)
    }

    /// Opens an existing file for reading. Unlike a connection that is read-only for SQLite, this one removes the files
    /// beside the database when it is closed, if it is the last.
    pub fn open_to_examine(&self) -> Result<Connection, DbErr> {
        let open = || {
            let connection = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            connection.pragma_update(None, "query_only", true)?;
            Ok(connection)
        };
        open().map_err(failed)
    }

    fn connect(&self, access: OpenFlags) -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(&self.path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(WAIT_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE_SIZE);
        connection.pragma_update(None, "foreign_keys", true)?;
        // Plans don't depend on the values of parameters. Otherwise SQLite would compile a statement with a parameter for
        // its limit, as most of SeaORM's have, again whenever it is executed.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        functions::add_to(&connection)?;
        Ok(connection)
    }

    /// Creates the file so that only its owner can read it, whatever the umask. SQLite gives its other files the same
    /// permissions.
    fn create(&self) -> io::Result<()> {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.path) {
            Ok(file) => file.set_permissions(fs::Permissions::from_mode(0o600)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
    }
}

thread_local! {
    /// The length of the write-ahead log after the last commit of this thread, in pages.
    static LOG_PAGES: Cell<i32> = const { Cell::new(0) };
}

/// The length of the write-ahead log after the last commit of this thread, in pages.
pub fn log_pages() -> i32 {
    LOG_PAGES.get()
}

/// Copies the write-ahead log to the database, and lets it start again from its beginning. Returns `false` if readers
/// prevented that within the connection's busy timeout.
pub fn checkpoint(connection: &Connection) -> Result<bool, DbErr> {
    let is_busy: bool = connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |row| row.get(0)).map_err(failed)?;
    Ok(!is_busy)
}

/// Sets how long to wait for a lock held by another connection.
pub fn set_busy_timeout(connection: &Connection, timeout: std::time::Duration) -> Result<(), DbErr> {
    connection.busy_timeout(timeout).map_err(failed)
}

/// Ends statements when `is_over` returns `true`, which SQLite asks after this number of steps of its virtual machine.
pub fn set_interruption<F>(connection: &Connection, is_over: Option<(i32, F)>) -> Result<(), DbErr>
where
    F: FnMut() -> bool + Send + 'static,
{
    let (steps, is_over) = is_over.unzip();
    connection.progress_handler(steps.unwrap_or_default(), is_over).map_err(failed)
}

pub fn close(connection: Connection) -> Result<(), DbErr> {
    connection.close().map_err(|(_, error)| failed(error))
}

/// Executes a statement that returns no rows.
pub fn execute(connection: &Connection, statement: Statement) -> Result<ExecResult, DbErr> {
    let run = || {
        let mut prepared = prepared(connection, statement)?;
        prepared.raw_execute()
    };
    let rows_affected = run().map_err(failed)? as u64;
    Ok(ProxyExecResult { last_insert_id: 0, rows_affected }.into())
}

/// Executes SQL without parameters.
pub fn execute_plain(connection: &Connection, sql: &str) -> Result<ExecResult, DbErr> {
    connection.execute_batch(sql).map_err(failed)?;
    Ok(ProxyExecResult::default().into())
}

/// Executes a query and reads all rows.
pub fn rows<T: FromRow>(connection: &Connection, statement: Statement, mut limit: ReadLimit) -> Result<Vec<T>, DbErr> {
    let mut prepared = prepared(connection, statement).map_err(failed)?;
    let (mut rows, mut read) = (prepared.raw_query(), Vec::new());
    while let Some(row) = rows.next().map_err(failed)? {
        read.push(read_sqlite(row, &mut limit)?);
    }
    Ok(read)
}

/// Executes a query and hands over each row.
pub fn visit<T: FromRow>(connection: &Connection, statement: Statement, mut visit: impl FnMut(T)) -> Result<(), DbErr> {
    let mut prepared = prepared(connection, statement).map_err(failed)?;
    let (mut rows, mut limit) = (prepared.raw_query(), ReadLimit::NONE);
    while let Some(row) = rows.next().map_err(failed)? {
        visit(read_sqlite(row, &mut limit)?);
    }
    Ok(())
}

/// Executes a query and returns all rows.
pub fn query_all(
    connection: &Connection,
    statement: Statement,
    mut limit: ReadLimit,
) -> Result<Vec<QueryResult>, DbErr> {
    let mut prepared = prepared(connection, statement).map_err(failed)?;
    let kind = |column: &rusqlite::Column| (column.name().to_owned(), Kind::of(column.decl_type()));
    let columns: Vec<(String, Kind)> = prepared.columns().iter().map(kind).collect();
    let (mut rows, mut read) = (prepared.raw_query(), Vec::new());
    while let Some(row) = rows.next().map_err(failed)? {
        let value = |(index, (name, kind)): (usize, &(String, Kind))| {
            let stored = row.get_ref(index).map_err(failed)?;
            limit.count(size_in_sqlite(stored))?;
            Ok((name.clone(), kind.value(index, stored).map_err(failed)?))
        };
        let values = columns.iter().enumerate().map(value).collect::<Result<BTreeMap<_, _>, DbErr>>()?;
        read.push(ProxyRow::new(values).into());
    }
    Ok(read)
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
    let real = |number: Option<f64>| number.map_or(Stored::Null, Stored::Real);
    let text = |text: Option<String>| text.map_or(Stored::Null, Stored::Text);
    Ok(match value {
        Value::Bool(flag) => whole(flag.map(i64::from)),
        Value::TinyInt(number) => whole(number.map(i64::from)),
        Value::SmallInt(number) => whole(number.map(i64::from)),
        Value::Int(number) => whole(number.map(i64::from)),
        Value::BigInt(number) => whole(number),
        Value::TinyUnsigned(number) => whole(number.map(i64::from)),
        Value::SmallUnsigned(number) => whole(number.map(i64::from)),
        Value::Unsigned(number) => whole(number.map(i64::from)),
        Value::BigUnsigned(number) => {
            let number = number.map(i64::try_from).transpose();
            whole(number.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?)
        }
        Value::Float(number) => real(number.map(f64::from)),
        Value::Double(number) => real(number),
        Value::String(found) => text(found),
        Value::Bytes(bytes) => bytes.map_or(Stored::Null, Stored::Blob),
        Value::Uuid(uuid) => uuid.map_or(Stored::Null, |uuid| Stored::Blob(uuid.as_bytes().to_vec())),
        Value::ChronoDateTimeUtc(moment) => {
            text(moment.map(|moment| moment.to_rfc3339_opts(SecondsFormat::AutoSi, false)))
        }
        // The store has no other types.
        other => return Err(rusqlite::Error::ToSqlConversionFailure(format!("{other:?}").into())),
    })
}

/// The type of a column for SeaORM.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Int,
    BigInt,
    Uuid,
    DateTime,
    Text,
    Bytes,
    /// An expression; its integers are 64 bits wide.
    Undeclared,
}

impl Kind {
    fn of(declared: Option<&str>) -> Self {
        match declared.map(str::to_ascii_lowercase).as_deref() {
            Some("boolean") => Self::Bool,
            Some("integer") => Self::Int,
            Some("bigint") => Self::BigInt,
            Some("uuid_text") => Self::Uuid,
            Some("timestamp_with_timezone_text") => Self::DateTime,
            Some(name) if ["text", "jsonb_text"].contains(&name) || name.starts_with("varchar") => Self::Text,
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
            Self::Int => match stored.as_i64_or_null()?.map(i32::try_from) {
                None => Value::Int(None),
                Some(Ok(number)) => Value::Int(Some(number)),
                // For SeaORM it is an error if the field is narrower.
                Some(Err(_)) => Value::BigInt(stored.as_i64_or_null()?),
            },
            Self::BigInt => Value::BigInt(stored.as_i64_or_null()?),
            Self::Uuid => {
                let uuid = stored.as_blob_or_null()?.map(uuid::Uuid::from_slice);
                Value::Uuid(uuid.transpose().map_err(|error| wrong(error.into()))?)
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

fn database_error(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

pub fn failed(error: rusqlite::Error) -> DbErr {
    let rusqlite::Error::SqliteFailure(cause, _) = &error else {
        return database_error(sqlx::Error::Protocol(error.to_string()));
    };
    database_error(sqlx::Error::Database(Box::new(SqliteError {
        code: cause.extended_code,
        message: error.to_string(),
    })))
}

/// A SQLite error in sqlx's form, which SeaORM and the rest of the store expect.
#[derive(Debug)]
struct SqliteError {
    /// SQLite's extended result code.
    code: i32,
    message: String,
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
        Some(self.code.to_string().into())
    }

    fn kind(&self) -> ErrorKind {
        match self.code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => ErrorKind::UniqueViolation,
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ErrorKind::ForeignKeyViolation,
            ffi::SQLITE_CONSTRAINT_NOTNULL => ErrorKind::NotNullViolation,
            ffi::SQLITE_CONSTRAINT_CHECK => ErrorKind::CheckViolation,
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

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;
    use crate::store::tests::TestStore;

    #[test]
    fn numbers_of_all_types_are_stored_or_refused() {
        let stored = |value: Value| to_stored(value).ok();
        for value in [
            Value::from(true),
            1_i8.into(),
            1_i16.into(),
            1_i32.into(),
            1_i64.into(),
            1_u8.into(),
            1_u16.into(),
            1_u32.into(),
            1_u64.into(),
        ] {
            assert_eq!(stored(value.clone()), Some(Stored::Integer(1)), "{value:?}");
            assert_eq!(stored(value.as_null()), Some(Stored::Null), "{value:?}");
        }
        assert_eq!(stored(1.5_f32.into()), Some(Stored::Real(1.5)));
        assert_eq!(stored(1.5_f64.into()), Some(Stored::Real(1.5)));
        assert_eq!(stored(u64::MAX.into()), None);
    }

    #[test]
    fn an_integer_out_of_range_is_an_error() {
        let connection = Connection::open_in_memory().unwrap();
        execute_plain(&connection, "CREATE TABLE t (n integer); INSERT INTO t VALUES (7), (5000000000)").unwrap();
        let query = Statement::from_string(sea_orm::DbBackend::Sqlite, "SELECT n FROM t ORDER BY n");
        let rows = query_all(&connection, query, ReadLimit::NONE).unwrap();
        assert_eq!(rows[0].try_get::<i32>("", "n").unwrap(), 7);
        assert!(rows[1].try_get::<i32>("", "n").is_err());
        assert_eq!(rows[1].try_get::<i64>("", "n").unwrap(), 5_000_000_000);
    }

    #[test]
    fn a_cached_statement_is_compiled_once() {
        let directory = tempfile::tempdir().unwrap();
        let file =
            File { path: directory.path().join("t.sqlite3"), read_only: false, durability: Durability::PowerCut };
        let connection = file.open().unwrap();
        execute_plain(&connection, "CREATE TABLE t (n integer); INSERT INTO t VALUES (1), (2)").unwrap();
        let sql = "SELECT n FROM t ORDER BY n LIMIT ?";
        for limit in [1_u64, 2, 1] {
            let query = Statement::from_sql_and_values(sea_orm::DbBackend::Sqlite, sql, [limit.into()]);
            assert_eq!(query_all(&connection, query, ReadLimit::NONE).unwrap().len() as u64, limit);
        }
        assert_eq!(connection.prepare_cached(sql).unwrap().get_status(StatementStatus::RePrepare), 0);
    }

    #[tokio::test]
    async fn the_declared_types_of_all_columns_are_known() {
        let test = TestStore::set_up().await;
        let Some(file) = test.sqlite_file() else { return test.remove().await };
        let connection = Connection::open(file).unwrap();
        for table in ["users", "groups", "group_parents", "user_groups", "tokens", "instance", "seaql_migrations"] {
            let sql = format!("SELECT name, type FROM pragma_table_info('{table}')");
            let mut columns = connection.prepare(&sql).unwrap();
            let columns = columns.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            let columns: Vec<(String, String)> = columns.collect::<Result<_, _>>().unwrap();
            assert!(!columns.is_empty(), "{table}");
            for (column, declared) in columns {
                assert!(Kind::of(Some(&declared)) != Kind::Undeclared, "{table}.{column}: {declared}");
            }
        }
        test.remove().await;
    }
}
