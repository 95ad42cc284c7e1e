//! Tokens.

use std::collections::HashMap;

use authentik_client::apis::core_api as core;
use authentik_client::models::{
    IntentEnum, PatchedTokenRequest, Token, TokenRequest, TokenSetKeyRequest, User, UserRequest,
};
use serde_json::json;

use crate::checks::{check, check_refused, connect, date, Date, Test};

/// What a list of tokens can be asked for, as far as it is tested.
#[derive(Default)]
struct Filter<'a> {
    description: Option<&'a str>,
    expires: Option<Date>,
    expiring: Option<bool>,
    identifier: Option<&'a str>,
    intent: Option<IntentEnum>,
    managed: Option<&'a str>,
    username: Option<&'a str>,
}

/// Lists the tokens of this run, in the order of their identifiers.
async fn list(test: &Test, by: Filter<'_>) -> Vec<Token> {
    let page = core::core_tokens_list(
        &test.api,
        by.description,
        by.expires,
        by.expiring,
        by.identifier,
        by.intent,
        by.managed,
        Some("identifier"),
        None,
        None,
        Some(&test.run),
        by.username,
    )
    .await
    .unwrap();
    check("the number of tokens", page.pagination.count, page.results.len() as f64);
    check("the proposals of a list", page.autocomplete, HashMap::new());
    page.results
}

async fn read(test: &Test, identifier: &str) -> Token {
    core::core_tokens_retrieve(&test.api, identifier).await.unwrap()
}

async fn create(test: &Test, user: &User) -> (Token, Token) {
    let request = TokenRequest {
        managed: Some(Some(test.name("by"))),
        identifier: test.name("a-full"),
        intent: Some(IntentEnum::Api),
        user: Some(user.pk),
        description: Some("Nightly\nbackup".to_owned()),
        expires: Some(Some(date("2999-12-31T23:59:59Z"))),
        expiring: Some(true),
    };
    let full = core::core_tokens_create(&test.api, request.clone()).await.unwrap();
    let expected = Token {
        pk: full.pk,
        managed: request.managed,
        identifier: request.identifier,
        intent: request.intent,
        user: request.user,
        user_obj: user.clone(),
        description: request.description,
        expires: request.expires,
        expiring: request.expiring,
    };
    check("the full token", &full, &expected);
    check("the full token, read", &read(test, &full.identifier).await, &expected);
    let request = TokenRequest {
        intent: Some(IntentEnum::AppPassword),
        expiring: Some(false),
        ..TokenRequest::new(test.name("b-password"))
    };
    let password = core::core_tokens_create(&test.api, request).await.unwrap();
    check("when an app password expires", password.expires, Some(None));
    (full, password)
}

async fn filters(test: &Test, full: &Token, password: &Token) {
    let any = Filter::default;
    for (what, expected, by) in [
        ("all tokens", vec![full, password], any()),
        ("by description", vec![full], Filter { description: full.description.as_deref(), ..any() }),
        ("by the end", vec![full], Filter { expires: full.expires.unwrap(), ..any() }),
        ("by whether there is an end", vec![password], Filter { expiring: Some(false), ..any() }),
        ("by identifier", vec![full], Filter { identifier: Some(&full.identifier), ..any() }),
        ("by intent", vec![password], Filter { intent: Some(IntentEnum::AppPassword), ..any() }),
        ("by who manages it", vec![full], Filter { managed: Some(&test.name("by")), ..any() }),
        ("by user", vec![full], Filter { username: Some(&full.user_obj.username), ..any() }),
    ] {
        check(what, list(test, by).await.iter().collect(), expected);
    }
}

async fn change(test: &Test, full: &Token) {
    let request = PatchedTokenRequest {
        managed: Some(None),
        identifier: Some(test.name("renamed")),
        description: Some(String::new()),
        ..PatchedTokenRequest::new()
    };
    let patched = core::core_tokens_partial_update(&test.api, &full.identifier, Some(request)).await.unwrap();
    let identifier = test.name("renamed");
    let expected =
        Token { managed: Some(None), identifier: identifier.clone(), description: Some(String::new()), ..full.clone() };
    check("the patched token", &patched, &expected);
    check("the patched token, read", &read(test, &identifier).await, &expected);
    let request = TokenRequest { description: Some("Replaced".to_owned()), ..TokenRequest::new(identifier.clone()) };
    let replaced = core::core_tokens_update(&test.api, &identifier, request).await.unwrap();
    let expected = Token { description: Some("Replaced".to_owned()), ..expected };
    check("the replaced token", &replaced, &expected);

    let key = test.name("a-key-of-one's-own");
    core::core_tokens_set_key_create(&test.api, &identifier, TokenSetKeyRequest::new(key.clone())).await.unwrap();
    let found = core::core_tokens_view_key_retrieve(&test.api, &identifier).await.unwrap();
    check("the key that was set", &found.key, &key);
    let caller = connect(Some(key.clone()));
    let me = core::core_users_me_retrieve(&caller).await.unwrap();
    check("who calls with the key", Some(me.user.pk), full.user);
    core::core_tokens_destroy(&test.api, &identifier).await.unwrap();
    let found = core::core_tokens_retrieve(&test.api, &identifier).await;
    check_refused("a deleted token", found, 404, json!({"detail": "No Token matches the given query."}));
    let found = core::core_users_me_retrieve(&caller).await;
    check_refused("the key of a deleted token", found, 403, json!({"detail": "Token invalid/expired"}));
}

pub async fn run(test: &Test) {
    let request = UserRequest::new(test.name("owner"), "Owner".to_owned());
    let user = core::core_users_create(&test.api, request).await.unwrap();
    let (full, password) = create(test, &user).await;
    filters(test, &full, &password).await;
    change(test, &full).await;
    core::core_tokens_destroy(&test.api, &password.identifier).await.unwrap();
    core::core_users_destroy(&test.api, user.pk).await.unwrap();
}
