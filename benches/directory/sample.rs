//! A user stored by the server, as the template for rows that the comparisons insert. So they always write the same
//! columns as the server.

use std::path::Path;

use rusqlite::{Connection, types::Value};
use sea_orm::TryGetable;

use crate::{
    BoxError,
    bench::Bench,
    home::Home,
    options::Engine,
    people::{self, Group},
    postgres::Database,
};

/// A directory created by the server, which is stopped, with one user besides the administrator.
pub struct Sample<'b> {
    pub home: Home<'b>,
    pub groups: Vec<Group>,
    /// The user's username; other rows replace it by their own in all columns.
    pub username: String,
}

impl<'b> Sample<'b> {
    pub fn new(bench: &'b Bench, engine: Engine) -> Result<Self, BoxError> {
        let (home, server, groups) = people::start_with_groups(bench, engine)?;
        let people = people::people("sample", 1, &groups);
        people::create(bench, &server, 1, &people)?;
        let username = people.into_iter().next().ok_or("no user was created")?.username;
        server.stop()?;
        Ok(Self { home, groups, username })
    }

    /// Returns the lowest of the groups' ids, which are consecutive.
    pub fn first_group(&self) -> Result<i64, BoxError> {
        let ids: Vec<i64> = self.groups.iter().map(|group| group.id).collect();
        let first = *ids.first().ok_or("there are no groups")?;
        if ids.iter().zip(first..).any(|(id, expected)| *id != expected) {
            return Err("the ids of the groups are not consecutive".into());
        }
        Ok(first)
    }
}

/// Opens SQLite as the server does, see `src/store/connect.rs`.
pub fn open_sqlite(file: &Path) -> Result<Connection, BoxError> {
    let connection = Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000",
    )?;
    Ok(connection)
}

/// Returns the columns and values that the server stored in SQLite.
pub fn sqlite_columns(connection: &Connection, username: &str) -> Result<Vec<(String, Value)>, BoxError> {
    let mut statement = connection.prepare("SELECT * FROM users WHERE username = ?1")?;
    let names: Vec<String> = statement.column_names().into_iter().map(Into::into).collect();
    let values = statement.query_row([username], |row| (0..names.len()).map(|place| row.get(place)).collect());
    let values: Vec<Value> = values?;
    Ok(names.into_iter().zip(values).filter(|(name, _)| name != "id").collect())
}

/// A column with the value that the server stored in PostgreSQL.
pub struct Column {
    pub name: String,
    /// Its type, for a cast.
    pub kind: String,
    pub value: Option<String>,
}

pub fn postgres_columns(database: &Database<'_>, username: &str) -> Result<Vec<Column>, BoxError> {
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
