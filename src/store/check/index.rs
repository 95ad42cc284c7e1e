//! The search index on SQLite, against the users. Users that the index doesn't have yet don't count.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, Result, params};
use sea_orm::DbErr;

use super::{Examined, Finding, Wrong};
use crate::store::{connection::sqlite::failed, progress::Progress};

/// The most users whose trigrams are looked up together. Each trigram costs a lookup, whoever has it.
const USERS: i64 = 20_000;

/// The most characters of their texts.
const CHARACTERS: usize = 2_000_000;

/// The number of users whose attributes are looked up together.
const ATTRIBUTES_USERS: i64 = 1_000;

/// The number of rows of an index read by a statement.
const ROWS: i64 = 20_000;

/// Users that the index should have.
const INDEXED: &str = r#""id" <= (SELECT "indexed_to" FROM "user_index")
    AND "id" NOT IN (SELECT "user_id" FROM "changed_users")"#;

impl Examined<'_> {
    /// Checks that users are found by each part of their texts, and that the index has no other users.
    pub(super) fn check_search_index(&self) -> std::result::Result<Finding, DbErr> {
        self.progress.begin("checking the search index", Some(self.users));
        let wrong = search_index(self.connection.as_sqlite()?, self.progress).map_err(failed)?;
        let bad = "the search index doesn't match these users, which searches may not find";
        Ok(Finding::of(&wrong, "the search index matches the users", bad))
    }

    /// Checks that users are found by each of their attributes, and that the index has no other users.
    pub(super) fn check_attribute_index(&self) -> std::result::Result<Finding, DbErr> {
        self.progress.begin("checking the attribute index", Some(self.users));
        let wrong = attribute_index(self.connection.as_sqlite()?, self.progress).map_err(failed)?;
        let bad = "the index of attributes doesn't match these users, which filters may not find";
        Ok(Finding::of(&wrong, "the index of attributes matches the users", bad))
    }
}

fn search_index(connection: &Connection, progress: &dyn Progress) -> Result<Wrong> {
    let (mut last, mut done, mut wrong) = (0, 0, Wrong::default());
    loop {
        // What is read of users and index is of one moment.
        let _moment = connection.unchecked_transaction()?;
        let batch = Batch::read(connection, last)?;
        if batch.users == 0 {
            break;
        }
        batch.missing(connection, last)?.iter().for_each(|id| wrong.add(format!("pk {id}")));
        last = batch.last;
        done += batch.users;
        progress.reached(done);
    }
    // One row for each entry.
    let superfluous = r#"SELECT "id" FROM "users_search_docsize" AS "entry" WHERE "id" > ?1 AND "id" <= ?2
        AND "id" NOT IN (SELECT "user_id" FROM "changed_users")
        AND ("id" > (SELECT "indexed_to" FROM "user_index")
            OR NOT EXISTS (SELECT 1 FROM "users" WHERE "users"."id" = "entry"."id"))"#;
    in_batches(connection, "users_search_docsize", ROWS, |first, last| {
        add_ids(connection, superfluous, first, last, &mut wrong)
    })?;
    Ok(wrong)
}

/// Some users, and the trigrams in their texts.
#[derive(Default)]
struct Batch {
    users: u64,
    last: i64,
    /// The users that have a trigram, sorted.
    trigrams: HashMap<[char; 3], Vec<i64>>,
}

