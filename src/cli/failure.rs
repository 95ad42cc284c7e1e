//! How a command ends.

use std::{
    error::Error,
    fmt::{self, Display},
    process::ExitCode,
};

/// The exit code of a command that didn't succeed. Scripts depend on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// What the other codes don't say.
    Failed = 1,
    /// Wrong arguments or settings. clap exits with it, too.
    Usage = 2,
    /// The server can't be reached, doesn't answer in time, or answers that it can't now.
    Unreachable = 3,
    /// The server doesn't accept the token, or its owner may not do this.
    Forbidden = 4,
    /// There is no such object.
    NotFound = 5,
    /// The server refuses the values, for example because a name is taken.
    Rejected = 6,
}

/// Why a command failed. It is no `Error`, so that any error can be converted to it.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    message: String,
}

impl Failure {
    pub fn new(exit: Exit, message: impl Display) -> Self {
        Self { exit, message: message.to_string() }
    }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(Exit::Failed, error)
    }
}

impl Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
