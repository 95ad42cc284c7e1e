//! Users.

pub mod batch;
mod index;
mod list;
pub mod positions;
mod times;

use std::{collections::BTreeSet, sync::Arc};

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Statement,
    sea_query::{Expr, ExprTrait, LockType, Query, UnionType},
};
use uuid::Uuid;

use super::{
    Checked, IDS_PER_STATEMENT, Result, Store, Violation,
    connection::{FromRow, ReadRows, Row, Transaction},
    entities::{group, user, user_group},
    error::Stop,
    groups, lock_structure, padded,
    rows::{insert_if_free, update_row},
    size, superusers, texts,
};
use crate::domain::{
    clock,
    group::Group,
    membership::Profile,
    user::{Details, NewUser, User, UserChange},
};

impl Store {
    /// Returns all rules that such a user would violate if it replaced the user `present`, or if it were created. Only
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
            violations.push(Violation::UsernameTaken);
        }
        violations.extend(groups::first_unknown(&self.reader, groups).await?.map(Violation::UnknownGroup));
        Ok(violations)
    }

    /// Creates a user with its memberships.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if the username is taken or a group doesn't exist.
    pub async fn create_user(&self, new: NewUser) -> Checked<Profile> {
        let new = Arc::new(new);
        let write = || async { self.write_user(new.clone()).await?.ok_or(Stop::Constraint) };
        self.checked(write, || self.user_violations(None, &new.details.username, &new.groups)).await
    }

    /// Changes a user; `None` if there is no such user.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if the username is taken, a group does not exist, or no active superuser would
    /// be left.
    pub async fn update_user(&self, id: i32, change: Arc<UserChange>) -> Checked<Option<Profile>> {
        let size = size::of_user_change(&change);
        let write = || {
            self.write_sized(size, (id, change.clone()), |transaction, (id, change)| {
                Box::pin(update(transaction, *id, change))
            })
        };
        let violations = || async {
            let (username, groups) = (change.username.as_deref(), change.groups.as_deref());
            self.user_violations(Some(id), username.unwrap_or_default(), groups.unwrap_or_default()).await
        };
        self.checked(write, violations).await
    }

    /// Deletes a user with its memberships and tokens; `false` if there is no such user.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if no active superuser would be left.
    pub async fn delete_user(&self, id: i32) -> Checked<bool> {
        let write = || self.write(id, |transaction, id| Box::pin(delete(transaction, *id)));
        self.checked(write, Self::no_violations).await
    }

    /// Stores the hash of a user's password; `false` if there is no such user.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn set_password_hash(&self, id: i32, hash: String) -> Result<bool> {
        self.write((id, hash), |transaction, (id, hash)| {
            Box::pin(async move {
                let now = clock::now().timestamp_micros();
                let updated = user::Entity::update_many()
                    .col_expr(user::Column::PasswordHash, Expr::val(hash))
                    .col_expr(user::Column::PasswordChanged, Expr::val(now))
                    .col_expr(user::Column::LastUpdated, Expr::val(now))
                    .filter(user::Column::Id.eq(*id))
                    .exec(transaction)
                    .await?;
                Ok(updated.rows_affected == 1)
            })
        })
        .await
    }

    /// Returns the user with this id.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn user(&self, id: i32) -> Result<Option<Profile>> {
        profile(&self.reader, id).await
    }

    /// Returns the id of the user with this name.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn user_id(&self, username: &str) -> Result<Option<i32>> {
        let found = user::Entity::find().select_only().column(user::Column::Id);
        let found = found.filter(user::Column::Username.eq(username));
        Ok(self.reader.selected(&found).await?.pop())
    }
}

async fn update(transaction: &Transaction, id: i32, change: &UserChange) -> Result<Option<Profile>, Stop> {
    let may_revoke = change.is_active == Some(false) || change.groups.is_some();
    if may_revoke {
        lock_structure(transaction).await?;
    } else if change.is_active.is_some() {
        transaction.affect_callers();
    }
    // Locked, because `search_text` combines fields that a concurrent change may write. The weaker lock lets others add
    // this user to groups meanwhile.
    let backend = transaction.get_database_backend();
    let text = texts::cached(("the texts of a user", backend, 1), || {
        let texts = [user::Column::Username, user::Column::Name, user::Column::Email, user::Column::SearchText];
        let present = user::Entity::find_by_id(id).select_only().columns(texts).lock(LockType::NoKeyUpdate);
        Ok(present.build(backend).sql)
    })?;
    let present = Statement::from_sql_and_values(backend, text, [id.into()]);
    let Some(present) = transaction.rows(present).await?.pop() else { return Ok(None) };
    update_row::<user::Entity>(transaction, changed(id, &present, change)).await?;
    if let Some(groups) = &change.groups {
        user_group::Entity::delete_many().filter(user_group::Column::UserId.eq(id)).exec(transaction).await?;
        if !join_groups(transaction, id, groups).await? {
            return Err(Stop::Constraint);
        }
    }
    if may_revoke {
        superusers::check_any_left(transaction).await?;
    }
    Ok(profile(transaction, id).await?)
}

