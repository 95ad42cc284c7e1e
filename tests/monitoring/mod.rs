//! What operators see: health, metrics, the log, traces, and how the server stops.

mod health;
mod log;
mod metrics;
mod reload;
mod stop;
mod traces;

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Command,
};

use reqwest::{Method, Response};
use serde_json::Value;

use crate::support::program::{Running, http_client, rollcall};

/// The administrator's token.
const TOKEN: &str = "the-token-of-the-test";

/// A server process whose log is kept.
struct Logged {
    server: Running,
    log: PathBuf,
}

impl Logged {
    /// Starts a server on SQLite in a directory.
    fn start(directory: &Path, arguments: &[&str]) -> Self {
        Self::run(&mut rollcall(&directory.join("data")), directory, arguments)
    }

    fn run(command: &mut Command, directory: &Path, arguments: &[&str]) -> Self {
        let log = directory.join("log");
        command.arg("serve").args(arguments).env("ROLLCALL_BOOTSTRAP_TOKEN", TOKEN);
        let server = Running::start_with_log(command, File::create(&log).unwrap());
        Self { server, log }
    }

    /// Sends a request of the administrator's.
    async fn send(&self, method: Method, path: &str, id: &str, body: Option<Value>) -> Response {
        let url = format!("{}{path}", self.server.url);
        let mut request = http_client().build().unwrap().request(method, url).bearer_auth(TOKEN);
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.header("x-request-id", id).send().await.unwrap()
    }

    async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, "get", None).await
    }

    /// What has been logged.
    fn lines(&self) -> Vec<String> {
        std::fs::read_to_string(&self.log).unwrap().lines().map(ToOwned::to_owned).collect()
    }

    /// Stops the server, and returns the log.
    fn stop(self) -> Vec<String> {
        let log = self.log;
        self.server.stop();
        std::fs::read_to_string(log).unwrap().lines().map(ToOwned::to_owned).collect()
    }
}
