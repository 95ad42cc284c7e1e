//! Start and end.

use std::{os::unix::fs::PermissionsExt, process::Stdio, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};

use super::{StandIn, command};
use crate::support::program::{Running, http_client, rollcall, stderr};

#[tokio::test]
async fn it_prints_where_it_is_and_leaves_nothing_behind() {
    let stand_in = StandIn::start(&["--edition", "2026.8", "--token", "my-token"]);
    let url = &stand_in.url;
    assert!(url.starts_with("http://127.0.0.1:") && !url.ends_with('/'), "{url}");
    let api = format!("{url}/api/v3");
    assert_eq!(stand_in.ready, json!({"url": url, "api": api, "token": "my-token", "edition": "2026.8"}));
    let (status, version) = stand_in.send_as("my-token", Method::GET, "/api/v3/admin/version/", Value::Null).await;
    assert_eq!((status, &version["version_current"]), (200, &json!("2026.8.5")));
    let (status, me) = stand_in.send_as("my-token", Method::GET, "/api/v3/core/users/me/", Value::Null).await;
    assert_eq!((status, &me["user"]["username"], &me["user"]["pk"]), (200, &json!("akadmin"), &json!(1)));

    let names = stand_in.temporary_files();
    assert_eq!(names.len(), 1, "{names:?}");
    let directory = std::fs::metadata(stand_in.temporary.path().join(&names[0])).unwrap();
    assert_eq!(directory.permissions().mode() & 0o777, 0o700);
    stand_in.signal("TERM");
    stand_in.ends();

    for signal in ["INT", "HUP"] {
        let interrupted = StandIn::start(&[]);
        assert_eq!(interrupted.ready["token"], "stand-in-token");
        interrupted.signal(signal);
        interrupted.ends();
    }
}

#[tokio::test]
async fn it_ends_with_its_standard_input_only_if_asked_to() {
    let mut asked = StandIn::start(&["--until-stdin-ends"]);
    let mut not_asked = StandIn::start(&[]);
    drop(not_asked.child.stdin.take());
    assert_eq!(asked.create("ada").await.0, 201, "it is there while its standard input is");
    drop(asked.child.stdin.take());
    asked.ends();
    assert_eq!(not_asked.create("ada").await.0, 201);
}

#[tokio::test]
async fn a_client_that_waits_does_not_keep_it_from_ending() {
    let stand_in = StandIn::start(&[]);
    stand_in.set_fault(json!({"delay": 60})).await;
    let (client, url) = (stand_in.client.clone(), format!("{}/api/v3/root/config/", stand_in.url));
    let waiting = tokio::spawn(async move { client.get(url).send().await.unwrap().status().as_u16() });
    while stand_in.requests("").await.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stand_in.signal("TERM");
    assert_eq!(waiting.await.unwrap(), 200, "the delay ends, and the request is carried out");
    stand_in.ends();
}

#[tokio::test]
async fn what_a_killed_one_has_left_is_removed_by_the_next() {
    let mut killed = StandIn::start(&[]);
    let alive = StandIn::start(&[]);
    killed.child.kill().unwrap();
    killed.child.wait().unwrap();
    let left = killed.temporary_files();
    assert_eq!(left.len(), 1);
    let next = command(&killed.temporary, &[]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let temporary = tempfile::TempDir::new().unwrap();
    let next = StandIn::wait_for(next, temporary);
    let path = killed.temporary.path().join(&left[0]);
    for _ in 0..500 {
        if !path.exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(killed.temporary_files().len(), 1, "there is that of the next one");
    assert!(!path.exists());
    assert_eq!(next.create("ada").await.0, 201);
    assert_eq!(alive.create("ada").await.0, 201);
}

#[test]
fn wrong_arguments_are_refused() {
    let temporary = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (arguments, code, message) in [
        (&["--port", &*port][..], 1, "127.0.0.1:"),
        (&["--token", "two words"], 2, "--token: Use only visible ASCII characters, without spaces."),
        (&["--token-lifetime", "0"], 2, "--token-lifetime"),
        (&["--edition", "2025.2"], 2, "there are 2024.8 and 2026.8"),
        (&["--time", "tomorrow"], 2, "--time"),
        (&["--time", "1969-12-31T23:59:59Z"], 2, "Ensure the time is in one of the years 1970 to 8999."),
        (&["--seed", "/nowhere/seed.yaml"], 2, "/nowhere/seed.yaml: No such file or directory"),
    ] {
        let output = command(&temporary, arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(stderr(&output).contains(message), "{arguments:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn an_ordinary_server_has_nothing_of_it() {
    let directory = tempfile::tempdir().unwrap();
    let server =
        Running::start(rollcall(&directory.path().join("data")).env("ROLLCALL_BOOTSTRAP_TOKEN", "given-token"));
    let client = http_client().build().unwrap();
    for path in ["reset", "requests", "faults", "time", ""] {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            let url = format!("{}/-/stand-in/{path}", server.url);
            let response = client.request(method.clone(), url).bearer_auth("given-token").send().await.unwrap();
            assert_eq!(response.status(), 404, "{method} {path}");
        }
    }
    server.stop();
    for flag in ["--seed=x", "--token=x", "--time=2026-01-01T00:00:00Z", "--token-lifetime=1", "--until-stdin-ends"] {
        let output = rollcall(directory.path()).args(["serve", flag]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{flag}");
        assert!(stderr(&output).contains("unexpected argument"), "{flag}: {}", stderr(&output));
    }
}

#[test]
fn the_readme_shows_the_example_as_it_is_run() {
    let example = include_str!("../../examples/pytest/test_lost_response.py");
    assert!(include_str!("../../README.md").contains(&format!("```python\n{example}```\n")));
}
