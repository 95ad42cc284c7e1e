//! The program under attack.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{Mutex, MutexGuard, PoisonError},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::program::{Running, http_client, rollcall};

pub const TOKEN: &str = "the-token-of-the-attack";

/// How long anybody else may have to wait.
const PATIENCE: Duration = Duration::from_millis(200);

/// One attack at a time.
static TURN: Mutex<()> = Mutex::new(());

/// Waits until no other attack runs. The next one begins when the result is dropped.
pub fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

pub struct Target {
    pub server: Running,
    pub address: String,
    client: reqwest::Client,
    log: std::path::PathBuf,
    _directory: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Target {
    /// Starts the program with these settings, given as `NAME=value` without `ROLLCALL_`.
    pub fn start(settings: &[&str]) -> Self {
        let turn = turn();
        let directory = tempfile::tempdir().unwrap();
        let mut command = rollcall(directory.path());
        command.env("ROLLCALL_BOOTSTRAP_TOKEN", TOKEN);
        for setting in settings {
            let (name, value) = setting.split_once('=').unwrap();
            command.env(format!("ROLLCALL_{name}"), value);
        }
        let log = directory.path().join("log");
        let server = Running::start_with_log(command.arg("serve"), std::fs::File::create(&log).unwrap());
        let address = server.url.trim_start_matches("http://").to_owned();
        let client = http_client().local_address(Some("127.0.0.2".parse().unwrap())).build().unwrap();
        Self { server, address, client, log, _directory: directory, _turn: turn }
    }

    /// A connection of the attacker that has sent `text`.
    pub fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    }

    /// Sends a request with the token, a body of JSON that is to follow, and more headers. Returns the connection.
    pub fn request(&self, method: &str, path: &str, headers: &str) -> TcpStream {
        self.send(&request(method, path, headers))
    }

    /// How long somebody at another address waits for a response.
    pub async fn wait_of_another(&self) -> Duration {
        let start = Instant::now();
        let url = format!("{}/api/v3/core/users/me/", self.server.url);
        let response = self.client.get(url).bearer_auth(TOKEN).send().await.unwrap();
        assert_eq!(response.status(), 200);
        start.elapsed()
    }

    /// Asserts that others are answered soon, for a while. A single slow answer may be the machine's.
    pub async fn assert_others_are_served(&self) {
        let mut waits = Vec::new();
        for _ in 0..20 {
            waits.push(self.wait_of_another().await);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        waits.sort_unstable();
        assert!(waits[waits.len() - 2] < PATIENCE, "{waits:?}");
    }

    pub async fn post(&self, path: &str, body: &serde_json::Value) -> u16 {
        let url = format!("{}/api/v3{path}", self.server.url);
        self.client.post(url).bearer_auth(TOKEN).json(body).send().await.unwrap().status().as_u16()
    }

    /// The memory of the program, in MiB.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.child.id())).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        resident.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }

    /// Waits until the memory is at most this many MiB.
    pub fn wait_for_memory(&self, most: u64) {
        wait_until(Duration::from_secs(15), || self.memory() <= most, || format!("{} MiB", self.memory()));
    }

    /// Ends the program, which has to be soon, and to have had no panic.
    pub fn stop(self) {
        let start = Instant::now();
        let Self { server, log, .. } = &self;
        server.signal("TERM");
        let pid = server.child.id();
        let is_gone = || !std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "));
        wait_until(Duration::from_secs(5), is_gone, || "the server doesn't stop".into());
        let log = std::fs::read_to_string(log).unwrap();
        assert!(!log.contains("panicked") && !log.contains("ERROR"), "{log}");
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}

/// The head of a request with the token.
pub fn request(method: &str, path: &str, headers: &str) -> String {
    format!(
        "{method} /api/v3{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n\
         content-type: application/json\r\n{headers}\r\n"
    )
}

/// Reads until the server closes the connection.
pub fn read_all(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => format!("{error}, after {}", String::from_utf8_lossy(&bytes)),
    }
}

/// The status line and the rest of what the server answers before it closes the connection.
pub fn status(stream: TcpStream) -> u16 {
    let response = read_all(stream);
    response.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("{response}"))
}

pub fn wait_until(most: Duration, is_so: impl Fn() -> bool, what: impl Fn() -> String) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < most, "{}", what());
        sleep(Duration::from_millis(20));
    }
}
