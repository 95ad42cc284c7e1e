//! What `backup` and `restore` refuse, and that they change nothing then.

use std::{fs, path::Path};

use rusqlite::Connection;

use super::{Directory, TOKEN};
use crate::support::program::{Running, rollcall, stderr};

/// Asserts that a command fails with a code and a message that has this in it, and changes no file.
fn assert_refused(directory: &Directory, arguments: &[&str], code: i32, message: &str) {
    let contents = || {
        let read = |name: String| (fs::read(directory.path(&name)).unwrap_or_default(), name);
        directory.names().into_iter().filter(|name| name != "rollcall.lock").map(read).collect::<Vec<_>>()
    };
    let before = contents();
    let output = directory.run(arguments);
    let text = stderr(&output);
    assert!(text.contains(message) && text.starts_with("error: "), "{arguments:?}: {text}");
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert!(output.stdout.is_empty());
    assert!(contents() == before, "{arguments:?} changed something: {:?}", directory.names());
}

/// Executes SQL on a file.
fn execute(file: &Path, sql: &str) {
    Connection::open(file).unwrap().execute_batch(sql).unwrap();
}

fn damage(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xa5);
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_backup_replaces_no_file_unasked_and_none_with_a_bad_one() {
    let directory = Directory::set_up();
    let (target, other) = (directory.path("backup"), directory.path("other"));
    let target = target.to_str().unwrap();
    fs::write(target, "precious").unwrap();
    assert_refused(&directory, &["backup", target], 2, "backup: it exists already; --force replaces it");
    assert_refused(&directory, &["backup", directory.0.path().to_str().unwrap()], 1, "is a directory");
    assert_refused(&directory, &["backup", "/nowhere/backup"], 1, "No such file");
    directory.succeed("backup", Path::new(target));
    assert_ne!(fs::read(target).unwrap(), b"precious");

    execute(&other, "CREATE TABLE t (n)");
    for (database, message) in [
        (other.to_str().unwrap(), "other: this is no Rollcall database"),
        (directory.path("secret.key").to_str().unwrap(), "secret.key: this is no Rollcall database"),
        (directory.path("missing").to_str().unwrap(), "missing: there is no database here"),
    ] {
        let url = format!("sqlite:{database}");
        assert_refused(&directory, &["backup", target, "--force", "--database-url", &url], 1, message);
    }
    damage(&directory.database());
    assert_refused(&directory, &["backup", target, "--force"], 1, "rollcall.sqlite3: the database is damaged");
}

#[test]
fn a_backup_that_cannot_be_used_is_not_restored() {
    let directory = Directory::set_up();
    let file = |name: &str| directory.path(name).to_str().unwrap().to_owned();
    directory.succeed("backup", &directory.path("good"));
    for name in ["damaged", "newer", "dangling"] {
        fs::copy(file("good"), file(name)).unwrap();
    }
    damage(&directory.path("damaged"));
    execute(&directory.path("newer"), "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 1)");
    execute(&directory.path("dangling"), "PRAGMA foreign_keys = OFF; DELETE FROM groups");
    execute(&directory.path("other"), "CREATE TABLE t (n)");
    fs::write(file("empty"), "").unwrap();
    fs::write(file("text"), "text\n".repeat(1_000)).unwrap();
    for (name, message) in [
        ("missing", "missing: No such file"),
        ("damaged", "damaged: the database is damaged"),
        ("newer", "newer: the database is of a newer version of Rollcall"),
        (
            "dangling",
            "dangling: the database is damaged: rows with dangling foreign keys, in these tables: user_groups",
        ),
        ("other", "other: this is no Rollcall database"),
        ("empty", "empty: this is no Rollcall database"),
        ("text", "text: this is no Rollcall database"),
    ] {
        assert_refused(&directory, &["restore", &file(name), "--force"], 1, message);
    }
    assert_refused(&directory, &["restore", &file("good")], 2, "there is a database already; --force replaces it");
    let wrong = ["restore", &file("good"), "--force", "--secret-key", "another secret key"];
    assert_refused(&directory, &wrong, 1, "the secret key is not the one this database was created with");
}

#[test]
fn a_backup_is_not_restored_before_the_secret_key_is_there() {
    let (original, directory) = (Directory::set_up(), Directory::empty());
    let backup = original.path("backup");
    original.succeed("backup", &backup);
    let message = "secret.key: there is no secret key yet. Put the one that belongs to the backup there first";
    assert_refused(&directory, &["restore", backup.to_str().unwrap()], 1, message);
    assert!(directory.names().is_empty());
    directory.copy_key(&original);
    directory.succeed("restore", &backup);
    directory.serve().stop();
}

#[tokio::test]
async fn nothing_is_restored_while_a_server_uses_the_database() {
    let directory = Directory::empty();
    let backup = directory.path("backup");
    let backup = backup.to_str().unwrap();
    let server = directory.serve();
    assert!(directory.run(&["backup", backup]).status.success());
    let output = directory.run(&["restore", backup, "--force"]);
    assert!(stderr(&output).contains("another server is using this directory"), "{}", stderr(&output));
    assert_eq!((output.status.code(), server.me(TOKEN).await.0), (Some(1), 200));
    server.stop();

    // By its URL nothing locks the directory.
    let url = format!("sqlite:{}", directory.database().display());
    let server = Running::start(rollcall(directory.0.path()).env("ROLLCALL_DATABASE_URL", &url));
    let output = directory.run(&["restore", backup, "--force", "--database-url", &url]);
    assert!(stderr(&output).contains("another process is using this database"), "{}", stderr(&output));
    assert_eq!((output.status.code(), server.me(TOKEN).await.0), (Some(1), 200));
    server.stop();
    assert!(directory.run(&["restore", backup, "--force", "--database-url", &url]).status.success());
}
