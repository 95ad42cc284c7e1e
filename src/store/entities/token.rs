//! Tokens. Their keys are stored encrypted, and looked up by a keyed hash.

use sea_orm::entity::prelude::*;

use crate::domain::token;

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

/// [`token::Intent`] as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Intent {
    Verification,
    Api,
    Recovery,
    AppPassword,
}

impl From<token::Intent> for Intent {
    fn from(intent: token::Intent) -> Self {
        match intent {
            token::Intent::Verification => Self::Verification,
            token::Intent::Api => Self::Api,
            token::Intent::Recovery => Self::Recovery,
            token::Intent::AppPassword => Self::AppPassword,
        }
    }
}

impl From<Intent> for token::Intent {
    fn from(intent: Intent) -> Self {
        match intent {
            Intent::Verification => Self::Verification,
            Intent::Api => Self::Api,
            Intent::Recovery => Self::Recovery,
            Intent::AppPassword => Self::AppPassword,
        }
    }
}
