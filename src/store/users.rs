//! Users: storing and reading them.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;

use super::{
    Error, IDS_PER_STATEMENT, Objection, Problem, Result, Store,
    entities::{group, user},
    groups,
};
use crate::domain::{
    random,
    user::{Details, NewUser, Profile, User},
};

impl Store {
    /// Stores a user with its memberships, in one transaction.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the username is taken or a group does not exist; both are told at once.
    pub async fn create_user(&self, new: &NewUser) -> Result<Profile> {
        let created = match self.try_create_user(new).await {
            Err(error) if error.is_dangling() => None,
            result => result?,
        };
        match created {
            Some(profile) => Ok(profile),
            None => {
                let objections = self.objections_to_user(&new.details.username, &new.groups).await?;
                // Whoever had the name may have given it up just now; the refusal stands.
                Err(if objections.is_empty() { Error::taken("username") } else { Error::Refused(objections) })
            }
        }
    }

    /// Stores a user, or nothing when the database has something against it.
    async fn try_create_user(&self, new: &NewUser) -> Result<Option<Profile>> {
        let transaction = self.begin().await?;
        let Some(user) = insert(&transaction, &new.details).await? else {
            transaction.rollback().await?;
            return Ok(None);
        };
        if !join_groups(&transaction, user.id, &new.groups).await? {
            transaction.rollback().await?;
            return Ok(None);
        }
        let profile = if new.groups.is_empty() {
            Profile { user, groups: Vec::new(), is_superuser: false }
        } else {
            profile(&transaction, user).await?
        };
        transaction.commit().await?;
        Ok(Some(profile))
    }

    /// Everything that stands against storing such a user. Only for telling the client: what counts is the insert.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn objections_to_user(&self, username: &str, groups: &[Uuid]) -> Result<Vec<Objection>> {
        let mut objections = Vec::new();
        if !username.is_empty() && self.user_id(username).await?.is_some() {
            objections.push(Objection { field: "username", problem: Problem::Taken });
        }
        if let Some(place) = groups::first_unknown(&self.reader, groups).await? {
            objections.push(Objection { field: "groups", problem: Problem::Missing(place) });
        }
        Ok(objections)
    }

    /// The user with this id.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn user(&self, id: i32) -> Result<Option<Profile>> {
        match user::Entity::find_by_id(id).one(&self.reader).await? {
            Some(row) => Ok(Some(profile(&self.reader, row.into()).await?)),
            None => Ok(None),
        }
    }

    /// The id of the user with this name.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn user_id(&self, username: &str) -> Result<Option<i32>> {
        let found = user::Entity::find().filter(user::Column::Username.eq(username)).one(&self.reader).await?;
        Ok(found.map(|row| row.id))
    }
}

/// Inserts the user itself; `None` when its name is taken.
pub(super) async fn insert(connection: &impl ConnectionTrait, details: &Details) -> Result<Option<User>> {
    use sea_orm::ActiveValue::{NotSet, Set};
    let uuid = random::uuid();
    let row = user::ActiveModel {
        id: NotSet,
        uuid: Set(uuid),
        username: Set(details.username.clone()),
        name: Set(details.name.clone()),
        email: Set(details.email.clone()),
        is_active: Set(details.is_active),
        last_login: Set(details.last_login),
        path: Set(details.path.clone()),
        kind: Set(details.kind.into()),
        attributes: Set(details.attributes.clone().into()),
    };
    let mut insert = user::Entity::insert(row)
        .on_conflict(OnConflict::column(user::Column::Username).do_nothing().to_owned())
        .into_query();
    insert.returning(Query::returning().column(user::Column::Id));
    let Some(row) = connection.query_one(&insert).await? else { return Ok(None) };
    Ok(Some(User { id: row.try_get_by_index(0)?, uuid, details: details.clone() }))
}

/// Makes the user a member of groups; `false` when one does not exist.
pub(super) async fn join_groups(connection: &impl ConnectionTrait, user_id: i32, groups: &[Uuid]) -> Result<bool> {
    let wanted: BTreeSet<Uuid> = groups.iter().copied().collect();
    let wanted: Vec<Uuid> = wanted.into_iter().collect();
    let mut joined = 0;
    for chunk in wanted.chunks(IDS_PER_STATEMENT) {
        let known = Query::select()
            .expr(Expr::val(user_id))
            .column(group::Column::Id)
            .from(group::Entity)
            .and_where(Expr::col(group::Column::Uuid).is_in(chunk.iter().copied()))
            .to_owned();
        joined += super::insert_memberships(connection, known).await?;
    }
    Ok(joined == wanted.len() as u64)
}

/// A user with its groups.
async fn profile(connection: &impl ConnectionTrait, user: User) -> Result<Profile> {
    let groups = groups::of_user(connection, user.id).await?;
    let is_superuser = if groups.iter().any(|group| group.is_superuser) {
        true
    } else if groups.iter().any(|group| group.parent.is_some()) {
        groups::make_superuser(connection, user.id).await?
    } else {
        false
    };
    Ok(Profile { user, groups, is_superuser })
}
