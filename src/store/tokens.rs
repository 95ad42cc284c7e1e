//! Tokens.
//!
//! `scope` limits an operation to the tokens of the user with this id; `None` allows all.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryTrait,
    Select, sea_query::OnConflict,
};
use secrecy::{ExposeSecret, SecretString};

use super::{
    Error, Problem, Result, Store, Violation,
    entities::{token, user},
    users,
};
use crate::domain::{
    filter::{Ordering, TokenFilter},
    page::{Page, PageRequest},
    random,
    secret::InstanceSecret,
    token::{NewToken, Token, TokenChange, is_expired},
    user::{Profile, User},
};

impl Store {
    /// Creates a token for a user.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] if the identifier or `managed` is taken, or the user does not exist.
    pub async fn create_token(&self, secret: &InstanceSecret, user_id: i64, new: &NewToken) -> Result<Token> {
        let violations = || self.token_violations(None, Some(&new.identifier), new.managed.as_deref(), Some(user_id));
        let Ok(owner_id) = i32::try_from(user_id) else { return Err(Error::Rejected(violations().await?)) };
        let transaction = self.begin().await?;
        let inserted = match insert(&transaction, secret, owner_id, new).await {
            Err(error) if error.is_missing_reference() => false,
            result => result?,
        };
        if !inserted {
            transaction.rollback().await?;
            let violations = violations().await?;
            // The conflicting object may be gone by now; the write was rejected all the same.
            return Err(if violations.is_empty() { Error::taken("identifier") } else { Error::Rejected(violations) });
        }
        let select = token::Entity::find().filter(token::Column::Identifier.eq(&new.identifier));
        let token = one(&transaction, select).await?;
        transaction.commit().await?;
        token.ok_or(Error::Failed(sea_orm::DbErr::RecordNotInserted))
    }

