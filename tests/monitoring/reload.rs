//! SIGHUP.

use std::{fs, time::Duration};

use super::Logged;

/// Waits until the log has a line with this text.
async fn wait_for(server: &Logged, text: &str) {
    let logged = async {
        while !server.lines().iter().any(|line| line.contains(text)) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), logged)
        .await
        .unwrap_or_else(|_| panic!("{text}: {:?}", server.lines()));
}

#[tokio::test]
async fn a_hangup_reads_the_log_filter_again_and_keeps_it_if_the_file_is_wrong() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rollcall.toml");
    fs::write(&file, "log = \"info\"\n").unwrap();
    let server = Logged::start(directory.path(), &["--config", file.to_str().unwrap()]);
    let responses = || server.lines().iter().filter(|line| line.contains("responded")).count();
    server.get("/api/v3/core/users/me/").await;
    fs::write(&file, "log = \"info,rollcall::http=debug\"\n").unwrap();
    server.server.signal("HUP");
    wait_for(&server, "filter=info,rollcall::http=debug").await;
    server.get("/api/v3/core/users/me/").await;
    wait_for(&server, "responded").await;
    assert_eq!(responses(), 1);
    for wrong in ["log = \"inof\"\n", "log = \n", "no-setting = 1\n"] {
        fs::write(&file, wrong).unwrap();
        let before = server.lines().len();
        server.server.signal("HUP");
        let told = async {
            while server.lines().len() == before {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), told).await.unwrap();
        assert!(server.lines().last().unwrap().contains("can't be used"), "{wrong}: {:?}", server.lines());
        server.get("/api/v3/core/users/me/").await;
    }
    let lines = server.stop();
    assert_eq!(lines.iter().filter(|line| line.contains("responded")).count(), 4, "{lines:#?}");
}

#[tokio::test]
async fn a_flag_or_variable_goes_before_the_file_also_after_a_hangup() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rollcall.toml");
    fs::write(&file, "log = \"debug\"\n").unwrap();
    let server = Logged::start(directory.path(), &["--config", file.to_str().unwrap(), "--log", "info"]);
    server.server.signal("HUP");
    wait_for(&server, "filter=info").await;
    server.get("/api/v3/core/users/me/").await;
    assert!(!server.stop().iter().any(|line| line.contains("responded")));
}
