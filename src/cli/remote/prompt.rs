//! Questions to the user.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use secrecy::{ExposeSecret, SecretString};

use crate::cli::{Exit, Failure};

/// The longest line that is read, in bytes.
const MAX_LINE: u64 = 64 * 1024;

/// Reads a new password: from the terminal, twice and without showing it; otherwise the first line of standard input.
///
/// # Errors
///
/// If it is empty, too long, or not the same twice.
pub fn new_password() -> Result<SecretString, Failure> {
    let usage = |message: &str| Failure::new(Exit::Usage, message);
    let password: SecretString = if io::stdin().is_terminal() {
        let ask = |question| rpassword::prompt_password(question).map(SecretString::from);
        let password = ask("New password: ")?;
        if ask("The same again: ")?.expose_secret() != password.expose_secret() {
            return Err(usage("the passwords differ"));
        }
        password
    } else {
        let line = read_line()?;
        line.strip_suffix('\r').unwrap_or(&line).into()
    };
    if password.expose_secret().is_empty() { Err(usage("the password is empty")) } else { Ok(password) }
}

/// Makes sure that [`confirm`] can ask, before anything is sent.
///
/// # Errors
///
/// If nobody can answer.
pub fn check_can_ask(is_confirmed: bool) -> Result<(), Failure> {
    if is_confirmed || io::stdin().is_terminal() {
        return Ok(());
    }
    Err(Failure::new(Exit::Usage, "standard input is not a terminal, so confirmation is impossible; use --yes"))
}

/// Asks whether to do something that can't be undone.
///
/// # Errors
///
/// If the answer isn't yes.
pub fn confirm(is_confirmed: bool, question: &str) -> Result<(), Failure> {
    if is_confirmed {
        return Ok(());
    }
    let mut stderr = io::stderr();
    write!(stderr, "{question} [y/N] ").and_then(|()| stderr.flush())?;
    if ["y", "yes"].contains(&read_line()?.trim().to_lowercase().as_str()) {
        return Ok(());
    }
    Err(Failure::new(Exit::Failed, "cancelled"))
}

/// Reads a line, without its end.
fn read_line() -> Result<String, Failure> {
    let mut line = String::new();
    let read = io::stdin().lock().take(MAX_LINE).read_line(&mut line);
    read.map_err(|error| Failure::new(Exit::Usage, format!("standard input: {error}")))?;
    if line.len() as u64 == MAX_LINE && !line.ends_with('\n') {
        return Err(Failure::new(Exit::Usage, "standard input: the line is too long"));
    }
    Ok(line.strip_suffix('\n').unwrap_or(&line).to_owned())
}
