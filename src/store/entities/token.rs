//! Tokens. Their keys are stored encrypted, and looked up by a keyed hash.

use derive_more::{Display, From, FromStr, Into};
use sea_orm::entity::prelude::*;

use crate::{
    domain::token,
    store::connection::{FromRow, Row},
};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique, column_type = "Text")]
    pub identifier: String,
    pub user_id: i32,
    pub intent: Intent,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    pub expires: Option<DateTimeUtc>,
    pub expiring: bool,
    #[sea_orm(unique)]
    pub key_digest: Vec<u8>,
    pub key_sealed: Vec<u8>,
    #[sea_orm(unique, column_type = "Text", nullable)]
    pub managed: Option<String>,
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: HasOne<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl FromRow for Model {
    fn from_row(row: &mut Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.next()?,
            identifier: row.next()?,
            user_id: row.next()?,
            intent: row.next_word()?,
            description: row.next()?,
            expires: row.next()?,
            expiring: row.next()?,
            key_digest: row.next()?,
            key_sealed: row.next()?,
            managed: row.next()?,
        })
    }
}

/// An [`Intent`](token::Intent) as it is stored: its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, From, FromStr, Into, DeriveValueType)]
#[sea_orm(value_type = "String", column_type = "Text")]
pub struct Intent(token::Intent);
