//! Groups and memberships.

mod list;
mod members;
mod parents;
mod read;

use std::sync::Arc;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

pub(super) use self::{
    members::add_members,
    read::{COLUMNS, first_unknown, locked_by_uuid, of_users, select_of_user},
};
use self::{
    members::{replace_members, touch_members},
    parents::{close_gaps, ids_of},
    read::{first_unknown_user, id_of},
};
use super::{
    Checked, Result, Store, Violation,
    connection::Transaction,
    entities::group,
    error::Stop,
    lock_structure,
    rows::{insert_if_free, update_row},
    size, superusers,
};
use crate::domain::{
    group::{GroupChange, NewGroup},
    membership::{Around, GroupWithMembers},
    random,
};

impl Store {
    /// Creates a group with its members, and returns it with the ids of what is around it, and more as told.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if the name is taken, or a parent or a member does not exist.
    pub async fn create_group(&self, new: Arc<NewGroup>, around: Around) -> Checked<Option<GroupWithMembers>> {
        let size = size::of_group(&new);
        let write = || self.write_sized(size, new.clone(), |transaction, new| Box::pin(create(transaction, new)));
        match self.checked(write, || async { self.group_violations(None, &(*new).clone().into()).await }).await? {
            Ok(uuid) => Ok(Ok(self.changed_group(uuid, around).await?)),
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
        let parents = change.parents.as_deref().unwrap_or_default();
        violations.extend(first_unknown(&self.reader, parents).await?.map(Violation::UnknownParent));
        let users = change.users.as_deref().unwrap_or_default();
        violations.extend(first_unknown_user(&self.reader, users).await?.map(Violation::UnknownMember));
        Ok(violations)
    }

    /// Changes a group and returns it with the ids of what is around it, and more as told; `None` if there is no such
    /// group.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if the name is taken, a parent or a member doesn't exist, the group would be its
    /// own ancestor, or no active superuser would be left.
    pub async fn update_group(
        &self,
        uuid: Uuid,
        change: Arc<GroupChange>,
        around: Around,
    ) -> Checked<Option<GroupWithMembers>> {
        let size = size::of_group_change(&change);
        let write = || {
            self.write_sized(size, (uuid, change.clone()), |transaction, (uuid, change)| {
                Box::pin(update(transaction, *uuid, change))
            })
        };
        match self.checked(write, || self.group_violations(Some(uuid), &change)).await? {
            Ok(true) => Ok(Ok(self.changed_group(uuid, around).await?)),
            Ok(false) => Ok(Ok(None)),
            Err(rejection) => Ok(Err(rejection)),
        }
    }

    /// Deletes a group with its memberships; its children lose this parent. `false` if there is no such group.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if no active superuser would be left.
    pub async fn delete_group(&self, uuid: Uuid) -> Checked<bool> {
        let write = || self.write(uuid, |transaction, uuid| Box::pin(delete(transaction, *uuid)));
        self.checked(write, Self::no_violations).await
    }
}

async fn create(transaction: &Transaction, new: &NewGroup) -> Result<Uuid, Stop> {
    let has_parents = !new.parents.is_empty();
    if has_parents {
        lock_structure(transaction).await?;
    } else if new.is_superuser {
        transaction.affect_callers();
    }
    let parent_ids = ids_of(transaction, &new.parents).await?.ok_or(Stop::Constraint)?;
    let (id, uuid) = insert(transaction, new).await?.ok_or(Stop::Constraint)?;
    if has_parents {
        parents::insert(transaction, id, parent_ids).await?;
        superusers::inherit(transaction).await?;
    }
    if !add_members(transaction, id, &new.users).await? {
        return Err(Stop::Constraint);
    }
    Ok(uuid)
}

async fn update(transaction: &Transaction, uuid: Uuid, change: &GroupChange) -> Result<bool, Stop> {
    use sea_orm::ActiveValue::{NotSet, Set, Unchanged};
    let affects_rights = change.is_superuser.is_some() || change.parents.is_some();
    let may_revoke = affects_rights || change.users.is_some();
    if may_revoke {
        lock_structure(transaction).await?;
    }
    let Some(id) = id_of(transaction, uuid).await? else { return Ok(false) };
    if let Some(wanted) = &change.parents {
        let parent_ids = ids_of(transaction, wanted).await?.ok_or(Stop::Constraint)?;
        parents::replace(transaction, id, parent_ids).await?;
    }
    let row = group::ActiveModel {
        id: Unchanged(id),
        uuid: NotSet,
        name: change.name.clone().map_or(NotSet, Set),
        is_superuser: change.is_superuser.map_or(NotSet, Set),
        makes_superuser: NotSet,
        attributes: change.attributes.clone().map_or(NotSet, Set),
    };
    update_row::<group::Entity>(transaction, row).await?;
    if affects_rights {
        superusers::inherit(transaction).await?;
    }
    if let Some(users) = &change.users
        && !replace_members(transaction, id, users).await?
    {
        return Err(Stop::Constraint);
    }
    if may_revoke {
        superusers::check_any_left(transaction).await?;
    }
    Ok(true)
}

async fn delete(transaction: &Transaction, uuid: Uuid) -> Result<bool, Stop> {
    lock_structure(transaction).await?;
    let Some(id) = id_of(transaction, uuid).await? else { return Ok(false) };
    touch_members(transaction, id).await?;
    close_gaps(transaction, id).await?;
    group::Entity::delete_by_id(id).exec(transaction).await?;
    superusers::inherit(transaction).await?;
    superusers::check_any_left(transaction).await?;
    Ok(true)
}

/// Inserts a group without its parents and members, and returns its ids; `None` if the name is taken.
pub(super) async fn insert(transaction: &Transaction, new: &NewGroup) -> Result<Option<(i32, Uuid)>> {
    use sea_orm::ActiveValue::{NotSet, Set};
    let row = group::ActiveModel {
        id: NotSet,
        uuid: Set(random::uuid()),
        name: Set(new.name.clone()),
        is_superuser: Set(new.is_superuser),
        makes_superuser: Set(new.is_superuser),
        attributes: Set(new.attributes.clone()),
    };
    let ids = insert_if_free::<group::Entity>(transaction, vec![row], group::Column::Name).await?;
    Ok(ids.into_iter().next().map(|(uuid, id)| (id, uuid)))
}
