//! Inserts and updates of rows, which SeaORM's own can't do: JSON is passed as text.
//!
//! An insert is the same for all numbers of rows up to the next power of two, because each is prepared and cached by
//! every connection; missing rows are NULL and left out. Each entity has one insert, whose text is [cached](texts).

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ColumnType, ConnectionTrait, DbBackend, EntityTrait, IdenStatic,
    Iterable, Statement, Value, Values,
    sea_query::{Alias, Expr, ExprTrait, OnConflict, Query, SimpleExpr, ValueTuple},
};
use uuid::Uuid;

use super::{Result, connection::Transaction, texts};

/// Inserts rows of a table with ids and UUIDs, except those whose value in the column `unique` is taken. Returns the
/// ids of the inserted ones, by UUID.
///
/// The database decides, by its unique index. But it would use up an id for every row that the index rejects, and ids
/// are 32 bits wide, so what is taken already is left out before.
pub async fn insert_if_free<E: EntityTrait>(
    transaction: &Transaction,
    rows: Vec<E::ActiveModel>,
    unique: E::Column,
) -> Result<HashMap<Uuid, i32>> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let statement = statement::<E>(transaction.get_database_backend(), rows, Some(unique))?;
    let inserted = transaction.query_all_raw(statement).await?;
    inserted.iter().map(|row| Ok((row.try_get("", "uuid")?, row.try_get("", "id")?))).collect()
}

/// Inserts rows.
pub async fn insert_all<E: EntityTrait>(transaction: &Transaction, rows: Vec<E::ActiveModel>) -> Result<()> {
    if !rows.is_empty() {
        transaction.execute_raw(statement::<E>(transaction.get_database_backend(), rows, None)?).await?;
    }
    Ok(())
}

fn statement<E: EntityTrait>(
    backend: DbBackend,
    rows: Vec<E::ActiveModel>,
    unique: Option<E::Column>,
) -> Result<Statement> {
    let count = rows.len().next_power_of_two();
    let columns: Vec<E::Column> = match rows.first() {
        Some(row) => E::Column::iter().filter(|column| !row.is_not_set(*column)).collect(),
        None => Vec::new(),
    };
    let mut values = Vec::with_capacity(count * columns.len());
    for mut row in rows {
        values.extend(columns.iter().filter_map(|column| row.take(*column).into_value()));
    }
    let nothing: Vec<Value> = values.iter().take(columns.len()).map(Value::as_null).collect();
    while values.len() < count * columns.len() {
        values.extend_from_slice(&nothing);
    }
    let key = (E::default().table_name(), backend, count);
    let text = texts::cached(key, || text::<E>(backend, columns, unique, &nothing, count))?;
    Ok(Statement { sql: text, values: Some(Values(values)), db_backend: backend })
}

fn text<E: EntityTrait>(
    backend: DbBackend,
    columns: Vec<E::Column>,
    unique: Option<E::Column>,
    nothing: &[Value],
    count: usize,
) -> Result<String> {
    let new = Alias::new("new");
    let value = |index: usize| Expr::col((new.clone(), Alias::new(format!("column{}", index + 1))));
    let stored = columns.iter().enumerate().map(|(index, column)| stored(backend, *column, value(index)));
    let mut select = Query::select()
        .exprs(stored)
        .from_values(vec![ValueTuple::Many(nothing.to_vec()); count], new.clone())
        // The first column is never NULL.
        .and_where(value(0).is_not_null())
        .to_owned();
    let place = |unique: E::Column| columns.iter().position(|column| column.as_str() == unique.as_str());
    if let Some((unique, place)) = unique.and_then(|unique| Some((unique, place(unique)?))) {
        let taken = Query::select()
            .expr(Expr::cust("1"))
            .from(E::default())
            .and_where(Expr::col((E::default(), unique)).eq(value(place)))
            .to_owned();
        // Not `NOT EXISTS`, for which PostgreSQL may read the whole table unless its statistics are fresh.
        select.and_where(Expr::from(taken).is_null());
    }
    let mut insert = Query::insert()
        .into_table(E::default())
        .columns(columns)
        .select_from(select)
        .map_err(|error| sea_orm::DbErr::Custom(error.to_string()))?
        .to_owned();
    if let Some(unique) = unique {
        insert.on_conflict(OnConflict::column(unique).do_nothing().to_owned());
        insert.returning(Query::returning().columns([Alias::new("uuid"), Alias::new("id")]));
    }
    Ok(backend.build(&insert).sql)
}

/// Updates a row with the values set in `row`, which has the primary key. Does nothing if there are none.
pub async fn update_row<E: EntityTrait>(transaction: &Transaction, row: E::ActiveModel) -> Result<()> {
    let backend = transaction.get_database_backend();
    let mut update = Query::update().table(E::default()).to_owned();
    let mut is_changed = false;
    for column in E::Column::iter() {
        match row.get(column) {
            ActiveValue::Set(value) => {
                update.value(column, stored(backend, column, Expr::val(value)));
                is_changed = true;
            }
            ActiveValue::Unchanged(key) => {
                update.and_where(Expr::col(column).eq(key));
            }
            ActiveValue::NotSet => {}
        }
    }
    if is_changed {
        transaction.execute(&update).await?;
    }
    Ok(())
}

/// Converts a value to the type of its column.
fn stored<C: ColumnTrait>(backend: DbBackend, column: C, value: SimpleExpr) -> SimpleExpr {
    let is_json = matches!(column.def().get_column_type(), ColumnType::JsonBinary);
    if is_json && backend == DbBackend::Postgres { value.cast_as("jsonb") } else { value }
}