impl Batch {
    /// Reads the next users.
    fn read(connection: &Connection, after: i64) -> Result<Self> {
        let sql =
            format!(r#"SELECT "id", "search_text" FROM "users" WHERE "id" > ?1 AND {INDEXED} ORDER BY "id" LIMIT ?2"#);
        let mut select = connection.prepare_cached(&sql)?;
        let mut rows = select.query([after, USERS])?;
        let (mut batch, mut characters) = (Self { last: after, ..Self::default() }, 0);
        while characters < CHARACTERS
            && let Some(row) = rows.next()?
        {
            let id = row.get(0)?;
            (batch.users, batch.last) = (batch.users + 1, id);
            // The tokenizer ends at the first zero.
            let text: Vec<char> =
                row.get_ref(1)?.as_str()?.chars().take_while(|character| *character != '\0').collect();
            characters += text.len();
            for trigram in text.array_windows::<3>() {
                let users = batch.trigrams.entry(*trigram).or_default();
                if users.last() != Some(&id) {
                    users.push(id);
                }
            }
        }
        Ok(batch)
    }

    /// The users that lack a trigram in the index.
    fn missing(&self, connection: &Connection, after: i64) -> Result<BTreeSet<i64>> {
        let sql = r#"SELECT rowid FROM "users_search" WHERE "users_search" MATCH ?1 AND rowid > ?2 AND rowid <= ?3
            ORDER BY rowid"#;
        let (mut select, mut missing) = (connection.prepare_cached(sql)?, BTreeSet::new());
        for (trigram, users) in &self.trigrams {
            let phrase = format!("\"{}\"", trigram.iter().collect::<String>().replace('"', "\"\""));
            let mut rows = select.query(params![phrase, after, self.last])?;
            let mut found = rows.next()?.map(|row| row.get(0)).transpose()?;
            for user in users {
                while found.is_some_and(|id: i64| id < *user) {
                    found = rows.next()?.map(|row| row.get(0)).transpose()?;
                }
                if found != Some(*user) {
                    missing.insert(*user);
                }
            }
        }
        Ok(missing)
    }
}

fn attribute_index(connection: &Connection, progress: &dyn Progress) -> Result<Wrong> {
    let (mut wrong, mut done) = (Wrong::default(), 0);
    let missing = format!(
        r#"SELECT DISTINCT "user_id" FROM "user_attribute_rows" AS "expected"
            WHERE "user_id" IN (SELECT "id" FROM "users" WHERE "id" > ?1 AND "id" <= ?2 AND {INDEXED})
            AND NOT EXISTS (SELECT 1 FROM "user_attributes" AS "entry" WHERE "entry"."key" = "expected"."key"
                AND "entry"."value" = "expected"."value" AND "entry"."user_id" = "expected"."user_id")"#
    );
    in_batches(connection, "users", ATTRIBUTES_USERS, |first, last| {
        done += ATTRIBUTES_USERS.unsigned_abs();
        progress.reached(done);
        add_ids(connection, &missing, first, last, &mut wrong)
    })?;
    // Sorted by key, value and user.
    let next = r#"SELECT "key", "value", "user_id", "user_id" IN (SELECT "user_id" FROM "changed_users")
            OR ("user_id" <= (SELECT "indexed_to" FROM "user_index")
                AND EXISTS (SELECT 1 FROM "users" WHERE "users"."id" = "user_id"))
        FROM "user_attributes" WHERE ("key", "value", "user_id") > (?1, ?2, ?3)
        ORDER BY "key", "value", "user_id" LIMIT ?4"#;
    let mut select = connection.prepare_cached(next)?;
    let mut last = (String::new(), rusqlite::types::Value::Null, 0_i64);
    loop {
        // NULL compares with nothing, so the first query has none.
        let (key, value, user) = &last;
        let value = if *user == 0 { &rusqlite::types::Value::Integer(i64::MIN) } else { value };
        let mut rows = select.query(params![key, value, user, ROWS])?;
        let mut is_last = true;
        let mut next = last.clone();
        while let Some(row) = rows.next()? {
            is_last = false;
            let id: i64 = row.get(2)?;
            if !row.get::<_, bool>(3)? {
                wrong.add(format!("pk {id}"));
            }
            next = (row.get(0)?, row.get(1)?, id);
        }
        if is_last {
            return Ok(wrong);
        }
        last = next;
    }
}

/// Calls `check` for parts of the table: of the ids after one up to another one.
fn in_batches(
    connection: &Connection,
    table: &str,
    size: i64,
    mut check: impl FnMut(i64, i64) -> Result<()>,
) -> Result<()> {
    let sql = format!(
        r#"SELECT max("id") FROM (SELECT "id" FROM "{table}" WHERE "id" > ?1 ORDER BY "id" LIMIT ?2) AS "next""#
    );
    let (mut next, mut first) = (connection.prepare_cached(&sql)?, 0);
    while let Some(last) = next.query_row([first, size], |row| row.get::<_, Option<i64>>(0))? {
        check(first, last)?;
        first = last;
    }
    Ok(())
}

/// Adds the ids that `sql` selects from a part of a table.
fn add_ids(connection: &Connection, sql: &str, first: i64, last: i64, wrong: &mut Wrong) -> Result<()> {
    let mut select = connection.prepare_cached(sql)?;
    for id in select.query_map([first, last], |row| row.get::<_, i64>(0))? {
        wrong.add(format!("pk {}", id?));
    }
    Ok(())
}
