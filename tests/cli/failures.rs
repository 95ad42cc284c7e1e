//! Exit codes and messages.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use super::{Ran, command, run};
use crate::support::{
    Server,
    program::{Running, rollcall},
};

/// A token that must never be printed.
const HUSH: &str = "hush-hush-hush";

/// A command for the server at a URL.
fn at(url: &str, arguments: &[&str]) -> Ran {
    Ran::new(rollcall("nowhere".as_ref()).env("ROLLCALL_URL", url).env("ROLLCALL_TOKEN", HUSH).args(arguments))
}

/// Answers every request with this, and returns the URL.
fn stranger(response: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0; 4_096]);
            let _ = connection.write_all(response.as_bytes());
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_failure_has_its_exit_code_and_one_message() {
    let server = Server::start().await;
    run(&server, &["user", "create", "ada"]).text();
    run(&server, &["user", "create", "ada"])
        .assert_fails(6, "the server refused it: username: This field must be unique.");
    let twice = run(&server, &["user", "create", "ada", "--email", "nobody", "--path", "/"]);
    twice.assert_fails(
        6,
        "the server refused it:\n  email: Enter a valid email address.\n  path: No leading or trailing slashes allowed.\n  \
         username: This field must be unique.",
    );
    run(&server, &["user", "create", &"x".repeat(151)]).assert_fails_with(6, "username: ");
    run(&server, &["user", "delete", "akadmin", "--yes"])
        .assert_fails(6, "the server refused it: At least one active superuser must remain.");
    run(&server, &["user", "show", "nobody"]).assert_fails(5, "there is no user \"nobody\"");
    run(&server, &["user", "create", "bob", "--group", "nobody"]).assert_fails(5, "there is no group \"nobody\"");
    for identifier in ["nobody", "..", "a/../b"] {
        let revoked = run(&server, &["token", "revoke", identifier, "--yes"]);
        revoked.assert_fails(5, &format!("there is no token {identifier:?}"));
    }
    at(&server.url, &["user", "list"]).assert_fails(4, "not allowed: Token invalid/expired");
    let plain = server.plain_token().await;
    let listed = Ran::new(command(&server, &["user", "list"]).env("ROLLCALL_TOKEN", plain));
    listed.assert_fails(4, "not allowed: You do not have permission to perform this action.");
    server.stop().await;
}

