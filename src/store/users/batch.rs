//! Creates users together, with one statement for the users and one for their memberships.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::{
    domain::{
        group::Group,
        membership::Profile,
        user::{NewUser, User},
    },
    store::{
        connection::Transaction,
        entities::{user, user_group},
        error::Stop,
        groups,
        rows::{insert_all, insert_if_free},
    },
};

/// The maximum number of users in a batch, within both engines' limits on the parameters of a statement.
pub const SIZE: usize = 128;

/// The maximum number of memberships per statement, a power of two.
const MEMBERSHIPS_PER_STATEMENT: usize = 4_096;

/// Creates users. The result is `None` for a user whose name is taken or who has an unknown group.
pub async fn write(transaction: &Transaction, users: &[Arc<NewUser>]) -> Result<Vec<Option<Profile>>, Stop> {
    let uuids = users.iter().flat_map(|new| &new.groups).copied();
    let groups = groups::locked_by_uuid(transaction, uuids).await?;
    let profile = |new: &NewUser| {
        let wanted: BTreeSet<Uuid> = new.groups.iter().copied().collect();
        let groups = wanted.iter().map(|uuid| groups.get(uuid).cloned()).collect::<Option<Vec<Arc<Group>>>>()?;
        Some(Profile::new(User::new(new.details.clone()), groups))
    };
    let mut profiles: Vec<Option<Profile>> = users.iter().map(|new| profile(new)).collect();
    let ids = insert_users(transaction, profiles.iter().flatten().map(|profile| &profile.user)).await?;
    for slot in &mut profiles {
        *slot = slot.take().and_then(|mut profile| {
            profile.user.id = *ids.get(&profile.user.uuid)?;
            Some(profile)
        });
    }
    insert_memberships(transaction, profiles.iter().flatten()).await?;
    Ok(profiles)
}

/// Inserts users. Returns the ids of those whose names were free, by UUID.
async fn insert_users(
    transaction: &Transaction,
    users: impl Iterator<Item = &User>,
) -> Result<HashMap<Uuid, i32>, Stop> {
    let mut rows: Vec<_> = users.map(user::ActiveModel::from).collect();
    // Sorted, so that two batches with the same names can't deadlock.
    rows.sort_by(|a, b| a.username.try_as_ref().cmp(&b.username.try_as_ref()));
    Ok(insert_if_free::<user::Entity>(transaction, rows, user::Column::Username).await?)
}

async fn insert_memberships(transaction: &Transaction, profiles: impl Iterator<Item = &Profile>) -> Result<(), Stop> {
    let rows = |profile: &Profile| {
        let user_id = profile.user.id;
        let row = move |group: &Arc<Group>| user_group::ActiveModel { user_id: Set(user_id), group_id: Set(group.id) };
        profile.groups.iter().map(row).collect::<Vec<_>>()
    };
    let rows: Vec<_> = profiles.flat_map(rows).collect();
    for chunk in rows.chunks(MEMBERSHIPS_PER_STATEMENT) {
        insert_all::<user_group::Entity>(transaction, chunk.to_vec()).await?;
    }
    Ok(())
}
