//! Reads the users that something refers to.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select, Statement};

use super::{IDS_PER_STATEMENT, Result, connection::ReadRows, entities::user, padded, texts};
use crate::domain::user::User;

/// Returns the users with these ids, by id.
pub async fn users_by_id(connection: &impl ReadRows, ids: &[i32]) -> Result<HashMap<i32, User>> {
    let backend = connection.get_database_backend();
    let mut users = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(IDS_PER_STATEMENT) {
        let values: Vec<i32> = padded(chunk).collect();
        let text = texts::cached(("users by id", backend, values.len()), || {
            Ok(select_users().filter(user::Column::Id.is_in(values.iter().copied())).build(backend).sql)
        })?;
        let statement = Statement::from_sql_and_values(backend, text, values.into_iter().map(Into::into));
        users.extend(connection.rows(statement).await?.into_iter().map(|user: User| (user.id, user)));
    }
    Ok(users)
}

/// Selects users, for [`User`]'s `FromRow`.
pub fn select_users() -> Select<user::Entity> {
    user::Entity::find().select_only().columns(user::COLUMNS)
}
