//! Every command at a terminal and through a pipe.

use std::{collections::BTreeSet, fs};

use super::{run, terminal::at_terminal};
use crate::support::{Server, program::rollcall};

/// Each command, so that it can be run again and again. `DIRECTORY` stands for an empty one.
const COMMANDS: [&str; 26] = [
    "rollcall group create Staff",
    "rollcall user create ada --group Staff",
    "rollcall user list",
    "rollcall user show ada",
    "echo correct horse | rollcall user set-password ada",
    "rollcall user deactivate ada",
    "rollcall group list",
    "rollcall group add Staff akadmin",
    "rollcall group show Staff",
    "rollcall group remove Staff akadmin",
    "rollcall token create --user ada --identifier sync",
    "rollcall token list",
    "rollcall token revoke sync --yes",
    "rollcall user delete ada --yes",
    "rollcall group delete Staff --yes",
    "rollcall serve --data-dir DIRECTORY & sleep 1; kill $!; wait $!",
    "rollcall check --data-dir DIRECTORY",
    "rollcall backup DIRECTORY/backup --data-dir DIRECTORY",
    "rollcall restore DIRECTORY/backup --data-dir DIRECTORY --force",
    "rollcall health --help",
    "rollcall config",
    "rollcall openapi",
    "rollcall completions bash",
    "rollcall man",
    "rollcall stand-in --until-stdin-ends < /dev/null",
    "rollcall --version",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_command_works_at_a_terminal_and_through_a_pipe() {
    let server = Server::start().await;
    for pipe in ["", " | cat"] {
        let directory = tempfile::tempdir().unwrap();
        for command in COMMANDS {
            let command = command.replace("DIRECTORY", directory.path().to_str().unwrap());
            let shell = format!("bash -c 'set -o pipefail; {{ {command}; }}{pipe}'");
            let (code, screen) = at_terminal(&server, &shell);
            assert!(code == 0 && !screen.trim().is_empty(), "{shell}: {code}: {screen}");
        }
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_commands_is_complete() {
    let directory = tempfile::tempdir().unwrap();
    let pages = directory.path().to_str().unwrap();
    assert!(rollcall(directory.path()).args(["man", "--directory", pages]).status().unwrap().success());
    let entries =
        fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: BTreeSet<String> = entries.map(|name| name.trim_end_matches(".1").to_owned()).collect();
    let has_others = |name: &String| names.iter().any(|other| other.starts_with(&format!("{name}-")));
    // `set-password` and `stand-in` have a hyphen themselves.
    let commands = COMMANDS.map(|command| command.replace(' ', "-"));
    for name in names.iter().filter(|name| !has_others(name)) {
        assert!(commands.iter().any(|command| command.contains(name.as_str())), "{name} is not tried");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_is_the_same_at_a_terminal_and_through_a_pipe() {
    let server = Server::start().await;
    for command in ["user list", "user show akadmin", "group list", "token list", "config"] {
        let (_, screen) = at_terminal(&server, &format!("rollcall {command} --json"));
        let arguments: Vec<&str> = command.split(' ').chain(["--json"]).collect();
        assert_eq!(run(&server, &arguments).text(), screen, "{command}");
    }
    server.stop().await;
}
