//! `GET /root/config/` and `/admin/version/`

use reqwest::Method;
use rollcall::api::Edition;
use serde_json::json;

use crate::support::Server;

#[tokio::test]
async fn the_configuration_is_public_and_promises_nothing() {
    let server = Server::start().await;
    let response = server.send(server.request(Method::GET, "/root/config/")).await;
    assert_eq!((response.status, &response.body["capabilities"]), (200, &json!([])));
    assert_eq!(response.body["error_reporting"]["enabled"], json!(false));
    server.stop().await;
}

#[tokio::test]
async fn the_version_is_that_of_the_edition_and_any_user_may_ask() {
    for (edition, version) in [(Edition::V2024_8, "2024.8.3"), (Edition::V2026_8, "2026.8.5")] {
        let server = Server::with_edition(edition).await;
        let plain = server.plain_token().await;
        let response = server.send(server.request(Method::GET, "/admin/version/").bearer_auth(plain)).await;
        let expected = json!({
            "version_current": version, "version_latest": version, "version_latest_valid": true, "build_hash": "",
            "outdated": false, "outpost_outdated": false,
        });
        assert_eq!(response.both(), (200, expected));
        assert_eq!(server.send(server.request(Method::GET, "/admin/version/")).await.status, 403);
        server.stop().await;
    }
}