async fn delete(transaction: &Transaction, id: i32) -> Result<bool, Stop> {
    lock_structure(transaction).await?;
    if user::Entity::delete_by_id(id).exec(transaction).await?.rows_affected == 0 {
        return Ok(false);
    }
    superusers::check_any_left(transaction).await?;
    Ok(true)
}

/// Inserts a user without its groups; `None` if the name is taken.
pub(super) async fn insert(transaction: &Transaction, details: &Details) -> Result<Option<User>> {
    let user = User::new(details.clone());
    let row = user::ActiveModel::from(&user);
    let ids = insert_if_free::<user::Entity>(transaction, vec![row], user::Column::Username).await?;
    Ok(ids.into_values().next().map(|id| User { id, ..user }))
}

/// Adds a user to groups; `false` if one doesn't exist.
async fn join_groups(transaction: &Transaction, user_id: i32, groups: &[Uuid]) -> Result<bool> {
    let wanted: BTreeSet<Uuid> = groups.iter().copied().collect();
    let wanted: Vec<Uuid> = wanted.into_iter().collect();
    let mut joined = 0;
    for chunk in wanted.chunks(IDS_PER_STATEMENT) {
        let known = Query::select()
            .expr(Expr::val(user_id))
            .column(group::Column::Id)
            .from(group::Entity)
            .and_where(Expr::col(group::Column::Uuid).is_in(padded(chunk)))
            .to_owned();
        joined += super::insert_memberships(transaction, known).await?;
    }
    Ok(joined == wanted.len() as u64)
}

/// A user, or one of its groups.
enum Part {
    User(User),
    Group(Group),
}

impl FromRow for Part {
    fn from_row(row: &mut Row<'_>) -> Result<Self, DbErr> {
        if row.next()? {
            return User::from_row(row).map(Self::User);
        }
        row.skip(user::COLUMNS.len());
        Group::from_row(row).map(Self::Group)
    }
}

/// Returns a user with its groups. One statement reads both, because a second one costs another round trip on
/// PostgreSQL, and another lock on SQLite.
async fn profile(connection: &impl ReadRows, id: i32) -> Result<Option<Profile>> {
    let backend = connection.get_database_backend();
    let text = texts::cached(("a user with its groups", backend, 1), || {
        let nulls = |count| vec![Expr::cust("NULL"); count];
        let user = user::Entity::find().select_only().expr(Expr::cust("TRUE")).columns(user::COLUMNS);
        let user = nulls(groups::COLUMNS).into_iter().fold(user, QuerySelect::expr);
        let leading = std::iter::once(Expr::cust("FALSE")).chain(nulls(user::COLUMNS.len()));
        let groups = groups::select_of_user(backend, leading, id);
        let both = user.filter(user::Column::Id.eq(id)).into_query().union(UnionType::All, groups).to_owned();
        Ok(backend.build(&both).sql)
    })?;
    let statement = Statement::from_sql_and_values(backend, text, [id.into(), id.into()]);
    let (mut user, mut groups) = (None, Vec::new());
    for part in connection.rows(statement).await? {
        match part {
            Part::User(found) => user = Some(found),
            Part::Group(group) => groups.push(Arc::new(group)),
        }
    }
    groups.sort_unstable_by_key(|group| group.uuid);
    Ok(user.map(|user| Profile::new(user, groups)))
}

/// Adds the groups to users, with a fixed number of statements.
pub(super) async fn profiles(connection: &impl ReadRows, users: Vec<User>) -> Result<Vec<Profile>> {
    let ids: Vec<i32> = users.iter().map(|user| user.id).collect();
    let mut groups = groups::of_users(connection, &ids).await?;
    let profiles = users.into_iter().map(|user| {
        let groups = groups.remove(&user.id).unwrap_or_default();
        Profile::new(user, groups)
    });
    Ok(profiles.collect())
}

/// The username, name and email of a user, and its search text.
type Texts = (String, String, String, String);

/// Returns a row with only the changed columns set.
fn changed(id: i32, present: &Texts, change: &UserChange) -> user::ActiveModel {
    use sea_orm::ActiveValue::{self, NotSet, Set, Unchanged};
    fn set<T: Into<sea_orm::Value> + Clone>(value: &Option<T>) -> ActiveValue<T> {
        value.clone().map_or(NotSet, Set)
    }
    let (username, name, email, present_text) = present;
    let search_text = user::search_text(
        change.username.as_ref().unwrap_or(username),
        change.name.as_ref().unwrap_or(name),
        change.email.as_ref().unwrap_or(email),
    );
    user::ActiveModel {
        id: Unchanged(id),
        uuid: NotSet,
        username: set(&change.username),
        name: set(&change.name),
        email: set(&change.email),
        is_active: set(&change.is_active),
        last_login: set(&change.last_login),
        path: set(&change.path),
        kind: set(&change.kind.map(Into::into)),
        attributes: set(&change.attributes),
        password_hash: NotSet,
        search_text: if search_text == *present_text { NotSet } else { Set(search_text) },
        last_updated: Set(clock::now().timestamp_micros()),
        password_changed: NotSet,
    }
}
