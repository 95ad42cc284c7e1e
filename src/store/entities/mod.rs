//! SeaORM's entities. Rows never leave `store`.

pub mod group;
pub mod instance;
pub mod token;
pub mod user;
pub mod user_group;

use crate::domain::Attributes;

/// Converts a column of attributes, which always holds an object.
pub(super) fn attributes(json: sea_orm::JsonValue) -> Attributes {
    match json {
        sea_orm::JsonValue::Object(attributes) => attributes,
        _ => Attributes::new(),
    }
}
