//! The examples of the contract are true: a running server accepts the requests and parameters, and returns the responses.

mod errors;
mod session;
mod successes;

use session::Session;

#[tokio::test]
async fn every_example_is_accepted_or_returned_by_a_server() {
    let mut session = Session::start().await;
    successes::directory(&mut session).await;
    successes::parameters(&session).await;
    errors::all(&mut session).await;
    let service_accounts = session.restart().await;
    successes::service_accounts(service_accounts).await;
    session.finish().await;
}
