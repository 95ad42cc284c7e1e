//! A file system of a few megabytes, in memory. Only processes that are started in it see it.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// What fills a part of it, until it is removed.
const BALLAST: &str = "ballast";

pub struct SmallFiles {
    /// A process that keeps it, until its input ends.
    holder: Child,
    directory: tempfile::TempDir,
    /// Whether only root of a namespace may mount here.
    is_users: bool,
}

impl SmallFiles {
    /// `None` if this machine doesn't permit it, which is printed.
    pub fn mount(kilobytes: usize, ballast: usize) -> Option<Self> {
        let mounted = [false, true].into_iter().find_map(|is_users| Self::try_mount(is_users, kilobytes, ballast));
        if mounted.is_none() {
            println!("skipped: no file system can be mounted here, neither as root nor in a namespace of users");
        }
        mounted
    }

    fn try_mount(is_users: bool, kilobytes: usize, ballast: usize) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let script = format!(
            "mount -t tmpfs -o size={kilobytes}k,mode=1777 tmpfs $0 && head -c {ballast}k /dev/zero >$0/{BALLAST} &&
            echo mounted && exec cat >/dev/null"
        );
        let mut holder = Command::new("unshare")
            .args(is_users.then_some("--map-root-user"))
            .args(["--mount", "sh", "-c", &script])
            .arg(directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut line = String::new();
        BufReader::new(holder.stdout.take()?).read_line(&mut line).unwrap();
        let is_mounted = line == "mounted\n";
        // Its drop ends the process.
        let files = Self { holder, directory, is_users };
        is_mounted.then_some(files)
    }

    /// Whether users other than root and the one who runs the tests are there.
    pub fn has_all_users(&self) -> bool {
        !self.is_users
    }

    /// Where it is, for processes that are started in it.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// A command that runs others in it, with its arguments.
    pub fn inside(&self) -> Vec<String> {
        let target = format!("--target={}", self.holder.id());
        let users = ["--user", "--preserve-credentials"].map(str::to_owned);
        let users = users.into_iter().filter(|_| self.is_users);
        ["nsenter".to_owned(), target, "--mount".into()].into_iter().chain(users).collect()
    }

    /// The path by which this process gets to one that is in it.
    fn seen(&self, path: &Path) -> PathBuf {
        Path::new(&format!("/proc/{}/root", self.holder.id())).join(path.strip_prefix("/").unwrap())
    }

    /// Removes the ballast.
    pub fn remove_ballast(&self) {
        fs::remove_file(self.seen(&self.directory().join(BALLAST))).unwrap();
    }

    /// Copies the files of a directory in it.
    pub fn copy(&self, directory: &Path, to: &Path) {
        for entry in fs::read_dir(self.seen(directory)).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

impl Drop for SmallFiles {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}
