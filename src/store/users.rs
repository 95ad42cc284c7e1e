//! Users.

mod batch;
mod index;
mod list;

pub use self::batch::Queue;

use std::collections::BTreeSet;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;

use super::{
    Error, IDS_PER_STATEMENT, Problem, Result, Store, Violation,
    entities::{group, user, user_group},
    groups, superusers, tokens,
};
use crate::domain::{
    Attributes,
    group::NewGroup,
    random,
    secret::InstanceSecret,
    token::NewToken,
    user::{Details, Profile, User, UserChange},
};

impl Store {
    /// Returns all constraints that such a user violates, when it replaces the user `present` if that is given. Only
    /// for complete error messages: the write itself decides.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn user_violations(
        &self,
        present: Option<i32>,
        username: &str,
        groups: &[Uuid],
    ) -> Result<Vec<Violation>> {
        let mut violations = Vec::new();
        let owner = if username.is_empty() { None } else { self.user_id(username).await? };
        if owner.is_some() && owner != present {
            violations.push(Violation { field: "username", problem: Problem::Taken });
        }
        if let Some(place) = groups::first_unknown(&self.reader, groups).await? {
            violations.push(Violation { field: "groups", problem: Problem::Missing(place) });
        }
        Ok(violations)
    }

    /// Changes a user in one transaction; `None` if there is no such user.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] if the username is taken, a group does not exist, or no active superuser would be left.
    pub async fn update_user(&self, id: i32, change: &UserChange) -> Result<Option<Profile>> {
        let error = match self.try_update_user(id, change).await {
            Err(error) if error.is_conflict() || error.is_missing_reference() => error,
            result => return result,
        };
        let (username, groups) = (change.username.as_deref(), change.groups.as_deref());
        let violations =
            self.user_violations(Some(id), username.unwrap_or_default(), groups.unwrap_or_default()).await?;
        // The conflicting object may be gone by now; the write was rejected all the same.
        let taken = if error.is_conflict() { Error::taken("username") } else { Error::taken("groups") };
        Err(if violations.is_empty() { taken } else { Error::Rejected(violations) })
    }

    async fn try_update_user(&self, id: i32, change: &UserChange) -> Result<Option<Profile>> {
        let may_revoke = change.is_active == Some(false) || change.groups.is_some();
        let transaction = if may_revoke { self.begin_structural().await? } else { self.begin().await? };
        // Locked, because `search_text` combines fields that a concurrent change may write.
        let present = user::Entity::find_by_id(id).lock_exclusive().one(&transaction).await?;
        let Some(present) = present else { return Ok(None) };
        let row = changed(&present, change);
        let user = if row.is_changed() { row.update(&transaction).await? } else { present };
        if let Some(groups) = &change.groups {
            user_group::Entity::delete_many().filter(user_group::Column::UserId.eq(id)).exec(&transaction).await?;
            if !join_groups(&transaction, id, groups).await? {
                let place = groups::first_unknown(&transaction, groups).await?.unwrap_or_default();
                return Err(Violation { field: "groups", problem: Problem::Missing(place) }.into());
            }
        }
        if may_revoke && let Some(violation) = superusers::check_any_left(&transaction).await? {
            return Err(violation.into());
        }
        let profile = profile(&transaction, user.into()).await?;
        if change.is_active.is_some() || change.groups.is_some() {
            self.commit_rights(transaction).await?;
        } else {
            transaction.commit().await?;
        }
        Ok(Some(profile))
    }

    /// Deletes a user with its memberships and tokens; `false` if there is no such user.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] if no active superuser would be left.
    pub async fn delete_user(&self, id: i32) -> Result<bool> {
        let transaction = self.begin_structural().await?;
        if user::Entity::delete_by_id(id).exec(&transaction).await?.rows_affected == 0 {
            return Ok(false);
        }
        if let Some(violation) = superusers::check_any_left(&transaction).await? {
            return Err(violation.into());
        }
        self.commit_rights(transaction).await?;
        Ok(true)
    }

    /// Stores the hash of a user's password; `false` if there is no such user.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn set_password_hash(&self, id: i32, hash: String) -> Result<bool> {
        let transaction = self.begin().await?;
        let updated = user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::val(hash))
            .filter(user::Column::Id.eq(id))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(updated.rows_affected == 1)
    }

    /// Creates a user with a token and, if `with_group`, a group of the same name, in one transaction. Returns the user
    /// and the group's UUID.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] if the username or the group's name is taken.
    pub async fn create_service_account(
        &self,
        secret: &InstanceSecret,
        details: &Details,
        with_group: bool,
        mut token: NewToken,
    ) -> Result<(User, Option<Uuid>)> {
        let transaction = self.begin().await?;
        let Some(user) = insert(&transaction, details).await? else { return Err(Error::taken("name")) };
        let mut group_uuid = None;
        if with_group {
            let group = NewGroup {
                name: details.username.clone(),
                is_superuser: false,
                parent: None,
                users: vec![user.id.into()],
                attributes: Attributes::new(),
            };
            let Some(id) = groups::insert(&transaction, &group, None).await? else { return Err(Error::taken("name")) };
            groups::add_members(&transaction, id, &group.users).await?;
            group_uuid = group::Entity::find_by_id(id).one(&transaction).await?.map(|row| row.uuid);
        }
        if !tokens::insert(&transaction, secret, user.id, &token).await? {
            // Another account's name resulted in the same identifier.
            token.identifier = random::uuid().to_string();
            tokens::insert(&transaction, secret, user.id, &token).await?;
        }
        transaction.commit().await?;
        Ok((user, group_uuid))
    }

    /// Returns the user with this id.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn user(&self, id: i32) -> Result<Option<Profile>> {
        let (row, groups) =
            tokio::join!(user::Entity::find_by_id(id).one(&self.reader), groups::of_user(&self.reader, id),);
        row?.map(|row| Ok(Profile::new(row.into(), groups?))).transpose()
    }

    /// Returns the id of the user with this name.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn user_id(&self, username: &str) -> Result<Option<i32>> {
        let found = user::Entity::find().filter(user::Column::Username.eq(username)).one(&self.reader).await?;
        Ok(found.map(|row| row.id))
    }
}

