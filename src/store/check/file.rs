//! The file of a SQLite database.

use rusqlite::Connection;
use sea_orm::DbErr;

use super::MAX_DETAILS;
use crate::store::connection::sqlite::failed;

/// Returns how the file is damaged, if it is. Reads all of it.
pub fn damages(connection: &Connection) -> Result<Option<String>, DbErr> {
    let found = texts(connection, &format!("PRAGMA integrity_check({MAX_DETAILS})"))?;
    let is_intact = matches!(found.as_slice(), [fine] if fine == "ok");
    Ok((!is_intact).then(|| found.join("; ")))
}

/// Returns which tables have rows that refer to others that don't exist, if any has.
pub fn dangling(connection: &Connection) -> Result<Option<String>, DbErr> {
    let tables = texts(connection, r#"SELECT DISTINCT "table" FROM pragma_foreign_key_check"#)?;
    let tables = tables.join(", ");
    Ok((!tables.is_empty()).then(|| format!("rows with dangling foreign keys, in these tables: {tables}")))
}

fn texts(connection: &Connection, sql: &str) -> Result<Vec<String>, DbErr> {
    let read = || connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect();
    let texts: rusqlite::Result<Vec<String>> = read();
    texts.map_err(failed)
}
