//! Secrets in what the program prints.

use std::{fs, path::Path, process::Command};

use reqwest::Method;
use serde_json::json;

use crate::support::program::{Running, http_client, rollcall};

/// What every secret of these tests contains.
const HUSH: &str = "hush";

/// All that a command prints.
fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success());
    let printed = [output.stdout, output.stderr].concat();
    String::from_utf8(printed).unwrap()
}

fn assert_hidden(command: &mut Command, setting: &str) {
    let text = printed(command);
    assert!(!text.contains(HUSH) && text.contains(setting), "{setting}: {text}");
}

#[test]
fn errors_in_settings_name_the_setting_but_no_secret() {
    let directory = tempfile::tempdir().unwrap();
    let rollcall = || rollcall(&directory.path().join("data"));
    for url in ["postgre://me:hush@localhost/d", "me:hush@localhost", "hush", "postgres//x?password=hush"] {
        assert_hidden(rollcall().args(["serve", "--database-url", url]), "--database-url");
        assert_hidden(rollcall().args(["serve", &format!("--database-url={url}")]), "--database-url");
        assert_hidden(rollcall().arg("serve").env("ROLLCALL_DATABASE_URL", url), "--database-url");
        assert_hidden(
            rollcall().args(["token", "create", "--user", "akadmin", "--database-url", url]),
            "--database-url",
        );
    }
    for url in [
        "postgres://me:hush@localhost:port/d",
        "postgres://me:hush@localhost:99999/d",
        "postgres://me:hush@[/d",
        "postgres://localhost:1/d?password=hush&sslmode=hush",
        "postgres://me:hush@127.0.0.1:1/d",
        "postgres://127.0.0.1:1/d?user=me&password=hush",
    ] {
        assert_hidden(rollcall().args(["serve", "--database-url", url]), "");
    }
    assert_hidden(rollcall().args(["serve", "--secret-key", "hush"]), "--secret-key");
    // Words that belong to no flag may belong to a secret.
    assert_hidden(rollcall().args(["serve", "--bootstrap-token", "two", "hush"]), "unexpected argument");
    assert_hidden(rollcall().args(["serve", "--secret-kye=hush"]), "--secret-kye");
}

#[test]
fn errors_in_the_settings_file_name_the_line_but_no_secret() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rollcall.toml");
    let assert_hidden_in_file = |text: &str, expected: &str| {
        fs::write(&file, text).unwrap();
        let mut command = rollcall(&directory.path().join("data"));
        assert_hidden(command.arg("serve").env("ROLLCALL_CONFIG", &file), expected);
    };
    for line in [
        "secret_key = \"hush",
        "secret_key = hush",
        "secret_key = 'hush'x",
        "secret_key = \"hush\" hush",
        "secret_key \"hush\"",
        "secret_key = \"\\hush\"",
        "secret_key = [\"hush\"",
        "secret_key = 12hush",
        "secret_key = hush:hush",
        "secret_key = \"hush\"\nsecret_key = \"hush\"",
        "\"hush",
        "[hush",
        "hush",
        "secret_key = \"\"\"hush",
    ] {
        assert_hidden_in_file(&format!("log = \"info\"\n{line}\n"), "rollcall.toml, line ");
    }
    assert_hidden_in_file("secret_key = [\"hush\"]\n", "`secret_key` must be a string");
    assert_hidden_in_file("database_url = \"postgre://hush@h/d\"\n", "--database-url");
    assert_hidden_in_file("secret_key = \"hush\"\n", "--secret-key, from ");
}

/// Calls with every secret there is.
async fn use_secrets(server: &Running) {
    let client = http_client().build().unwrap();
    let send = async |token: &str, method: Method, path: &str, body: serde_json::Value| {
        let url = format!("{}/api/v3{path}", server.url);
        client.request(method, url).bearer_auth(token).json(&body).send().await.unwrap().status().as_u16()
    };
    let admin = "hush-administrator";
    assert_eq!(send(admin, Method::POST, "/core/tokens/", json!({"identifier": "t"})).await, 201);
    let key = json!({"key": "hush-key-that-is-long-enough-for-the-default"});
    assert_eq!(send(admin, Method::POST, "/core/tokens/t/set_key/", key).await, 204);
    assert_eq!(send(admin, Method::POST, "/core/tokens/t/set_key/", json!({"key": "hush ü"})).await, 400);
    assert_eq!(send(admin, Method::GET, "/core/tokens/t/view_key/", json!({})).await, 200);
    assert_eq!(send(admin, Method::POST, "/core/users/1/set_password/", json!({"password": "hush"})).await, 204);
    let hash = json!({"password": "pbkdf2_sha256$1000$hush$hush"});
    assert!([204, 400].contains(&send(admin, Method::POST, "/core/users/1/set_password_hash/", hash).await));
    for guess in 0..40 {
        let status = send(&format!("hush-{guess}"), Method::GET, "/core/users/me/", json!({})).await;
        assert!([403, 429].contains(&status), "{status}");
    }
}

fn log_of(directory: &Path, level: &str) -> (Running, std::path::PathBuf) {
    let log = directory.join("log");
    let mut command = rollcall(&directory.join("data"));
    command.args(["serve", "--log", level]).env("ROLLCALL_BOOTSTRAP_TOKEN", "hush-administrator");
    command.env("ROLLCALL_SECRET_KEY", "hush-secret-key-of-the-instance");
    (Running::start_with_log(&mut command, fs::File::create(&log).unwrap()), log)
}

#[tokio::test]
async fn no_level_of_the_log_shows_a_secret() {
    for level in ["info", "debug", "trace", "sqlx=trace,sea_orm=trace,trace"] {
        let directory = tempfile::tempdir().unwrap();
        let (server, log) = log_of(directory.path(), level);
        use_secrets(&server).await;
        server.stop();
        let log = fs::read_to_string(log).unwrap();
        assert!(log.contains("too many wrong tokens"), "{level}: {log}");
        let shown: Vec<&str> = log.lines().filter(|line| line.contains(HUSH)).take(3).collect();
        assert!(shown.is_empty(), "{level}: {shown:#?}");
    }
}
