//! `POST /core/users/service_account/`

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Server;

const PATH: &str = "/core/users/service_account/";

#[tokio::test]
async fn an_account_has_a_user_an_app_password_and_optionally_a_group() {
    let server = Server::start().await;
    let response = server.post(PATH, json!({"name": " back up\t", "create_group": true})).await;
    assert_eq!(response.status, 200);
    let account = &response.body;
    assert_eq!(account["username"], json!("back up"), "the name is trimmed");
    let user = server.get(&format!("/core/users/{}/", account["user_pk"])).await.body;
    for (field, value) in [
        ("username", json!("back up")),
        ("name", json!("back up")),
        ("uid", account["user_uid"].clone()),
        ("type", json!("service_account")),
        ("path", json!("goauthentik.io/service-accounts")),
        ("attributes", json!({"goauthentik.io/user/token-expires": true})),
        ("groups", json!([account["group_pk"]])),
    ] {
        assert_eq!(user[field], value, "{field}");
    }
    let token = server.get("/core/tokens/service-account-back-up-password/").await.body;
    assert_eq!((&token["intent"], &token["expiring"]), (&json!("app_password"), &json!(true)));
    let key = server.get("/core/tokens/service-account-back-up-password/view_key/").await.body;
    assert_eq!(key["key"], account["token"]);

    // A different name with the same slug.
    let second = server.post(PATH, json!({"name": "back/up", "expires": "2100-01-01T00:00:00Z"})).await;
    assert_eq!((second.status, second.body.get("group_pk")), (200, None));
    let own = server.get("/core/tokens/?user__username=back/up").await.body;
    assert_eq!(own["results"][0]["expires"], json!("2100-01-01T00:00:00Z"));
    let forever = server.post(PATH, json!({"name": "forever", "expiring": false})).await;
    assert_eq!(forever.status, 200);
    let own = server.get("/core/tokens/?user__username=forever").await.body;
    assert_eq!((&own["results"][0]["expires"], &own["results"][0]["expiring"]), (&Value::Null, &json!(false)));
    server.stop().await;
}

#[tokio::test]
async fn a_rejected_account_leaves_nothing_behind() {
    let server = Server::start().await;
    server.user("taken", json!({})).await;
    server.group(json!({"name": "group"})).await;
    for (body, expected) in [
        (json!({"name": "taken"}), json!({"name": ["This field must be unique."]})),
        (json!({"name": "group", "create_group": true}), json!({"name": ["This field must be unique."]})),
        (json!({}), json!({"name": ["This field is required."]})),
        (json!({"name": ""}), json!({"name": ["This field may not be blank."]})),
        (json!({"name": " \u{a0}\t"}), json!({"name": ["This field may not be blank."]})),
        (json!({"name": " taken "}), json!({"name": ["This field must be unique."]})),
        (json!({"name": "x".repeat(151)}), json!({"name": ["Ensure this field has no more than 150 characters."]})),
        (json!({"name": "n", "expires": null}), json!({"expires": ["This field may not be null."]})),
        (json!({"name": "n", "create_group": "x"}), json!({"create_group": ["Must be a valid boolean."]})),
    ] {
        assert_eq!(server.post(PATH, body.clone()).await.both(), (400, expected), "{body}");
    }
    assert_eq!(server.get("/core/users/?type=service_account").await.body["pagination"]["count"], json!(0));
    assert_eq!(server.get("/core/tokens/").await.body["pagination"]["count"], json!(1));
    let plain = server.plain_token().await;
    let request = server.request(Method::POST, PATH).bearer_auth(plain).json(&json!({"name": "n"}));
    assert_eq!(server.send(request).await.status, 403);
    server.stop().await;
}
