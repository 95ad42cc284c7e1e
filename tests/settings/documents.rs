//! `rollcall openapi`, `completions` and `man`.

use std::{fs, process::Command};

use rollcall::api::{CONTRACT_JSON, Edition, PORTABLE_JSON};
use serde_json::Value;

use crate::support::program::stderr;

fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_rollcall")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_documents_that_the_server_publishes_are_printed() {
    assert_eq!(printed(&["openapi"]).trim_end(), CONTRACT_JSON.trim_end());
    assert_eq!(printed(&["openapi", "--portable"]).trim_end(), PORTABLE_JSON.trim_end());
    for edition in Edition::all() {
        let json = printed(&["openapi", "--edition", edition.as_str()]);
        assert_eq!(json.trim_end(), edition.json().trim_end());
        let yaml = printed(&["openapi", "--edition", edition.as_str(), "--format", "yaml"]);
        let [json, yaml]: [Value; 2] = [serde_json::from_str(&json).unwrap(), yaml_serde::from_str(&yaml).unwrap()];
        assert_eq!(json, yaml);
    }
    let newer: Value = serde_json::from_str(&printed(&["openapi", "--openapi", "3.1"])).unwrap();
    assert_eq!(newer["openapi"], "3.1.0");
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
    for arguments in ["openapi", "man", "config", "completions bash"] {
        let script = format!("set -o pipefail; \"$0\" {arguments} | head -n 1");
        let output = Command::new("bash").args(["-c", &script, env!("CARGO_BIN_EXE_rollcall")]).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{arguments}: {}", stderr(&output));
    }
}

#[test]
fn every_shell_gets_its_completions() {
    for (shell, expected) in [
        ("bash", "complete -F _rollcall"),
        ("zsh", "#compdef rollcall"),
        ("fish", "complete -c rollcall"),
        ("elvish", "edit:completion:arg-completer[rollcall]"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let script = printed(&["completions", shell]);
        assert!(script.contains(expected) && script.contains("max-body"), "{shell}");
    }
}

#[test]
fn the_bash_completions_are_valid_and_complete_a_command() {
    let script = printed(&["completions", "bash"]);
    let ask = "COMP_WORDS=(rollcall com); COMP_CWORD=1; _rollcall rollcall com rollcall; echo \"${COMPREPLY[*]}\"";
    let output = Command::new("bash").args(["-c", &format!("{script}\n{ask}")]).output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().trim(),
        "completions",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn there_is_a_manual_page_for_each_command() {
    let page = printed(&["man"]);
    assert!(page.contains(".TH rollcall 1") && page.contains("serve"), "{page}");
    let directory = tempfile::tempdir().unwrap();
    let pages = directory.path().join("man1");
    assert_eq!(printed(&["man", "--directory", pages.to_str().unwrap()]), "");
    let serve = fs::read_to_string(pages.join("rollcall-serve.1")).unwrap();
    assert!(serve.contains("ROLLCALL_LISTEN") && serve.contains("127.0.0.1:8000"), "{serve}");
    assert!(pages.join("rollcall-token-create.1").is_file());
}
