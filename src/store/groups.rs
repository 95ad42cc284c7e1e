//! Groups and memberships.

mod list;
mod read;

use std::{collections::BTreeSet, sync::Arc};

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, LockType, Query},
};
use uuid::Uuid;

pub(super) use self::read::{COLUMNS, first_unknown, locked_by_uuid, of_users, select_of_user};
use self::read::{first_unknown_user, id_of};
use super::{
    Checked, IDS_PER_STATEMENT, Result, Store, Violation,
    connection::Transaction,
    entities::{group, user, user_group},
    error::Stop,
    lock_structure, padded,
    rows::{insert_if_free, update_row},
    size, superusers,
};
use crate::domain::{
    group::{GroupChange, NewGroup},
    membership::GroupWithMembers,
    random,
};

impl Store {
    /// Creates a group with its members, and returns it: only the ids of the members unless `with_member_data`.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if the name is taken, or the parent or a member does not exist.
    pub async fn create_group(&self, new: Arc<NewGroup>, with_member_data: bool) -> Checked<Option<GroupWithMembers>> {
        let size = size::of_group(&new);
        let write = || self.write_sized(size, new.clone(), |transaction, new| Box::pin(create(transaction, new)));
        match self.checked(write, || async { self.group_violations(None, &(*new).clone().into()).await }).await? {
            Ok(uuid) => Ok(Ok(self.changed_group(uuid, with_member_data).await?)),
            Err(rejection) => Ok(Err(rejection)),
        }
    }

    /// Returns all rules that such a group would violate if it replaced the group `present`, or if it were created. Only
    /// for complete error messages: the write itself decides.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn group_violations(&self, present: Option<Uuid>, change: &GroupChange) -> Result<Vec<Violation>> {
        let mut violations = Vec::new();
        if let Some(name) = change.name.as_ref().filter(|name| !name.is_empty()) {
            let named = group::Entity::find().filter(group::Column::Name.eq(name)).one(&self.reader).await?;
            if named.is_some_and(|named| Some(named.uuid) != present) {
                violations.push(Violation::GroupNameTaken);
            }
        }
        if let Some(Some(parent)) = change.parent
            && id_of(&self.reader, parent).await?.is_none()
        {
            violations.push(Violation::UnknownParent);
        }
        let users = change.users.as_deref().unwrap_or_default();
        violations.extend(first_unknown_user(&self.reader, users).await?.map(Violation::UnknownMember));
        Ok(violations)
    }

    /// Changes a group and returns it: only the ids of the members unless `with_member_data`; `None` if there is no such
    /// group.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if the name is taken, the parent or a member doesn't exist, the group would be
    /// its own ancestor, or no active superuser would be left.
    pub async fn update_group(
        &self,
        uuid: Uuid,
        change: Arc<GroupChange>,
        with_member_data: bool,
    ) -> Checked<Option<GroupWithMembers>> {
        let size = size::of_group_change(&change);
        let write = || {
            self.write_sized(size, (uuid, change.clone()), |transaction, (uuid, change)| {
                Box::pin(update(transaction, *uuid, change))
            })
        };
        match self.checked(write, || self.group_violations(Some(uuid), &change)).await? {
            Ok(true) => Ok(Ok(self.changed_group(uuid, with_member_data).await?)),
            Ok(false) => Ok(Ok(None)),
            Err(rejection) => Ok(Err(rejection)),
        }
    }

    /// Deletes a group with its memberships; its children lose their parent. `false` if there is no such group.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if no active superuser would be left.
    pub async fn delete_group(&self, uuid: Uuid) -> Checked<bool> {
        let write = || self.write(uuid, |transaction, uuid| Box::pin(delete(transaction, *uuid)));
        self.checked(write, Self::no_violations).await
    }

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

async fn create(transaction: &Transaction, new: &NewGroup) -> Result<Uuid, Stop> {
    let parent_id = match new.parent {
        None => None,
        Some(parent) => {
            lock_structure(transaction).await?;
            Some(id_of(transaction, parent).await?.ok_or(Stop::Constraint)?)
        }
    };
    let (id, uuid) = insert(transaction, new, parent_id).await?.ok_or(Stop::Constraint)?;
    if parent_id.is_some() {
        superusers::inherit(transaction).await?;
    }
    if new.is_superuser || parent_id.is_some() {
        transaction.affect_callers();
    }
    if !add_members(transaction, id, &new.users).await? {
        return Err(Stop::Constraint);
    }
    Ok(uuid)
}

