//! Groups and memberships.

mod list;
mod read;

use std::collections::BTreeSet;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;

pub(super) use self::read::{by_uuid, first_unknown, of_user, of_users};
use self::read::{first_unknown_user, group_with_members};
use super::{
    Error, IDS_PER_STATEMENT, Problem, Result, Store, Violation,
    entities::{group, user, user_group},
    superusers,
};
use crate::domain::{
    group::{GroupChange, GroupWithMembers, NewGroup},
    random,
};

impl Store {
    /// Creates a group with its members, in one transaction.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] if the name is taken, or the parent or a member does not exist.
    pub async fn create_group(&self, new: &NewGroup) -> Result<GroupWithMembers> {
        match self.try_create_group(new).await {
            Err(error) if error.is_missing_reference() => {
                Err(Error::Rejected(self.group_violations(None, &new.clone().into()).await?))
            }
            result => result,
        }
    }

    async fn try_create_group(&self, new: &NewGroup) -> Result<GroupWithMembers> {
        let transaction = if new.parent.is_some() { self.begin_structural().await? } else { self.begin().await? };
        let parent_id = match new.parent {
            None => None,
            Some(parent) => match id_of(&transaction, parent).await? {
                Some(id) => Some(id),
                None => {
                    transaction.rollback().await?;
                    return Err(Error::Rejected(self.group_violations(None, &new.clone().into()).await?));
                }
            },
        };
        let Some(id) = insert(&transaction, new, parent_id).await? else {
            transaction.rollback().await?;
            let mut violations = self.group_violations(None, &new.clone().into()).await?;
            if violations.is_empty() {
                // The other group may be gone by now; the write was rejected all the same.
                violations.push(Violation { field: "name", problem: Problem::Taken });
            }
            return Err(Error::Rejected(violations));
        };
        if parent_id.is_some() {
            superusers::inherit(&transaction).await?;
        }
        if !add_members(&transaction, id, &new.users).await? {
            transaction.rollback().await?;
            return Err(Error::Rejected(self.group_violations(None, &new.clone().into()).await?));
        }
        let group_with_members = group_with_members(&transaction, group::Column::Id.eq(id), true).await?;
        self.commit_rights(transaction).await?;
        group_with_members.ok_or_else(|| Error::Failed(sea_orm::DbErr::RecordNotInserted))
    }

