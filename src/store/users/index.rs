//! The search index on SQLite: trigrams for substring search, and attributes.
//!
//! Trigrams and attributes take longer to write than the user itself, so [`Store::maintain_index`] writes them a little
//! later. A list combines the users found in the index with those not indexed yet, and applies the filter to all of
//! them, so the state of the index never changes the result. PostgreSQL has its own indexes for this.

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
    domain::filter::{AttributeTest, Comparison, UserFilter, fold_case},
    store::{self, Error, Result, Store},
};

/// The maximum number of users indexed in one transaction, while other writes wait.
const SLICE_USERS: i64 = 200;

/// The bounds of a slice's texts and attributes, in bytes.
const SLICE_BYTES: RangeInclusive<i64> = 4 * 1024..=1024 * 1024;

/// How long a slice should take. The number of bytes adapts to it.
const SLICE_TIME: Duration = Duration::from_millis(20);

/// How often to look for users that are not indexed yet.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// The maximum number of trigrams looked up per word; more hardly narrow the result further.
const MAX_TRIGRAMS: usize = 24;

/// The index holds this many characters of a string.
const PREFIX: usize = 100;

const INDEXED_TO: &str = r#"(SELECT "indexed_to" FROM "user_index")"#;
/// The last user of the next slice, which has at least one.
const NEXT: &str = r#"WITH "next" AS MATERIALIZED (
        SELECT "id", octet_length("attributes") + octet_length("search_text") AS "bytes"
        FROM "users" WHERE "id" > {after} ORDER BY "id" LIMIT ?),
    "sums" AS (SELECT "id", sum("bytes") OVER (ORDER BY "id") AS "bytes" FROM "next")
    SELECT max("id") AS "last" FROM "sums" WHERE "bytes" <= ? OR "id" = (SELECT min("id") FROM "next")"#;
const INDEX_TEXTS: &str = r#"INSERT INTO "users_search" (rowid, text)
    SELECT "id", "search_text" FROM "users" WHERE "id" > {after} AND "id" <= ?"#;
const INDEX_ATTRIBUTES: &str = r#"INSERT OR IGNORE INTO "user_attributes"
    SELECT "key", "value", "user_id" FROM "user_attribute_rows" WHERE "user_id" > {after} AND "user_id" <= ?"#;
const SET_INDEXED_TO: &str = r#"UPDATE "user_index" SET "indexed_to" = ?"#;

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

/// The users that `sql` selects, and those not indexed yet.
fn candidates(sql: &str, values: Vec<Value>) -> SimpleExpr {
    let all = format!(r#"{sql} UNION ALL SELECT "id" FROM "users" WHERE "id" > {INDEXED_TO}"#);
    Expr::cust_with_values(format!(r#""users"."id" IN ({all})"#), values)
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
                Ok(Some(took)) => {
                    bytes = if took > SLICE_TIME { bytes / 2 } else { bytes * 2 };
                    bytes = bytes.clamp(*SLICE_BYTES.start(), *SLICE_BYTES.end());
                    // Leave most of the time to other writes.
                    took * 4
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

    /// Indexes the next users, whose texts and attributes have at most `bytes` bytes, but at least one user. Returns
    /// how long that took other writes; `None` if there was nothing to do, as always on PostgreSQL.
    async fn index_slice(&self, bytes: i64) -> Result<Option<Duration>> {
        if store::is_postgres(&self.reader) {
            return Ok(None);
        }
        let row = self.reader.query_one_raw(statement(NEXT, [SLICE_USERS, bytes])).await?;
        let Some(last) = row.map(|row| row.try_get::<Option<i64>>("", "last")).transpose()?.flatten() else {
            return Ok(None);
        };
        let took = self.write(last, |transaction, last| {
            Box::pin(async move {
                let start = Instant::now();
                for sql in [INDEX_TEXTS, INDEX_ATTRIBUTES, SET_INDEXED_TO] {
                    transaction.execute_raw(statement(sql, [*last])).await?;
                }
                Ok::<_, Error>(start.elapsed())
            })
        });
        took.await.map(Some)
    }
}

fn statement<const N: usize>(sql: &str, values: [i64; N]) -> Statement {
    let values = values.map(Value::from);
    Statement::from_sql_and_values(DbBackend::Sqlite, sql.replace("{after}", INDEXED_TO), values)
}
