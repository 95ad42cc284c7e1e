//! Groups: storing and changing them, and what membership in them means.

mod list;
mod read;

use std::collections::BTreeSet;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;

pub(super) use self::read::{by_uuid, first_unknown, of_user, of_users};
use self::read::{first_unknown_user, roster};
use super::{
    Error, IDS_PER_STATEMENT, Objection, Problem, Result, Store,
    entities::{group, user, user_group},
    superusers,
};
use crate::domain::{
    group::{GroupChange, NewGroup, Roster},
    random,
};

impl Store {
    /// Stores a group with its members, in one transaction.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the name is taken, or the parent or a member does not exist.
    pub async fn create_group(&self, new: &NewGroup) -> Result<Roster> {
        match self.try_create_group(new).await {
            Err(error) if error.is_dangling() => {
                Err(Error::Refused(self.objections_to_group(None, &new.clone().into()).await?))
            }
            result => result,
        }
    }

    async fn try_create_group(&self, new: &NewGroup) -> Result<Roster> {
        let transaction = if new.parent.is_some() { self.begin_structural().await? } else { self.begin().await? };
        let parent_id = match new.parent {
            None => None,
            Some(parent) => match id_of(&transaction, parent).await? {
                Some(id) => Some(id),
                None => {
                    transaction.rollback().await?;
                    return Err(Error::Refused(self.objections_to_group(None, &new.clone().into()).await?));
                }
            },
        };
        let Some(id) = insert(&transaction, new, parent_id).await? else {
            transaction.rollback().await?;
            let mut objections = self.objections_to_group(None, &new.clone().into()).await?;
            if objections.is_empty() {
                // Whoever had the name gave it up just now; the refusal stands.
                objections.push(Objection { field: "name", problem: Problem::Taken });
            }
            return Err(Error::Refused(objections));
        };
        if parent_id.is_some() {
            superusers::inherit(&transaction).await?;
        }
        if !add_members(&transaction, id, &new.users).await? {
            transaction.rollback().await?;
            return Err(Error::Refused(self.objections_to_group(None, &new.clone().into()).await?));
        }
        let roster = roster(&transaction, group::Column::Id.eq(id), true).await?;
        self.commit_rights(transaction).await?;
        roster.ok_or_else(|| Error::Failed(sea_orm::DbErr::RecordNotInserted))
    }

