//! `GET /root/config/`

use reqwest::Method;
use serde_json::json;

use crate::support::Server;

#[tokio::test]
async fn the_configuration_is_told_to_anybody_and_promises_nothing() {
    let server = Server::start().await;
    let answer = server.send(server.request(Method::GET, "/root/config/")).await;
    assert_eq!((answer.status, &answer.body["capabilities"]), (200, &json!([])));
    assert_eq!(answer.body["error_reporting"]["enabled"], json!(false));
    server.stop().await;
}
