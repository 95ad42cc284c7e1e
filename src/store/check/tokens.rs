//! The keys of tokens.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::{Examined, Finding, Wrong};
use crate::{
    domain::secret::{InstanceSecret, equal},
    store::entities::token::{self, Column},
};

/// The number of tokens read by a statement.
const BATCH: u64 = 2_000;

impl Examined<'_> {
    /// Checks that each token's key can be decrypted, and that the token is found by it.
    pub(super) async fn check_tokens(&mut self, secret: &InstanceSecret) -> Result<Finding, DbErr> {
        self.progress.begin("checking tokens", Some(self.tokens));
        let (mut last, mut done, mut wrong) = (Uuid::nil(), 0, Wrong::default());
        loop {
            let columns = [Column::Id, Column::Identifier, Column::KeyDigest, Column::KeySealed];
            let select = token::Entity::find().select_only().columns(columns).order_by_asc(Column::Id).limit(BATCH);
            let select = select.filter(Column::Id.gt(last));
            let before = done;
            let check = |(id, identifier, digest, sealed): (Uuid, String, Vec<u8>, Vec<u8>)| {
                (last, done) = (id, done + 1);
                let key = secret.open(id, &sealed);
                if !key.is_some_and(|key| equal(&secret.digest(key.expose_secret()), &digest)) {
                    wrong.add(format!("{identifier:?}"));
                }
            };
            self.connection.visit(select.build(self.backend()), check).await?;
            self.progress.reached(done);
            if done == before {
                return Ok(Finding::of(&wrong, "all token keys can be read", "the keys of these tokens are damaged"));
            }
        }
    }
}
