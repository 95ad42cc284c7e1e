//! Values that settings refuse: the message names the setting, where the value is, and an example.

use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt, path::Path, process::Command};

use crate::support::program::{Running, rollcall, stderr};

/// The message with which the program refuses to start.
fn refusal(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(output.stdout.is_empty());
    stderr(&output)
}

fn serve(directory: &Path) -> Command {
    let mut command = rollcall(&directory.join("data"));
    command.env_remove("ROLLCALL_LISTEN").arg("serve");
    command
}

#[test]
fn a_refused_value_is_told_with_its_setting_and_an_example_wherever_it_is() {
    const PASSWORDS: &str = "expected `postgres://USER:PASSWORD@HOST:PORT/NAME`";
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rollcall.toml");
    for (name, value, shown, expected) in [
        (
            "listen",
            ":8000",
            "\":8000\"",
            "an IP address or `localhost`, a colon, and a port; for example 127.0.0.1:8000",
        ),
        ("listen", "example.com:80", "\"example.com:80\"", "for example 127.0.0.1:8000"),
        ("max-body", "0", "\"0\"", "expected a whole number, 1 or more; for example 1048576"),
        ("max-connections", "0", "\"0\"", "expected a whole number, 1 or more; for example 4096"),
        ("idle-timeout", "0", "\"0\"", "expected a whole number, 1 or more; for example 75"),
        ("list-timeout", "1s", "\"1s\"", "for example 10"),
        ("request-timeout", "4294967296", "\"4294967296\"", "the number is too large; for example 60"),
        ("max-attributes", "1", "\"1\"", "2 or more; for example 262144"),
        ("database-connections", "-1", "\"-1\"", "from 1 to 10000; for example 20"),
        (
            "log",
            "inof",
            "\"inof\"",
            "`inof` is none of the levels off, error, warn, info, debug and trace; for example info",
        ),
        ("log", "rollcall=verbose", "\"rollcall=verbose\"", "`verbose` is none of the levels"),
        ("max-header-fields", "10001", "\"10001\"", "expected a whole number, from 16 to 10000; for example 100"),
        ("max-header", "1023", "\"1023\"", "expected a whole number, 1024 or more; for example 65536"),
        ("edition", "2023.10", "\"2023.10\"", "there are 2024.8 and 2026.8"),
        ("avatars", "faces", "\"faces\"", "for example initials"),
        ("trusted-proxies", "proxy", "\"proxy\"", "such as `192.0.2.1`"),
        ("cors-origins", "example.com", "\"example.com\"", "such as `https://app.example.com`"),
        ("bootstrap-token", "x", "(hidden)", "at least 8 visible ASCII characters"),
        ("bootstrap-token", "", "(hidden)", "at least 8 visible ASCII characters"),
        ("bootstrap-token", "hush hush hush", "(hidden)", "without spaces; `openssl rand -hex 32`"),
        ("secret-key", "x", "(hidden)", "fewer than 16 characters; `openssl rand -base64 32`"),
        ("database-url", "mysql://hush@h/d", "(hidden)", "expected `sqlite:FILE` or `postgres://USER"),
        ("database-url", "postgres://me:hush@h:port/d", "(hidden)", PASSWORDS),
        ("database-url", "postgres://me:hush@h1,h2:port/d", "(hidden)", PASSWORDS),
        ("database-url", "postgres://me:hush@h1,/d", "(hidden)", "a host is empty; expected `postgres://USER"),
        ("database-read-url", "mysql://hush@h/d", "(hidden)", "expected `sqlite:FILE` or `postgres://USER"),
    ] {
        let expected_from = |place: &str| format!("error: --{name}, from {place}: {shown} can't be used: ");
        let assert_told = |message: String, place: &str| {
            assert!(message.starts_with(&expected_from(place)) && message.contains(expected), "{message}");
            assert!(!message.contains("hush") && message.lines().count() == 1, "{message}");
        };
        let key = name.replace('-', "_");
        assert_told(refusal(serve(directory.path()).arg(format!("--{name}={value}"))), "the command line");
        let variable = format!("ROLLCALL_{}", key.to_uppercase());
        assert_told(refusal(serve(directory.path()).env(&variable, value)), &format!("the variable {variable}"));
        fs::write(&file, format!("# mine\n\n{key} = '{value}'\n")).unwrap();
        let message = refusal(serve(directory.path()).arg("--config").arg(&file));
        assert_told(message, &format!("{}, line 3", file.display()));
    }
    assert!(!directory.path().join("data").exists(), "nothing was created");
}

