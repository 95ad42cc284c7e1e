//! SIGHUP.

use std::fs;

use super::{Logged, count};

#[tokio::test]
async fn a_hangup_reads_the_log_filter_again_and_keeps_it_if_the_file_is_wrong() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rollcall.toml");
    fs::write(&file, "log = \"info\"\n").unwrap();
    let server = Logged::start(directory.path(), &["--config", file.to_str().unwrap()]);
    server.get("/api/v3/core/users/me/").await;
    fs::write(&file, "log = \"info,rollcall::http=debug\"\n").unwrap();
    server.server.signal("HUP");
    server.wait_for(1, "filter=info,rollcall::http=debug").await;
    server.get("/api/v3/core/users/me/").await;
    server.wait_for(1, "responded").await;
    assert_eq!(count(&server.lines(), "responded"), 1);
    for (number, wrong) in (1..).zip(["log = \"inof\"\n", "log = \n", "no-setting = 1\n"]) {
        fs::write(&file, wrong).unwrap();
        server.server.signal("HUP");
        server.wait_for(number, "can't be used").await;
        server.get("/api/v3/core/users/me/").await;
    }
    let lines = server.stop();
    assert_eq!(count(&lines, "responded"), 4, "{lines:#?}");
}

#[tokio::test]
async fn a_flag_or_variable_goes_before_the_file_also_after_a_hangup() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rollcall.toml");
    fs::write(&file, "log = \"debug\"\n").unwrap();
    let server = Logged::start(directory.path(), &["--config", file.to_str().unwrap(), "--log", "info"]);
    server.server.signal("HUP");
    server.wait_for(1, "filter=info").await;
    server.get("/api/v3/core/users/me/").await;
    assert!(!server.stop().iter().any(|line| line.contains("responded")));
}
