//! Adds very many users to a directory by SQL, while no server uses it.

use rusqlite::{params_from_iter, types::Value};

use crate::{
    BoxError,
    options::Engine,
    sample::{self, Sample},
};

/// Adds `count` users like the sample, with two memberships each.
pub fn grow(sample: &Sample<'_>, engine: Engine, count: usize) -> Result<(), BoxError> {
    match engine {
        Engine::Sqlite => grow_sqlite(sample, count),
        Engine::Postgres => grow_postgres(sample, count),
    }
}

/// SQL that adds each user to two groups.
fn memberships(sample: &Sample<'_>) -> Result<String, BoxError> {
    let (first, count) = (sample.first_group()?, sample.groups.len());
    Ok(format!(
        "INSERT INTO user_groups (user_id, group_id) SELECT users.id, {first} + (users.id + place.n) % {count}
         FROM users CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1) AS place WHERE users.username LIKE 'grown-%'"
    ))
}

fn grow_sqlite(sample: &Sample<'_>, count: usize) -> Result<(), BoxError> {
    let connection = sample::open_sqlite(&sample.home.sqlite_file())?;
    let columns = sample::sqlite_columns(&connection, &sample.username)?;
    // Parameters 1 and 2 are the count and the sample's username.
    let expressions = columns.iter().zip(3..).map(|((name, value), place)| match value {
        // Ascending, like the server's UUIDs of version 7.
        _ if name == "uuid" => "unhex(printf('%012x7%03x8%015x', 1750000000000 + n, abs(random() % 4096), \
                                abs(random() % 1152921504606846976)))"
            .to_owned(),
        Value::Text(_) => format!("replace(?{place}, ?2, printf('grown-%07d', n))"),
        _ => format!("?{place}"),
    });
    let expressions = expressions.collect::<Vec<_>>().join(", ");
    let names = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let insert = format!(
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
         INSERT INTO users ({names}) SELECT {expressions} FROM numbers"
    );
    let own = [Value::Integer(count.try_into()?), Value::Text(sample.username.clone())];
    let parameters = own.into_iter().chain(columns.into_iter().map(|(_, value)| value));
    connection.execute_batch("PRAGMA synchronous = OFF; BEGIN IMMEDIATE")?;
    let added = connection.execute(&insert, params_from_iter(parameters))?;
    let joined = connection.execute(&memberships(sample)?, [])?;
    connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")?;
    if (added, joined) == (count, 2 * count) { Ok(()) } else { Err("not all users could be added".into()) }
}

fn grow_postgres(sample: &Sample<'_>, count: usize) -> Result<(), BoxError> {
    let database = sample.home.database().ok_or("PostgreSQL is required")?;
    let columns = sample::postgres_columns(database, &sample.username)?;
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let expressions = columns.iter().map(|column| match &column.value {
        _ if column.name == "uuid" => "gen_random_uuid()".to_owned(),
        Some(value) => {
            let (value, username) = (quoted(value), quoted(&sample.username));
            format!("replace({value}, {username}, 'grown-' || lpad(n::text, 7, '0'))::{}", column.kind)
        }
        None => "NULL".to_owned(),
    });
    let expressions = expressions.collect::<Vec<_>>().join(", ");
    let names = columns.iter().map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ");
    database.run(&[
        &format!("INSERT INTO users ({names}) SELECT {expressions} FROM generate_series(1, {count}) AS n"),
        &memberships(sample)?,
        "VACUUM ANALYZE",
        "CHECKPOINT",
    ])
}
