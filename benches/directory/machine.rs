//! The machine and commit of a measurement.

use std::{fs, process::Command, thread};

use serde::Serialize;

#[derive(Serialize)]
pub struct Machine {
    cores: usize,
    cpu: Option<String>,
    memory_mib: Option<u64>,
    kernel: Option<String>,
    rustc: Option<String>,
}

impl Machine {
    pub fn current() -> Self {
        let memory = field("/proc/meminfo", "MemTotal");
        Self {
            cores: thread::available_parallelism().map_or(1, Into::into),
            cpu: field("/proc/cpuinfo", "model name"),
            memory_mib: memory.and_then(|text| text.trim_end_matches(" kB").parse::<u64>().ok()).map(|kib| kib / 1024),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease").ok().map(|text| text.trim().to_owned()),
            rustc: output_of(Command::new("rustc").arg("--version")),
        }
    }
}

/// The current commit, with `-dirty` if there are uncommitted changes.
pub fn commit() -> Option<String> {
    let mut git = Command::new("git");
    git.args(["-C", env!("CARGO_MANIFEST_DIR"), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]);
    output_of(&mut git)
}

fn output_of(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// Returns the value of the first line `name: value`.
fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let mut fields = text.lines().filter_map(|line| line.split_once(':'));
    fields.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().to_owned())
}
