//! The members of a group.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType, Query, SimpleExpr},
};
use uuid::Uuid;

use super::read::{first_unknown_user, id_of};
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
    // Locked, so that neither is deleted before the membership refers to them.
    if transaction.query_one(pair.clone().lock(LockType::KeyShare)).await?.is_none() {
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
    if first_unknown_user(transaction, &[user_id.into()]).await?.is_some() {
        return Ok(false);
    }
    let removed = user_group::Entity::delete_by_id((user_id, group_id)).exec(transaction).await?;
    if removed.rows_affected > 0 {
        touch(transaction, user::Column::Id.eq(user_id)).await?;
        superusers::check_any_left(transaction).await?;
    }
    Ok(true)
}

/// Adds members to a group; `false` if one doesn't exist.
pub(in crate::store) async fn add_members(transaction: &Transaction, group_id: i32, users: &[i64]) -> Result<bool> {
    let wanted: BTreeSet<i64> = users.iter().copied().collect();
    let wanted: Vec<i64> = wanted.into_iter().collect();
    let mut added = 0;
    for chunk in wanted.chunks(IDS_PER_STATEMENT) {
        let is_wanted = || user::Column::Id.is_in(padded(chunk));
        touch(transaction, is_wanted()).await?;
        let known = Query::select()
            .column(user::Column::Id)
            .expr(Expr::val(group_id))
            .from(user::Entity)
            .and_where(is_wanted())
            .to_owned();
        added += store::insert_memberships(transaction, known).await?;
    }
    Ok(added == wanted.len() as u64)
}

/// Replaces the members of a group; `false` if one doesn't exist. Memberships that stay are not touched.
pub async fn replace_members(transaction: &Transaction, group_id: i32, users: &[i64]) -> Result<bool> {
    let members = user_group::Entity::find().select_only().column(user_group::Column::UserId);
    let present: Vec<i32> = transaction.selected(&members.filter(user_group::Column::GroupId.eq(group_id))).await?;
    let present: BTreeSet<i64> = present.into_iter().map(i64::from).collect();
    let wanted: BTreeSet<i64> = users.iter().copied().collect();
    let removed: Vec<i64> = present.difference(&wanted).copied().collect();
    for chunk in removed.chunks(IDS_PER_STATEMENT) {
        user_group::Entity::delete_many()
            .filter(user_group::Column::GroupId.eq(group_id))
            .filter(user_group::Column::UserId.is_in(padded(chunk)))
            .exec(transaction)
            .await?;
        touch(transaction, user::Column::Id.is_in(padded(chunk))).await?;
    }
    let added: Vec<i64> = wanted.difference(&present).copied().collect();
    add_members(transaction, group_id, &added).await
}

/// Notes that all members of a group change, because it is to be deleted.
pub async fn touch_members(transaction: &Transaction, group_id: i32) -> Result<()> {
    let members = user_group::Entity::find()
        .select_only()
        .column(user_group::Column::UserId)
        .filter(user_group::Column::GroupId.eq(group_id));
    touch(transaction, user::Column::Id.in_subquery(sea_orm::QueryTrait::into_query(members))).await
}

/// Notes that users change.
async fn touch(transaction: &Transaction, users: SimpleExpr) -> Result<()> {
    user::Entity::update_many()
        .col_expr(user::Column::LastUpdated, Expr::val(clock::now().timestamp_micros()))
        .filter(users)
        .exec(transaction)
        .await?;
    Ok(())
}
