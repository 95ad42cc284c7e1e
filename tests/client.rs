//! The Rust client that is generated from the contract, against a running server.

use std::collections::HashSet;

use reqwest::{
    StatusCode,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use rollcall_client::{Client, Error, LastResponse, types};
use serde_json::{Map, json};

use crate::support::{ADMIN, Server, program::http_client};

fn client(server: &Server, token: &str) -> Client {
    let mut token = HeaderValue::try_from(format!("Bearer {token}")).unwrap();
    token.set_sensitive(true);
    let headers = HeaderMap::from_iter([(AUTHORIZATION, token)]);
    let http = http_client().default_headers(headers).build().unwrap();
    Client::new_with_client(&format!("{}/api/v3", server.url), http, LastResponse::default())
}

/// The status and the parsed body of an error that the server returned.
fn rejection<T: std::fmt::Debug>(
    result: Result<T, Error<types::ValidationError>>,
) -> (StatusCode, types::ValidationError) {
    match result {
        Err(Error::ErrorResponse(response)) => (response.status(), response.into_inner()),
        other => panic!("expected an error of the server: {other:?}"),
    }
}

#[tokio::test]
async fn the_client_manages_a_user_in_a_group() {
    let server = Server::start().await;
    let client = client(&server, ADMIN);
    let group = types::GroupRequest::builder().name("Engineering");
    let group = client.core_groups_create().body(group).send().await.unwrap().into_inner();
    let attributes = Map::from_iter([("badge".to_owned(), json!(4711))]);
    let user = types::UserRequest::builder()
        .username("ada")
        .name("Ada Lovelace")
        .email(Some("ada@example.com".parse().unwrap()))
        .groups(vec![group.pk])
        .attributes(attributes.clone())
        .type_(Some(types::UserTypeEnum::External));
    let created = client.core_users_create().body(user).send().await.unwrap();
    assert_eq!(created.status(), StatusCode::CREATED);
    let ada = created.into_inner();
    assert_eq!((&ada.groups[..], &ada.attributes), (&[group.pk][..], &attributes));

    let found = client.core_users_list().groups_by_name(vec!["Engineering".to_owned()]).page_size(10);
    let found = found.send().await.unwrap().into_inner();
    assert_eq!(found.results.iter().map(|user| user.pk).collect::<HashSet<_>>(), HashSet::from([ada.pk]));

    let patch = types::PatchedUserRequest::builder().name(Some("Augusta Ada King".to_owned()));
    let changed = client.core_users_partial_update().id(ada.pk).body(patch).send().await.unwrap().into_inner();
    assert_eq!((changed.name.as_str(), &changed.groups), ("Augusta Ada King", &ada.groups));

    let member = types::UserAccountRequest::builder().pk(ada.pk);
    client.core_groups_remove_user_create().group_uuid(group.pk).body(member).send().await.unwrap();
    let group = client.core_groups_retrieve().group_uuid(group.pk).send().await.unwrap().into_inner();
    assert!(group.users.is_empty());
    client.core_users_destroy().id(ada.pk).send().await.unwrap();
    let (status, error) = rejection(client.core_users_retrieve().id(ada.pk).send().await);
    assert_eq!((status, error.detail.as_deref()), (StatusCode::NOT_FOUND, Some("No User matches the given query.")));
    server.stop().await;
}

#[tokio::test]
async fn the_client_signs_in_with_the_key_of_a_token_that_it_created() {
    let server = Server::start().await;
    let admin = client(&server, ADMIN);
    let user = types::UserRequest::builder().username("ada").name("Ada");
    let ada = admin.core_users_create().body(user).send().await.unwrap().into_inner();
    let token = types::TokenRequest::builder().identifier("ada-api").user(Some(ada.pk));
    admin.core_tokens_create().body(token).send().await.unwrap();
    let key = admin.core_tokens_view_key_retrieve().identifier("ada-api").send().await.unwrap().into_inner().key;
    let me = client(&server, &key).core_users_me_retrieve().send().await.unwrap().into_inner();
    assert_eq!(me.user.username.as_str(), "ada");
    server.stop().await;
}

#[tokio::test]
async fn the_client_reads_every_kind_of_error() {
    let server = Server::start().await;
    let admin = client(&server, ADMIN);
    let taken = types::UserRequest::builder().username("akadmin").name("");
    let (status, error) = rejection(admin.core_users_create().body(taken).send().await);
    assert_eq!((status, &error.extra["username"]), (StatusCode::BAD_REQUEST, &json!(["This field must be unique."])));
    let (status, error) = rejection(client(&server, "wrong").core_users_me_retrieve().send().await);
    assert_eq!((status, error.detail.as_deref()), (StatusCode::FORBIDDEN, Some("Token invalid/expired")));
    let (status, error) = rejection(admin.core_users_list().page(9).send().await);
    assert_eq!((status, error.detail.as_deref()), (StatusCode::NOT_FOUND, Some("Invalid page.")));
    server.stop().await;
}