/// Inserts a user without its groups; `None` if the name is taken.
pub(super) async fn insert(connection: &impl ConnectionTrait, details: &Details) -> Result<Option<User>> {
    let user = User { id: 0, uuid: random::uuid(), details: details.clone() };
    let mut insert = user::Entity::insert(user::ActiveModel::from(&user))
        .on_conflict(OnConflict::column(user::Column::Username).do_nothing().to_owned())
        .into_query();
    insert.returning(Query::returning().column(user::Column::Id));
    let Some(row) = connection.query_one(&insert).await? else { return Ok(None) };
    Ok(Some(User { id: row.try_get_by_index(0)?, ..user }))
}

/// Adds a user to groups; `false` if one doesn't exist.
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

/// Adds the groups to a user.
async fn profile(connection: &impl ConnectionTrait, user: User) -> Result<Profile> {
    let groups = groups::of_user(connection, user.id).await?;
    Ok(Profile::new(user, groups))
}

/// Adds the groups to users, with a fixed number of statements.
pub(super) async fn profiles(connection: &impl ConnectionTrait, users: Vec<User>) -> Result<Vec<Profile>> {
    let ids: Vec<i32> = users.iter().map(|user| user.id).collect();
    let mut groups = groups::of_users(connection, &ids).await?;
    let profiles = users.into_iter().map(|user| {
        let groups = groups.remove(&user.id).unwrap_or_default();
        Profile::new(user, groups)
    });
    Ok(profiles.collect())
}

/// Returns a row with only the changed columns set.
fn changed(present: &user::Model, change: &UserChange) -> user::ActiveModel {
    use sea_orm::ActiveValue::{self, NotSet, Set, Unchanged};
    fn set<T: Into<sea_orm::Value> + Clone>(value: &Option<T>) -> ActiveValue<T> {
        value.clone().map_or(NotSet, Set)
    }
    let search_text = user::search_text(
        change.username.as_ref().unwrap_or(&present.username),
        change.name.as_ref().unwrap_or(&present.name),
        change.email.as_ref().unwrap_or(&present.email),
    );
    user::ActiveModel {
        id: Unchanged(present.id),
        uuid: NotSet,
        username: set(&change.username),
        name: set(&change.name),
        email: set(&change.email),
        is_active: set(&change.is_active),
        last_login: set(&change.last_login),
        path: set(&change.path),
        kind: set(&change.kind.map(Into::into)),
        attributes: set(&change.attributes.clone().map(Into::into)),
        password_hash: NotSet,
        search_text: if search_text == present.search_text { NotSet } else { Set(search_text) },
    }
}
