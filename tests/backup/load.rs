//! Backups while clients write.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::sleep,
    time::Duration,
};

use futures_util::future::join_all;
use rusqlite::Connection;

use super::{Directory, create_user, stored_usernames, usernames};
use crate::support::program::{rollcall, stderr};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_has_everything_that_was_acknowledged_before_it_began() {
    let directory = Directory::empty();
    let server = directory.serve();
    let (acknowledged, stop, next) = (Mutex::new(Vec::new()), AtomicBool::new(false), AtomicUsize::new(0));
    let write = || async {
        while !stop.load(Ordering::Relaxed) {
            let name = format!("u{}", next.fetch_add(1, Ordering::Relaxed));
            create_user(&server, &name).await;
            acknowledged.lock().unwrap().push(name);
        }
    };
    let is_enough = |number: usize| acknowledged.lock().unwrap().len() >= number;
    let backup = async {
        let mut backups = Vec::new();
        for round in 1..=3 {
            while !is_enough(round * 100) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let before = acknowledged.lock().unwrap().clone();
            let file = directory.path(&format!("backup-{round}"));
            tokio::task::block_in_place(|| directory.succeed("backup", &file));
            backups.push((before, file));
        }
        stop.store(true, Ordering::Relaxed);
        backups
    };
    let (backups, _) = tokio::join!(backup, join_all((0..8).map(|_| write())));
    server.stop();
    for (before, file) in backups {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let restored = Directory::empty();
        restored.copy_key(&directory);
        restored.succeed("restore", &file);
        let check = restored.run(&["check"]);
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
        let server = restored.serve();
        let stored = usernames(&server).await;
        for name in &before {
            assert!(stored.contains(name), "{name} is missing in {}", file.display());
        }
        create_user(&server, "after the restore").await;
        server.stop();
    }
}

#[tokio::test]
async fn a_copy_of_the_database_file_alone_loses_acknowledged_users_and_a_backup_does_not() {
    let directory = Directory::empty();
    let server = directory.serve();
    create_user(&server, "newest").await;
    let (copy, backup) = (directory.path("copy"), directory.path("backup"));
    fs::copy(directory.database(), &copy).unwrap();
    directory.succeed("backup", &backup);
    assert!(!stored_usernames(&copy).is_ok_and(|names| names.contains(&"newest".into())));
    assert_eq!(stored_usernames(&backup).unwrap(), ["akadmin", "newest"]);
    server.stop();
}

#[test]
fn a_backup_that_is_stopped_leaves_nothing() {
    let directory = Directory::set_up();
    let connection = Connection::open(directory.database()).unwrap();
    let rows = "CREATE TABLE filler AS WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 30000)
        SELECT n, hex(randomblob(1000)) AS text FROM n; CREATE INDEX filler_text ON filler (text)";
    connection.execute_batch(rows).unwrap();
    connection.close().unwrap();
    let before = directory.names();
    let target = directory.path("backup");
    let mut backup = rollcall(directory.0.path());
    let backup = backup.arg("backup").arg(&target).stderr(std::process::Stdio::piped()).spawn().unwrap();
    while directory.names() == before {
        sleep(Duration::from_millis(1));
    }
    let kill = std::process::Command::new("kill").args(["-TERM", &backup.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let output = backup.wait_with_output().unwrap();
    assert_eq!(stderr(&output), "error: stopped, and nothing was changed\n");
    assert_eq!((output.status.code(), directory.names()), (Some(1), before));
}

#[test]
fn the_secret_key_that_has_to_be_kept_is_told() {
    let directory = Directory::set_up();
    let file = directory.path("backup");
    let backup = |variable: Option<&str>| {
        let mut command = rollcall(directory.0.path());
        command.arg("backup").arg(&file).arg("--force").envs(variable.map(|key| ("ROLLCALL_SECRET_KEY", key)));
        let output = command.output().unwrap();
        assert!(output.status.success());
        stderr(&output)
    };
    let key = directory.path("secret.key");
    let text = backup(None);
    assert!(text.starts_with("The secret key is not in the backup") && text.contains(key.to_str().unwrap()), "{text}");
    let text = backup(Some("another secret key"));
    assert!(text.starts_with("warning: ") && text.contains("this is another: the value of ROLLCALL_SECRET_KEY"));
    let secret = fs::read_to_string(&key).unwrap();
    fs::remove_file(&key).unwrap();
    let text = backup(Some(secret.trim()));
    assert!(text.starts_with("The secret key") && text.contains("the value of ROLLCALL_SECRET_KEY"), "{text}");
    let text = backup(None);
    assert!(text.starts_with("warning: ") && text.contains("can't be found"), "{text}");
    assert!(
        !text.contains(secret.trim())
            && !fs::read(&file).unwrap().windows(20).any(|part| part == &secret.as_bytes()[..20])
    );
}
