//! The tables as SeaORM sees them. Their rows never leave `store`.

pub mod group;
pub mod instance;
pub mod token;
pub mod user;
pub mod user_group;

use crate::domain::Attributes;

/// The attributes of a row; the columns only ever hold objects.
pub(super) fn attributes(json: sea_orm::JsonValue) -> Attributes {
    match json {
        sea_orm::JsonValue::Object(attributes) => attributes,
        _ => Attributes::new(),
    }
}
