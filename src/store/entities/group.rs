//! Groups.

use sea_orm::entity::prelude::*;

use crate::domain::Attributes;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "groups")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    #[sea_orm(unique)]
    pub uuid: Uuid,
    #[sea_orm(unique, column_type = "Text")]
    pub name: String,
    pub is_superuser: bool,
    /// Whether the group or one of its ancestors is a superuser group. Only `superusers::inherit` writes it.
    pub makes_superuser: bool,
    #[sea_orm(column_type = "JsonBinary")]
    pub attributes: Attributes,
    #[sea_orm(has_many, via = "user_group")]
    pub users: HasMany<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The columns from which a [`Group`](crate::domain::group::Group) is read, in its order.
pub const COLUMNS: [Column; 6] =
    [Column::Id, Column::Uuid, Column::Name, Column::IsSuperuser, Column::MakesSuperuser, Column::Attributes];
