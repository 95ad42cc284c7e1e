//! Users.

use derive_more::{Display, From, FromStr, Into};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    entity::prelude::*,
};

use crate::{
    domain::{
        Attributes,
        case::fold_case,
        user::{Details, User, UserType},
    },
    store::connection::{FromRow, Row},
};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    #[sea_orm(unique)]
    pub uuid: Uuid,
    #[sea_orm(unique, column_type = "Text")]
    pub username: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub email: String,
    pub is_active: bool,
    pub last_login: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text")]
    pub path: String,
    #[sea_orm(column_name = "type")]
    pub kind: Kind,
    #[sea_orm(column_type = "JsonBinary")]
    pub attributes: Attributes,
    /// Empty if the user has no password.
    #[sea_orm(column_type = "Text")]
    pub password_hash: String,
    /// Username, name and email without letter case, for searching.
    #[sea_orm(column_type = "Text")]
    pub search_text: String,
    /// In microseconds since 1970, as [`password_changed`](Self::password_changed).
    pub last_updated: i64,
    /// NULL if the password never changed.
    pub password_changed: Option<i64>,
    #[sea_orm(has_many, via = "user_group")]
    pub groups: HasMany<super::group::Entity>,
    #[sea_orm(has_many)]
    pub tokens: HasMany<super::token::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

/// A [`UserType`] as it is stored: its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, From, FromStr, Into, DeriveValueType)]
#[sea_orm(value_type = "String", column_type = "Text")]
pub struct Kind(UserType);

/// Returns the [`Model::search_text`] of a user.
pub fn search_text(username: &str, name: &str, email: &str) -> String {
    fold_case(&format!("{username}\n{name}\n{email}"))
}

/// A row to be inserted; the database assigns the id.
impl From<&User> for ActiveModel {
    fn from(user: &User) -> Self {
        let details = &user.details;
        Self {
            id: NotSet,
            uuid: Set(user.uuid),
            username: Set(details.username.clone()),
            name: Set(details.name.clone()),
            email: Set(details.email.clone()),
            is_active: Set(details.is_active),
            last_login: Set(details.last_login),
            path: Set(details.path.clone()),
            kind: Set(details.kind.into()),
            attributes: Set(details.attributes.clone()),
            password_hash: Set(String::new()),
            search_text: Set(search_text(&details.username, &details.name, &details.email)),
            last_updated: Set(user.last_updated.timestamp_micros()),
            password_changed: NotSet,
        }
    }
}

/// The columns from which a [`User`] is read, in its order.
pub const COLUMNS: [Column; 12] = [
    Column::Id,
    Column::Uuid,
    Column::Username,
    Column::Name,
    Column::Email,
    Column::IsActive,
    Column::LastLogin,
    Column::Path,
    Column::Kind,
    Column::Attributes,
    Column::LastUpdated,
    Column::PasswordChanged,
];

/// A time in microseconds since 1970.
fn moment(microseconds: i64) -> DateTimeUtc {
    DateTimeUtc::from_timestamp_micros(microseconds).unwrap_or_default()
}

impl FromRow for User {
    fn from_row(row: &mut Row<'_>) -> Result<Self, DbErr> {
        let (id, uuid) = (row.next()?, row.next()?);
        let details = Details {
            username: row.next()?,
            name: row.next()?,
            email: row.next()?,
            is_active: row.next()?,
            last_login: row.next()?,
            path: row.next()?,
            kind: row.next_word()?,
            attributes: row.next()?,
        };
        let (last_updated, password_changed) = (moment(row.next()?), row.next::<Option<i64>>()?.map(moment));
        Ok(Self { id, uuid, details, last_updated, password_changed })
    }
}
