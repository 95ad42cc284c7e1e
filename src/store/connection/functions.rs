//! SQL functions that SQLite's connections have. They are for queries only: the schema doesn't use them, so that every
//! program can open the database.

use rusqlite::{
    Connection, Result,
    functions::{Context, FunctionFlags},
};
use serde_json::Value;

use crate::domain::{attribute_test::AttributeTest, case};

/// `attributes_pass(attributes, tests)`: whether the attributes satisfy all tests, a JSON list of [`AttributeTest`]s.
pub const ATTRIBUTES_PASS: &str = "attributes_pass";

/// `fold_case(text)`: [`case::fold_case`].
pub const FOLD_CASE: &str = "fold_case";

const FLAGS: FunctionFlags =
    FunctionFlags::SQLITE_UTF8.union(FunctionFlags::SQLITE_DETERMINISTIC).union(FunctionFlags::SQLITE_DIRECTONLY);

/// Adds the functions to a connection.
pub fn add_to(connection: &Connection) -> Result<()> {
    connection.create_scalar_function(ATTRIBUTES_PASS, 2, FLAGS, attributes_pass)?;
    connection.create_scalar_function(FOLD_CASE, 1, FLAGS, |context| {
        Ok(context.get_raw(0).as_str_or_null()?.map(case::fold_case))
    })
}

fn attributes_pass(context: &Context<'_>) -> Result<bool> {
    // Parsed once per statement.
    let tests = context.get_or_create_aux(1, |tests| {
        serde_json::from_str::<Vec<AttributeTest>>(tests.as_str()?).map_err(BoxError::from)
    })?;
    let attributes: Value =
        serde_json::from_str(context.get_raw(0).as_str()?).map_err(|error| user_error(error.into()))?;
    Ok(tests.iter().all(|test| test.passes(&attributes)))
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

fn user_error(error: BoxError) -> rusqlite::Error {
    rusqlite::Error::UserFunctionError(error)
}
