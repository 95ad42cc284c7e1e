//! Files that appear under their names when they are complete.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::Connection;
use tempfile::TempPath;

use super::{
    BackupError, Result, at,
    copy::{failed, open},
};
use crate::domain::clock;

/// The end of the names of files that are being written.
const UNFINISHED: &str = ".unfinished";

/// What SQLite adds to the name of a database for its write-ahead log, and for the rollback journal without one.
const LOG: &str = "-wal";
const JOURNAL: &str = "-journal";

/// The same for the index of the write-ahead log, which SQLite makes from that.
const SHARED_MEMORY: &str = "-shm";

/// How long to wait for other processes that use the database to be restored.
const WAIT: Duration = Duration::from_millis(500);

/// Creates an empty file beside `target`, which only its owner can read, and which is removed when the result is dropped.
pub fn unfinished(target: &Path) -> Result<TempPath> {
    let prefix = unfinished_prefix(target);
    let mut builder = tempfile::Builder::new();
    let file = builder.prefix(&prefix).suffix(UNFINISHED).tempfile_in(directory(target)).map_err(at(target))?;
    Ok(file.into_temp_path())
}

fn unfinished_prefix(target: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(target.file_name().unwrap_or_default());
    prefix.push("-");
    prefix
}

/// Removes what [`unfinished`] has created for `target`, if it was killed. Failing to is harmless.
pub fn remove_unfinished(target: &Path) {
    let prefix = unfinished_prefix(target);
    for entry in fs::read_dir(directory(target)).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        let ends = ["", LOG, JOURNAL, SHARED_MEMORY].map(|end| format!("{UNFINISHED}{end}"));
        if name.starts_with(prefix.as_encoded_bytes()) && ends.iter().any(|end| name.ends_with(end.as_bytes())) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Waits until a file is on disk. Returns its size in bytes.
pub fn sync(file: &Path) -> Result<u64> {
    let sync = || {
        let file = File::open(file)?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    };
    sync().map_err(at(file))
}

/// Gives a file its name.
pub fn put(file: TempPath, target: &Path, may_replace: bool) -> Result<()> {
    let put = if may_replace { file.persist(target) } else { file.persist_noclobber(target) };
    put.map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists { path: target.to_owned() },
        _ => at(target)(error.error),
    })?;
    sync_names(target)
}

/// Gives a file the name of a database. Returns where the old database is now, if there was one.
///
/// All that belongs to the old database gets another name first, but also keeps its own, so that until the rename the
/// old database is where it was. Its write-ahead log was copied into it before. Only if that is impossible, because it
/// is damaged, the log is there still, and has to go before the rename: the new database would be read with it.
pub fn replace(file: TempPath, database: &Path) -> Result<Option<PathBuf>> {
    let is_there = |end: &&str| fs::symlink_metadata(with_end(database, end)).is_ok();
    // Held until the new database has the name, so that nobody else begins to use the old one.
    let _exclusive = if is_there(&"") { own(database)? } else { None };
    let remove = |end: &str| fs::remove_file(with_end(database, end)).map_err(at(database));
    if is_there(&SHARED_MEMORY) {
        remove(SHARED_MEMORY)?;
    }
    let present: Vec<&str> = ["", LOG, JOURNAL].into_iter().filter(is_there).collect();
    if present.is_empty() {
        put(file, database, false)?;
        return Ok(None);
    }
    let time = clock::now().format("%Y-%m-%dT%H-%M-%S.%3fZ");
    let previous = with_end(database, &format!(".{time}"));
    for end in &present {
        let name = with_end(&previous, end);
        fs::hard_link(with_end(database, end), &name).map_err(at(&name))?;
    }
    sync_names(database)?;
    for end in present.iter().filter(|end| !end.is_empty()) {
        remove(end)?;
    }
    sync_names(database)?;
    put(file, database, true)?;
    Ok(Some(previous))
}

/// Copies the write-ahead log of a database into it, and keeps all others from using it for as long as the result
/// exists. `None` if it is damaged.
fn own(database: &Path) -> Result<Option<Connection>> {
    let own = || {
        let connection = open(database)?;
        let failed = |error| failed(database, error);
        connection.busy_timeout(WAIT).map_err(failed)?;
        // It ends with the log, for which the database must not be in use.
        connection.pragma_update(None, "journal_mode", "delete").map_err(failed)?;
        connection.execute_batch("BEGIN EXCLUSIVE").map_err(failed)?;
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).map_err(failed)?;
        if mode != "delete" {
            // Somebody has begun to use it in between, and with a log this transaction keeps nobody away.
            return Err(BackupError::InUse { path: database.to_owned() });
        }
        Ok(connection)
    };
    match own() {
        Ok(connection) => Ok(Some(connection)),
        Err(BackupError::NotRollcall { .. } | BackupError::Damaged { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Waits until the names beside a file are on disk.
fn sync_names(file: &Path) -> Result<()> {
    let directory = directory(file);
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(at(directory))
}

fn directory(file: &Path) -> &Path {
    file.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(end);
    path.into()
}
