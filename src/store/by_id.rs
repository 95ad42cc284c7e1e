//! Reads the rows that something refers to.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select, Statement, Value,
    sea_query::ArrayType,
};

use super::{
    IDS_PER_STATEMENT, Result,
    connection::{FromRow, ReadRows},
    entities::user,
    padded, texts,
};
use crate::domain::user::User;

/// Reads the selected rows whose unique `column` has one of these values. The texts of the statements are cached under
/// the name `what`.
pub async fn rows_by<E: EntityTrait, T: FromRow, V: Copy + Into<Value>>(
    connection: &impl ReadRows,
    what: &'static str,
    select: impl Fn() -> Select<E>,
    column: E::Column,
    values: &[V],
) -> Result<Vec<T>> {
    let backend = connection.get_database_backend();
    let mut rows = Vec::with_capacity(values.len());
    for chunk in values.chunks(IDS_PER_STATEMENT) {
        let values: Vec<V> = padded(chunk).collect();
        let text = texts::cached((what, backend, values.len()), || {
            Ok(select().filter(column.is_in(values.iter().copied())).build(backend).sql)
        })?;
        let statement = Statement::from_sql_and_values(backend, text, values.into_iter().map(Into::into));
        rows.extend(connection.rows::<T>(statement).await?);
    }
    Ok(rows)
}

/// Reads what belongs to ids. `select` is SQL that ends where the column to be compared with them stands.
pub async fn rows_of<T: FromRow>(connection: &impl ReadRows, select: &str, ids: &[i32]) -> Result<Vec<T>> {
    let backend = connection.get_database_backend();
    let mut rows = Vec::new();
    for chunk in ids.chunks(IDS_PER_STATEMENT) {
        let statement = if backend == DbBackend::Postgres {
            // With `IN`, PostgreSQL would read the whole table unless its statistics are fresh. `OFFSET 0` keeps it
            // from merging the inner query with the outer one.
            let sql = format!(
                "SELECT found.* FROM unnest($1) AS ids (id) CROSS JOIN LATERAL ({select} = ids.id OFFSET 0) AS found"
            );
            let ids = chunk.iter().map(|id| (*id).into()).collect();
            Statement::from_sql_and_values(backend, sql, [Value::Array(ArrayType::Int, Some(Box::new(ids)))])
        } else {
            let ids: Vec<Value> = padded(chunk).map(Into::into).collect();
            let sql = format!("{select} IN ({})", vec!["?"; ids.len()].join(", "));
            Statement::from_sql_and_values(backend, sql, ids)
        };
        rows.extend(connection.rows::<T>(statement).await?);
    }
    Ok(rows)
}

/// Returns the users with these ids, by id.
pub async fn users_by_id(connection: &impl ReadRows, ids: &[i32]) -> Result<HashMap<i32, User>> {
    let users: Vec<User> = rows_by(connection, "users by id", select_users, user::Column::Id, ids).await?;
    Ok(users.into_iter().map(|user| (user.id, user)).collect())
}

/// Selects users, for [`User`]'s `FromRow`.
pub fn select_users() -> Select<user::Entity> {
    user::Entity::find().select_only().columns(user::COLUMNS)
}