#[test]
fn a_refused_value_is_told_by_every_command_with_settings() {
    let directory = tempfile::tempdir().unwrap();
    for command in [&["check"][..], &["config"], &["token", "create", "--user", "akadmin"]] {
        let mut refused = rollcall(directory.path());
        let message = refusal(refused.args(command).env("ROLLCALL_LIST_TIMEOUT", "soon"));
        assert!(message.starts_with("error: --list-timeout, from the variable ROLLCALL_LIST_TIMEOUT: \"soon\""));
    }
}

#[test]
fn a_switch_is_true_or_false() {
    let directory = tempfile::tempdir().unwrap();
    let message = refusal(serve(directory.path()).env("ROLLCALL_ALLOW_PLAINTEXT", "maybe"));
    assert!(message.contains("ROLLCALL_ALLOW_PLAINTEXT: \"maybe\""), "{message}");
    assert!(message.ends_with("; for example true\n"), "{message}");
}

#[test]
fn a_variable_that_is_not_text_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let message = refusal(serve(directory.path()).env("ROLLCALL_LOG", OsStr::from_bytes(b"info\xff")));
    assert!(message.starts_with("error: the variable ROLLCALL_LOG: "), "{message}");
}

#[test]
fn the_first_of_the_places_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rollcall.toml");
    fs::write(&file, "max_body = 0\n").unwrap();
    let mut command = serve(directory.path());
    command.env("ROLLCALL_CONFIG", &file).env("ROLLCALL_MAX_BODY", "-0");
    assert!(refusal(&mut command).contains("from the variable ROLLCALL_MAX_BODY: \"-0\""));
    assert!(refusal(command.args(["--max-body", "none"])).contains("from the command line: \"none\""));
}

#[test]
fn an_unknown_key_of_the_file_is_told_with_its_line_and_the_known_one() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rollcall.toml");
    for (line, expected) in [
        ("max-body = 1", "unknown setting `max-body`; did you mean `max_body`?"),
        ("lisen = 'x'", "unknown setting `lisen`; did you mean `listen`?"),
        ("[server]", "unknown setting `server`"),
        ("max_body = [1]", "`max_body` must be a string, number or boolean"),
        ("max_body = 1.5", "`max_body` must be a string, number or boolean"),
    ] {
        fs::write(&file, format!("log = 'info'\n{line}\n")).unwrap();
        let message = refusal(serve(directory.path()).env("ROLLCALL_CONFIG", &file));
        assert!(message.starts_with(&format!("error: {}, line 2: {expected}", file.display())), "{message}");
    }
    let missing = directory.path().join("none.toml");
    let message = refusal(serve(directory.path()).env("ROLLCALL_CONFIG", &missing));
    assert!(message.contains("none.toml: No such file or directory"), "{message}");
    let output = rollcall(directory.path()).arg("openapi").env("ROLLCALL_CONFIG", &missing).output().unwrap();
    assert!(output.status.success(), "a command without settings doesn't need the file");
}

#[tokio::test]
async fn localhost_is_an_address_to_listen_on() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = serve(directory.path());
    let server = Running::start_as_is(command.args(["--listen", "localhost:0"]));
    assert!(server.url.starts_with("http://127.0.0.1:"), "{}", server.url);
    assert_eq!(server.me(server.token.as_deref().unwrap()).await.0, 200);
    server.stop();
}

#[test]
fn a_read_replica_is_one_of_postgresql() {
    let directory = tempfile::tempdir().unwrap();
    let replica = "postgres://me:hush@127.0.0.1:1/d";
    for (database, replica) in [("sqlite:file", replica), (replica, "sqlite:hush")] {
        let mut command = serve(directory.path());
        command.env("ROLLCALL_SECRET_KEY", "a secret for this test").env("ROLLCALL_DATABASE_URL", database);
        let output = command.env("ROLLCALL_DATABASE_READ_URL", replica).output().unwrap();
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(message.starts_with("error: ROLLCALL_DATABASE_READ_URL (--database-read-url) is for"), "{message}");
        assert!(!message.contains("hush"), "{message}");
    }
}
