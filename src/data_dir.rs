//! The data directory: creating it, the secret key in it, and the lock of the server that uses it.
//!
//! A start can be killed at any moment, and several can run at once. None of them may leave a state that a later start
//! can't use, so a file appears under its name only when it is complete, and is never replaced.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret, SecretString};

use crate::domain::{
    random,
    secret::{InstanceSecret, MIN_LENGTH},
};

const SECRET_FILE: &str = "secret.key";
/// The file that a process locks while it uses the directory.
pub const LOCK_FILE: &str = "rollcall.lock";

/// Secret keys that are still being written are in files with this prefix.
const UNFINISHED_PREFIX: &str = ".secret.key-";

/// Why the data directory can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// The directory, or a file in it, can't be created or read.
    #[error("{}: {cause}", path.display())]
    Io { path: PathBuf, cause: io::Error },
    /// Another server holds the lock.
    #[error("{}: another server is using this directory", path.display())]
    InUse { path: PathBuf },
    /// There is no file with the secret key.
    #[error(
        "{}: there is no secret key here. Set ROLLCALL_SECRET_KEY to that of the database, or name the directory that has \
         its file",
        path.display()
    )]
    NoKey { path: PathBuf },
    /// The file with the secret key is empty or too short.
    #[error(
        "{}: the secret key has fewer than {MIN_LENGTH} characters. Restore the original key; if there is no database \
         yet, delete the file to have a new key created",
        path.display()
    )]
    ShortKey { path: PathBuf },
}

/// Adds the path to an error.
fn at(path: &Path) -> impl FnOnce(io::Error) -> DataDirError {
    move |cause| DataDirError::Io { path: path.to_owned(), cause }
}

/// Creates the directory, which only its owner may enter. Keeps an existing one as it is.
///
/// # Errors
///
/// If it can't be created.
pub fn create(directory: &Path) -> Result<(), DataDirError> {
    let create = || {
        let parent = directory.parent().unwrap_or(directory);
        fs::create_dir_all(parent)?;
        match DirBuilder::new().mode(0o700).create(directory) {
            // The path of the parent is empty if the directory's has only one part.
            Ok(()) if parent == Path::new("") => sync(Path::new(".")),
            Ok(()) => sync(parent),
            Err(_) if directory.is_dir() => Ok(()),
            Err(error) => Err(error),
        }
    };
    create().map_err(at(directory))
}

/// Prevents other servers from using the directory, until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    /// Closing the file releases the lock.
    _file: File,
}

