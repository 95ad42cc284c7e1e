//! The search index on SQLite: trigrams for substring search, and attributes.
//!
//! Trigrams and attributes take longer to write than the user itself, so [`Store::maintain_index`] writes them a little
//! later. A list combines the users found in the index with those not indexed since they were created or changed, and
//! applies the filter to all of them, so the state of the index never changes the result. PostgreSQL has its own indexes
//! for this.

use std::{
    ops::RangeInclusive,
    time::{Duration, Instant},
};

use sea_orm::{
    Condition, ConnectionTrait, DbBackend, Statement,
    sea_query::{Expr, SimpleExpr, Value},
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    domain::{
        attribute_test::{AttributeTest, Comparison},
        case::fold_case,
        filter::UserFilter,
    },
    store::{self, Error, Result, Store},
};

/// The maximum number of users indexed in one transaction, while other writes wait.
const SLICE_USERS: i64 = 1_000;

/// The bounds of a slice's texts and attributes, in bytes.
const SLICE_BYTES: RangeInclusive<i64> = 4 * 1024..=1024 * 1024;

/// How long a slice should take. The number of bytes adapts to it.
const SLICE_TIME: Duration = Duration::from_millis(20);

/// The pause after a slice, in times that it took, if other writes waited for it, and if none did.
const PAUSES: (u32, u32) = (9, 4);

/// The shortest pause after a slice, so that a few writes don't make as many slices.
const MIN_PAUSE: Duration = Duration::from_millis(100);

/// How often to look for users to index if there were none.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// The maximum number of trigrams looked up per word; more hardly narrow the result further.
const MAX_TRIGRAMS: usize = 24;

/// The index holds this many characters of a string.
const PREFIX: usize = 100;

/// Users to be indexed.
struct Source {
    /// Selects them and their bytes, in the order of their ids, for the next slice.
    select: &'static str,
    /// Index those up to an id.
    index: &'static [&'static str],
}

/// Those not indexed yet, and those changed or deleted since.
const SOURCES: [Source; 2] = [
    Source {
        select: r#"SELECT "id", octet_length("attributes") + octet_length("search_text") AS "bytes"
            FROM "users" WHERE "id" > (SELECT "indexed_to" FROM "user_index") ORDER BY "id""#,
        index: &[
            r#"INSERT INTO "users_search" (rowid, text) SELECT "id", "search_text" FROM "users"
                WHERE "id" > (SELECT "indexed_to" FROM "user_index") AND "id" <= ?"#,
            r#"INSERT OR IGNORE INTO "user_attributes" SELECT "key", "value", "user_id" FROM "user_attribute_rows"
                WHERE "user_id" > (SELECT "indexed_to" FROM "user_index") AND "user_id" <= ?"#,
            r#"UPDATE "user_index" SET "indexed_to" = ?"#,
        ],
    },
    Source {
        select: r#"SELECT "user_id" AS "id",
                coalesce(octet_length("attributes") + octet_length("search_text"), 0) AS "bytes"
            FROM "changed_users" LEFT JOIN "users" ON "id" = "user_id" ORDER BY "user_id""#,
        index: &[
            r#"DELETE FROM "users_search" WHERE rowid IN (SELECT "user_id" FROM "changed_users" WHERE "user_id" <= ?)"#,
            r#"INSERT INTO "users_search" (rowid, text) SELECT "id", "search_text" FROM "users"
                WHERE "id" IN (SELECT "user_id" FROM "changed_users" WHERE "user_id" <= ?)"#,
            r#"INSERT OR IGNORE INTO "user_attributes" SELECT "key", "value", "user_id" FROM "user_attribute_rows"
                WHERE "user_id" IN (SELECT "user_id" FROM "changed_users" WHERE "user_id" <= ?)"#,
            r#"DELETE FROM "changed_users" WHERE "user_id" <= ?"#,
        ],
    },
];

/// Selects the last user of a slice, which has at least one.
const LAST: &str = r#"WITH "next" AS MATERIALIZED ({select} LIMIT ?),
    "sums" AS (SELECT "id", sum("bytes") OVER (ORDER BY "id") AS "bytes" FROM "next")
    SELECT max("id") AS "last" FROM "sums" WHERE "bytes" <= ? OR "id" = (SELECT min("id") FROM "next")"#;

/// How long indexing a slice took, and how long it waited for other writes.
#[derive(Clone, Copy, Default)]
struct Times {
    took: Duration,
    waited: Duration,
}

/// Adds conditions that the index can answer.
pub fn narrow(mut all: Condition, filter: &UserFilter) -> Condition {
    let words: Vec<String> = filter.search.iter().map(|word| fold_case(word)).collect();
    for candidates in matching_words(&words).into_iter().chain(filter.attributes.iter().filter_map(matching_attribute))
    {
        all = all.add(candidates);
    }
    all
}

