//! Tokens: storing and reading them.
//!
//! `scope` is the id of the user whose tokens alone may be touched; `None` allows all.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryTrait,
    Select, sea_query::OnConflict,
};
use secrecy::{ExposeSecret, SecretString};

use super::{
    Error, Objection, Problem, Result, Store,
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
    /// Stores a token of a user.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the identifier or `managed` is taken, or the user does not exist.
    pub async fn create_token(&self, secret: &InstanceSecret, user_id: i64, new: &NewToken) -> Result<Token> {
        let objections =
            || self.objections_to_token(None, Some(&new.identifier), new.managed.as_deref(), Some(user_id));
        let Ok(owner_id) = i32::try_from(user_id) else { return Err(Error::Refused(objections().await?)) };
        let transaction = self.begin().await?;
        let inserted = match insert(&transaction, secret, owner_id, new).await {
            Err(error) if error.is_dangling() => false,
            result => result?,
        };
        if !inserted {
            transaction.rollback().await?;
            let objections = objections().await?;
            // Whoever stood in the way may have gone just now; the refusal stands.
            return Err(if objections.is_empty() { Error::taken("identifier") } else { Error::Refused(objections) });
        }
        let select = token::Entity::find().filter(token::Column::Identifier.eq(&new.identifier));
        let token = one(&transaction, select).await?;
        transaction.commit().await?;
        token.ok_or(Error::Failed(sea_orm::DbErr::RecordNotInserted))
    }

    /// Everything that stands against storing such a token, in place of the token `present` if it is one already.
    /// Only for telling the client: what counts is the write.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn objections_to_token(
        &self,
        present: Option<&str>,
        identifier: Option<&str>,
        managed: Option<&str>,
        user_id: Option<i64>,
    ) -> Result<Vec<Objection>> {
        let mut objections = Vec::new();
        for (field, column, value) in
            [("identifier", token::Column::Identifier, identifier), ("managed", token::Column::Managed, managed)]
        {
            let Some(value) = value else { continue };
            let holder = token::Entity::find().filter(column.eq(value)).one(&self.reader).await?;
            if holder.is_some_and(|holder| Some(holder.identifier.as_str()) != present) {
                objections.push(Objection { field, problem: Problem::Taken });
            }
        }
        if let Some(user_id) = user_id
            && self.first_unknown_user_id(&[user_id]).await?.is_some()
        {
            objections.push(Objection { field: "user", problem: Problem::Missing(0) });
        }
        Ok(objections)
    }

    /// The token with this identifier.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn token(&self, identifier: &str, scope: Option<i32>) -> Result<Option<Token>> {
        one(&self.reader, named(identifier, scope)).await
    }

    /// A page of the tokens that pass `filter`; `None` when there is no such page.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn tokens(
        &self,
        filter: &TokenFilter,
        ordering: &Ordering,
        request: PageRequest,
        scope: Option<i32>,
    ) -> Result<Option<Page<Token>>> {
        let select = scoped(scope).filter(condition(self.lister.get_database_backend(), filter));
        let select = super::ordered(select, ordering, ordered_by, token::Column::Identifier);
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

    /// Changes a token, in one transaction; `None` when there is no such token.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the identifier or `managed` is taken, or the user does not exist.
    pub async fn update_token(
        &self,
        identifier: &str,
        scope: Option<i32>,
        change: &TokenChange,
    ) -> Result<Option<Token>> {
        let refused = match self.try_update_token(identifier, scope, change).await {
            Err(error) if error.is_conflict() || error.is_dangling() => error,
            result => return result,
        };
        let managed = change.managed.as_ref().and_then(Option::as_deref);
        let new_identifier = change.identifier.as_deref();
        let objections = self.objections_to_token(Some(identifier), new_identifier, managed, change.user_id).await?;
        // Whoever stood in the way may have gone just now; the refusal stands.
        let taken = if refused.is_conflict() { Error::taken("identifier") } else { Error::taken("user") };
        Err(if objections.is_empty() { taken } else { Error::Refused(objections) })
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
            Some(Err(_)) => return Err(Objection { field: "user", problem: Problem::Missing(0) }.into()),
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

    /// Deletes a token; `false` when there is no such token.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn delete_token(&self, identifier: &str, scope: Option<i32>) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(token) = named(identifier, scope).one(&transaction).await? else { return Ok(false) };
        token::Entity::delete_by_id(token.id).exec(&transaction).await?;
        self.commit_rights(transaction).await?;
        Ok(true)
    }

    /// Replaces the key of a token; `false` when there is no such token, or it has expired.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when another token has the key.
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

    /// The key of a token; `None` when there is no such token, or it has expired.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn token_key(
        &self,
        secret: &InstanceSecret,
        identifier: &str,
        scope: Option<i32>,
    ) -> Result<Option<SecretString>> {
        let token = unexpired(named(identifier, scope).one(&self.reader).await?);
        Ok(token.and_then(|token| secret.open(token.id, &token.key_sealed)))
    }

    /// Identifiers of the tokens of a user, in order.
    ///
    /// # Errors
    ///
    /// When the database fails.
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

/// Tokens with their owners: a fixed number of statements, however many tokens.
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

/// The column that a field of the API is ordered by.
fn ordered_by(field: &str) -> Option<token::Column> {
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

/// Inserts a token; `false` when something of it that has to be unique is taken.
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
