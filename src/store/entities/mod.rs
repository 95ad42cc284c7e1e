//! SeaORM's entities. Rows never leave `store`.

mod attributes;
pub mod group;
pub mod group_parent;
pub mod instance;
pub mod token;
pub mod user;
pub mod user_group;

#[cfg(test)]
mod tests {
    use sea_orm::{Value, sea_query::ValueType};

    use super::{token::Intent, user::Kind};
    use crate::domain::{token, user::UserType};

    #[test]
    fn enumerations_are_stored_as_words_and_other_words_are_errors() {
        for (value, word) in [
            (UserType::Internal, "internal"),
            (UserType::External, "external"),
            (UserType::ServiceAccount, "service_account"),
            (UserType::InternalServiceAccount, "internal_service_account"),
        ] {
            assert_eq!(Value::from(Kind::from(value)), Value::from(word));
            assert_eq!(<Kind as ValueType>::try_from(word.into()).unwrap(), Kind::from(value));
        }
        for (value, word) in [
            (token::Intent::Verification, "verification"),
            (token::Intent::Api, "api"),
            (token::Intent::Recovery, "recovery"),
            (token::Intent::AppPassword, "app_password"),
        ] {
            assert_eq!(Value::from(Intent::from(value)), Value::from(word));
            assert_eq!(<Intent as ValueType>::try_from(word.into()).unwrap(), Intent::from(value));
        }
        for word in ["", "Internal", "api ", "other"] {
            assert!(<Kind as ValueType>::try_from(word.into()).is_err(), "{word}");
            assert!(<Intent as ValueType>::try_from(word.into()).is_err(), "{word}");
        }
    }
}
