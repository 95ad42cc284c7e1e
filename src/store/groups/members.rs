//! The members of a group.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType, Order, Query, SimpleExpr},
};
use uuid::Uuid;

use super::read::id_of;
use crate::{
    domain::clock,
    store::{
        self, Checked, IDS_PER_STATEMENT, Result, Store,
        connection::{ReadRows, Transaction},
        entities::{group, user, user_group},
        error::Stop,
        lock_structure, padded, superusers,
    },
};

impl Store {
    /// Adds a member, if not present; `false` if there is no such user or group.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn add_member(&self, uuid: Uuid, user_id: i32) -> Result<bool> {
        self.write((uuid, user_id), |transaction, (uuid, user_id)| Box::pin(add_member(transaction, *uuid, *user_id)))
            .await
    }

    /// Removes a member, if present; `false` if there is no such user or group.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if no active superuser would be left.
    pub async fn remove_member(&self, uuid: Uuid, user_id: i32) -> Checked<bool> {
        let write = || {
            self.write((uuid, user_id), |transaction, (uuid, user_id)| {
                Box::pin(remove_member(transaction, *uuid, *user_id))
            })
        };
        self.checked(write, Self::no_violations).await
    }
}

async fn add_member(transaction: &Transaction, uuid: Uuid, user_id: i32) -> Result<bool> {
    transaction.affect_callers();
    let pair = Query::select()
        .column((user::Entity, user::Column::Id))
        .column((group::Entity, group::Column::Id))
        .from(user::Entity)
        .from(group::Entity)
        .and_where(Expr::col((user::Entity, user::Column::Id)).eq(user_id))
        .and_where(Expr::col((group::Entity, group::Column::Uuid)).eq(uuid))
        .to_owned();
    // Locked, so that neither is deleted before the membership refers to them. First the user: see `touch`.
    let locked = pair.clone().lock_with_tables(LockType::NoKeyUpdate, [user::Entity]).to_owned();
    let mut locked = transaction.get_database_backend().build(&locked);
    if store::is_postgres(transaction) {
        // Others may add members to the group meanwhile.
        locked.sql += r#" FOR KEY SHARE OF "groups""#;
    }
    if transaction.query_one_raw(locked).await?.is_none() {
        return Ok(false);
    }
    if store::insert_memberships(transaction, pair).await? > 0 {
        touch(transaction, user::Column::Id.eq(user_id)).await?;
    }
    Ok(true)
}

async fn remove_member(transaction: &Transaction, uuid: Uuid, user_id: i32) -> Result<bool, Stop> {
    lock_structure(transaction).await?;
    let Some(group_id) = id_of(transaction, uuid).await? else { return Ok(false) };
    // Before the membership: see `touch`.
    let locked = user::Entity::find_by_id(user_id).select_only().column(user::Column::Id).lock(LockType::NoKeyUpdate);
    if transaction.selected::<i32>(&locked).await?.is_empty() {
        return Ok(false);
    }
    let removed = user_group::Entity::delete_by_id((user_id, group_id)).exec(transaction).await?;
    if removed.rows_affected > 0 {
        touch(transaction, user::Column::Id.eq(user_id)).await?;
        superusers::check_any_left(transaction).await?;
    }
    Ok(true)
}

/// Adds members to a new group; `false` if one doesn't exist.
pub(in crate::store) async fn add_members(transaction: &Transaction, group_id: i32, users: &[i64]) -> Result<bool> {
    let users: BTreeSet<i64> = users.iter().copied().collect();
    let users: Vec<i64> = users.into_iter().collect();
    touch_all(transaction, &users).await?;
    insert_all(transaction, group_id, &users).await
}

/// Replaces the members of a group; `false` if one doesn't exist. Memberships that stay are not touched.
pub async fn replace_members(transaction: &Transaction, group_id: i32, users: &[i64]) -> Result<bool> {
    let members = user_group::Entity::find().select_only().column(user_group::Column::UserId);
    let present: Vec<i32> = transaction.selected(&members.filter(user_group::Column::GroupId.eq(group_id))).await?;
    let present: BTreeSet<i64> = present.into_iter().map(i64::from).collect();
    let wanted: BTreeSet<i64> = users.iter().copied().collect();
    let changed: Vec<i64> = present.symmetric_difference(&wanted).copied().collect();
    touch_all(transaction, &changed).await?;
    let (removed, added): (Vec<i64>, Vec<i64>) = changed.into_iter().partition(|user| present.contains(user));
    for chunk in removed.chunks(IDS_PER_STATEMENT) {
        user_group::Entity::delete_many()
            .filter(user_group::Column::GroupId.eq(group_id))
            .filter(user_group::Column::UserId.is_in(padded(chunk)))
            .exec(transaction)
            .await?;
    }
    insert_all(transaction, group_id, &added).await
}

/// Inserts the memberships of different users in a group; `false` if a user doesn't exist.
async fn insert_all(transaction: &Transaction, group_id: i32, users: &[i64]) -> Result<bool> {
    let mut inserted = 0;
    for chunk in users.chunks(IDS_PER_STATEMENT) {
        let known = Query::select()
            .column(user::Column::Id)
            .expr(Expr::val(group_id))
            .from(user::Entity)
            .and_where(user::Column::Id.is_in(padded(chunk)))
            .to_owned();
        inserted += store::insert_memberships(transaction, known).await?;
    }
    Ok(inserted == users.len() as u64)
}

/// Notes that all members of a group change, because it is to be deleted.
pub async fn touch_members(transaction: &Transaction, group_id: i32) -> Result<()> {
    let members = user_group::Entity::find()
        .select_only()
        .column(user_group::Column::UserId)
        .filter(user_group::Column::GroupId.eq(group_id));
    touch(transaction, user::Column::Id.in_subquery(sea_orm::QueryTrait::into_query(members))).await
}

/// Notes that users change, whose ids are sorted.
async fn touch_all(transaction: &Transaction, users: &[i64]) -> Result<()> {
    for chunk in users.chunks(IDS_PER_STATEMENT) {
        touch(transaction, user::Column::Id.is_in(padded(chunk))).await?;
    }
    Ok(())
}

/// Notes that users change, and so locks them on PostgreSQL.
///
/// Whatever changes memberships locks the users first, in the order of their ids: otherwise two writes could each wait for
/// what the other one has locked.
async fn touch(transaction: &Transaction, users: SimpleExpr) -> Result<()> {
    let users = if store::is_postgres(transaction) {
        let sorted = Query::select()
            .column(user::Column::Id)
            .from(user::Entity)
            .and_where(users)
            .order_by(user::Column::Id, Order::Asc)
            .lock(LockType::NoKeyUpdate)
            .to_owned();
        user::Column::Id.in_subquery(sorted)
    } else {
        users
    };
    user::Entity::update_many()
        .col_expr(user::Column::LastUpdated, Expr::val(clock::now().timestamp_micros()))
        .filter(users)
        .exec(transaction)
        .await?;
    Ok(())
}
