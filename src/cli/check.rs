//! `rollcall check`: whether `rollcall serve` with the same settings would work.

use clap::Args;

use super::{Exit, Failure, arguments::FileArgument, output::print, progress::Bar};
use crate::{
    config::Settings,
    data_dir,
    store::{Finding, examine},
};

#[derive(Debug, Args)]
pub struct CheckCommand {
    #[command(flatten)]
    settings: Settings,

    #[command(flatten)]
    _file: FileArgument,
}

/// Examines the settings, the data directory and the database, also while a server uses them. Changes nothing.
///
/// # Errors
///
/// If anything is wrong. What that is was printed.
pub async fn check(command: &CheckCommand) -> Result<(), Failure> {
    let Settings { server, storage, .. } = &command.settings;
    let mut findings = vec![match server.transport().and(storage.replica()) {
        Ok(_) => Finding::Good("the settings can be used".into()),
        Err(error) => Finding::Bad(error.to_string()),
    }];
    let secret = match storage.existing_secret() {
        Ok(secret) => {
            findings.push(Finding::Good("there is a secret key".into()));
            Some(secret)
        }
        Err(error) => {
            findings.push(Finding::Bad(format!("no secret key can be read: {error}")));
            None
        }
    };
    if let Some(path) = data_dir::exposed_secret(&storage.data_dir) {
        findings.push(Finding::Bad(format!("{}: every user of this system can read it", path.display())));
    }
    let database = storage.database();
    findings.extend(examine(&database, secret.as_ref(), &Bar::new()).await);
    let line = |finding: &Finding| match finding {
        Finding::Good(text) => format!("ok       {text}\n"),
        Finding::Bad(text) => format!("problem  {text}\n"),
    };
    let lines: String = findings.iter().map(line).collect();
    print(&format!("Database: {}\n{lines}", database.without_password()))?;
    match findings.iter().filter(|finding| matches!(finding, Finding::Bad(_))).count() {
        0 => Ok(()),
        problems => Err(Failure::new(Exit::Failed, format!("problems found: {problems}"))),
    }
}
