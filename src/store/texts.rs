//! The texts of frequent statements, so that SeaORM builds them only once. Building the smallest of those that create
//! users, which selects groups, took 6 % of the time of SQLite's writer.

use std::sync::{PoisonError, RwLock};

use sea_orm::DbBackend;

use super::Result;

/// What a text depends on: the statement, the engine, and the number of rows or ids, which is a power of two.
pub type Key = (&'static str, DbBackend, usize);

static TEXTS: RwLock<Vec<(Key, String)>> = RwLock::new(Vec::new());

/// Returns the text of a statement, which `build` builds if it isn't cached.
///
/// # Errors
///
/// Those of `build`.
pub fn cached(key: Key, build: impl FnOnce() -> Result<String>) -> Result<String> {
    let find = |texts: &[(Key, String)]| texts.iter().find(|(of, _)| *of == key).map(|(_, text)| text.clone());
    if let Some(text) = find(&TEXTS.read().unwrap_or_else(PoisonError::into_inner)) {
        return Ok(text);
    }
    let text = build()?;
    TEXTS.write().unwrap_or_else(PoisonError::into_inner).push((key, text.clone()));
    Ok(text)
}
