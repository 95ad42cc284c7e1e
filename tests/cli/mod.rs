//! The commands that act on a running server, and those that create its first token.

mod all;
mod failures;
mod health;
mod lists;
mod profiles;
mod remote;
mod terminal;
mod tls;
mod tokens;

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use crate::support::{ADMIN, Server, program::rollcall};

/// What a command printed, and how it ended.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Ran {
    /// Runs a command whose standard input is `input`, through a pipe.
    fn with_input(command: &mut Command, input: &str) -> Self {
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        // A command that fails early doesn't read it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap().into()
    }

    fn new(command: &mut Command) -> Self {
        Self::with_input(command, "")
    }

    /// What it printed, if it succeeded.
    fn text(&self) -> &str {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{self:?}");
        &self.stdout
    }

    fn json(&self) -> Value {
        serde_json::from_str(self.text()).unwrap()
    }

    /// Asserts that it failed with this code and message.
    fn assert_fails(&self, code: i32, message: &str) {
        assert_eq!((self.code, self.stdout.as_str()), (Some(code), ""), "{self:?}");
        assert_eq!(self.stderr, format!("error: {message}\n"));
    }

    /// Asserts that it failed with this code and a message with this in it.
    fn assert_fails_with(&self, code: i32, part: &str) {
        assert_eq!((self.code, self.stdout.as_str()), (Some(code), ""), "{self:?}");
        assert!(self.stderr.starts_with("error: ") && self.stderr.contains(part), "{part}: {}", self.stderr);
    }
}

/// A command for a server, as its administrator.
fn command(server: &Server, arguments: &[&str]) -> Command {
    let mut command = rollcall("nowhere".as_ref());
    command.env("ROLLCALL_URL", &server.url).env("ROLLCALL_TOKEN", ADMIN).args(arguments);
    command
}

/// Runs a command for a server, as its administrator.
fn run(server: &Server, arguments: &[&str]) -> Ran {
    Ran::new(&mut command(server, arguments))
}