#[test]
fn wrong_arguments_and_settings_have_exit_code_2_and_no_token() {
    let no_token = Ran::new(rollcall("nowhere".as_ref()).args(["user", "list"]).env("ROLLCALL_TOKEN", ""));
    no_token.assert_fails_with(2, "no API token for http://127.0.0.1:8000. Set ROLLCALL_TOKEN");
    let unreachable = "http://127.0.0.1:1";
    for (url, problem) in [
        ("127.0.0.1:8000", "must look like http://127.0.0.1:8000"),
        ("ftp://127.0.0.1", "must start with http:// or https://"),
        ("https://me:hush-hush-hush@localhost", "must not have a user name or password"),
        ("http://192.0.2.1:8000", "use https://, or allow it with --allow-plaintext"),
    ] {
        let ran = at(url, &["user", "list"]);
        assert!(ran.code == Some(2) && ran.stderr.to_lowercase().contains(problem), "{url}: {ran:?}");
        assert!(!ran.stderr.contains(HUSH), "{ran:?}");
    }
    for arguments in [
        &["user", "create", "ada", "--attributes", "[]"][..],
        &["user", "create", "ada", "--type", "king"],
        &["user", "list", "--active", "--inactive"],
        &["user", "list", "--token"],
        &["user", "list", "--token", HUSH, HUSH],
        &["user", "list", "--tokne", HUSH],
        &["user", "list", HUSH],
        &["group", "add", "Staff"],
        &["token", "create", "--user", "ada", "--expires", "yesterday"],
        &["token", "create", "--user", "ada", "--identifier", "with space"],
        &["token", "create", "--user", "ada", "--intent", "recovery"],
        &["user", "list", "--url", unreachable, "--token", "hush-hush-hush\n"],
    ] {
        let ran = at(unreachable, arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{arguments:?}: {ran:?}");
        assert!(!ran.stderr.contains(HUSH), "{arguments:?}: {ran:?}");
    }
    for help in [&["--help"][..], &["user", "list", "--help"], &["token", "create", "--help"]] {
        let ran = at(unreachable, help);
        assert!(ran.text().contains("--") && !ran.text().contains(HUSH), "{ran:?}");
    }
    assert!(at(unreachable, &["--help"]).text().contains("  6  the server refuses the values"));
}

#[test]
fn an_unreachable_server_is_named_and_the_token_is_not() {
    let refused = at("http://127.0.0.1:1/api/v3/", &["user", "list"]);
    refused.assert_fails(3, "can't connect to http://127.0.0.1:1: Connection refused; `rollcall serve` starts a server, --url names another");
    at("http://localhost:1", &["group", "list"]).assert_fails_with(3, "can't connect to http://localhost:1: ");
    at("https://host.invalid", &["token", "list"]).assert_fails_with(3, "can't connect to https://host.invalid: ");
    let silent = stranger("");
    at(&silent, &["user", "list"]).assert_fails_with(3, &format!("the request to {silent} failed: "));
    let not_http = stranger("220 mail.example.com ESMTP\r\n");
    at(&not_http, &["user", "list"]).assert_fails_with(3, &format!("the request to {not_http} failed: "));
}

#[test]
fn what_is_no_answer_of_rollcall_is_said_so() {
    let page =
        stranger("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>");
    at(&page, &["user", "list"])
        .assert_fails(1, &format!("{page} did not respond like Rollcall. Is it the right URL?"));
    let other = stranger(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\nconnection: close\r\n\r\n{\"ok\":true}",
    );
    at(&other, &["user", "list", "--json"]).assert_fails_with(1, "did not respond like Rollcall");
    let missing = stranger(
        "HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>",
    );
    at(&missing, &["user", "list"]).assert_fails(
        1,
        &format!("{missing} did not respond like Rollcall: 404 Not Found with text/html. Is it the right URL?"),
    );
    let json = stranger("HTTP/1.1 404 Not Found\r\ncontent-length: 15\r\nconnection: close\r\n\r\n{\"message\":\"x\"}");
    at(&json, &["user", "list"]).assert_fails_with(1, ": 404 Not Found. Is it the right URL?");
    let moved = stranger(
        "HTTP/1.1 301 Moved Permanently\r\nlocation: https://example.com/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    );
    at(&moved, &["user", "list"])
        .assert_fails(1, &format!("{moved} redirects to https://example.com/. Use the URL of the server itself"));
    let cut = stranger("HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{");
    at(&cut, &["user", "list"]).assert_fails_with(3, &format!("the request to {cut} failed: "));
}

#[test]
fn a_server_that_asks_to_wait_has_exit_code_3() {
    let proxy = stranger(
        "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>",
    );
    at(&proxy, &["user", "list"]).assert_fails(3, &format!("the server failed: {proxy} answered 502 Bad Gateway."));
    let busy = stranger(
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 16\r\nconnection: close\r\n\r\n{\"detail\":\"Hm.\"}",
    );
    at(&busy, &["user", "list"]).assert_fails(3, "the server can't do it now: Hm. Try again in 1 s.");

    let directory = tempfile::tempdir().unwrap();
    let mut command = rollcall(directory.path());
    let server =
        Running::start(command.env("ROLLCALL_MAX_WRONG_TOKENS", "2").env("ROLLCALL_BOOTSTRAP_TOKEN", "given-token"));
    let codes: Vec<_> = (0..4)
        .map(|number| {
            let mut command = rollcall("nowhere".as_ref());
            command.env("ROLLCALL_URL", &server.url).env("ROLLCALL_TOKEN", format!("wrong-{number}"));
            let ran = Ran::new(command.args(["user", "list"]));
            (ran.code, ran.stderr.contains("Try again in "))
        })
        .collect();
    assert_eq!((codes[0], codes[3]), ((Some(4), false), (Some(3), true)), "{codes:?}");
    server.stop();
}

#[test]
fn a_proxy_of_the_environment_is_not_used_for_this_machine() {
    let directory = tempfile::tempdir().unwrap();
    let server = Running::start(rollcall(directory.path()).env("ROLLCALL_BOOTSTRAP_TOKEN", "given-token"));
    let mut command = rollcall("nowhere".as_ref());
    command
        .env("ROLLCALL_URL", &server.url)
        .env("ROLLCALL_TOKEN", "given-token")
        .env("http_proxy", "http://127.0.0.1:1");
    assert!(Ran::new(command.env("all_proxy", "http://127.0.0.1:1").args(["user", "list"])).text().contains("akadmin"));
    server.stop();
}