    /// Returns all constraints that such a token violates, when it replaces the token `present` if that is given. Only
    /// for complete error messages: the write itself decides.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn token_violations(
        &self,
        present: Option<&str>,
        identifier: Option<&str>,
        managed: Option<&str>,
        user_id: Option<i64>,
    ) -> Result<Vec<Violation>> {
        let mut violations = Vec::new();
        for (field, column, value) in
            [("identifier", token::Column::Identifier, identifier), ("managed", token::Column::Managed, managed)]
        {
            let Some(value) = value else { continue };
            let holder = token::Entity::find().filter(column.eq(value)).one(&self.reader).await?;
            if holder.is_some_and(|holder| Some(holder.identifier.as_str()) != present) {
                violations.push(Violation { field, problem: Problem::Taken });
            }
        }
        if let Some(user_id) = user_id
            && self.first_unknown_user_id(&[user_id]).await?.is_some()
        {
            violations.push(Violation { field: "user", problem: Problem::Missing(0) });
        }
        Ok(violations)
    }

    /// Returns the token with this identifier.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn token(&self, identifier: &str, scope: Option<i32>) -> Result<Option<Token>> {
        one(&self.reader, named(identifier, scope)).await
    }

    /// Returns a page of the tokens that match `filter`; `None` if there is no such page.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn tokens(
        &self,
        filter: &TokenFilter,
        ordering: &Ordering,
        request: PageRequest,
        scope: Option<i32>,
    ) -> Result<Option<Page<Token>>> {
        let select = scoped(scope).filter(condition(self.lister.get_database_backend(), filter));
        let select = super::order_by(select, ordering, sort_column, token::Column::Identifier);
        let Some(page) = super::page(&self.lister, select, request, async |select: Select<_>| {
            super::count(&self.lister, select).await
        })
        .await?
        else {
            return Ok(None);
        };
        let items = with_owners(&self.lister, page.items).await?;
        Ok(Some(Page { request, count: page.count, items }))
    }

    /// Changes a token in one transaction; `None` if there is no such token.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] if the identifier or `managed` is taken, or the user does not exist.
    pub async fn update_token(
        &self,
        identifier: &str,
        scope: Option<i32>,
        change: &TokenChange,
    ) -> Result<Option<Token>> {
        let error = match self.try_update_token(identifier, scope, change).await {
            Err(error) if error.is_conflict() || error.is_missing_reference() => error,
            result => return result,
        };
        let managed = change.managed.as_ref().and_then(Option::as_deref);
        let new_identifier = change.identifier.as_deref();
        let violations = self.token_violations(Some(identifier), new_identifier, managed, change.user_id).await?;
        // The conflicting object may be gone by now; the write was rejected all the same.
        let taken = if error.is_conflict() { Error::taken("identifier") } else { Error::taken("user") };
        Err(if violations.is_empty() { taken } else { Error::Rejected(violations) })
    }

    async fn try_update_token(
        &self,
        identifier: &str,
        scope: Option<i32>,
        change: &TokenChange,
    ) -> Result<Option<Token>> {
        use sea_orm::ActiveValue::{NotSet, Set, Unchanged};
        let transaction = self.begin().await?;
        let Some(present) = named(identifier, scope).one(&transaction).await? else { return Ok(None) };
        let user_id = match change.user_id.map(i32::try_from) {
            Some(Err(_)) => return Err(Violation { field: "user", problem: Problem::Missing(0) }.into()),
            Some(Ok(user_id)) => Set(user_id),
            None => NotSet,
        };
        let row = token::ActiveModel {
            id: Unchanged(present.id),
            identifier: change.identifier.clone().map_or(NotSet, Set),
            user_id,
            intent: change.intent.map_or(NotSet, |intent| Set(intent.into())),
            description: change.description.clone().map_or(NotSet, Set),
            expires: change.expires.map_or(NotSet, Set),
            expiring: change.expiring.map_or(NotSet, Set),
            key_digest: NotSet,
            key_sealed: NotSet,
            managed: change.managed.clone().map_or(NotSet, Set),
        };
        let row = if row.is_changed() { row.update(&transaction).await? } else { present };
        let token = with_owners(&transaction, vec![row]).await?.pop();
        self.commit_rights(transaction).await?;
        Ok(token)
    }

    /// Deletes a token; `false` if there is no such token.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn delete_token(&self, identifier: &str, scope: Option<i32>) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(token) = named(identifier, scope).one(&transaction).await? else { return Ok(false) };
        token::Entity::delete_by_id(token.id).exec(&transaction).await?;
        self.commit_rights(transaction).await?;
        Ok(true)
    }

    /// Replaces the key of a token; `false` if there is no such token or it has expired.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] if another token has this key.
    pub async fn set_token_key(
        &self,
        secret: &InstanceSecret,
        identifier: &str,
        scope: Option<i32>,
        key: &SecretString,
    ) -> Result<bool> {
        use sea_orm::ActiveValue::{Set, Unchanged};
        let transaction = self.begin().await?;
        let Some(token) = unexpired(named(identifier, scope).one(&transaction).await?) else { return Ok(false) };
        let row = token::ActiveModel {
            id: Unchanged(token.id),
            key_digest: Set(secret.digest(key.expose_secret()).to_vec()),
            key_sealed: Set(secret.seal(token.id, key)),
            ..Default::default()
        };
        match row.update(&transaction).await.map_err(Error::from) {
            Err(error) if error.is_conflict() => return Err(Error::taken("key")),
            result => result?,
        };
        self.commit_rights(transaction).await?;
        Ok(true)
    }

    /// Returns the key of a token; `None` if there is no such token or it has expired.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn token_key(
        &self,
        secret: &InstanceSecret,
        identifier: &str,
        scope: Option<i32>,
    ) -> Result<Option<SecretString>> {
        let token = unexpired(named(identifier, scope).one(&self.reader).await?);
        Ok(token.and_then(|token| secret.open(token.id, &token.key_sealed)))
    }

    /// Returns the ids and identifiers of a user's tokens, sorted by identifier.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn tokens_of(&self, user_id: i32) -> Result<Vec<(uuid::Uuid, String)>> {
        let tokens = scoped(Some(user_id)).order_by_asc(token::Column::Identifier).all(&self.reader).await?;
        Ok(tokens.into_iter().map(|token| (token.id, token.identifier)).collect())
    }
}

fn scoped(scope: Option<i32>) -> Select<token::Entity> {
    let own = Condition::all().add_option(scope.map(|user_id| token::Column::UserId.eq(user_id)));
    token::Entity::find().filter(own)
}

fn named(identifier: &str, scope: Option<i32>) -> Select<token::Entity> {
    scoped(scope).filter(token::Column::Identifier.eq(identifier))
}

