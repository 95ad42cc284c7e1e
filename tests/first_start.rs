//! First starts that are killed, race or have settings that can't work, and what they leave in the data directory.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::support::program::{Running, rollcall, stderr, with_settings};

const TOKEN: &str = "the-first-token";

/// A server that creates its administrator with [`TOKEN`].
fn serve(directory: &Path) -> Command {
    let mut command = rollcall(directory);
    command.arg("serve").env("ROLLCALL_BOOTSTRAP_TOKEN", TOKEN);
    command
}

fn spawn(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Asserts that a server starts in the directory and accepts [`TOKEN`].
async fn assert_serves(directory: &Path) {
    let server = Running::start_as_is(&mut serve(directory));
    assert_eq!(server.me(TOKEN).await.0, 200);
    server.stop();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[tokio::test]
async fn a_directory_serves_after_its_first_start_was_killed_at_any_moment() {
    for _ in 0..30 {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data");
        let delay = Duration::from_micros(fastrand::u64(0..40_000));
        let mut killed = spawn(&mut serve(&data));
        sleep(delay);
        killed.kill().unwrap();
        killed.wait().unwrap();
        let left: Vec<_> = fs::read_dir(&data).into_iter().flatten().map(|entry| entry.unwrap().file_name()).collect();
        println!("killed after {delay:?}, which left {left:?}");
        assert_serves(&data).await;
    }
}

#[tokio::test]
async fn of_two_first_starts_at_once_exactly_one_serves() {
    for _ in 0..10 {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data");
        let mut servers = vec![spawn(&mut serve(&data)), spawn(&mut serve(&data))];
        let loser = first_to_exit(&mut servers);
        assert!(!loser.status.success());
        assert_eq!(stderr(&loser), format!("error: {}: another server is using this directory\n", data.display()));
        let winner = Running::wait_for(servers.pop().unwrap());
        assert_eq!(winner.me(TOKEN).await.0, 200);
        winner.stop();
        assert_serves(&data).await;
    }
}

/// Removes the process that exits first, and returns its output. Kills all and panics if none does.
fn first_to_exit(servers: &mut Vec<Child>) -> Output {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(20) {
        if let Some(index) = servers.iter_mut().position(|server| server.try_wait().unwrap().is_some()) {
            return servers.remove(index).wait_with_output().unwrap();
        }
        sleep(Duration::from_millis(5));
    }
    for server in servers {
        server.kill().unwrap();
        server.wait().unwrap();
    }
    panic!("the directory is used instead of being refused");
}

/// The output of a server that refuses to start.
fn refusal(command: &mut Command) -> Output {
    let output = first_to_exit(&mut vec![spawn(command)]);
    assert!(!output.status.success());
    output
}

#[tokio::test]
async fn a_directory_in_use_accepts_new_tokens_but_no_second_server() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Running::start_as_is(&mut serve(directory.path()));

    let second = refusal(&mut serve(directory.path()));
    assert!(stderr(&second).contains("another server is using this directory"), "{}", stderr(&second));

    let created = rollcall(directory.path()).args(["token", "create", "--user", "akadmin"]).output().unwrap();
    assert!(created.status.success(), "{}", stderr(&created));
    let key = String::from_utf8(created.stdout).unwrap();
    assert_eq!(server.me(key.trim()).await.0, 200);

    server.signal("KILL");
    assert!(!server.child.wait().unwrap().success());
    assert_serves(directory.path()).await;
}

#[tokio::test]
async fn servers_with_a_database_url_can_share_a_directory() {
    let directory = tempfile::tempdir().unwrap();
    let start = || {
        let database = format!("sqlite:{}", directory.path().join("shared.sqlite3").display());
        Running::start_as_is(serve(directory.path()).env("ROLLCALL_DATABASE_URL", database))
    };
    let (first, second) = (start(), start());
    assert_eq!(first.me(TOKEN).await, second.me(TOKEN).await);
    first.stop();
    second.stop();
}

#[test]
fn an_empty_or_short_secret_key_is_refused_without_printing_it() {
    let directory = tempfile::tempdir().unwrap();
    let refused = |key: &str, source: &str, command: &mut Command| {
        let message = stderr(&refusal(command));
        assert!(message.contains(source) && message.contains("fewer than 16 characters"), "{key:?}: {message}");
        assert!(key.trim().is_empty() || !message.contains(key.trim()), "{message}");
        assert!(!directory.path().join("rollcall.sqlite3").exists(), "the key is checked first");
    };
    let file = directory.path().join("secret.key");
    for key in ["", "\n", "abc\n", "fifteen-letters\n"] {
        fs::write(&file, key).unwrap();
        refused(key, file.to_str().unwrap(), &mut serve(directory.path()));
    }
    fs::remove_file(&file).unwrap();
    for key in [" ", "abc", " fifteen-letters "] {
        refused(key, "ROLLCALL_SECRET_KEY", serve(directory.path()).env("ROLLCALL_SECRET_KEY", key));
    }
    refused("", "--secret-key, from the command line", serve(directory.path()).arg("--secret-key="));
    Running::start_as_is(serve(directory.path()).env("ROLLCALL_SECRET_KEY", "sixteen--letters")).stop();
    fs::write(&file, "fifteen-letters\n").unwrap();
    let message = stderr(&refusal(rollcall(directory.path()).args(["token", "create", "--user", "akadmin"])));
    assert!(message.contains("fewer than 16 characters") && !message.contains("fifteen"), "{message}");
}

#[tokio::test]
async fn only_the_owner_can_use_the_directory_and_its_files_whatever_the_umask() {
    for umask in ["000", "022", "077"] {
        let parent = tempfile::tempdir().unwrap();
        let data = parent.path().join("deep/data");
        let mut shell = Command::new("sh");
        let program = env!("CARGO_BIN_EXE_rollcall");
        shell.args(["-c", &format!("umask {umask}; exec \"$0\" serve"), program]);
        let server = Running::start_as_is(with_settings(shell, &data).env("ROLLCALL_BOOTSTRAP_TOKEN", TOKEN));
        assert_eq!(mode(&data), 0o700, "umask {umask}");
        let database = ["rollcall.sqlite3", "rollcall.sqlite3-wal", "rollcall.sqlite3-shm"];
        for name in ["secret.key", "rollcall.lock"].iter().chain(&database) {
            assert_eq!(mode(&data.join(name)), 0o600, "{name}, umask {umask}");
        }
        server.stop();
        for (path, wider) in [(data.clone(), 0o750), (data.join("secret.key"), 0o640)] {
            fs::set_permissions(path, fs::Permissions::from_mode(wider)).unwrap();
        }
        assert_serves(&data).await;
        assert_eq!((mode(&data), mode(&data.join("secret.key"))), (0o750, 0o640), "existing permissions are kept");
    }
}
