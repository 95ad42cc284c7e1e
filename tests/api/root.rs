//! `GET /root/config/`

use reqwest::Method;
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
