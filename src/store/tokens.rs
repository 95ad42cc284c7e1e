//! Tokens.
//!
//! `scope` limits an operation to the tokens of the user with this id; `None` allows all.

use std::{collections::HashMap, sync::Arc};

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{LockType, OnConflict},
};
use secrecy::{ExposeSecret, SecretString};

use super::{
    Checked, Result, Store, Violation,
    by_id::users_by_id,
    connection::{ReadRows, Transaction},
    entities::{token, user},
    error::Stop,
    size, users,
};
use crate::domain::{
    filter::{Ordering, TokenField, TokenFilter},
    membership::Profile,
    page::{Page, PageRequest},
    random,
    secret::InstanceSecret,
    token::{NewToken, Token, TokenChange, is_expired},
};

impl Store {
    /// Creates a token for a user.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if the identifier or `managed` is taken, or the user does not exist.
    pub async fn create_token(&self, secret: &InstanceSecret, user_id: i64, new: Arc<NewToken>) -> Checked<Token> {
        let write = || {
            self.write_sized(
                size::of_token(&new),
                (secret.clone(), user_id, new.clone()),
                |transaction, (secret, user_id, new)| Box::pin(create(transaction, secret, *user_id, new)),
            )
        };
        let violations = || async {
            self.token_violations(None, Some(&new.identifier), new.managed.as_deref(), Some(user_id)).await
        };
        self.checked(write, violations).await
    }

