//! Backups of a SQLite database, which may be in use, and restoring them.
//!
//! A file appears under its name only when it is complete, on disk, and was examined. PostgreSQL has its own programs for
//! this.

mod copy;
mod place;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use sea_orm::DbErr;

use super::{SetupError, progress::Progress};
use crate::domain::secret::InstanceSecret;

/// Why a backup can't be made or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{}: {cause}", path.display())]
    Io { path: PathBuf, cause: io::Error },
    #[error("{}: {cause}", path.display())]
    Database { path: PathBuf, cause: DbErr },
    #[error("{}: this is no Rollcall database", path.display())]
    NotRollcall { path: PathBuf },
    #[error("{}: the database is damaged: {damage}", path.display())]
    Damaged { path: PathBuf, damage: String },
    #[error("{}: {cause}", path.display())]
    Unusable { path: PathBuf, cause: SetupError },
    #[error("{}: it exists already; --force replaces it", path.display())]
    Exists { path: PathBuf },
    #[error("{}: there is a database already; --force replaces it and keeps it under another name", path.display())]
    DatabaseExists { path: PathBuf },
    #[error("{}: another process is using this database. Stop it first", path.display())]
    InUse { path: PathBuf },
    #[error("stopped, and nothing was changed")]
    Stopped,
}

type Result<T> = std::result::Result<T, BackupError>;

/// Adds the path to an error.
fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    move |cause| BackupError::Io { path: path.to_owned(), cause }
}

/// A backup that was made.
#[derive(Debug)]
pub struct BackedUp {
    /// The size of the file, in bytes.
    pub bytes: u64,
    /// Whether the database was created with the given secret key.
    pub is_of_secret: bool,
}

/// Writes the SQLite database `database`, as it is now, to the file `target`, which only its owner can read. Others may
/// use the database meanwhile: whatever was committed before is in the backup.
///
/// # Errors
///
/// If `target` exists and may not be replaced, `database` is damaged or isn't Rollcall's, or reading or writing fails.
/// There is no new file then.
pub async fn back_up(
    database: &Path,
    target: &Path,
    may_replace: bool,
    secret: Option<&InstanceSecret>,
    progress: &Arc<dyn Progress>,
) -> Result<BackedUp> {
    if target.is_dir() {
        return Err(at(target)(io::ErrorKind::IsADirectory.into()));
    }
    if !may_replace && target.symlink_metadata().is_ok() {
        return Err(BackupError::Exists { path: target.to_owned() });
    }
    let unfinished = place::unfinished(target)?;
    let source = copy::Source { path: database, is_writable: true };
    source.copy_to(&unfinished, progress)?;
    let contents = copy::examine(&unfinished, database, progress).await?;
    let bytes = place::sync(&unfinished)?;
    place::put(unfinished, target, may_replace)?;
    Ok(BackedUp { bytes, is_of_secret: secret.is_none_or(|secret| contents.is_of(secret)) })
}

/// A backup that was restored.
#[derive(Debug)]
pub struct Restored {
    /// Where the previous database is now, if there was one.
    pub previous: Option<PathBuf>,
    /// Whether the next start has to update it, because it is of an older version of Rollcall.
    pub is_outdated: bool,
}

/// Puts the backup in the file `backup` in the place of the SQLite database `database`. If there is one that may be
/// replaced, it is kept beside, with everything that was committed.
///
/// The new database takes the place of the old one by one rename. Whenever this is interrupted, the name belongs to one
/// of them, and no write-ahead log of the old one is beside the new one.
///
/// # Errors
///
/// If there is a database that may not be replaced or is in use, the backup is damaged, isn't Rollcall's or of a newer
/// version, was not created with this secret key, or reading or writing fails. The old database is unchanged then.
pub async fn restore(
    backup: &Path,
    database: &Path,
    may_replace: bool,
    secret: &InstanceSecret,
    progress: &Arc<dyn Progress>,
) -> Result<Restored> {
    fs::metadata(backup).map_err(at(backup))?;
    let exists = fs::metadata(database).is_ok_and(|found| found.len() > 0);
    if exists && !may_replace {
        return Err(BackupError::DatabaseExists { path: database.to_owned() });
    }
    let unfinished = place::unfinished(database)?;
    let source = copy::Source { path: backup, is_writable: false };
    source.copy_to(&unfinished, progress)?;
    let contents = copy::examine(&unfinished, backup, progress).await?;
    let unusable = |cause| BackupError::Unusable { path: backup.to_owned(), cause };
    let is_outdated = match contents.version {
        Ok(()) => false,
        Err(SetupError::Outdated) => true,
        Err(SetupError::Newer) => return Err(unusable(SetupError::Newer)),
        Err(_) => return Err(BackupError::NotRollcall { path: backup.to_owned() }),
    };
    if !contents.is_of(secret) {
        return Err(unusable(SetupError::WrongSecret));
    }
    place::sync(&unfinished)?;
    Ok(Restored { previous: place::replace(unfinished, database)?, is_outdated })
}

/// Removes what restores that were killed have left beside the database. No other restore may be running.
pub fn remove_unfinished(database: &Path) {
    place::remove_unfinished(database);
}