    /// Everything that stands against storing such a group, in place of the group `present` if it is one already.
    /// Only for telling the client: what counts is the write.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn objections_to_group(&self, present: Option<Uuid>, change: &GroupChange) -> Result<Vec<Objection>> {
        let mut objections = Vec::new();
        if let Some(name) = change.name.as_ref().filter(|name| !name.is_empty()) {
            let named = group::Entity::find().filter(group::Column::Name.eq(name)).one(&self.reader).await?;
            if named.is_some_and(|named| Some(named.uuid) != present) {
                objections.push(Objection { field: "name", problem: Problem::Taken });
            }
        }
        if let Some(Some(parent)) = change.parent
            && id_of(&self.reader, parent).await?.is_none()
        {
            objections.push(Objection { field: "parent", problem: Problem::Missing(0) });
        }
        let users = change.users.as_deref().unwrap_or_default();
        if let Some(place) = first_unknown_user(&self.reader, users).await? {
            objections.push(Objection { field: "users", problem: Problem::Missing(place) });
        }
        Ok(objections)
    }

    /// Changes a group, in one transaction; `None` when there is no such group.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the name is taken, the parent or a member does not exist, the group would stand below
    /// itself, or no active superuser would be left.
    pub async fn update_group(&self, uuid: Uuid, change: &GroupChange) -> Result<Option<Roster>> {
        let refused = match self.try_update_group(uuid, change).await {
            Err(error) if error.is_conflict() || error.is_dangling() => error,
            result => return result,
        };
        let objections = self.objections_to_group(Some(uuid), change).await?;
        // Whoever stood in the way may have gone just now; the refusal stands.
        let taken = if refused.is_conflict() { Error::taken("name") } else { Error::taken("users") };
        Err(if objections.is_empty() { taken } else { Error::Refused(objections) })
    }

    async fn try_update_group(&self, uuid: Uuid, change: &GroupChange) -> Result<Option<Roster>> {
        use sea_orm::ActiveValue::{NotSet, Set, Unchanged};
        let transaction = self.begin_structural().await?;
        let Some(id) = id_of(&transaction, uuid).await? else { return Ok(None) };
        let parent_id = match change.parent {
            None => NotSet,
            Some(None) => Set(None),
            Some(Some(parent)) => {
                let problem = match id_of(&transaction, parent).await? {
                    None => Some(Problem::Missing(0)),
                    Some(parent_id) if superusers::stands_below(&transaction, parent_id, id).await? => {
                        Some(Problem::Cycle)
                    }
                    Some(_) => None,
                };
                if let Some(problem) = problem {
                    return Err(Objection { field: "parent", problem }.into());
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
        let moves = row.is_superuser.is_set() || row.parent_id.is_set();
        if row.is_changed() {
            row.update(&transaction).await?;
        }
        if moves {
            superusers::inherit(&transaction).await?;
        }
        if let Some(users) = &change.users {
            user_group::Entity::delete_many().filter(user_group::Column::GroupId.eq(id)).exec(&transaction).await?;
            if !add_members(&transaction, id, users).await? {
                let place = first_unknown_user(&transaction, users).await?.unwrap_or_default();
                return Err(Objection { field: "users", problem: Problem::Missing(place) }.into());
            }
        }
        if let Some(objection) = superusers::objection(&transaction).await? {
            return Err(objection.into());
        }
        let roster = roster(&transaction, group::Column::Id.eq(id), true).await?;
        self.commit_rights(transaction).await?;
        Ok(roster)
    }

    /// Deletes a group with its memberships; groups below it lose their parent. `false` when there is no such group.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when no active superuser would be left.
    pub async fn delete_group(&self, uuid: Uuid) -> Result<bool> {
        let transaction = self.begin_structural().await?;
        let deleted = group::Entity::delete_many().filter(group::Column::Uuid.eq(uuid)).exec(&transaction).await?;
        if deleted.rows_affected == 0 {
            return Ok(false);
        }
        superusers::inherit(&transaction).await?;
        if let Some(objection) = superusers::objection(&transaction).await? {
            return Err(objection.into());
        }
        self.commit_rights(transaction).await?;
        Ok(true)
    }

    /// Makes a user a member, if it is none yet; `false` when there is no such user or group.
    ///
    /// # Errors
    ///
    /// When the database fails.
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
            Err(error) if error.is_dangling() => return Ok(false),
            result => result?,
        };
        self.commit_rights(transaction).await?;
        Ok(true)
    }

    /// Ends a membership, if there is one; `false` when there is no such user or group.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when no active superuser would be left.
    pub async fn remove_member(&self, uuid: Uuid, user_id: i32) -> Result<bool> {
        let transaction = self.begin_structural().await?;
        let Some(group_id) = id_of(&transaction, uuid).await? else { return Ok(false) };
        if first_unknown_user(&transaction, &[user_id.into()]).await?.is_some() {
            return Ok(false);
        }
        user_group::Entity::delete_by_id((user_id, group_id)).exec(&transaction).await?;
        if let Some(objection) = superusers::objection(&transaction).await? {
            return Err(objection.into());
        }
        self.commit_rights(transaction).await?;
        Ok(true)
    }
}

async fn id_of(connection: &impl ConnectionTrait, uuid: Uuid) -> Result<Option<i32>> {
    let found = group::Entity::find().select_only().column(group::Column::Id).filter(group::Column::Uuid.eq(uuid));
    Ok(found.into_tuple().one(connection).await?)
}

/// Inserts the group itself; `None` when its name is taken.
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

/// Makes users members; `false` when one does not exist.
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
