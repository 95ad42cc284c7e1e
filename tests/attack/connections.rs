//! Many connections.

use std::{net::TcpStream, process::Command, thread::sleep, time::Duration};

use crate::{
    program::Running,
    target::{Target, read_all, wait_until},
};

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_so_many_connections_and_all_together_too() {
    let target = Target::start(&["MAX_CONNECTIONS=60", "MAX_CONNECTIONS_PER_ADDRESS=50"]);
    let open: Vec<TcpStream> = (0..50).map(|_| target.send("")).collect();
    sleep(Duration::from_millis(200));
    for _ in 0..100 {
        let refused = read_all(target.send(""));
        assert!(refused.starts_with("HTTP/1.1 503 ") && refused.contains("retry-after: 1"), "{refused}");
    }
    target.assert_others_are_served().await;
    drop(open);
    // A refusal may be cut off, because the request is not read.
    let request = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let free = || read_all(target.send(request)).starts_with("HTTP/1.1 200 ");
    wait_until(Duration::from_secs(5), free, || "no connection is free".into());
    target.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_connections_is_accepted_or_refused_at_once() {
    let target = Target::start(&[]);
    let flood: Vec<TcpStream> = (0..900).map(|_| target.send("")).collect();
    target.assert_others_are_served().await;
    drop(flood);
    // As fast as they can be made and thrown away.
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                drop(TcpStream::connect(&target.address));
            }
        });
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(target.assert_others_are_served());
        });
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    target.stop();
}

#[test]
fn without_free_descriptors_it_waits_instead_of_spinning() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 160; exec \"$0\" serve", env!("CARGO_BIN_EXE_rollcall")]);
    let mut command = crate::program::with_settings(command, directory.path());
    let server = Running::start_as_is(&mut command);
    let address = server.url.trim_start_matches("http://");
    // More than the process may have open.
    let open: Vec<TcpStream> = (0..300).filter_map(|_| TcpStream::connect(address).ok()).collect();
    assert!(open.len() > 200, "{}", open.len());
    let ticks = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.child.id())).unwrap();
        let fields: Vec<u64> =
            stat.rsplit_once(')').unwrap().1.split(' ').filter_map(|field| field.parse().ok()).collect();
        fields[10] + fields[11]
    };
    let before = ticks();
    sleep(Duration::from_secs(2));
    let used = ticks() - before;
    assert!(used < 50, "{used} hundredths of a second of processor time in two seconds");
    drop(open);
    let url = format!("{}/", server.url);
    let is_served = || {
        let curl = Command::new("curl").args(["-s", "-o", "/dev/null", "-w", "%{http_code}", &url]).output().unwrap();
        curl.stdout == b"200"
    };
    wait_until(Duration::from_secs(5), is_served, || "it doesn't recover".into());
    server.stop();
}
