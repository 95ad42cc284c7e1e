//! Creates a user, reads it back, and deletes it.

use client::{
    apis::{configuration::Configuration, core_api as api, Error},
    models::UserRequest,
};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let variable = |name: &str| std::env::var(name).unwrap();
    let configuration = Configuration {
        base_path: variable("ROLLCALL_URL") + "/api/v3",
        bearer_access_token: Some(variable("ROLLCALL_TOKEN")),
        ..Configuration::default()
    };
    let attributes = std::collections::HashMap::from([("team".to_owned(), serde_json::json!("clients"))]);
    let request = UserRequest { attributes: Some(attributes), ..UserRequest::new("rust".into(), "Rust".into()) };
    let user = api::core_users_create(&configuration, request.clone()).await.unwrap();
    assert_eq!(user.attributes, request.attributes);
    assert_eq!(api::core_users_retrieve(&configuration, user.pk).await.unwrap(), user);
    match api::core_users_create(&configuration, request).await {
        Err(Error::ResponseError(response)) => assert_eq!(response.status, 400),
        other => panic!("the username is taken: {other:?}"),
    }
    api::core_users_destroy(&configuration, user.pk).await.unwrap();
}
