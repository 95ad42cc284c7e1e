//! The program as a process of its own.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use serde_json::Value;
use tokio_rustls::rustls::crypto::ring;

/// The program with an empty environment of its own and this data directory.
pub fn rollcall(directory: &Path) -> Command {
    with_settings(Command::new(env!("CARGO_BIN_EXE_rollcall")), directory)
}

/// Gives a command that runs the program the settings of [`rollcall`].
pub fn with_settings(mut command: Command, directory: &Path) -> Command {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROLLCALL_")) {
        command.env_remove(name);
    }
    // Where no profile is.
    command.env("XDG_CONFIG_HOME", directory.join("no-configuration"));
    command.env("ROLLCALL_DATA_DIR", directory).env("ROLLCALL_LISTEN", "127.0.0.1:0");
    command
}

/// A builder of HTTP clients. They need a library for TLS, although they don't use it; reading the authorities that the
/// system trusts would take longer than most tests.
pub fn http_client() -> reqwest::ClientBuilder {
    let _ = ring::default_provider().install_default();
    reqwest::Client::builder().tls_certs_only([])
}

/// A server process that is ended with the test.
pub struct Running {
    pub child: Child,
    pub url: String,
    /// The administrator's token, if it was printed.
    pub token: Option<String>,
    output: BufReader<ChildStdout>,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        Self::start_as_is(command.arg("serve"))
    }

    pub fn start_as_is(command: &mut Command) -> Self {
        Self::start_with_log(command, Stdio::null())
    }

    pub fn start_with_log(command: &mut Command, log: impl Into<Stdio>) -> Self {
        Self::wait_for(command.stdout(Stdio::piped()).stderr(log).spawn().unwrap())
    }

    /// Waits until a process, whose output is piped, serves.
    pub fn wait_for(mut child: Child) -> Self {
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut running = Self { child, url: String::new(), token: None, output };
        while running.url.is_empty() {
            let mut line = String::new();
            assert_ne!(running.output.read_line(&mut line).unwrap(), 0, "the server ended");
            if let Some((_, key)) = line.split_once("shown only this once: ") {
                running.token = Some(key.trim().to_owned());
            }
            if let Some(url) = line.trim().strip_prefix("Listening on ") {
                running.url = url.trim_end_matches('/').to_owned();
            }
        }
        running
    }

    pub fn signal(&self, name: &str) {
        let done = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    pub fn stop(mut self) {
        self.signal("TERM");
        assert!(self.child.wait().unwrap().success());
    }

    pub async fn me(&self, token: &str) -> (u16, Value) {
        let url = format!("{}/api/v3/core/users/me/", self.url);
        let response = http_client().build().unwrap().get(url).bearer_auth(token).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
