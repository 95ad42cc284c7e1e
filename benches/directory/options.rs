//! What the bench can be told, and how much it does.

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Parser, ValueEnum};

/// Measures the server beside what it is compared with
#[derive(Debug, Parser)]
pub struct Options {
    /// Tiny counts, one round: a few seconds that show whether everything still works, not how fast
    #[arg(long)]
    pub smoke: bool,

    /// How often everything is measured [default: 3, with --smoke 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub rounds: Option<u16>,

    /// Measure only these rows, separated by commas
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub only: Vec<Part>,

    /// Measure only on this engine [default: SQLite, and PostgreSQL if there is ROLLCALL_TEST_DATABASE_URL]
    #[arg(long, value_name = "NAME")]
    pub engine: Option<Engine>,

    /// A PostgreSQL server where databases may be created, like postgres://user@127.0.0.1:5432/postgres
    #[arg(long = "database-server", env = "ROLLCALL_TEST_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_server: Option<String>,

    /// Where the figures go, as JSON [default: bench/directory.json in cargo's target directory]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Where the servers' logs go
    #[arg(long, value_name = "FILE", default_value = "/dev/null")]
    pub server_log: PathBuf,

    /// Serve the content of FILE as the answer to everything; for the bench itself
    #[arg(long, value_name = "FILE", hide = true)]
    pub serve_fixed: Option<PathBuf>,

    /// Passed by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    /// The rows to measure, in their order.
    pub fn parts(&self) -> impl Iterator<Item = Part> {
        let all = Part::value_variants().iter().copied();
        all.filter(|part| self.only.is_empty() || self.only.contains(part))
    }

    pub fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.smoke { 1 } else { 3 }).into()
    }

    /// The file for the figures.
    pub fn output(&self) -> PathBuf {
        let name = if self.smoke { "directory-smoke.json" } else { "directory.json" };
        let in_target = || temporary().with_file_name("bench").join(name);
        self.output.clone().unwrap_or_else(in_target)
    }

    pub fn scale(&self) -> Scale {
        if self.smoke { SMOKE } else { FULL }
    }
}

/// A directory for stores, which cargo makes. Not the system's own: that one is often kept in memory, where waiting for
/// the disk costs nothing.
pub fn temporary() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// Rows that are measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    Create,
    Lone,
    All,
    List,
    Retrieve,
    Start,
    Growth,
}

/// What the store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// Its name in the figures.
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

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Users created in a round.
    pub created: usize,
    /// Users created one after the other in a round.
    pub lone: usize,
    /// Users in the directory of which all are read.
    pub all: usize,
    /// Users in the directory of which pages and single users are read; a multiple of the page size.
    pub listed: usize,
    /// Users in the small and in the large directory whose growth is compared.
    pub grown: [usize; 2],
    /// Starts in a round.
    pub starts: usize,
    /// How long pages or users are read in a round.
    pub reading: Duration,
    /// How long a comparison runs in a round.
    pub probing: Duration,
}

const FULL: Scale = Scale {
    created: 20_000,
    lone: 2_000,
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
    all: 600,
    listed: 1_000,
    grown: [100, 1_000],
    starts: 1,
    reading: Duration::from_millis(300),
    probing: Duration::from_millis(300),
};
