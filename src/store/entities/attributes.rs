//! Attributes in a column: `jsonb` on PostgreSQL, text on SQLite. Their text is neither parsed nor printed, except that
//! of numbers that `jsonb` spells at length.

use std::sync::Arc;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use sea_orm::{
    ColIdx, ColumnType, DbErr, QueryResult, TryGetError, TryGetable,
    sea_query::{ArrayType, Nullable, Value, ValueType, ValueTypeErr},
    sqlx::{
        Decode, Postgres, Row, Type,
        error::BoxDynError,
        postgres::{PgTypeInfo, PgValueRef},
        types::Json,
    },
};
use serde_json::{Map, value::RawValue};

use crate::domain::Attributes;

impl FromSql for Attributes {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::stored(value.as_str()?.to_owned()).map_err(|error| FromSqlError::Other(error.into()))
    }
}

impl Type<Postgres> for Attributes {
    fn type_info() -> PgTypeInfo {
        <Json<Box<RawValue>> as Type<Postgres>>::type_info()
    }
}

impl<'r> Decode<'r, Postgres> for Attributes {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let Json(json) = <Json<Box<RawValue>> as Decode<Postgres>>::decode(value)?;
        let attributes = Self::from(Arc::<RawValue>::from(json));
        let spelled =
            may_have_long_number(attributes.text()).then(|| serde_json::from_str::<Map<_, _>>(attributes.text()));
        // What is no 64-bit floating-point number either, and can't come from a request, stays as it is.
        Ok(spelled.and_then(Result::ok).map_or(attributes, Into::into))
    }
}

/// Whether there may be a number that is no integer of 64 bits. `jsonb` has no exponents: 1e100 is read as a 1 with a
/// hundred zeros, which clients with integers of any size take for another number.
fn may_have_long_number(json: &str) -> bool {
    let mut runs = json.as_bytes().split(|byte| !byte.is_ascii_digit() && *byte != b'.');
    runs.any(|run| run.len() > u64::MAX.ilog10() as usize)
}

/// As text; a statement must convert it to the type of the column.
impl From<Attributes> for Value {
    fn from(attributes: Attributes) -> Self {
        attributes.text().into()
    }
}

impl TryGetable for Attributes {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        if let Some(row) = row.try_as_pg_row() {
            let found = row.try_get(index.as_sqlx_postgres_index());
            return found.map_err(|error| TryGetError::DbErr(DbErr::Type(error.to_string())));
        }
        let text = String::try_get_by(row, index)?;
        Self::stored(text).map_err(|error| TryGetError::DbErr(DbErr::Json(error.to_string())))
    }
}

impl ValueType for Attributes {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        Self::stored(<String as ValueType>::try_from(value)?).map_err(|_| ValueTypeErr)
    }

    fn type_name() -> String {
        "Attributes".into()
    }

    fn array_type() -> ArrayType {
        ArrayType::String
    }

    fn column_type() -> ColumnType {
        ColumnType::JsonBinary
    }
}

impl Nullable for Attributes {
    fn null() -> Value {
        Value::String(None)
    }
}
