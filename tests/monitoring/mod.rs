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
    time::Duration,
};

use reqwest::{Method, Response};
use serde_json::Value;
use tokio::time::{sleep, timeout};

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

    /// Waits until the log, which is written in the background, has so many lines with this text. Returns it.
    async fn wait_for(&self, number: usize, text: &str) -> Vec<String> {
        let what = format!("{number} lines of the log with {text}");
        until(&what, async || Some(self.lines()).filter(|lines| count(lines, text) >= number)).await
    }

    /// Stops the server, and returns the log.
    fn stop(self) -> Vec<String> {
        let log = self.log;
        self.server.stop();
        std::fs::read_to_string(log).unwrap().lines().map(ToOwned::to_owned).collect()
    }
}

/// The number of lines with this text.
fn count(lines: &[String], text: &str) -> usize {
    lines.iter().filter(|line| line.contains(text)).count()
}

/// Asks again and again until there is an answer, which is returned, for at most ten seconds.
async fn until<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let answer = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), answer).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}