    /// Returns all constraints that such a group violates, when it replaces the group `present` if that is given. Only
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
                violations.push(Violation { field: "name", problem: Problem::Taken });
            }
        }
        if let Some(Some(parent)) = change.parent
            && id_of(&self.reader, parent).await?.is_none()
        {
            violations.push(Violation { field: "parent", problem: Problem::Missing(0) });
        }
        let users = change.users.as_deref().unwrap_or_default();
        if let Some(place) = first_unknown_user(&self.reader, users).await? {
            violations.push(Violation { field: "users", problem: Problem::Missing(place) });
        }
        Ok(violations)
    }

    /// Changes a group in one transaction; `None` if there is no such group.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] if the name is taken, the parent or a member doesn't exist, the group would be its own
    /// ancestor, or no active superuser would be left.
    pub async fn update_group(&self, uuid: Uuid, change: &GroupChange) -> Result<Option<GroupWithMembers>> {
        let error = match self.try_update_group(uuid, change).await {
            Err(error) if error.is_conflict() || error.is_missing_reference() => error,
            result => return result,
        };
        let violations = self.group_violations(Some(uuid), change).await?;
        // The conflicting object may be gone by now; the write was rejected all the same.
        let taken = if error.is_conflict() { Error::taken("name") } else { Error::taken("users") };
        Err(if violations.is_empty() { taken } else { Error::Rejected(violations) })
    }

    async fn try_update_group(&self, uuid: Uuid, change: &GroupChange) -> Result<Option<GroupWithMembers>> {
        use sea_orm::ActiveValue::{NotSet, Set, Unchanged};
        let transaction = self.begin_structural().await?;
        let Some(id) = id_of(&transaction, uuid).await? else { return Ok(None) };
        let parent_id = match change.parent {
            None => NotSet,
            Some(None) => Set(None),
            Some(Some(parent)) => {
                let problem = match id_of(&transaction, parent).await? {
                    None => Some(Problem::Missing(0)),
                    Some(parent_id) if superusers::is_same_or_below(&transaction, parent_id, id).await? => {
                        Some(Problem::Cycle)
                    }
                    Some(_) => None,
                };
                if let Some(problem) = problem {
                    return Err(Violation { field: "parent", problem }.into());
                }
                Set(id_of(&transaction, parent).await?)
            }
        };
        let row = group::ActiveModel {
            id: Unchanged(id),
            uuid: NotSet,
            name: change.name.clone().map_or(NotSet, Set),
            is_superuser: change.is_superuser.map_or(NotSet, Set),
            makes_superuser: NotSet,
            parent_id,
            attributes: change.attributes.clone().map_or(NotSet, |attributes| Set(attributes.into())),
        };
        let affects_rights = row.is_superuser.is_set() || row.parent_id.is_set();
        if row.is_changed() {
            row.update(&transaction).await?;
        }
        if affects_rights {
            superusers::inherit(&transaction).await?;
        }
        if let Some(users) = &change.users {
            user_group::Entity::delete_many().filter(user_group::Column::GroupId.eq(id)).exec(&transaction).await?;
            if !add_members(&transaction, id, users).await? {
                let place = first_unknown_user(&transaction, users).await?.unwrap_or_default();
                return Err(Violation { field: "users", problem: Problem::Missing(place) }.into());
            }
        }
        if let Some(violation) = superusers::check_any_left(&transaction).await? {
            return Err(violation.into());
        }
        let group_with_members = group_with_members(&transaction, group::Column::Id.eq(id), true).await?;
        self.commit_rights(transaction).await?;
        Ok(group_with_members)
    }

    /// Deletes a group with its memberships; its children lose their parent. `false` if there is no such group.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] if no active superuser would be left.
    pub async fn delete_group(&self, uuid: Uuid) -> Result<bool> {
        let transaction = self.begin_structural().await?;
        let deleted = group::Entity::delete_many().filter(group::Column::Uuid.eq(uuid)).exec(&transaction).await?;
        if deleted.rows_affected == 0 {
            return Ok(false);
        }
        superusers::inherit(&transaction).await?;
        if let Some(violation) = superusers::check_any_left(&transaction).await? {
            return Err(violation.into());
        }
        self.commit_rights(transaction).await?;
        Ok(true)
    }

    /// Adds a member, if not present; `false` if there is no such user or group.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn add_member(&self, uuid: Uuid, user_id: i32) -> Result<bool> {
        let transaction = self.begin().await?;
        let pair = Query::select()
            .column((user::Entity, user::Column::Id))
            .column((group::Entity, group::Column::Id))
            .from(user::Entity)
            .from(group::Entity)
            .and_where(Expr::col((user::Entity, user::Column::Id)).eq(user_id))
            .and_where(Expr::col((group::Entity, group::Column::Uuid)).eq(uuid))
            .to_owned();
        if transaction.query_one(&pair).await?.is_none() {
            return Ok(false);
        }
        match super::insert_memberships(&transaction, pair).await {
            Err(error) if error.is_missing_reference() => return Ok(false),
            result => result?,
        };
        self.commit_rights(transaction).await?;
        Ok(true)
    }

    /// Removes a member, if present; `false` if there is no such user or group.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] if no active superuser would be left.
    pub async fn remove_member(&self, uuid: Uuid, user_id: i32) -> Result<bool> {
        let transaction = self.begin_structural().await?;
        let Some(group_id) = id_of(&transaction, uuid).await? else { return Ok(false) };
        if first_unknown_user(&transaction, &[user_id.into()]).await?.is_some() {
            return Ok(false);
        }
        user_group::Entity::delete_by_id((user_id, group_id)).exec(&transaction).await?;
        if let Some(violation) = superusers::check_any_left(&transaction).await? {
            return Err(violation.into());
        }
        self.commit_rights(transaction).await?;
        Ok(true)
    }
}

async fn id_of(connection: &impl ConnectionTrait, uuid: Uuid) -> Result<Option<i32>> {
    let found = group::Entity::find().select_only().column(group::Column::Id).filter(group::Column::Uuid.eq(uuid));
    Ok(found.into_tuple().one(connection).await?)
}

/// Inserts a group without its members; `None` if the name is taken.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    new: &NewGroup,
    parent_id: Option<i32>,
) -> Result<Option<i32>> {
    use sea_orm::ActiveValue::{NotSet, Set};
    let row = group::ActiveModel {
        id: NotSet,
        uuid: Set(random::uuid()),
        name: Set(new.name.clone()),
        is_superuser: Set(new.is_superuser),
        makes_superuser: Set(new.is_superuser),
        parent_id: Set(parent_id),
        attributes: Set(new.attributes.clone().into()),
    };
    let mut insert = group::Entity::insert(row)
        .on_conflict(OnConflict::column(group::Column::Name).do_nothing().to_owned())
        .into_query();
    insert.returning(Query::returning().column(group::Column::Id));
    Ok(connection.query_one(&insert).await?.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Adds members to a group; `false` if one doesn't exist.
pub(super) async fn add_members(connection: &impl ConnectionTrait, group_id: i32, users: &[i64]) -> Result<bool> {
    let wanted: BTreeSet<i64> = users.iter().copied().collect();
    let wanted: Vec<i64> = wanted.into_iter().collect();
    let mut added = 0;
    for chunk in wanted.chunks(IDS_PER_STATEMENT) {
        let known = Query::select()
            .column(user::Column::Id)
            .expr(Expr::val(group_id))
            .from(user::Entity)
            .and_where(Expr::col(user::Column::Id).is_in(chunk.iter().copied()))
            .to_owned();
        added += super::insert_memberships(connection, known).await?;
    }
    Ok(added == wanted.len() as u64)
}
