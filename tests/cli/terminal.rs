//! The commands at a terminal, which `script` of util-linux provides.

use std::{
    io::{Read, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::json;

use super::run;
use crate::support::{ADMIN, Server, program::with_settings};

/// A command at a terminal.
struct Terminal {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    /// What the terminal shows.
    screen: String,
}

impl Terminal {
    /// Starts a shell command, in which `rollcall` is the program, as the administrator of a server.
    fn start(server: &Server, shell: &str) -> Self {
        // The echo is that of a terminal to which someone types.
        let mut command = with_settings(Command::new("script"), "nowhere".as_ref());
        let shell = shell.replace("rollcall", concat!("'", env!("CARGO_BIN_EXE_rollcall"), "'"));
        command.args(["--quiet", "--return", "--echo", "always", "--command", &shell, "/dev/null"]);
        command.env("ROLLCALL_URL", &server.url).env("ROLLCALL_TOKEN", ADMIN).env("TERM", "xterm");
        command.env_remove("NO_COLOR").env_remove("CLICOLOR").env_remove("CLICOLOR_FORCE");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, input, output, screen: String::new() }
    }

    /// Waits until the terminal shows a text, and types a line.
    fn answer(&mut self, question: &str, line: &str) {
        self.read_until(question);
        writeln!(self.input, "{line}").unwrap();
    }

    fn read_until(&mut self, question: &str) {
        let mut bytes = [0; 1_024];
        while !self.screen.ends_with(question) {
            let length = self.output.read(&mut bytes).unwrap();
            assert_ne!(length, 0, "ended before {question:?}: {}", self.screen);
            self.screen += str::from_utf8(&bytes[..length]).unwrap();
        }
    }

    /// Waits until the terminal asks for a secret and shows nothing of it, and types it.
    fn answer_secretly(&mut self, question: &str, secret: &str) {
        self.read_until(question);
        let device = self.screen.lines().next().unwrap().trim();
        let is_shown = || {
            let state = Command::new("stty").args(["-F", device, "-a"]).output().unwrap();
            !String::from_utf8(state.stdout).unwrap().contains("-echo ")
        };
        let started = Instant::now();
        while is_shown() {
            assert!(started.elapsed() < Duration::from_secs(20), "the terminal shows what is typed: {}", self.screen);
        }
        writeln!(self.input, "{secret}").unwrap();
    }

    /// Waits for the end. Returns the exit code and what the terminal shows.
    fn end(mut self) -> (i32, String) {
        self.output.read_to_string(&mut self.screen).unwrap();
        (self.child.wait().unwrap().code().unwrap(), self.screen.replace("\r\n", "\n"))
    }
}

pub fn at_terminal(server: &Server, shell: &str) -> (i32, String) {
    Terminal::start(server, shell).end()
}

#[tokio::test(flavor = "multi_thread")]
async fn colours_appear_only_at_a_terminal_that_wants_them() {
    let server = Server::start().await;
    for (command, coloured) in [
        ("rollcall user list", "\u{1b}[1mPK  USERNAME"),
        ("rollcall user show akadmin", "\u{1b}[36mpk\u{1b}[0m  "),
        ("rollcall group list", "\u{1b}[1mNAME "),
        ("rollcall group show 'authentik Admins'", "\u{1b}[36mname\u{1b}[0m "),
        ("rollcall token list", "\u{1b}[1mIDENTIFIER "),
        ("rollcall user show nobody", "\u{1b}[1m\u{1b}[31merror:"),
    ] {
        let (_, screen) = at_terminal(&server, command);
        assert!(screen.contains(coloured), "{command}: {screen:?}");
        for plain in
            [format!("NO_COLOR=1 {command}"), format!("{command} 2>&1 | cat"), format!("{command} --json 2>&1 | cat")]
        {
            let (_, screen) = at_terminal(&server, &plain);
            assert!(!screen.contains('\u{1b}') && !screen.is_empty(), "{plain}: {screen:?}");
        }
    }
    let (_, screen) = at_terminal(&server, "rollcall user list --json");
    assert!(screen.starts_with("[\n{") && !screen.contains('\u{1b}'), "{screen:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_asked_for_twice_and_never_shown() {
    let server = Server::start().await;
    run(&server, &["user", "create", "ada"]).text();
    let set_password = |first: &str, second: &str| {
        let mut terminal = Terminal::start(&server, "tty; rollcall user set-password ada");
        terminal.answer_secretly("New password: ", first);
        terminal.answer_secretly("The same again: ", second);
        terminal.end()
    };
    let before = server.get("/core/users/2/").await.body["password_change_date"].clone();
    let (code, screen) = set_password("correct horse", "correct house");
    assert!(code == 2 && screen.contains("the passwords differ") && !screen.contains("correct"), "{code}: {screen}");
    assert_eq!(server.get("/core/users/2/").await.body["password_change_date"], before);
    let (code, screen) = set_password("correct horse", "correct horse");
    assert!(code == 0 && screen.ends_with("set the password of user ada (pk 2)\n"), "{code}: {screen}");
    assert!(!screen.contains("correct"), "{screen}");
    assert_ne!(server.get("/core/users/2/").await.body["password_change_date"], before);

    let mut terminal = Terminal::start(&server, "tty; rollcall user create bob --password-stdin");
    terminal.answer_secretly("New password: ", "correct horse");
    terminal.answer_secretly("The same again: ", "correct horse");
    let (code, screen) = terminal.end();
    assert!(
        code == 0 && screen.ends_with("created user bob (pk 3)\n") && !screen.contains("correct"),
        "{code}: {screen}"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_asks_first() {
    let server = Server::start().await;
    run(&server, &["user", "create", "ada"]).text();
    run(&server, &["group", "create", "Staff"]).text();
    run(&server, &["group", "add", "Staff", "ada"]).text();
    server.post("/core/tokens/", json!({"identifier": "t"})).await;
    for (command, question, done, path) in [
        (
            "rollcall group delete Staff",
            "Delete group Staff with 1 member? [y/N] ",
            "deleted group Staff\n",
            "/core/groups/?name=Staff",
        ),
        (
            "rollcall token revoke t",
            "Revoke token t of akadmin? [y/N] ",
            "revoked token t of akadmin\n",
            "/core/tokens/?identifier=t",
        ),
        (
            "rollcall user delete ada",
            "Delete user ada (pk 2) with its tokens? [y/N] ",
            "deleted user ada (pk 2)\n",
            "/core/users/?username=ada",
        ),
    ] {
        let answer = |answer: &str| {
            let mut terminal = Terminal::start(&server, command);
            terminal.answer(question, answer);
            terminal.end()
        };
        for no in ["n", "", "yesterday"] {
            let (code, screen) = answer(no);
            assert!(code == 1 && screen.contains("cancelled"), "{code}: {screen}");
            assert_eq!(server.get(path).await.body["pagination"]["count"], 1);
        }
        let (code, screen) = answer("Y");
        assert!(code == 0 && screen.ends_with(done), "{code}: {screen}");
        assert_eq!(server.get(path).await.body["pagination"]["count"], 0);
    }
    let (code, screen) = at_terminal(&server, "rollcall user create ada && rollcall user delete --yes ada");
    assert!(code == 0 && !screen.contains("[y/N]"), "{code}: {screen}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_fits_into_a_narrow_terminal() {
    let server = Server::start().await;
    let name = "Augusta Ada King, Countess of Lovelace";
    server.user("ada", json!({"name": name, "email": "ada@example.com", "path": "staff"})).await;
    let (_, screen) = at_terminal(&server, "stty rows 24 cols 70; NO_COLOR=1 rollcall user list");
    assert!(screen.lines().all(|line| line.chars().count() <= 70) && screen.lines().count() > 3, "{screen}");
    let (_, screen) = at_terminal(&server, "stty rows 24 cols 70; rollcall user list | cat");
    assert!(screen.lines().count() == 3 && screen.contains(name), "{screen}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bar_shows_how_far_work_has_come_only_at_a_terminal() {
    let (server, directory) = (Server::start().await, tempfile::tempdir().unwrap());
    let data = directory.path().display();
    at_terminal(&server, &format!("bash -c 'rollcall serve --data-dir {data} & sleep 1; kill $!; wait $!'"));
    for (command, works) in [
        (
            format!("rollcall backup {data}/backup --force --data-dir {data}"),
            ["copying the database", "examining the copy"],
        ),
        (
            format!("rollcall restore {data}/backup --force --data-dir {data}"),
            ["copying the database", "examining the copy"],
        ),
        (format!("rollcall check --data-dir {data}"), ["reading the file", "checking the search index"]),
    ] {
        let (code, screen) = at_terminal(&server, &format!("{command} | cat"));
        assert_eq!(code, 0, "{screen}");
        // It is cleared in the end.
        assert!(
            works.iter().all(|work| screen.contains(work)) && screen.contains("\u{1b}[2K"),
            "{command}: {screen:?}"
        );
        for piped in [format!("{command} 2>&1 | cat"), format!("{command} 2> {data}/errors; cat {data}/errors")] {
            let (_, screen) = at_terminal(&server, &piped);
            assert!(
                works.iter().all(|work| !screen.contains(work)) && !screen.contains('\u{1b}'),
                "{piped}: {screen:?}"
            );
        }
    }
    server.stop().await;
}
