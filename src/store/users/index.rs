//! The index that finds users by parts of their texts and by their attributes on SQLite.
//!
//! Trigrams and attributes cost more to write than the user itself, so a write leaves them to [`Store::keep_index`],
//! which catches up a little later. A list asks the index for the users it knows and adds those after them; either
//! way the filter itself decides, so that nothing is found or missed because of how far the index is. PostgreSQL has
//! indexes of its own for this.

use std::time::{Duration, Instant};

use sea_orm::{
    Condition, ConnectionTrait, DbBackend, Statement,
    sea_query::{Expr, SimpleExpr, Value},
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    domain::filter::{AttributeTest, Comparison, UserFilter, folded},
    store::{self, Result, Store},
};

/// Users that are written into the index at once, while other writes wait.
const SLICE: i64 = 200;

/// How often to look whether there is something to do.
const PAUSE: Duration = Duration::from_millis(500);

/// The trigrams of a word that are looked up: more hardly find less.
const TRIGRAMS: usize = 24;

/// Characters of a text that the index holds.
const PREFIX: usize = 100;

const INDEXED_TO: &str = r#"(SELECT "indexed_to" FROM "user_index")"#;
const NEXT: &str = r#"SELECT max("id") FROM (SELECT "id" FROM "users" WHERE "id" > {after} ORDER BY "id" LIMIT ?)"#;
const INDEX_TEXTS: &str = r#"INSERT INTO "users_search" (rowid, text)
    SELECT "id", "search_text" FROM "users" WHERE "id" > {after} AND "id" <= ?"#;
const INDEX_ATTRIBUTES: &str = r#"INSERT OR IGNORE INTO "user_attributes"
    SELECT "key", "value", "user_id" FROM "user_attribute_rows" WHERE "user_id" > {after} AND "user_id" <= ?"#;
const SET_INDEXED_TO: &str = r#"UPDATE "user_index" SET "indexed_to" = ?"#;

/// Adds to a filter's condition what the index can tell.
pub fn narrowed(mut all: Condition, filter: &UserFilter) -> Condition {
    let words: Vec<String> = filter.search.iter().map(|word| folded(word)).collect();
    for known in with_texts(&words).into_iter().chain(filter.attributes.iter().filter_map(with_attribute)) {
        all = all.add(known);
    }
    all
}

/// Users with all trigrams of all words, or with one as their UUID; `None` if all words are too short.
fn with_texts(words: &[String]) -> Option<SimpleExpr> {
    let quoted = |trigram: &[char]| format!("\"{}\"", trigram.iter().collect::<String>().replace('"', "\"\""));
    let of_word = |word: &String| {
        let characters: Vec<char> = word.chars().collect();
        characters.windows(3).take(TRIGRAMS).map(quoted).collect::<Vec<_>>()
    };
    let trigrams = words.iter().flat_map(of_word).collect::<Vec<_>>();
    let mut sql = r#"SELECT rowid FROM "users_search" WHERE "users_search" MATCH ?"#.to_owned();
    let mut values = vec![Value::from(trigrams.join(" AND "))];
    for uuid in words.iter().filter_map(|word| word.parse::<Uuid>().ok()) {
        sql.push_str(r#" UNION ALL SELECT "id" FROM "users" WHERE "uuid" = ?"#);
        values.push(uuid.into());
    }
    (!trigrams.is_empty()).then(|| among(&sql, values))
}

/// Users with such a value at the last key of the test's path; `None` if that does not narrow the list down.
fn with_attribute(test: &AttributeTest) -> Option<SimpleExpr> {
    use Comparison::{Exact, Gt, Gte, In, Lt, Lte};
    // How SQLite reads a key that JSON has to escape is its own business.
    let is_plain = |key: &&String| !key.contains(|c: char| c == '"' || c == '\\' || c.is_control());
    let key = test.path.last().filter(is_plain)?;
    let (of_value, wanted) = match (test.comparison, &test.value) {
        (Exact, value) => (r#" AND "value" = ?"#.to_owned(), vec![indexed(value)]),
        (In, Json::Array(values)) => {
            let places = vec!["?"; values.len()].join(", ");
            (format!(r#" AND "value" IN ({places})"#), values.iter().map(indexed).collect())
        }
        // What is as long as the index goes may be smaller there.
        (Gt | Gte, value) => (r#" AND "value" >= ?"#.to_owned(), vec![indexed(value)]),
        (Lt | Lte, value) => (r#" AND "value" <= ?"#.to_owned(), vec![indexed(value)]),
        _ => return None,
    };
    let sql = format!(r#"SELECT "user_id" FROM "user_attributes" WHERE "key" = ?{of_value}"#);
    let values = std::iter::once(Value::from(key.as_str())).chain(wanted).collect();
    Some(among(&sql, values))
}

/// The users that `sql` selects, and those that the index does not know yet.
fn among(sql: &str, values: Vec<Value>) -> SimpleExpr {
    let all = format!(r#"{sql} UNION ALL SELECT "id" FROM "users" WHERE "id" > {INDEXED_TO}"#);
    Expr::cust_with_values(format!(r#""users"."id" IN ({all})"#), values)
}

/// A value of an attribute as the index holds it.
fn indexed(value: &Json) -> Value {
    match value {
        Json::Null | Json::Array(_) | Json::Object(_) => "".into(),
        Json::Bool(flag) => i64::from(*flag).into(),
        Json::Number(number) => number.as_i64().map_or_else(|| number.as_f64().into(), Value::from),
        Json::String(text) => text.chars().take(PREFIX).collect::<String>().into(),
    }
}

impl Store {
    /// Keeps the index up to date for as long as it is polled.
    pub(crate) async fn keep_index(&self) {
        loop {
            let start = Instant::now();
            let pause = match self.index_users().await {
                // Others that write get most of the time.
                Ok(true) => start.elapsed() * 4,
                Ok(false) => PAUSE,
                Err(error) => {
                    tracing::warn!(%error, "the index of users could not be written");
                    PAUSE
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Writes the next users into the index; `false` when it knows all, as it always does on PostgreSQL.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn index_users(&self) -> Result<bool> {
        if store::is_postgres(&self.writer) {
            return Ok(false);
        }
        let statement = |sql: &str, values: [Value; 1]| {
            Statement::from_sql_and_values(DbBackend::Sqlite, sql.replace("{after}", INDEXED_TO), values)
        };
        let row = self.reader.query_one_raw(statement(NEXT, [SLICE.into()])).await?;
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
