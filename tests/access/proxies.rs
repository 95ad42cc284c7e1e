//! The client's address in the log, and connections of proxies.

use std::{fs, net::TcpStream, time::Duration};

use crate::support::program::{Running, http_client, rollcall};

#[tokio::test]
async fn the_log_has_the_address_that_a_trusted_proxy_tells() {
    for (proxies, expected) in [("127.0.0.1", "client=203.0.113.9"), ("", "client=127.0.0.1")] {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("log");
        let mut command = rollcall(&directory.path().join("data"));
        command.args(["serve", "--log", "info,rollcall::http=debug"]).env("ROLLCALL_TRUSTED_PROXIES", proxies);
        let server = Running::start_with_log(&mut command, fs::File::create(&log).unwrap());
        let request = http_client().build().unwrap().get(format!("{}/api/v3/root/config/", server.url));
        let response = request.header("x-forwarded-for", "8.8.8.8, 203.0.113.9").send().await.unwrap();
        assert_eq!(response.status(), 200);
        server.stop();
        let log = fs::read_to_string(log).unwrap();
        assert!(log.contains(expected) && !log.contains("8.8.8.8"), "{log}");
    }
}

#[tokio::test]
async fn a_trusted_proxy_may_have_more_connections_than_a_client() {
    for (proxies, is_served) in [("127.0.0.1", true), ("", false)] {
        let directory = tempfile::tempdir().unwrap();
        let mut command = rollcall(directory.path());
        command.env("ROLLCALL_TRUSTED_PROXIES", proxies).env("ROLLCALL_MAX_CONNECTIONS_PER_ADDRESS", "5");
        let server = Running::start(&mut command);
        let address = server.url.trim_start_matches("http://");
        let open: Vec<_> = (0..5).map(|_| TcpStream::connect(address).unwrap()).collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let response = http_client().build().unwrap().get(format!("{}/api/v3/root/config/", server.url)).send().await;
        assert_eq!(response.is_ok_and(|response| response.status() == 200), is_served, "{proxies}");
        drop(open);
        server.stop();
    }
}
