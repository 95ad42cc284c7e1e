//! The temporary directory of a stand-in.
//!
//! It is removed in the end. If the process is killed, the next stand-in removes it: it can tell by the lock that
//! nothing uses it any more.

use std::{
    fs,
    fs::Permissions,
    io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use rustix::process::getuid;
use tempfile::TempDir;

use crate::data_dir::{self, DataDirError, LOCK_FILE, Lock};

const PREFIX: &str = "rollcall-stand-in-";

/// Only its owner may enter it.
const MODE: u32 = 0o700;

/// How often to try if another stand-in removes the new directory, before it is locked, as one that is not used.
const ATTEMPTS: usize = 10;

#[derive(Debug)]
pub struct Directory {
    directory: TempDir,
    _lock: Lock,
}

impl Directory {
    /// Creates a directory for temporary files in that of the system.
    ///
    /// # Errors
    ///
    /// If it can't be created or locked.
    pub fn create() -> Result<Self, DataDirError> {
        let parent = std::env::temp_dir();
        let failed = |cause| DataDirError::Io { path: parent.clone(), cause };
        let real = fs::canonicalize(&parent).map_err(failed)?;
        for _ in 0..ATTEMPTS {
            let mut builder = tempfile::Builder::new();
            let directory = builder.prefix(PREFIX).permissions(Permissions::from_mode(MODE)).tempdir_in(&real);
            let directory = directory.map_err(failed)?;
            if let Ok(lock) = data_dir::lock(directory.path())
                && directory.path().join(LOCK_FILE).exists()
            {
                return Ok(Self { directory, _lock: lock });
            }
        }
        Err(failed(io::ErrorKind::NotFound.into()))
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }
}

/// Removes the directories beside this one that no process uses any more. Failing to is harmless.
pub fn remove_abandoned(beside: &Path) {
    for entry in beside.parent().and_then(|parent| fs::read_dir(parent).ok()).into_iter().flatten().flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(PREFIX.as_bytes()) {
            remove_if_abandoned(&entry.path());
        }
    }
}

fn remove_if_abandoned(path: &Path) {
    // Not those of other users, nor where a link leads.
    let Ok(found) = path.symlink_metadata() else { return };
    let is_ours = found.is_dir() && found.uid() == getuid().as_raw() && found.mode() & 0o777 == MODE;
    // One without the file may have been created just now.
    if is_ours
        && path.join(LOCK_FILE).is_file()
        && let Ok(_lock) = data_dir::lock(path)
    {
        let _ = fs::remove_dir_all(path);
    }
}

/// A database file, removed with SQLite's files beside it when it is dropped.
#[derive(Debug)]
pub struct DatabaseFile(PathBuf);

impl DatabaseFile {
    /// Copies a database that nothing has open.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or the copy can't be written.
    pub fn copy(from: &Path, to: PathBuf) -> io::Result<Self> {
        let file = Self(to);
        fs::copy(from, &file.0)?;
        Ok(file)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for DatabaseFile {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut name = self.0.clone().into_os_string();
            name.push(suffix);
            let _ = fs::remove_file(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_directories_of_dead_stand_ins_are_removed() {
        let parent = tempfile::tempdir().unwrap();
        let directory = |name: &str, mode, has_lock: bool| {
            let path = parent.path().join(name);
            fs::create_dir(&path).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            if has_lock {
                fs::write(path.join(LOCK_FILE), "").unwrap();
            }
            path
        };
        let dead = directory("rollcall-stand-in-dead", 0o700, true);
        fs::write(dead.join("seed.sqlite3"), "").unwrap();
        let kept = [
            directory("rollcall-stand-in-alive", 0o700, true),
            directory("rollcall-stand-in-new", 0o700, false),
            directory("rollcall-stand-in-open", 0o755, true),
            directory("rollcall-data", 0o700, true),
        ];
        let link = parent.path().join("rollcall-stand-in-link");
        std::os::unix::fs::symlink(&kept[3], &link).unwrap();
        let _lock = data_dir::lock(&kept[0]).unwrap();
        remove_abandoned(&kept[0]);
        assert!(!dead.exists());
        for path in kept.iter().chain([&link]) {
            assert!(path.exists(), "{}", path.display());
        }
    }
}
