//! The program: startup, shutdown, settings.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    time::Duration,
};

use futures_util::future::join_all;
use serde_json::json;

use crate::support::{
    database::Database,
    program::{Running, http_client, rollcall, stderr},
    program_on,
};

#[tokio::test]
async fn the_first_start_creates_an_administrator_and_later_ones_do_not() {
    let database = Database::create().await;
    let serve = || Running::start(&mut program_on(&database));
    let first = serve();
    let token = first.token.clone().expect("the token is shown");
    let (status, me) = first.me(&token).await;
    assert_eq!((status, &me["user"]["username"]), (200, &json!("akadmin")));
    first.stop();

    let key = std::fs::metadata(database.directory().join("secret.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);

    let second = serve();
    assert_eq!(second.token, None);
    assert_eq!(second.me(&token).await, (200, me), "users, token and uid are unchanged");
    second.stop();
    database.remove().await;
}

#[tokio::test]
async fn without_settings_everything_is_stored_in_the_data_directory() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("deep/data");
    let server = Running::start(rollcall(&data).env("ROLLCALL_BOOTSTRAP_TOKEN", "given-token"));
    assert_eq!(server.token, None, "a given token is not printed");
    assert_eq!(server.me("given-token").await.0, 200);
    assert!(data.join("rollcall.sqlite3").is_file());
    server.stop();
}

#[tokio::test]
async fn a_different_secret_key_is_rejected_with_a_clear_message() {
    let database = Database::create().await;
    let command = || program_on(&database);
    Running::start(command().env("ROLLCALL_SECRET_KEY", "the first secret key")).stop();
    let rejected = command().env("ROLLCALL_SECRET_KEY", "the second secret key").arg("serve").output().unwrap();
    assert!(!rejected.status.success());
    assert!(
        stderr(&rejected).contains("the secret key is not the one this database was created with"),
        "{}",
        stderr(&rejected)
    );
    Running::start(command().env("ROLLCALL_SECRET_KEY", "the first secret key")).stop();
    database.remove().await;
}

#[tokio::test]
async fn a_token_can_be_created_while_the_server_runs() {
    let database = Database::create().await;
    let command = || program_on(&database);
    let server = Running::start(&mut command());
    let create =
        |user: &str| command().args(["token", "create", "--user", user, "--identifier", "second"]).output().unwrap();
    let created = create("akadmin");
    assert!(created.status.success(), "{}", stderr(&created));
    let key = String::from_utf8(created.stdout).unwrap();
    assert_eq!(server.me(key.trim()).await.0, 200);
    assert!(stderr(&create("nobody")).contains("there is no user \"nobody\""));
    assert!(!create("akadmin").status.success(), "the identifier is taken");
    server.stop();
    database.remove().await;
}

#[tokio::test]
async fn sigterm_lets_a_request_in_flight_finish() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Running::start(rollcall(directory.path()).env("ROLLCALL_BOOTSTRAP_TOKEN", "given-token"));
    let body = r#"{"username":"late","name":"n"}"#;
    let mut connection = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    write!(
        connection,
        "POST /api/v3/core/users/ HTTP/1.1\r\nhost: x\r\nauthorization: Bearer given-token\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{}",
        body.len(),
        &body[..10]
    )
    .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    server.signal("TERM");
    std::thread::sleep(Duration::from_millis(300));
    assert!(server.child.try_wait().unwrap().is_none(), "it waits for the request");
    connection.write_all(&body.as_bytes()[10..]).unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 201 Created"), "{response}");
    assert!(server.child.wait().unwrap().success());
}

