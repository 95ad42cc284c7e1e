//! Tokens, over the API and in the database.

use std::{fs, path::Path, process::Command};

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::domain::clock;
use serde_json::json;

use super::{Ran, command, run};
use crate::support::{
    Server,
    database::Database,
    program::{Running, rollcall},
    program_on,
};

const CREATE: [&str; 4] = ["token", "create", "--user", "akadmin"];

/// The key that a command printed, if it succeeded.
fn key(ran: &Ran) -> &str {
    assert_eq!((ran.code, ran.stdout.lines().count()), (Some(0), 1), "{ran:?}");
    ran.stdout.trim()
}

/// What is in a directory; `None` if it doesn't exist.
fn names(directory: &Path) -> Option<Vec<String>> {
    let entries = fs::read_dir(directory).ok()?;
    Some(entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_created_listed_and_revoked_over_the_api() {
    let server = Server::start().await;
    run(&server, &["user", "create", "ada"]).text();
    let created = run(&server, &["token", "create", "--user", "ada", "--identifier", "ada-api"]);
    let note = format!(
        "created token ada-api of user ada at {}. It never expires; --expires 30d, for example, would limit it.\n",
        server.url
    );
    assert_eq!(created.stderr, note);
    let key = key(&created).to_owned();
    let me = server.send(server.request(reqwest::Method::GET, "/core/users/me/").bearer_auth(&key)).await;
    assert_eq!(me.body["user"]["username"], "ada");
    let listed = run(&server, &["token", "list", "--user", "ada"]);
    let expected = "IDENTIFIER  USER  INTENT  EXPIRES  DESCRIPTION\nada-api     ada   api     never    Created on the command line\n";
    assert_eq!(listed.text(), expected);

    let options =
        ["--identifier", "door", "--intent", "app_password", "--description", "Door", "--expires", "30d", "--json"];
    let created = run(&server, &[&["token", "create", "--user", "ada"], &options[..]].concat());
    assert!(created.stderr.contains("It expires at "), "{created:?}");
    let object: serde_json::Value = serde_json::from_str(&created.stdout).unwrap();
    assert_eq!((&object["identifier"], &object["user"]), (&json!("door"), &json!("ada")));
    assert!(object["expires"].as_str().unwrap().ends_with('Z'), "as the API writes times: {object}");
    let token = server.get("/core/tokens/door/").await.body;
    assert_eq!(
        (&token["intent"], &token["description"], &token["expiring"]),
        (&json!("app_password"), &json!("Door"), &json!(true))
    );
    assert_eq!(server.get("/core/tokens/door/view_key/").await.body["key"], object["key"]);
    let expires: DateTime<Utc> = token["expires"].as_str().unwrap().parse().unwrap();
    assert_eq!(object["expires"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap(), expires);
    assert!((expires - clock::now() - TimeDelta::days(30)).abs() < TimeDelta::minutes(5), "{expires}");

    let again = run(&server, &["token", "create", "--user", "ada", "--identifier", "door"]);
    again.assert_fails(6, "the server refused it: identifier: This field must be unique.");
    run(&server, &["token", "create", "--user", "nobody"]).assert_fails(5, "there is no user \"nobody\"");
    let as_ada = |arguments: &[&str]| Ran::new(command(&server, arguments).env("ROLLCALL_TOKEN", &key));
    assert_eq!(
        as_ada(&["token", "create", "--user", "ada", "--identifier", "own"]).code,
        Some(0),
        "users manage their own"
    );
    as_ada(&CREATE).assert_fails_with(4, "not allowed: ");
    run(&server, &["token", "revoke", "ada-api"]).assert_fails_with(2, "use --yes");
    assert_eq!(run(&server, &["token", "revoke", "ada-api", "--yes"]).text(), "revoked token ada-api of ada\n");
    as_ada(&["token", "list"]).assert_fails_with(4, "Token invalid/expired");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_or_with_a_named_place_it_is_created_in_the_database() {
    let database = Database::create().await;
    let with_database = || program_on(&database);
    let server = Running::start(&mut with_database());
    let created = Ran::new(with_database().args(CREATE).args(["--identifier", "second", "--expires", "12h", "--json"]));
    let object: serde_json::Value = serde_json::from_str(&created.stdout).unwrap();
    assert_eq!((&object["identifier"], &object["user"]), (&json!("second"), &json!("akadmin")), "{created:?}");
    let (status, _) = server.me(object["key"].as_str().unwrap()).await;
    assert_eq!(status, 200);
    let place = if database.is_postgres() { "in postgres://" } else { "in sqlite:/" };
    assert!(created.stderr.contains(place) && created.stderr.contains("It expires at "), "{created:?}");
    let taken = Ran::new(with_database().args(CREATE).args(["--identifier", "second"]));
    taken.assert_fails(6, "identifier: it is taken by another token");

    // A token that is known is used, unless the place is named.
    let known = || {
        let mut command = with_database();
        command.env("ROLLCALL_URL", "http://127.0.0.1:1").env("ROLLCALL_TOKEN", "given").args(CREATE);
        command
    };
    assert_eq!(Ran::new(&mut known()).code, Some(3));
    let created = Ran::new(known().args(["--database-url", &database.url]));
    assert_eq!(server.me(key(&created)).await.0, 200);
    // A server that is named is asked.
    let named = Ran::new(with_database().args(CREATE).args(["--url", &server.url]));
    named.assert_fails_with(2, &format!("no API token for {}", server.url));
    server.stop();
    database.remove().await;
}

#[test]
fn nothing_is_created_where_there_is_no_directory_yet() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("data");
    let refused = |command: &mut Command| {
        let message = format!("{}: no Rollcall database exists here yet. Run `rollcall serve` first", data.display());
        Ran::new(command).assert_fails_with(1, &message);
    };
    refused(rollcall(&data).args(CREATE));
    refused(rollcall("nowhere".as_ref()).args(CREATE).arg("--data-dir").arg(&data));
    assert_eq!(names(&data), None);
    fs::create_dir(&data).unwrap();
    refused(rollcall(&data).args(CREATE));
    refused(rollcall(&data).args(CREATE).env("ROLLCALL_SECRET_KEY", "sixteen--letters"));
    assert_eq!(names(&data), Some(vec![]));
    // What a killed first start may leave.
    fs::write(data.join("rollcall.sqlite3"), "").unwrap();
    refused(rollcall(&data).args(CREATE));
    assert_eq!(names(&data), Some(vec!["rollcall.sqlite3".to_owned()]));
    assert_eq!(fs::metadata(data.join("rollcall.sqlite3")).unwrap().len(), 0);

    let file = parent.path().join("other.sqlite3");
    let mut command = rollcall(&data);
    let named = Ran::new(command.args(CREATE).args(["--database-url", &format!("sqlite:{}", file.display())]));
    named.assert_fails_with(1, &format!("{}: no Rollcall database exists here yet", file.display()));
    assert!(!file.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_or_older_database_is_left_as_it_is() {
    let database = Database::create().await;
    let create = || {
        let mut command = program_on(&database);
        command.env("ROLLCALL_SECRET_KEY", "sixteen--letters");
        command
    };
    for command in [&mut create(), create().env_remove("ROLLCALL_SECRET_KEY")] {
        Ran::new(command.args(CREATE)).assert_fails_with(1, "no Rollcall database exists here yet");
    }
    if database.is_postgres() {
        let tables = "SELECT count(*) AS number FROM pg_tables WHERE schemaname = 'public'";
        assert_eq!(database.number(tables).await, 0);
    }
    Running::start(&mut create()).stop();
    let none = Ran::new(create().env_remove("ROLLCALL_SECRET_KEY").args(CREATE));
    none.assert_fails_with(1, "secret.key: there is no secret key here. Set ROLLCALL_SECRET_KEY");
    assert!(!database.directory().join("secret.key").exists());
    let wrong = Ran::new(create().env("ROLLCALL_SECRET_KEY", "another secret key").args(CREATE));
    wrong.assert_fails_with(1, "the secret key is not the one this database was created with");
    database.execute("DELETE FROM seaql_migrations WHERE version = 'm0006_parents_and_dates'").await;
    let older = Ran::new(create().args(CREATE));
    older.assert_fails_with(
        1,
        "the database is of an older version of Rollcall. Start this version with `rollcall serve`",
    );
    database.remove().await;
}