/// Users that have all trigrams of all words, or one of the words as their UUID; `None` if all words are too short.
fn matching_words(words: &[String]) -> Option<SimpleExpr> {
    let quoted = |trigram: &[char]| format!("\"{}\"", trigram.iter().collect::<String>().replace('"', "\"\""));
    let of_word = |word: &String| {
        let characters: Vec<char> = word.chars().collect();
        characters.windows(3).take(MAX_TRIGRAMS).map(quoted).collect::<Vec<_>>()
    };
    let trigrams = words.iter().flat_map(of_word).collect::<Vec<_>>();
    let mut sql = r#"SELECT rowid FROM "users_search" WHERE "users_search" MATCH ?"#.to_owned();
    let mut values = vec![Value::from(trigrams.join(" AND "))];
    for uuid in words.iter().filter_map(|word| word.parse::<Uuid>().ok()) {
        sql.push_str(r#" UNION ALL SELECT "id" FROM "users" WHERE "uuid" = ?"#);
        values.push(uuid.into());
    }
    (!trigrams.is_empty()).then(|| candidates(&sql, values))
}

/// Users that have a matching value under the last key of the test's path; `None` if the index can't tell.
fn matching_attribute(test: &AttributeTest) -> Option<SimpleExpr> {
    use Comparison::{Exact, Gt, Gte, In, Lt, Lte};
    // Keys that JSON escapes may be indexed in their escaped form.
    let is_plain = |key: &&String| !key.contains(|c: char| c == '"' || c == '\\' || c.is_control());
    let key = test.path.last().filter(is_plain)?;
    let (of_value, wanted) = match (test.comparison, &test.value) {
        (Exact | Gt | Gte | Lt | Lte, value) if is_inexact(value) => (String::new(), vec![]),
        (In, Json::Array(values)) if values.iter().any(is_inexact) => (String::new(), vec![]),
        (Exact, value) => (r#" AND "value" = ?"#.to_owned(), vec![to_indexed(value)]),
        (In, Json::Array(values)) => {
            let places = vec!["?"; values.len()].join(", ");
            (format!(r#" AND "value" IN ({places})"#), values.iter().map(to_indexed).collect())
        }
        // `>=` and `<=`, because strings are cut off in the index.
        (Gt | Gte, value) => (r#" AND "value" >= ?"#.to_owned(), vec![to_indexed(value)]),
        (Lt | Lte, value) => (r#" AND "value" <= ?"#.to_owned(), vec![to_indexed(value)]),
        _ => return None,
    };
    let sql = format!(r#"SELECT "user_id" FROM "user_attributes" WHERE "key" = ?{of_value}"#);
    let values = std::iter::once(Value::from(key.as_str())).chain(wanted).collect();
    Some(candidates(&sql, values))
}

/// Whether it is a number of which the index can't tell: an integer that floating-point numbers don't represent exactly,
/// or a real, because SQLite reads some a little differently from their JSON text.
fn is_inexact(value: &Json) -> bool {
    const EXACT: u64 = 1 << 53;
    value.is_number() && value.as_i64().is_none_or(|integer| integer.unsigned_abs() >= EXACT)
}

/// The users that `sql` selects, and those whose index is not up to date.
fn candidates(sql: &str, values: Vec<Value>) -> SimpleExpr {
    let others = r#"SELECT "id" FROM "users" WHERE "id" > (SELECT "indexed_to" FROM "user_index")
        UNION ALL SELECT "user_id" FROM "changed_users""#;
    Expr::cust_with_values(format!(r#""users"."id" IN ({sql} UNION ALL {others})"#), values)
}

/// Converts an attribute's value to the form in the index.
fn to_indexed(value: &Json) -> Value {
    match value {
        Json::Null | Json::Array(_) | Json::Object(_) => "".into(),
        Json::Bool(flag) => i64::from(*flag).into(),
        Json::Number(number) => number.as_i64().map_or_else(|| number.as_f64().into(), Value::from),
        Json::String(text) => text.chars().take(PREFIX).collect::<String>().into(),
    }
}

impl Store {
    /// Keeps the index up to date, for as long as it is polled.
    pub(in crate::store) async fn maintain_index(&self) {
        let mut bytes = *SLICE_BYTES.start();
        loop {
            let pause = match self.index_slice(bytes).await {
                Ok(Some(Times { took, waited })) => {
                    bytes = if took > SLICE_TIME { bytes / 2 } else { bytes * 2 };
                    bytes = bytes.clamp(*SLICE_BYTES.start(), *SLICE_BYTES.end());
                    let (busy, idle) = PAUSES;
                    (took * if waited > took { busy } else { idle }).max(MIN_PAUSE)
                }
                Ok(None) => POLL_INTERVAL,
                Err(error) => {
                    tracing::warn!(%error, "failed to update the search index");
                    POLL_INTERVAL
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Indexes all users that are not indexed yet, for tests that look at the index.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn index_users(&self) -> Result<()> {
        while self.index_slice(*SLICE_BYTES.end()).await?.is_some() {}
        Ok(())
    }

    /// Indexes the next users of each source. `None` if there were none, as always on PostgreSQL.
    async fn index_slice(&self, bytes: i64) -> Result<Option<Times>> {
        let mut all = None;
        if store::is_postgres(&self.reader) {
            return Ok(all);
        }
        for source in &SOURCES {
            if let Some(times) = self.index_source(source, bytes).await? {
                let all: &mut Times = all.get_or_insert_default();
                all.took += times.took;
                all.waited += times.waited;
            }
        }
        Ok(all)
    }

    /// Indexes the next users of a source, whose texts and attributes have at most `bytes` bytes, but at least one user.
    async fn index_source(&self, source: &'static Source, bytes: i64) -> Result<Option<Times>> {
        let next = statement(&LAST.replace("{select}", source.select), [SLICE_USERS, bytes]);
        let row = self.reader.query_one_raw(next).await?;
        let Some(last) = row.map(|row| row.try_get::<Option<i64>>("", "last")).transpose()?.flatten() else {
            return Ok(None);
        };
        let times = self.write((source, last, Instant::now()), |transaction, (source, last, queued)| {
            Box::pin(async move {
                let start = Instant::now();
                for sql in source.index {
                    transaction.execute_raw(statement(sql, [*last])).await?;
                }
                Ok::<_, Error>(Times { took: start.elapsed(), waited: start - *queued })
            })
        });
        times.await.map(Some)
    }
}

fn statement<const N: usize>(sql: &str, values: [i64; N]) -> Statement {
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.map(Value::from))
}
