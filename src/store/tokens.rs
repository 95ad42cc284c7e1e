//! Tokens: storing them, and finding who calls.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait, sea_query::OnConflict,
};

use super::{
    Error, Result, Store,
    entities::{token, user},
    superusers,
};
use crate::domain::{
    clock, random,
    secret::{self, InstanceSecret},
    token::{Caller, Intent, NewToken},
};

impl Store {
    /// The active user whose unexpired API token has this key.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn caller(&self, secret: &InstanceSecret, key: &str) -> Result<Option<Caller>> {
        let digest = secret.digest(key);
        let found = token::Entity::find()
            .filter(token::Column::KeyDigest.eq(digest.as_slice()))
            .find_also_related(user::Entity)
            .one(&self.reader)
            .await?;
        let Some((token, Some(user))) = found else { return Ok(None) };
        let expired = token.expiring && token.expires.is_none_or(|expires| expires <= clock::now());
        let usable = secret::equal(&token.key_digest, &digest)
            && token.intent == Intent::Api.into()
            && !expired
            && user.is_active;
        if !usable {
            return Ok(None);
        }
        let is_superuser = superusers::among(&self.reader, &[user.id]).await?.contains(&user.id);
        Ok(Some(Caller { id: user.id, is_superuser }))
    }

    /// Stores a token of a user.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the identifier is taken.
    pub async fn create_token(&self, secret: &InstanceSecret, user_id: i32, new: &NewToken) -> Result<()> {
        let transaction = self.begin().await?;
        if insert(&transaction, secret, user_id, new).await? {
            Ok(transaction.commit().await?)
        } else {
            transaction.rollback().await?;
            Err(Error::taken("identifier"))
        }
    }
}

/// Inserts a token; `false` when its identifier is taken.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    secret: &InstanceSecret,
    user_id: i32,
    new: &NewToken,
) -> Result<bool> {
    use secrecy::ExposeSecret;
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
    };
    let insert = token::Entity::insert(row)
        .on_conflict(OnConflict::column(token::Column::Identifier).do_nothing().to_owned())
        .into_query();
    Ok(connection.execute(&insert).await?.rows_affected() == 1)
}
