//! SQLite without HTTP: one transaction after the other.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rollcall::domain::random;
use rusqlite::{Row, Statement, params_from_iter, types::Value};

use crate::{
    BoxError,
    load::Run,
    sample::{self, Sample},
};

/// Inserts one user with two memberships per transaction, for `duration`: the same rows into the same tables as the
/// server.
pub fn create(sample: &Sample<'_>, duration: Duration) -> Result<Run, BoxError> {
    let connection = sample::open_sqlite(&sample.home.sqlite_file())?;
    let columns = sample::sqlite_columns(&connection, &sample.username)?;
    let names = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let places = vec!["?"; columns.len()].join(", ");
    let mut begin = connection.prepare("BEGIN IMMEDIATE")?;
    let mut insert = connection.prepare(&format!("INSERT INTO users ({names}) VALUES ({places})"))?;
    let mut join = connection.prepare("INSERT INTO user_groups (user_id, group_id) VALUES (?1, ?2)")?;
    let mut commit = connection.prepare("COMMIT")?;
    let groups = &sample.groups;
    let (start, mut latencies) = (Instant::now(), Vec::new());
    while start.elapsed() < duration {
        let number = latencies.len();
        let username = format!("probe-{number:07}");
        let values = columns.iter().map(|(name, value)| match value {
            _ if name == "uuid" => Value::Blob(random::uuid().into_bytes().to_vec()),
            Value::Text(text) => Value::Text(text.replace(&sample.username, &username)),
            value => value.clone(),
        });
        let values: Vec<Value> = values.collect();
        let begun = Instant::now();
        begin.execute([])?;
        insert.execute(params_from_iter(values))?;
        let user = connection.last_insert_rowid();
        for group in [number, number + 1] {
            join.execute([user, groups[group % groups.len()].id])?;
        }
        commit.execute([])?;
        latencies.push(begun.elapsed());
    }
    Ok(Run::new(start.elapsed(), latencies))
}

/// Changes the name of one of these users per transaction, for `duration`.
pub fn change(file: &Path, ids: &[i64], duration: Duration) -> Result<Run, BoxError> {
    let connection = sample::open_sqlite(file)?;
    let [read, update, groups] = super::change("?1", "?2", "");
    let mut begin = connection.prepare("BEGIN IMMEDIATE")?;
    let (mut read, mut update, mut groups) =
        (connection.prepare(&read)?, connection.prepare(&update)?, connection.prepare(&groups)?);
    let mut commit = connection.prepare("COMMIT")?;
    let (start, mut latencies) = (Instant::now(), Vec::new());
    for (number, id) in (0..).zip(ids.iter().cycle()) {
        if start.elapsed() >= duration {
            break;
        }
        let begun = Instant::now();
        begin.execute([])?;
        let counts = [rows(&mut read, &[*id])?, rows(&mut update, &[*id, number])?, rows(&mut groups, &[*id])?];
        commit.execute([])?;
        latencies.push(begun.elapsed());
        if counts != [1, 1, 2] {
            return Err(format!("user {id} or its groups are not there").into());
        }
    }
    Ok(Run::new(start.elapsed(), latencies))
}

/// Reads all values of all rows, and returns the number of rows.
fn rows(statement: &mut Statement<'_>, parameters: &[i64]) -> Result<usize, BoxError> {
    let columns = statement.column_count();
    let values = |row: &Row<'_>| (0..columns).map(|place| row.get(place)).collect::<rusqlite::Result<Vec<Value>>>();
    let rows = statement.query_map(params_from_iter(parameters), values)?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?.len())
}
