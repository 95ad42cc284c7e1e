//! A PostgreSQL server of one test's own, which may be stopped, killed and started again.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

pub struct Postgres {
    child: Child,
    pub url: String,
    restart: String,
    directory: PathBuf,
    /// A command that runs others where the server runs, with its arguments.
    inside: Vec<String>,
}

impl Postgres {
    /// `None` if the tests run on SQLite.
    pub fn start() -> Option<Self> {
        Self::start_inside(Vec::new(), &std::env::temp_dir())
    }

    /// Starts it by a command that runs others, with its data in a directory that is there for these.
    pub fn start_inside(inside: Vec<String>, directory: &std::path::Path) -> Option<Self> {
        std::env::var_os("ROLLCALL_TEST_DATABASE_URL")?;
        let script = "echo $ROLLCALL_TEST_DATABASE_URL; echo $ROLLCALL_TEST_DATABASE_RESTART
            echo $ROLLCALL_TEST_DATABASE_DIRECTORY; cat >/dev/null";
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/with-postgres");
        let mut child = command_in(&inside, program)
            .args(["sh", "-c", script])
            .env("TMPDIR", directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut line = || lines.next().unwrap().unwrap();
        Some(Self { url: line(), restart: line(), directory: line().into(), child, inside })
    }

    /// Stops the server, if it runs, and starts it. It accepts connections then.
    pub fn restart(&self, mode: &str) {
        let mut words = self.restart.split(' ');
        let mut restart = command_in(&self.inside, words.next().unwrap());
        restart.args(words).args(["-m", mode]).current_dir("/").stdout(Stdio::null()).stderr(Stdio::null());
        assert!(restart.status().unwrap().success());
    }

    /// Restarts the server as a standby, which gets changes from nobody.
    pub fn become_standby(&self) {
        fs::write(self.directory.join("standby.signal"), "").unwrap();
        self.restart("fast");
    }

    /// Makes a standby a primary.
    pub fn become_primary(&self) {
        fs::remove_file(self.directory.join("standby.signal")).unwrap();
        self.restart("fast");
    }

    /// Kills all processes of the server at once, and waits until they are gone. It is started again by a restart.
    pub fn kill(&self) {
        // It starts no other process while it is stopped.
        let first = self.first_process().unwrap();
        assert!(run(&format!("kill -STOP {first}")));
        let all = self.processes();
        assert!(run(&format!("kill -KILL {all}")));
        let start = Instant::now();
        // Those that nobody has waited for yet remain as zombies, without memory.
        while run(&format!("ps -o stat= {all} | grep -qv Z")) {
            assert!(start.elapsed() < Duration::from_secs(5), "{all} don't end");
            sleep(Duration::from_millis(5));
        }
        // As long as there is a zombie of the same id, it would say that the server runs.
        fs::remove_file(self.directory.join("postmaster.pid")).unwrap();
    }

    /// Sends a signal to all processes of the server.
    pub fn signal(&self, signal: &str) {
        assert!(run(&format!("kill -{signal} {}", self.processes())));
    }

    /// The ids of all processes of the server.
    fn processes(&self) -> String {
        let first = self.first_process().unwrap();
        let output = Command::new("ps").args(["-o", "pid=", "--ppid", &first]).output().unwrap();
        let children = String::from_utf8(output.stdout).unwrap();
        children.split_whitespace().fold(first, |all, child| format!("{all} {child}"))
    }

    fn first_process(&self) -> Option<String> {
        let text = fs::read_to_string(self.directory.join("postmaster.pid")).ok()?;
        text.lines().next().map(str::to_owned)
    }
}

/// A command that runs a program by another command, if there is one.
pub fn command_in(inside: &[String], program: &str) -> Command {
    let Some((outer, arguments)) = inside.split_first() else { return Command::new(program) };
    let mut command = Command::new(outer);
    command.args(arguments).arg(program);
    command
}

/// Runs a shell command. Returns whether it succeeds.
fn run(script: &str) -> bool {
    Command::new("sh").args(["-c", script]).status().unwrap().success()
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // It can't stop while its processes are stopped.
        if self.first_process().is_some() {
            let _ = run(&format!("kill -CONT {} 2>/dev/null", self.processes()));
        }
        // The script ends with its input.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