async fn update(transaction: &Transaction, uuid: Uuid, change: &GroupChange) -> Result<bool, Stop> {
    use sea_orm::ActiveValue::{NotSet, Set, Unchanged};
    let affects_rights = change.is_superuser.is_some() || change.parent.is_some();
    let may_revoke = affects_rights || change.users.is_some();
    if may_revoke {
        lock_structure(transaction).await?;
    }
    let Some(id) = id_of(transaction, uuid).await? else { return Ok(false) };
    let parent_id = match change.parent {
        None => NotSet,
        Some(None) => Set(None),
        Some(Some(parent)) => {
            let parent_id = id_of(transaction, parent).await?.ok_or(Stop::Constraint)?;
            if superusers::is_same_or_below(transaction, parent_id, id).await? {
                return Err(Violation::Cycle.into());
            }
            Set(Some(parent_id))
        }
    };
    let row = group::ActiveModel {
        id: Unchanged(id),
        uuid: NotSet,
        name: change.name.clone().map_or(NotSet, Set),
        is_superuser: change.is_superuser.map_or(NotSet, Set),
        makes_superuser: NotSet,
        parent_id,
        attributes: change.attributes.clone().map_or(NotSet, Set),
    };
    update_row::<group::Entity>(transaction, row).await?;
    if affects_rights {
        superusers::inherit(transaction).await?;
    }
    if let Some(users) = &change.users {
        user_group::Entity::delete_many().filter(user_group::Column::GroupId.eq(id)).exec(transaction).await?;
        if !add_members(transaction, id, users).await? {
            return Err(Stop::Constraint);
        }
    }
    if may_revoke {
        superusers::check_any_left(transaction).await?;
    }
    Ok(true)
}

async fn delete(transaction: &Transaction, uuid: Uuid) -> Result<bool, Stop> {
    lock_structure(transaction).await?;
    let deleted = group::Entity::delete_many().filter(group::Column::Uuid.eq(uuid)).exec(transaction).await?;
    if deleted.rows_affected == 0 {
        return Ok(false);
    }
    superusers::inherit(transaction).await?;
    superusers::check_any_left(transaction).await?;
    Ok(true)
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
    super::insert_memberships(transaction, pair).await?;
    Ok(true)
}

async fn remove_member(transaction: &Transaction, uuid: Uuid, user_id: i32) -> Result<bool, Stop> {
    lock_structure(transaction).await?;
    let Some(group_id) = id_of(transaction, uuid).await? else { return Ok(false) };
    if first_unknown_user(transaction, &[user_id.into()]).await?.is_some() {
        return Ok(false);
    }
    user_group::Entity::delete_by_id((user_id, group_id)).exec(transaction).await?;
    superusers::check_any_left(transaction).await?;
    Ok(true)
}

/// Inserts a group without its members, and returns its ids; `None` if the name is taken.
pub(super) async fn insert(
    transaction: &Transaction,
    new: &NewGroup,
    parent_id: Option<i32>,
) -> Result<Option<(i32, Uuid)>> {
    use sea_orm::ActiveValue::{NotSet, Set};
    let row = group::ActiveModel {
        id: NotSet,
        uuid: Set(random::uuid()),
        name: Set(new.name.clone()),
        is_superuser: Set(new.is_superuser),
        makes_superuser: Set(new.is_superuser),
        parent_id: Set(parent_id),
        attributes: Set(new.attributes.clone()),
    };
    let ids = insert_if_free::<group::Entity>(transaction, vec![row], group::Column::Name).await?;
    Ok(ids.into_iter().next().map(|(uuid, id)| (id, uuid)))
}

/// Adds members to a group; `false` if one doesn't exist.
pub(super) async fn add_members(transaction: &Transaction, group_id: i32, users: &[i64]) -> Result<bool> {
    let wanted: BTreeSet<i64> = users.iter().copied().collect();
    let wanted: Vec<i64> = wanted.into_iter().collect();
    let mut added = 0;
    for chunk in wanted.chunks(IDS_PER_STATEMENT) {
        let known = Query::select()
            .column(user::Column::Id)
            .expr(Expr::val(group_id))
            .from(user::Entity)
            .and_where(Expr::col(user::Column::Id).is_in(padded(chunk)))
            .to_owned();
        added += super::insert_memberships(transaction, known).await?;
    }
    Ok(added == wanted.len() as u64)
}