fn unexpired(token: Option<token::Model>) -> Option<token::Model> {
    token.filter(|token| !is_expired(token.expiring, token.expires))
}

async fn one(connection: &impl ConnectionTrait, select: Select<token::Entity>) -> Result<Option<Token>> {
    let Some(row) = select.one(connection).await? else { return Ok(None) };
    Ok(with_owners(connection, vec![row]).await?.pop())
}

/// Adds the owners to tokens, with a fixed number of statements.
async fn with_owners(connection: &impl ConnectionTrait, rows: Vec<token::Model>) -> Result<Vec<Token>> {
    let owners = user::Entity::find().filter(user::Column::Id.is_in(rows.iter().map(|row| row.user_id)));
    let owners = owners.all(connection).await?.into_iter().map(User::from).collect();
    let owners: HashMap<i32, Profile> =
        users::profiles(connection, owners).await?.into_iter().map(|owner| (owner.user.id, owner)).collect();
    let token = |row: token::Model| {
        Some(Token {
            id: row.id,
            owner: owners.get(&row.user_id)?.clone(),
            identifier: row.identifier,
            intent: row.intent.into(),
            description: row.description,
            expires: row.expires,
            expiring: row.expiring,
            managed: row.managed,
        })
    };
    Ok(rows.into_iter().filter_map(token).collect())
}

/// The column for sorting by a field of the API.
fn sort_column(field: &str) -> Option<token::Column> {
    Some(match field {
        "pk" => token::Column::Id,
        "identifier" => token::Column::Identifier,
        "intent" => token::Column::Intent,
        "user" => token::Column::UserId,
        "description" => token::Column::Description,
        "expires" => token::Column::Expires,
        "expiring" => token::Column::Expiring,
        "managed" => token::Column::Managed,
        _ => return None,
    })
}

fn condition(backend: sea_orm::DbBackend, filter: &TokenFilter) -> Condition {
    use token::Column;
    let owned_by = |of: sea_orm::sea_query::SimpleExpr| {
        use sea_orm::QuerySelect;
        let owners = user::Entity::find().select_only().column(user::Column::Id).filter(of);
        Column::UserId.in_subquery(owners.into_query())
    };
    let mut all = Condition::all()
        .add_option(filter.identifier.as_ref().map(|identifier| Column::Identifier.eq(identifier)))
        .add_option(filter.description.as_ref().map(|description| Column::Description.eq(description)))
        .add_option(filter.intent.map(|intent| Column::Intent.eq(token::Intent::from(intent))))
        .add_option(filter.managed.as_ref().map(|managed| Column::Managed.eq(managed)))
        .add_option(filter.expires.map(|expires| Column::Expires.eq(expires)))
        .add_option(filter.expiring.map(|expiring| Column::Expiring.eq(expiring)))
        .add_option(filter.username.as_ref().map(|name| owned_by(user::Column::Username.eq(name))));
    for word in &filter.search {
        let pattern = format!("%{}%", super::like_pattern(word));
        let contains = |column: sea_orm::sea_query::SimpleExpr| super::ilike(backend, column, pattern.clone());
        all = all.add(
            Condition::any()
                .add(contains(Column::Identifier.into_expr()))
                .add(contains(Column::Description.into_expr()))
                .add(contains(Column::Intent.into_expr()))
                .add(owned_by(contains(user::Column::Username.into_expr()))),
        );
    }
    all
}

/// Inserts a token; `false` if it violates a unique constraint.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    secret: &InstanceSecret,
    user_id: i32,
    new: &NewToken,
) -> Result<bool> {
    use sea_orm::ActiveValue::Set;
    let id = random::uuid();
    let row = token::ActiveModel {
        id: Set(id),
        identifier: Set(new.identifier.clone()),
        user_id: Set(user_id),
        intent: Set(new.intent.into()),
        description: Set(new.description.clone()),
        expires: Set(new.expires),
        expiring: Set(new.expires.is_some()),
        key_digest: Set(secret.digest(new.key.expose_secret()).to_vec()),
        key_sealed: Set(secret.seal(id, &new.key)),
        managed: Set(new.managed.clone()),
    };
    let insert = token::Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned()).into_query();
    Ok(connection.execute(&insert).await?.rows_affected() == 1)
}