    /// Returns all rules that such a token would violate if it replaced the token `present`, or if it were created. Only
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
        for (violation, column, value) in [
            (Violation::IdentifierTaken, token::Column::Identifier, identifier),
            (Violation::ManagedTaken, token::Column::Managed, managed),
        ] {
            let Some(value) = value else { continue };
            let holder = token::Entity::find().filter(column.eq(value)).one(&self.reader).await?;
            if holder.is_some_and(|holder| Some(holder.identifier.as_str()) != present) {
                violations.push(violation);
            }
        }
        if let Some(user_id) = user_id
            && self.first_unknown_user_id(&[user_id]).await?.is_some()
        {
            violations.push(Violation::UnknownOwner);
        }
        Ok(violations)
    }

    /// Returns the token with this identifier.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn token(&self, identifier: &str, scope: Option<i32>) -> Result<Option<Token>> {
        one(&self.reader, Named::new(identifier, scope).select()).await
    }

    /// Returns a page of the tokens that match `filter`; `None` if there is no such page.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn tokens(
        &self,
        filter: &TokenFilter,
        ordering: &Ordering<TokenField>,
        request: PageRequest,
        scope: Option<i32>,
    ) -> Result<Option<Page<Token>>> {
        self.list(async |lister| {
            let select = scoped(scope).filter(condition(lister.get_database_backend(), filter));
            // A token that doesn't expire does so after all others.
            let never = Some(token::Column::Expires);
            let select = super::order_by(select, ordering, sort_column, token::Column::Identifier, never);
            let Some(page) = super::page(&lister, select, request).await? else { return Ok(None) };
            let items = with_owners(&lister, page.items).await?;
            Ok(Some(Page { request, count: page.count, items }))
        })
        .await
    }

    /// Changes a token; `None` if there is no such token.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if the identifier or `managed` is taken, or the user does not exist.
    pub async fn update_token(
        &self,
        identifier: &str,
        scope: Option<i32>,
        change: Arc<TokenChange>,
    ) -> Checked<Option<Token>> {
        let named = Named::new(identifier, scope);
        let write = || {
            self.write_sized(
                size::of_token_change(&change),
                (named.clone(), change.clone()),
                |transaction, (named, change)| Box::pin(update(transaction, named, change)),
            )
        };
        let violations = || async {
            let managed = change.managed.as_ref().and_then(Option::as_deref);
            self.token_violations(Some(identifier), change.identifier.as_deref(), managed, change.user_id).await
        };
        self.checked(write, violations).await
    }

    /// Deletes a token; `false` if there is no such token.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn delete_token(&self, identifier: &str, scope: Option<i32>) -> Result<bool> {
        self.write(Named::new(identifier, scope), |transaction, named| {
            Box::pin(async move {
                transaction.affect_callers();
                let Some(token) = named.find_and_lock(transaction).await? else { return Ok(false) };
                token::Entity::delete_by_id(token.id).exec(transaction).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Replaces the key of a token; `false` if there is no such token or it has expired.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if another token has this key.
    pub async fn set_token_key(
        &self,
        secret: &InstanceSecret,
        identifier: &str,
        scope: Option<i32>,
        key: &SecretString,
    ) -> Checked<bool> {
        let write = || async {
            let arguments = (Named::new(identifier, scope), secret.clone(), key.clone());
            let result = self.write_sized(key.expose_secret().len(), arguments, |transaction, (named, secret, key)| {
                Box::pin(set_key(transaction, named, secret, key))
            });
            // The only constraint on what it changes.
            result
                .await
                .map_err(|stop| if matches!(stop, Stop::Constraint) { Violation::KeyTaken.into() } else { stop })
        };
        self.checked(write, Self::no_violations).await
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
        let token = unexpired(Named::new(identifier, scope).select().one(&self.reader).await?);
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

/// The token with this identifier, if it is in the scope.
#[derive(Clone, Debug)]
struct Named {
    identifier: String,
    scope: Option<i32>,
}

impl Named {
    fn new(identifier: &str, scope: Option<i32>) -> Self {
        Self { identifier: identifier.to_owned(), scope }
    }

    fn select(&self) -> Select<token::Entity> {
        scoped(self.scope).filter(token::Column::Identifier.eq(&self.identifier))
    }

    /// Locks the token, so that it isn't deleted before the transaction ends.
    async fn find_and_lock(&self, transaction: &Transaction) -> Result<Option<token::Model>> {
        Ok(self.select().lock(LockType::NoKeyUpdate).one(transaction).await?)
    }
}

async fn create(
    transaction: &Transaction,
    secret: &InstanceSecret,
    user_id: i64,
    new: &NewToken,
) -> Result<Token, Stop> {
    let owner_id = i32::try_from(user_id).map_err(|_| Violation::UnknownOwner)?;
    if !insert(transaction, secret, owner_id, new, &new.identifier).await? {
        return Err(Stop::Constraint);
    }
    let token = one(transaction, Named::new(&new.identifier, None).select()).await?;
    Ok(token.ok_or(sea_orm::DbErr::RecordNotInserted)?)
}

async fn update(transaction: &Transaction, named: &Named, change: &TokenChange) -> Result<Option<Token>, Stop> {
    use sea_orm::ActiveValue::{NotSet, Set, Unchanged};
    transaction.affect_callers();
    let Some(present) = named.find_and_lock(transaction).await? else { return Ok(None) };
    let user_id = match change.user_id.map(i32::try_from) {
        Some(Err(_)) => return Err(Violation::UnknownOwner.into()),
        Some(Ok(user_id)) => Set(user_id),
        None => NotSet,
    };
    let is_expiry_sent = change.expires.is_some() || change.expiring.is_some();
    let expiry = is_expiry_sent.then(|| change.expiry((present.expiring, present.expires)));
    let row = token::ActiveModel {
        id: Unchanged(present.id),
        identifier: change.identifier.clone().map_or(NotSet, Set),
        user_id,
        intent: change.intent.map_or(NotSet, |intent| Set(intent.into())),
        description: change.description.clone().map_or(NotSet, Set),
        expires: expiry.map_or(NotSet, |(_, expires)| Set(expires)),
        expiring: expiry.map_or(NotSet, |(expiring, _)| Set(expiring)),
        key_digest: NotSet,
        key_sealed: NotSet,
        managed: change.managed.clone().map_or(NotSet, Set),
    };
    let row = if row.is_changed() { row.update(transaction).await? } else { present };
    Ok(with_owners(transaction, vec![row]).await?.pop())
}

async fn set_key(
    transaction: &Transaction,
    named: &Named,
    secret: &InstanceSecret,
    key: &SecretString,
) -> Result<bool, Stop> {
    use sea_orm::ActiveValue::{Set, Unchanged};
    transaction.affect_callers();
    let Some(token) = unexpired(named.find_and_lock(transaction).await?) else { return Ok(false) };
    let row = token::ActiveModel {
        id: Unchanged(token.id),
        key_digest: Set(secret.digest(key.expose_secret()).to_vec()),
        key_sealed: Set(secret.seal(token.id, key)),
        ..Default::default()
    };
    row.update(transaction).await?;
    Ok(true)
}

fn unexpired(token: Option<token::Model>) -> Option<token::Model> {
    token.filter(|token| !is_expired(token.expiring, token.expires))
}

async fn one(connection: &impl ReadRows, select: Select<token::Entity>) -> Result<Option<Token>> {
    let Some(row) = select.one(connection).await? else { return Ok(None) };
    Ok(with_owners(connection, vec![row]).await?.pop())
}

/// Adds the owners to tokens, with a fixed number of statements.
async fn with_owners(connection: &impl ReadRows, rows: Vec<token::Model>) -> Result<Vec<Token>> {
    let ids: Vec<i32> = rows.iter().map(|row| row.user_id).collect();
    let owners = users_by_id(connection, &ids).await?.into_values().collect();
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

fn sort_column(field: TokenField) -> token::Column {
    match field {
        TokenField::Id => token::Column::Id,
        TokenField::Identifier => token::Column::Identifier,
        TokenField::Intent => token::Column::Intent,
        TokenField::Owner => token::Column::UserId,
        TokenField::Description => token::Column::Description,
        TokenField::Expires => token::Column::Expires,
        TokenField::Expiring => token::Column::Expiring,
        TokenField::Managed => token::Column::Managed,
    }
}

fn condition(backend: sea_orm::DbBackend, filter: &TokenFilter) -> Condition {
    use token::Column;
    let owned_by = |of: sea_orm::sea_query::SimpleExpr| {
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

/// Inserts a token with this identifier; `false` if it violates a unique constraint.
pub(super) async fn insert(
    transaction: &Transaction,
    secret: &InstanceSecret,
    user_id: i32,
    new: &NewToken,
    identifier: &str,
) -> Result<bool> {
    use sea_orm::ActiveValue::Set;
    let id = random::uuid();
    let row = token::ActiveModel {
        id: Set(id),
        identifier: Set(identifier.to_owned()),
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
    Ok(transaction.execute(&insert).await?.rows_affected() == 1)
}
