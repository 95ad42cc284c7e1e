//! SQLite without HTTP: one user with two memberships per transaction, one transaction after the other.

use std::time::{Duration, Instant};

use rollcall::domain::random;
use rusqlite::{params_from_iter, types::Value};

use crate::{
    BoxError,
    load::Run,
    sample::{self, Sample},
};

/// Inserts the same rows into the same tables as the server, for `duration`.
pub fn run(sample: &Sample<'_>, duration: Duration) -> Result<Run, BoxError> {
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
