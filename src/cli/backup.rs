//! `rollcall backup` and `rollcall restore`.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;

use super::{Exit, Failure, arguments::FileArgument, output::print, progress::Bar};
use crate::{
    config::Storage,
    data_dir::{self, DataDirError},
    domain::secret::InstanceSecret,
    store::{self, BackedUp, BackupError, Progress, Restored},
};

#[derive(Debug, Args)]
pub struct BackupCommand {
    /// The file to write
    file: PathBuf,

    /// Replace the file if it exists
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    storage: Storage,

    #[command(flatten)]
    _file: FileArgument,
}

#[derive(Debug, Args)]
pub struct RestoreCommand {
    /// The backup to restore
    file: PathBuf,

    /// Replace a database that exists, which is kept under a name with the time
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    storage: Storage,

    #[command(flatten)]
    _file: FileArgument,
}

/// Writes the database to a file, also while a server uses it.
///
/// # Errors
///
/// If the database is PostgreSQL, the file exists, or the backup fails. There is no new file then.
pub async fn backup(command: &BackupCommand) -> Result<(), Failure> {
    let BackupCommand { file, force, storage, .. } = command;
    let database = storage.database();
    let Some(path) = database.sqlite_file().map(Path::new) else {
        return Err(on_postgres(&format!(
            "this database is PostgreSQL, which makes backups by itself: pg_dump --format=custom --file={} --dbname={}",
            quoted(&file.display().to_string()),
            quoted(&database.without_password())
        )));
    };
    if let Some(missing) = database.missing_file() {
        return Err(Failure::new(Exit::Failed, format!("{}: there is no database here", missing.display())));
    }
    let secret = storage.existing_secret();
    let bar: Arc<dyn Progress> = Bar::stoppable()?;
    let made = store::back_up(path, file, *force, secret.as_ref().ok(), &bar).await;
    drop(bar);
    let made = made.map_err(failure)?;
    print(&format!("backed up {} to {} ({} bytes)\n", path.display(), file.display(), made.bytes))?;
    // The backup is made, whether anybody reads this or not.
    let _ = writeln!(io::stderr(), "{}", about_secret(storage, &secret, &made));
    Ok(())
}

/// Says that the secret key is not in the backup.
fn about_secret(storage: &Storage, secret: &Result<InstanceSecret, DataDirError>, made: &BackedUp) -> String {
    let key = match &storage.secret_key {
        Some(_) => "the value of ROLLCALL_SECRET_KEY (--secret-key)".to_owned(),
        None => data_dir::secret_path(&storage.data_dir).display().to_string(),
    };
    let why = "The secret key is not in the backup, and without it token keys can't be read";
    match secret {
        Ok(_) if made.is_of_secret => format!("{why}. Keep it too, in another place: {key}"),
        Ok(_) => format!("warning: {why}. The one of this database has to be kept too, and this is another: {key}"),
        Err(error) => format!("warning: {why}. It has to be kept too, but can't be found: {error}"),
    }
}

/// Puts a backup in the place of the database.
///
/// # Errors
///
/// If the database is PostgreSQL, is in use or may not be replaced, or the backup can't be used. Nothing is changed then.
pub async fn restore(command: &RestoreCommand) -> Result<(), Failure> {
    let RestoreCommand { file, force, storage, .. } = command;
    let database = storage.database();
    let Some(path) = database.sqlite_file().map(Path::new) else {
        return Err(on_postgres(&format!(
            "this database is PostgreSQL, which restores backups by itself. Into an empty database: pg_restore \
             --single-transaction --no-owner --dbname={} {}",
            quoted(&database.without_password()),
            quoted(&file.display().to_string())
        )));
    };
    let secret = storage.existing_secret().map_err(|error| match error {
        DataDirError::NoKey { path } => {
            let how = "Put the one that belongs to the backup there first, or set ROLLCALL_SECRET_KEY to it";
            Failure::new(Exit::Failed, format!("{}: there is no secret key yet. {how}", path.display()))
        }
        error => error.into(),
    })?;
    let lock = storage.lock()?;
    if lock.is_some() {
        store::remove_unfinished(path);
    }
    let bar: Arc<dyn Progress> = Bar::stoppable()?;
    let restored = store::restore(file, path, *force, &secret, &bar).await;
    drop(bar);
    let Restored { previous, is_outdated } = restored.map_err(failure)?;
    let mut text = format!("restored {} to {}\n", file.display(), path.display());
    if let Some(previous) = previous {
        text += &format!("the database that was there is kept as {}\n", previous.display());
    }
    if is_outdated {
        text += "the backup is of an older version of Rollcall; `rollcall serve` updates it\n";
    }
    print(&text)
}

fn failure(error: BackupError) -> Failure {
    let exit = match error {
        BackupError::Exists { .. } | BackupError::DatabaseExists { .. } => Exit::Usage,
        _ => Exit::Failed,
    };
    Failure::new(exit, error)
}

/// This command is not for PostgreSQL, and something else is to be done.
fn on_postgres(message: &str) -> Failure {
    Failure::new(Exit::Usage, message)
}

/// A word for a shell.
fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=".contains(&byte);
    if text.bytes().all(is_plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
