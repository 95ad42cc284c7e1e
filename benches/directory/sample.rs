//! A user that the server itself has stored, as the pattern for rows that don't come from it. So the comparisons write
//! every column that the server writes, whatever the migrations make of the table.

use std::path::Path;

use rusqlite::{Connection, types::Value};
use sea_orm::TryGetable;

use crate::{
    Failed,
    bench::Bench,
    home::Home,
    options::Engine,
    people::{self, Group},
    postgres::Database,
};

/// A directory that the server has set up and left, with one user besides the administrator.
pub struct Sample<'b> {
    pub home: Home<'b>,
    pub groups: Vec<Group>,
    /// Where this text stands in a column, another row has its own username.
    pub username: String,
}

impl<'b> Sample<'b> {
    pub fn new(bench: &'b Bench, engine: Engine) -> Result<Self, Failed> {
        let (home, server, groups) = people::settle_in(bench, engine)?;
        let people = people::people("sample", 1, &groups);
        people::create(bench, &server, 1, &people)?;
        let username = people.into_iter().next().ok_or("no user was made")?.username;
        server.stop()?;
        Ok(Self { home, groups, username })
    }

    /// The least of the groups' ids in the database, which follow each other.
    pub fn first_group(&self) -> Result<i64, Failed> {
        let ids: Vec<i64> = self.groups.iter().map(|group| group.id).collect();
        let first = *ids.first().ok_or("there are no groups")?;
        if ids.iter().zip(first..).any(|(id, expected)| *id != expected) {
            return Err("the ids of the groups don't follow each other".into());
        }
        Ok(first)
    }
}

/// Opens SQLite as the server does, see `src/store/connect.rs`.
pub fn open_sqlite(file: &Path) -> Result<Connection, Failed> {
    let connection = Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000",
    )?;
    Ok(connection)
}

/// The columns that the server filled in SQLite, and what with.
pub fn sqlite_columns(connection: &Connection, username: &str) -> Result<Vec<(String, Value)>, Failed> {
    let mut statement = connection.prepare("SELECT * FROM users WHERE username = ?1")?;
    let names: Vec<String> = statement.column_names().into_iter().map(Into::into).collect();
    let values = statement.query_row([username], |row| (0..names.len()).map(|place| row.get(place)).collect());
    let values: Vec<Value> = values?;
    Ok(names.into_iter().zip(values).filter(|(name, _)| name != "id").collect())
}

/// A column that the server filled in PostgreSQL.
pub struct Column {
    pub name: String,
    /// Its type, for a cast.
    pub kind: String,
    pub value: Option<String>,
}

pub fn postgres_columns(database: &Database<'_>, username: &str) -> Result<Vec<Column>, Failed> {
    let rows = database.query(&format!(
        "SELECT attname::text, format_type(atttypid, atttypmod), fields ->> attname::text
         FROM pg_attribute, (SELECT to_jsonb(users) AS fields FROM users WHERE username = '{username}') AS sample
         WHERE attrelid = 'users'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> 'id'
         ORDER BY attnum"
    ))?;
    let text = |row, place| Option::<String>::try_get_by_index(row, place).map_err(|error| format!("{error:?}"));
    let columns = rows.iter().map(|row| {
        let (name, kind) = (text(row, 0)?.unwrap_or_default(), text(row, 1)?.unwrap_or_default());
        Ok(Column { name, kind, value: text(row, 2)? })
    });
    columns.collect::<Result<_, String>>().map_err(Into::into)
}
