//! Conversion between the contract's enumerations and the domain's, which have the same words.

use crate::{
    api::{Enumeration, IntentEnum, UserTypeEnum},
    domain::{token::Intent, user::UserType},
};

macro_rules! convert {
    ($($domain:ident <=> $api:ident,)+) => {
        $(
            impl From<$domain> for $api {
                fn from(value: $domain) -> Self {
                    Self::from_text(value.into()).expect("the contract has the domain's words")
                }
            }

            impl From<$api> for $domain {
                fn from(value: $api) -> Self {
                    value.as_str().parse().expect("the domain has the contract's words")
                }
            }
        )+

        #[test]
        fn both_enumerations_have_the_same_words() {
            $(
                let (words, values): (Vec<_>, Vec<_>) = $api::VARIANTS.iter().copied().unzip();
                assert_eq!(<$domain as strum::VariantNames>::VARIANTS, words);
                for value in values {
                    assert_eq!($api::from($domain::from(value)), value);
                }
            )+
        }
    };
}

convert! {
    Intent <=> IntentEnum,
    UserType <=> UserTypeEnum,
}