#[tokio::test]
async fn settings_come_from_flags_then_environment_then_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rollcall.toml");
    std::fs::write(&file, "bootstrap_token = \"from-file\"\nmax_body = 50\nlog = \"warn\"\n").unwrap();
    let command = |data: &str| {
        let mut command = rollcall(&directory.path().join(data));
        command.env("ROLLCALL_CONFIG", &file);
        command
    };
    let server = Running::start(&mut command("a"));
    assert_eq!(server.me("from-file").await.0, 200);
    let url = format!("{}/api/v3/core/users/", server.url);
    let request = http_client().build().unwrap().post(url).bearer_auth("from-file");
    assert_eq!(request.json(&json!({"username": "x".repeat(60)})).send().await.unwrap().status(), 413);
    server.stop();

    let server = Running::start(command("b").env("ROLLCALL_BOOTSTRAP_TOKEN", "from-environment"));
    assert_eq!(server.me("from-environment").await.0, 200);
    server.stop();

    let mut flagged = command("c");
    flagged.args(["serve", "--bootstrap-token", "from-flag"]).env("ROLLCALL_BOOTSTRAP_TOKEN", "from-environment");
    let server = Running::start_as_is(&mut flagged);
    assert_eq!(server.me("from-flag").await.0, 200);
    server.stop();

    let mut empty = command("e");
    for name in ["DATABASE_URL", "SECRET_KEY", "AVATARS", "MAX_BODY"] {
        empty.env(format!("ROLLCALL_{name}"), "");
    }
    let server = Running::start(&mut empty);
    assert_eq!(server.me("from-file").await.0, 200, "an empty variable counts as unset");
    server.stop();
}

#[test]
fn help_and_documentation_name_every_setting_and_no_secret() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = rollcall(directory.path());
    command.env("ROLLCALL_SECRET_KEY", "hush-1").env("ROLLCALL_BOOTSTRAP_TOKEN", "hush-2");
    let help =
        command.env("ROLLCALL_DATABASE_URL", "postgres://u:hush-3@h/d").args(["serve", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let names = |text: &str, start: &str| -> BTreeSet<String> {
        let found = text.split(start).skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_uppercase() && c != '_'));
        found.filter_map(|mut words| words.next().map(ToOwned::to_owned)).collect()
    };
    let mut documented = names(include_str!("../docs/settings.md"), "\n| `ROLLCALL_");
    // It is in the text above the tables.
    documented.insert("CONFIG".into());
    assert_eq!(names(&help, "ROLLCALL_"), documented);
    assert!(!help.contains("hush"), "{help}");
}

#[tokio::test]
async fn requests_are_logged_on_demand_and_never_with_their_token() {
    for (filter, lines) in [("info", 0), ("info,rollcall::http=debug", 1)] {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("log");
        let mut command = rollcall(directory.path());
        command.args(["serve", "--log", filter]).env("ROLLCALL_BOOTSTRAP_TOKEN", "secret-of-the-test");
        let server = Running::start_with_log(&mut command, std::fs::File::create(&log).unwrap());
        assert_eq!(server.me("secret-of-the-test").await.0, 200);
        server.stop();
        let log = std::fs::read_to_string(log).unwrap();
        assert_eq!(log.matches("/api/v3/core/users/me/").count(), lines, "{log}");
        assert!(!log.contains("secret-of-the-test"), "{log}");
    }
}

#[tokio::test]
async fn a_burst_of_passwords_takes_little_memory() {
    let directory = tempfile::tempdir().unwrap();
    let server = Running::start(rollcall(directory.path()).env("ROLLCALL_BOOTSTRAP_TOKEN", "given-token"));
    let client = http_client().build().unwrap();
    let set_password = || {
        let url = format!("{}/api/v3/core/users/1/set_password/", server.url);
        client.post(url).bearer_auth("given-token").json(&json!({"password": "pass word"})).send()
    };
    let peak_mib = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
    };
    assert_eq!(set_password().await.unwrap().status(), 204);
    let one = peak_mib();
    for response in join_all((0..64).map(|_| set_password())).await {
        assert_eq!(response.unwrap().status(), 204);
    }
    // 19 MiB for each core, and some for the connections.
    let cores = std::thread::available_parallelism().unwrap().get();
    let more = peak_mib() - one;
    assert!(more < 19 * (cores - 1) + 32, "{more} MiB more than for one password");
    server.stop();
}
