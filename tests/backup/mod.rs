//! `rollcall backup` and `rollcall restore`.

mod load;
mod postgres;
mod refusals;
mod replacing;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::program::{Running, http_client, rollcall, stderr};

/// The administrator's token.
const TOKEN: &str = "the-administrators-token";

/// A data directory.
struct Directory(tempfile::TempDir);

impl Directory {
    fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// One in which a server has run.
    fn set_up() -> Self {
        let directory = Self::empty();
        directory.serve().stop();
        directory
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn database(&self) -> PathBuf {
        self.path("rollcall.sqlite3")
    }

    fn serve(&self) -> Running {
        Running::start(rollcall(self.0.path()).env("ROLLCALL_BOOTSTRAP_TOKEN", TOKEN))
    }

    fn run(&self, arguments: &[&str]) -> Output {
        rollcall(self.0.path()).args(arguments).output().unwrap()
    }

    /// Runs a command with a file, which has to succeed. Returns what it prints.
    fn succeed(&self, command: &str, file: &Path) -> String {
        let output = self.run(&[command, file.to_str().unwrap(), "--force"]);
        assert!(output.status.success(), "{}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The names of all files, sorted.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Takes over the secret key of another directory.
    fn copy_key(&self, other: &Self) {
        fs::copy(other.path("secret.key"), self.path("secret.key")).unwrap();
    }
}

async fn create_user(server: &Running, username: &str) {
    let url = format!("{}/api/v3/core/users/", server.url);
    let body = json!({"username": username, "name": "Name", "attributes": {"of": username}});
    let response = http_client().build().unwrap().post(url).bearer_auth(TOKEN).json(&body).send().await.unwrap();
    assert_eq!(response.status(), 201);
}

/// The usernames that a server lists.
async fn usernames(server: &Running) -> Vec<String> {
    let client = http_client().build().unwrap();
    let (mut names, mut page) = (Vec::new(), 1);
    while page > 0 {
        let url = format!("{}/api/v3/core/users/?page_size=100&page={page}", server.url);
        let response = client.get(url).bearer_auth(TOKEN).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let list: Value = response.json().await.unwrap();
        let results = list["results"].as_array().unwrap();
        names.extend(results.iter().map(|user| user["username"].as_str().unwrap().to_owned()));
        page = list["pagination"]["next"].as_f64().unwrap() as usize;
    }
    names
}

/// The usernames in a file, or why there are none.
fn stored_usernames(file: &Path) -> rusqlite::Result<Vec<String>> {
    let connection = Connection::open(file)?;
    let mut select = connection.prepare("SELECT username FROM users ORDER BY id")?;
    select.query_map([], |row| row.get(0))?.collect()
}
