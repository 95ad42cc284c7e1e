//! The stand-in for tests, as a process. It always uses SQLite.

mod control;
mod faults;
mod process;
mod requests;
mod reset;
mod seed;
mod time;

use std::{
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::program;

/// Some data to begin with.
const SEED: &str = "
groups:
  - {name: Staff, attributes: {floor: 3}}
  - {name: Engineering, parents: [Staff]}
users:
  - {username: ada, name: Ada Lovelace, email: ada@example.com, groups: [Engineering], password: secret}
  - {username: root, name: Root, groups: [authentik Admins]}
tokens:
  - {identifier: sync, user: ada, key: the-key-of-ada}
";

/// A stand-in that is ended with the test.
struct StandIn {
    child: Child,
    output: BufReader<ChildStdout>,
    /// What it printed.
    ready: Value,
    url: String,
    client: reqwest::Client,
    /// That of its temporary files.
    temporary: TempDir,
}

/// The program with these arguments and a directory for temporary files.
fn command(temporary: &TempDir, arguments: &[&str]) -> Command {
    let mut command = program::rollcall(temporary.path());
    command.arg("stand-in").args(arguments).env("TMPDIR", temporary.path());
    command
}

/// Writes a seed to a file of this name.
fn file(directory: &TempDir, name: &str, seed: &str) -> PathBuf {
    let path = directory.path().join(name);
    std::fs::write(&path, seed).unwrap();
    path
}

impl StandIn {
    fn start(arguments: &[&str]) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let child = command(&temporary, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        Self::wait_for(child, temporary)
    }

    fn with_seed(seed: &str) -> Self {
        Self::with_seed_and(seed, &[])
    }

    fn with_seed_and(seed: &str, arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = file(&directory, "seed.yaml", seed);
        Self::start(&[&["--seed", file.to_str().unwrap()], arguments].concat())
    }

    fn wait_for(mut child: Child, temporary: TempDir) -> Self {
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("it printed {line:?}"));
        let url = ready["url"].as_str().unwrap().to_owned();
        Self { child, output, ready, url, client: program::http_client().build().unwrap(), temporary }
    }

    /// Sends a request with this token.
    async fn send_as(&self, token: &str, method: Method, path: &str, body: Value) -> (u16, Value) {
        let mut request = self.client.request(method, format!("{}{path}", self.url)).bearer_auth(token);
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() })
    }

    /// Sends a request to the API as the administrator.
    async fn api(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        self.send_as("stand-in-token", method, &format!("/api/v3{path}"), body).await
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.api(Method::GET, path, Value::Null).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Creates a user with this name.
    async fn create(&self, username: &str) -> (u16, Value) {
        self.api(Method::POST, "/core/users/", json!({"username": username, "name": username})).await
    }

    /// Sends a request to the control API.
    async fn control(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        self.send_as("none", method, &format!("/-/stand-in/{path}"), body).await
    }

    async fn reset(&self) {
        assert_eq!(self.control(Method::POST, "reset", Value::Null).await, (204, Value::Null));
    }

    async fn set_fault(&self, fault: Value) -> Value {
        let (status, body) = self.control(Method::POST, "faults", fault).await;
        assert_eq!(status, 201, "{body}");
        body
    }

    async fn requests(&self, query: &str) -> Vec<Value> {
        let (status, body) = self.control(Method::GET, &format!("requests{query}"), Value::Null).await;
        assert_eq!(status, 200, "{body}");
        body["requests"].as_array().unwrap().clone()
    }

    /// The names in the directory for temporary files.
    fn temporary_files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.temporary.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn signal(&self, name: &str) {
        let done = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    /// Waits for its end, which must be in order and leave nothing.
    fn ends(mut self) {
        assert!(self.child.wait().unwrap().success());
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "it prints one line");
        assert!(self.temporary_files().is_empty(), "{:?}", self.temporary_files());
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The usernames in a list.
fn usernames(list: &Value) -> Vec<&str> {
    list["results"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap()).collect()
}
