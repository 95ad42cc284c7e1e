//! Uses the server through authentik's published Rust client, unmodified: requests and responses that it rejects fail.
//!
//! Run by `tests/clients/run`; the server is at `$ROLLCALL_URL`, and `$ROLLCALL_TOKEN` is an administrator's token.

mod about;
mod checks;
mod groups;
mod tokens;
mod users;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let test = checks::Test::new();
    // In case a request hangs.
    let limit = std::time::Duration::from_secs(60);
    tokio::time::timeout(limit, run(&test)).await.expect("the test took too long");
    println!("{} checks passed with 2026.8", checks::count());
}

async fn run(test: &checks::Test) {
    groups::run(test).await;
    users::run(test).await;
    tokens::run(test).await;
    about::run(test).await;
}
