//! Which groups are directly below which.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "group_parents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub parent_id: i32,
    /// The place among the group's parents: 0 for the first, without gaps.
    pub position: i32,
    #[sea_orm(belongs_to, relation_enum = "Group", from = "group_id", to = "id")]
    pub group: HasOne<super::group::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Parent", from = "parent_id", to = "id")]
    pub parent: HasOne<super::group::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
