//! Lists, through pipes.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use serde_json::json;

use super::{command, run};
use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_of_a_list_are_printed() {
    let server = Server::start().await;
    server.add_users(1..=2_500, &json!({})).await;
    let text = run(&server, &["user", "list"]).text().to_owned();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 2_501);
    assert!(lines[0].starts_with("PK ") && lines[1].contains(" a1 ") && lines[2_501].contains(" akadmin "));
    let names = lines[0].find(" NAME").unwrap() + 1;
    for line in &lines[1..] {
        assert!(line[..names].ends_with("  ") && line.len() < 80, "{line}");
    }
    let json = run(&server, &["user", "list", "--json"]).json();
    assert_eq!(json.as_array().unwrap().len(), 2_501);
    assert_eq!((&json[0]["username"], &json[2_500]["username"]), (&json!("a1"), &json!("akadmin")));
    let sorted = run(&server, &["user", "list", "--ordering=-username", "--json"]).json();
    assert_eq!((&sorted[0]["username"], &sorted[2_500]["username"]), (&json!("akadmin"), &json!("a1")));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_large_objects_is_fetched_in_smaller_parts() {
    let server = Server::start().await;
    // 250 users of 200 kB are more than a response may have.
    server.add_users(1..=250, &json!({"text": "x".repeat(200_000)})).await;
    let json = run(&server, &["user", "list", "--json"]).json();
    assert_eq!(json.as_array().unwrap().len(), 251);
    assert_eq!(run(&server, &["user", "list"]).text().lines().count(), 252);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_has_enough_ends_the_list_quietly() {
    let server = Server::start().await;
    server.add_users(1..=2_500, &json!({})).await;
    for arguments in [&["user", "list"][..], &["user", "list", "--json"]] {
        let mut command = command(&server, arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        assert!(!first.is_empty());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_listed_by_search_group_state_and_path() {
    let server = Server::start().await;
    run(&server, &["group", "create", "Staff"]).text();
    run(&server, &["user", "create", "ada", "--name", "Ada Lovelace", "--group", "Staff", "--path", "staff/berlin"])
        .text();
    run(&server, &["user", "create", "bob", "--inactive"]).text();
    let names = |arguments: &[&str]| {
        let listed = run(&server, &[&["user", "list", "--json"], arguments].concat()).json();
        listed.as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&[]), ["ada", "akadmin", "bob"]);
    assert_eq!(names(&["--search", "lovelace"]), ["ada"]);
    assert_eq!(names(&["--group", "Staff"]), ["ada"]);
    assert_eq!(names(&["--active"]), ["ada", "akadmin"]);
    assert_eq!(names(&["--inactive"]), ["bob"]);
    assert_eq!(names(&["--path-prefix", "staff"]), ["ada"]);
    assert_eq!(run(&server, &["user", "list", "--search", "nobody", "--json"]).text(), "[]\n");
    let unknown = run(&server, &["user", "list", "--group", "nobody"]);
    unknown.assert_fails_with(6, "the server refused it: groups_by_name: ");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_terminal_could_obey_is_escaped_wherever_it_is_printed() {
    let server = Server::start().await;
    let evil = "a\u{1b}[31mred\u{9b}0m\u{202e}\u{7}";
    server.user("evil", json!({"name": evil, "attributes": {"text": evil}})).await;
    server.group(json!({"name": evil, "users": [2]})).await;
    server.post("/core/tokens/", json!({"identifier": "t", "description": evil})).await;
    let escaped = "a\\u{1b}[31mred\\u{9b}0m\\u{202e}\\u{7}";
    for arguments in [
        &["user", "list"][..],
        &["user", "show", "evil"],
        &["user", "list", "--json"],
        &["user", "show", "evil", "--json"],
        &["group", "list"],
        &["group", "show", evil],
        &["group", "list", "--json"],
        &["group", "add", evil, "evil"],
        &["group", "delete", "--yes", evil],
        &["token", "list"],
        &["token", "list", "--json"],
    ] {
        let ran = run(&server, arguments);
        let text = ran.text();
        assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\u{7}']), "{arguments:?}: {text:?}");
        if arguments.contains(&"--json") {
            assert!(ran.json().to_string().contains("\u{9b}0m\u{202e}"), "JSON has the same text: {text}");
        } else {
            assert!(text.contains(escaped), "{arguments:?}: {text}");
        }
    }
    let missing = run(&server, &["user", "show", evil]);
    assert!(!missing.stderr.contains('\u{1b}') && missing.code == Some(5), "{missing:?}");
    server.stop().await;
}
