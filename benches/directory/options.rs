//! Command-line options, and the amount of work.

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Parser, ValueEnum};

/// Benchmarks the server against comparisons
#[derive(Debug, Parser)]
pub struct Options {
    /// Use tiny counts and one round, to check in a few seconds that the benchmark works
    #[arg(long)]
    pub smoke: bool,

    /// Number of rounds [default: 3, or 1 with --smoke]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub rounds: Option<u16>,

    /// Measure only these rows (comma-separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub only: Vec<Part>,

    /// Measure only this engine [default: SQLite, and PostgreSQL if ROLLCALL_TEST_DATABASE_URL is set]
    #[arg(long, value_name = "NAME")]
    pub engine: Option<Engine>,

    /// URL of a PostgreSQL server where databases may be created, such as postgres://user@127.0.0.1:5432/postgres
    #[arg(long = "database-server", env = "ROLLCALL_TEST_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_server: Option<String>,

    /// Server to measure, such as one of another commit [default: the one built with the benchmark]
    #[arg(long, value_name = "FILE")]
    pub server: Option<PathBuf>,

    /// JSON output file [default: bench/directory.json in cargo's target directory]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Log file of the servers
    #[arg(long, value_name = "FILE", default_value = "/dev/null")]
    pub server_log: PathBuf,

    /// Respond to everything with the content of FILE; used internally
    #[arg(long, value_name = "FILE", hide = true)]
    pub serve_fixed: Option<PathBuf>,

    /// Passed by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    /// The rows to measure, in order.
    pub fn parts(&self) -> impl Iterator<Item = Part> {
        let all = Part::value_variants().iter().copied();
        all.filter(|part| self.only.is_empty() || self.only.contains(part))
    }

    pub fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.smoke { 1 } else { 3 }).into()
    }

    /// The output file.
    pub fn output(&self) -> PathBuf {
        let name = if self.smoke { "directory-smoke.json" } else { "directory.json" };
        let in_target = || temporary().with_file_name("bench").join(name);
        self.output.clone().unwrap_or_else(in_target)
    }

    pub fn scale(&self) -> Scale {
        if self.smoke { SMOKE } else { FULL }
    }
}

/// Cargo's temporary directory. The system's is often in memory, where commits don't wait for a disk.
pub fn temporary() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// A group of rows that are measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    Create,
    Lone,
    Change,
    All,
    List,
    Retrieve,
    Start,
    Growth,
}

/// The database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The name in the figures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        formatter.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}

/// The amount of work.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Users created per round.
    pub created: usize,
    /// Users created one after the other per round.
    pub lone: usize,
    /// Users changed per round.
    pub changed: usize,
    /// Users in the directory for reading all users.
    pub all: usize,
    /// Users in the directory for reading pages and single users; a multiple of the page size.
    pub listed: usize,
    /// Users in the small and the large directory that are compared.
    pub grown: [usize; 2],
    /// Starts per round.
    pub starts: usize,
    /// Duration of reading per round.
    pub reading: Duration,
    /// Duration of a comparison per round.
    pub probing: Duration,
}

const FULL: Scale = Scale {
    created: 20_000,
    lone: 2_000,
    changed: 10_000,
    all: 10_000,
    listed: 100_000,
    grown: [1_000, 1_000_000],
    starts: 5,
    reading: Duration::from_secs(5),
    probing: Duration::from_secs(3),
};

const SMOKE: Scale = Scale {
    created: 200,
    lone: 20,
    changed: 200,
    all: 600,
    listed: 1_000,
    grown: [100, 1_000],
    starts: 1,
    reading: Duration::from_millis(300),
    probing: Duration::from_millis(300),
};
