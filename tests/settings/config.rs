//! `rollcall config`.

use std::fs;

use serde_json::{Value, json};

use crate::support::program::{rollcall, stderr};

#[test]
fn the_settings_are_printed_with_where_they_come_from_and_without_secrets() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rollcall.toml");
    fs::write(&file, "log = 'warn'\n\nmax_body = 50\nsecret_key = 'hush-hush-hush-hush'\n").unwrap();
    let config = |more: &[&str]| {
        let mut command = rollcall(directory.path());
        command.env("ROLLCALL_CONFIG", &file).env("ROLLCALL_MAX_BODY", "60").env("ROLLCALL_DATABASE_URL", "");
        command.args(["config", "--database-url", "postgres://me:hush@db.example,other:1/people?password=hush"]);
        command.env("ROLLCALL_DATABASE_READ_URL", "postgres://me:hush@replica/people");
        let output = command.args(["--bootstrap-token=hush-hush"]).args(more).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let table = config(&[]);
    assert!(!table.contains("hush"), "{table}");
    let line = |name: &str| {
        let line = table.lines().find(|line| line.split_whitespace().next() == Some(name)).unwrap();
        line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    let in_file = |line: usize| format!("{}, line {line}", file.display());
    assert_eq!(line("log"), format!("warn {}", in_file(1)));
    assert_eq!(line("max_body"), "60 the variable ROLLCALL_MAX_BODY");
    assert_eq!(line("secret_key"), format!("(hidden) {}", in_file(4)));
    assert_eq!(line("bootstrap_token"), "(hidden) the command line");
    assert_eq!(line("database_url"), "postgres://me@db.example:5432,other:1/people the command line");
    let replica = "postgres://me@replica:5432/people the variable ROLLCALL_DATABASE_READ_URL";
    assert_eq!(line("database_read_url"), replica);
    assert_eq!(line("edition"), "2024.8 default");
    assert_eq!(line("tls_key"), "none default");

    let settings: Value = serde_json::from_str(&config(&["--json"])).unwrap();
    assert!(!settings.to_string().contains("hush"), "{settings}");
    assert_eq!(settings["log"], json!({"value": "warn", "source": {"kind": "file", "path": file, "line": 1}}));
    let variable = json!({"kind": "variable", "name": "ROLLCALL_MAX_BODY"});
    assert_eq!(settings["max_body"], json!({"value": "60", "source": variable}));
    assert_eq!(settings["tls_key"], json!({"value": null, "source": {"kind": "default"}}));
    assert_eq!(settings.as_object().unwrap().len(), table.lines().skip(1).count());
}

#[test]
fn every_setting_of_serve_is_printed() {
    let directory = tempfile::tempdir().unwrap();
    let printed = |arguments: &[&str]| {
        String::from_utf8(rollcall(directory.path()).args(arguments).output().unwrap().stdout).unwrap()
    };
    let help = printed(&["serve", "--help"]);
    let flags = help.lines().filter_map(|line| line.trim().strip_prefix("--")?.split([' ', '=']).next());
    let mut flags: Vec<String> = flags.map(|flag| flag.replace('-', "_")).filter(|flag| flag != "config").collect();
    let table = printed(&["config"]);
    let mut names: Vec<String> =
        table.lines().skip(1).filter_map(|line| line.split_whitespace().next()).map(ToOwned::to_owned).collect();
    flags.sort();
    names.sort();
    assert!(names.len() > 30);
    assert_eq!(flags, names);
}
