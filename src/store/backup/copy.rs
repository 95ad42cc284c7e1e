//! Copying a database, and examining the copy.

use std::{path::Path, sync::Arc};

use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension,
    backup::{Backup, StepResult},
};
use sea_orm::DbBackend;

use super::{BackupError, Result};
use crate::{
    domain::secret::InstanceSecret,
    store::{
        SetupError,
        check::file::{damages, dangling},
        connection::{
            ReadLimit,
            sqlite::{self, Durability, File},
        },
        progress::Progress,
        setup::check_version,
    },
};

/// Pages copied between two reports of how far the work has come: 4 MiB.
const STEP: i32 = 1_024;

/// Between so many steps of SQLite's virtual machine, examining a copy can be stopped.
const STEPS: i32 = 100_000;

/// A database to be copied.
pub struct Source<'p> {
    pub path: &'p Path,
    /// Whether it may be opened like a database that is in use. Then the last connection to it removes its write-ahead
    /// log.
    pub is_writable: bool,
}

impl Source<'_> {
    /// Copies the database, as it is now, to an empty file.
    ///
    /// One read transaction holds for the whole copy, and the copy is one of pages. Without the transaction SQLite would
    /// begin again whenever another process has written.
    pub fn copy_to(&self, target: &Path, progress: &Arc<dyn Progress>) -> Result<()> {
        let failed = |error| failed(self.path, error);
        let source = self.open()?;
        source.execute_batch("BEGIN").map_err(failed)?;
        let find = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'seaql_migrations'";
        let found: Option<i64> = source.query_row(find, [], |row| row.get(0)).optional().map_err(failed)?;
        if found.is_none() {
            return Err(BackupError::NotRollcall { path: self.path.to_owned() });
        }
        let mut copy = open(target)?;
        // Nobody reads it before it is complete and on disk.
        for (name, value) in [("journal_mode", "off"), ("synchronous", "off"), ("locking_mode", "exclusive")] {
            copy.pragma_update(None, name, value).map_err(failed)?;
        }
        let backup = Backup::new(&source, &mut copy).map_err(failed)?;
        let mut has_begun = false;
        loop {
            let step = backup.step(STEP).map_err(failed)?;
            let pages = backup.progress();
            let count = |pages: i32| u64::try_from(pages).unwrap_or_default();
            if !std::mem::replace(&mut has_begun, true) {
                progress.begin("copying the database", Some(count(pages.pagecount)));
            }
            progress.reached(count(pages.pagecount - pages.remaining));
            if progress.is_stopped() {
                return Err(BackupError::Stopped);
            }
            match step {
                StepResult::Done => return Ok(()),
                StepResult::More => {}
                // The transaction holds all locks that it takes.
                _ => return Err(BackupError::InUse { path: self.path.to_owned() }),
            }
        }
    }

    fn open(&self) -> Result<Connection> {
        let durability = Durability::PowerCut;
        let file = File { path: self.path.to_owned(), read_only: !self.is_writable, durability };
        let opened = if self.is_writable { file.open_to_examine() } else { file.open() };
        opened.map_err(|cause| match cause.to_string().contains("not a database") {
            true => BackupError::NotRollcall { path: self.path.to_owned() },
            false => BackupError::Database { path: self.path.to_owned(), cause },
        })
    }
}

/// What is in a copy.
pub struct Contents {
    /// Whether this version of Rollcall has set it up.
    pub version: std::result::Result<(), SetupError>,
    mark: Option<Vec<u8>>,
}

impl Contents {
    /// Whether it was created with this secret key.
    pub fn is_of(&self, secret: &InstanceSecret) -> bool {
        self.mark.as_ref().is_some_and(|mark| secret.matches(mark))
    }
}

/// Examines a copy of `original`, and makes it a single file without a write-ahead log.
pub async fn examine(copy: &Path, original: &Path, progress: &Arc<dyn Progress>) -> Result<Contents> {
    let failed = |error| failed(original, error);
    progress.begin("examining the copy", None);
    let connection = open(copy)?;
    let stop = progress.clone();
    connection.progress_handler(STEPS, Some(move || stop.is_stopped())).map_err(failed)?;
    connection.pragma_update(None, "journal_mode", "delete").map_err(failed)?;
    let damages = [damages(&connection), dangling(&connection)];
    for damage in damages {
        let damage = damage.map_err(|cause| match progress.is_stopped() {
            true => BackupError::Stopped,
            false => BackupError::Database { path: original.to_owned(), cause },
        })?;
        if let Some(damage) = damage {
            return Err(BackupError::Damaged { path: original.to_owned(), damage });
        }
    }
    let read = async |statement| sqlite::rows(&connection, statement, ReadLimit::NONE);
    let version = check_version(DbBackend::Sqlite, read).await;
    let select = "SELECT secret_mark FROM instance";
    let mark = if matches!(version, Err(SetupError::Empty)) {
        None
    } else {
        connection.query_row(select, [], |row| row.get(0)).optional().map_err(failed)?
    };
    connection.close().map_err(|(_, error)| failed(error))?;
    Ok(Contents { version, mark })
}

/// Opens an existing file.
pub fn open(path: &Path) -> Result<Connection> {
    let access = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, access).map_err(|error| failed(path, error))
}

pub fn failed(path: &Path, error: rusqlite::Error) -> BackupError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => BackupError::NotRollcall { path },
        Some(ErrorCode::DatabaseCorrupt) => BackupError::Damaged { path, damage: error.to_string() },
        Some(ErrorCode::OperationInterrupted) => BackupError::Stopped,
        Some(ErrorCode::DatabaseBusy) => BackupError::InUse { path },
        _ => BackupError::Database { path, cause: sqlite::failed(error) },
    }
}
