//! What happens to the database that a restored one replaces.

use std::{
    fs,
    path::PathBuf,
    thread::sleep,
    time::{Duration, Instant},
};

use super::{Directory, TOKEN, create_user, stored_usernames};
use crate::support::program::rollcall;

/// Where a restore has kept the previous database, which it prints.
fn previous(text: &str) -> PathBuf {
    let line = text.lines().find_map(|line| line.strip_prefix("the database that was there is kept as "));
    line.unwrap_or_else(|| panic!("{text}")).into()
}

#[tokio::test]
async fn the_previous_database_is_kept_with_what_was_only_in_its_log() {
    let directory = Directory::set_up();
    let backup = directory.path("backup");
    directory.succeed("backup", &backup);
    let mut server = directory.serve();
    create_user(&server, "newest").await;
    server.signal("KILL");
    server.child.wait().unwrap();
    assert!(fs::metadata(directory.path("rollcall.sqlite3-wal")).unwrap().len() > 0);
    let previous = previous(&directory.succeed("restore", &backup));
    assert_eq!(stored_usernames(&previous).unwrap(), ["akadmin", "newest"]);
    assert_eq!(stored_usernames(&directory.database()).unwrap(), ["akadmin"]);
    let server = directory.serve();
    assert_eq!(server.me(TOKEN).await.0, 200);
    server.stop();
    let name = previous.file_name().unwrap().to_str().unwrap();
    assert_eq!(directory.names(), ["backup", "rollcall.lock", "rollcall.sqlite3", name, "secret.key"]);
}

#[test]
fn a_damaged_database_is_kept_as_it_is() {
    let directory = Directory::set_up();
    let backup = directory.path("backup");
    directory.succeed("backup", &backup);
    let damaged = vec![0xa5; 100_000];
    fs::write(directory.database(), &damaged).unwrap();
    let previous = previous(&directory.succeed("restore", &backup));
    assert!(fs::read(&previous).unwrap() == damaged);
    assert_eq!(stored_usernames(&directory.database()).unwrap(), ["akadmin"]);
}

#[test]
fn a_log_without_its_database_is_not_read_with_the_new_one() {
    let directory = Directory::set_up();
    let backup = directory.path("backup");
    directory.succeed("backup", &backup);
    fs::remove_file(directory.database()).unwrap();
    fs::write(directory.path("rollcall.sqlite3-wal"), "log").unwrap();
    let previous = previous(&directory.succeed("restore", &backup));
    assert_eq!(fs::read_to_string(format!("{}-wal", previous.display())).unwrap(), "log");
    assert!(!directory.path("rollcall.sqlite3-wal").exists());
}

#[test]
fn a_backup_of_an_older_version_is_restored_and_told() {
    let directory = Directory::set_up();
    let backup = directory.path("backup");
    directory.succeed("backup", &backup);
    let older = "DELETE FROM seaql_migrations WHERE version = 'm0006_parents_and_dates'";
    rusqlite::Connection::open(&backup).unwrap().execute_batch(older).unwrap();
    let text = directory.succeed("restore", &backup);
    assert!(text.contains("the backup is of an older version of Rollcall"), "{text}");
}

#[tokio::test]
async fn a_killed_restore_leaves_the_old_or_the_new_database() {
    let directory = Directory::set_up();
    let backup = directory.path("backup");
    let new = |file: PathBuf| stored_usernames(&file).unwrap() == ["akadmin"];
    directory.succeed("backup", &backup);
    let server = directory.serve();
    create_user(&server, "old").await;
    server.stop();
    let old = directory.path("old");
    directory.succeed("backup", &old);
    let start = Instant::now();
    let (mut was_old, mut was_new) = (false, false);
    directory.succeed("restore", &backup);
    let whole = start.elapsed();
    for round in 0..30 {
        directory.succeed("restore", &old);
        // As after a crash, with everything in the log.
        let mut server = directory.serve();
        create_user(&server, &format!("in-log-{round}")).await;
        server.signal("KILL");
        server.child.wait().unwrap();
        let mut restore = rollcall(directory.0.path());
        restore.args(["restore", backup.to_str().unwrap(), "--force"]).stdout(std::process::Stdio::null());
        let mut restore = restore.spawn().unwrap();
        // Most kills come early, and the last ones late, however busy the machine is.
        sleep(whole.mul_f64((f64::from(round) / 18.0).powi(2)).min(Duration::from_secs(2)));
        restore.kill().unwrap();
        restore.wait().unwrap();
        // Which also reads a log that is beside it.
        let check = directory.run(&["check"]);
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
        if new(directory.database()) {
            was_new = true;
        } else {
            was_old = true;
            let names = stored_usernames(&directory.database()).unwrap();
            assert_eq!(names, ["akadmin".to_owned(), "old".into(), format!("in-log-{round}")]);
        }
    }
    assert!(was_old && was_new, "the kills came too late or too early");
    directory.succeed("restore", &backup);
    assert!(directory.names().iter().all(|name| !name.contains("unfinished")), "{:?}", directory.names());
}
