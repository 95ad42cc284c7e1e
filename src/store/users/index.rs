//! The search index on SQLite: trigrams for substring search, and attributes.
//!
//! Trigrams and attributes take longer to write than the user itself, so [`Store::maintain_index`] writes them a little
//! later. A list combines the users found in the index with those not indexed yet, and applies the filter to all of
//! them, so the state of the index never changes the result. PostgreSQL has its own indexes for this.

use std::time::{Duration, Instant};

use sea_orm::{
    Condition, ConnectionTrait, DbBackend, Statement,
    sea_query::{Expr, SimpleExpr, Value},
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    domain::filter::{AttributeTest, Comparison, UserFilter, fold_case},
    store::{self, Result, Store},
};

/// Users indexed in one transaction, while other writes wait.
const BATCH_SIZE: i64 = 200;

/// How often to look for users that are not indexed yet.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// The maximum number of trigrams looked up per word; more hardly narrow the result further.
const MAX_TRIGRAMS: usize = 24;

/// The index holds this many characters of a string.
const PREFIX: usize = 100;

const INDEXED_TO: &str = r#"(SELECT "indexed_to" FROM "user_index")"#;
const NEXT: &str = r#"SELECT max("id") FROM (SELECT "id" FROM "users" WHERE "id" > {after} ORDER BY "id" LIMIT ?)"#;
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
    pub(crate) async fn maintain_index(&self) {
        loop {
            let start = Instant::now();
            let pause = match self.index_users().await {
                // Leave most of the time to other writes.
                Ok(true) => start.elapsed() * 4,
                Ok(false) => POLL_INTERVAL,
                Err(error) => {
                    tracing::warn!(%error, "failed to update the search index");
                    POLL_INTERVAL
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Indexes the next batch of users. Returns `false` if there was nothing to do, as always on PostgreSQL.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn index_users(&self) -> Result<bool> {
        if store::is_postgres(&self.writer) {
            return Ok(false);
        }
        let statement = |sql: &str, values: [Value; 1]| {
            Statement::from_sql_and_values(DbBackend::Sqlite, sql.replace("{after}", INDEXED_TO), values)
        };
        let row = self.reader.query_one_raw(statement(NEXT, [BATCH_SIZE.into()])).await?;
        let Some(last) = row.map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?.flatten() else {
            return Ok(false);
        };
        let transaction = self.begin().await?;
        for sql in [INDEX_TEXTS, INDEX_ATTRIBUTES, SET_INDEXED_TO] {
            transaction.execute_raw(statement(sql, [last.into()])).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}