/// Locks the directory.
///
/// # Errors
///
/// If another server holds the lock, or the file for it can't be opened.
pub fn lock(directory: &Path) -> Result<Lock, DataDirError> {
    let path = directory.join(LOCK_FILE);
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(at(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(DataDirError::InUse { path: directory.to_owned() }),
        Err(TryLockError::Error(cause)) => Err(at(&path)(cause)),
    }
}

/// Reads the secret key. If the directory has none, creates one. Starts that race for it all get the same key.
///
/// # Errors
///
/// If the file can't be read or created, or its key is too short.
pub fn secret(directory: &Path) -> Result<SecretString, DataDirError> {
    let secret = match existing_secret(directory) {
        Err(DataDirError::NoKey { path }) => {
            create_secret(directory, &path).map_err(at(&path)).and_then(|()| existing_secret(directory))
        }
        read => read,
    }?;
    // Only now, because a start that still writes its key doesn't need it any more.
    remove_unfinished(directory);
    Ok(secret)
}

/// Reads the secret key that an earlier start has created.
///
/// # Errors
///
/// If there is none, the file can't be read, or its key is too short.
pub fn existing_secret(directory: &Path) -> Result<SecretString, DataDirError> {
    let path = secret_path(directory);
    let secret: SecretString = match fs::read_to_string(&path) {
        Ok(text) => text.trim().into(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(DataDirError::NoKey { path }),
        Err(error) => return Err(at(&path)(error)),
    };
    if InstanceSecret::is_long_enough(&secret) { Ok(secret) } else { Err(DataDirError::ShortKey { path }) }
}

/// The file with the secret key.
pub fn secret_path(directory: &Path) -> PathBuf {
    directory.join(SECRET_FILE)
}

/// The file with the secret key, if every user of the system may read or write it.
pub fn exposed_secret(directory: &Path) -> Option<PathBuf> {
    let path = secret_path(directory);
    fs::metadata(&path).is_ok_and(|found| found.permissions().mode() & 0o006 != 0).then_some(path)
}

/// Creates the file with a new key, unless another start has created it meanwhile.
fn create_secret(directory: &Path, path: &Path) -> io::Result<()> {
    let unfinished = directory.join(format!("{UNFINISHED_PREFIX}{}", random::uuid().simple()));
    // Unlike a rename, a link never replaces the key of another start.
    let linked =
        write_private(&unfinished, &InstanceSecret::generate()).and_then(|()| fs::hard_link(&unfinished, path));
    let _ = fs::remove_file(&unfinished);
    match linked {
        // Another start was first. It may have removed this start's file as well.
        Err(_) if path.exists() => {}
        linked => linked?,
    }
    sync(directory)
}

/// Writes a new file that only its owner can read, and waits until it is on disk.
fn write_private(path: &Path, text: &SecretString) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    // The umask may have removed permissions of the owner.
    file.set_permissions(Permissions::from_mode(0o600))?;
    writeln!(file, "{}", text.expose_secret())?;
    file.sync_all()
}

/// Removes what killed starts have left. Failing to is harmless.
fn remove_unfinished(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(UNFINISHED_PREFIX.as_bytes()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Waits until the names in the directory are on disk.
fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, sync::Barrier, thread};

    use super::*;

    #[test]
    fn racing_starts_get_the_same_secret_key() {
        for _ in 0..50 {
            let directory = tempfile::tempdir().unwrap();
            let barrier = Barrier::new(8);
            let start = || {
                barrier.wait();
                secret(directory.path()).unwrap().expose_secret().to_owned()
            };
            let keys: HashSet<String> = thread::scope(|scope| {
                let starts: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
                starts.into_iter().map(|start| start.join().unwrap()).collect()
            });
            assert_eq!(keys.len(), 1);
            assert_eq!(names(directory.path()), ["secret.key"], "only the key remains");
        }
    }

    #[test]
    fn what_a_killed_start_has_left_is_removed() {
        let directory = tempfile::tempdir().unwrap();
        for left in [".secret.key-0", ".secret.key-1"] {
            fs::write(directory.path().join(left), "").unwrap();
        }
        let first = secret(directory.path()).unwrap();
        assert_eq!(names(directory.path()), ["secret.key"]);
        assert_eq!(secret(directory.path()).unwrap().expose_secret(), first.expose_secret());
    }

    #[test]
    fn a_short_secret_key_is_refused_and_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret.key");
        for text in ["", "\n", " fifteen-letters\n"] {
            fs::write(&path, text).unwrap();
            let error = secret(directory.path()).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{}: the secret key has fewer than 16", path.display())), "{error}");
            assert!(!error.contains("fifteen"), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        fs::write(&path, " sixteen--letters\r\n").unwrap();
        assert_eq!(secret(directory.path()).unwrap().expose_secret(), "sixteen--letters");
    }

    #[test]
    fn a_key_that_cannot_be_created_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        // A link that leads nowhere can neither be read nor be linked over.
        std::os::unix::fs::symlink("nowhere", directory.path().join("secret.key")).unwrap();
        let error = secret(directory.path()).unwrap_err().to_string();
        assert!(error.contains("secret.key: "), "{error}");
        assert_eq!(names(directory.path()), ["secret.key"]);
    }

    #[test]
    fn a_directory_is_locked_once_until_the_lock_is_dropped() {
        let directory = tempfile::tempdir().unwrap();
        let held = lock(directory.path()).unwrap();
        let error = lock(directory.path()).unwrap_err().to_string();
        assert_eq!(error, format!("{}: another server is using this directory", directory.path().display()));
        drop(held);
        lock(directory.path()).unwrap();
    }

    fn names(directory: &Path) -> Vec<String> {
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}
