//! Benchmarks the release build of the server against comparisons: `cargo bench --bench directory`.
//!
//! Each row of the table is a claim of the README. The server and its comparison (the engine without HTTP, or HTTP
//! without a database) are measured alternately in each round; the figures are medians over the rounds. Every response
//! is checked, and a wrong one fails the run. A missed target does not, because times depend on the machine.

mod bench;
mod connection;
mod failures;
mod grow;
mod home;
mod load;
mod machine;
mod options;
mod people;
mod postgres;
mod probes;
mod process;
mod report;
mod requests;
mod rows;
mod sample;
mod table;

use std::{error::Error, fs, process::ExitCode};

use clap::Parser;

use self::{bench::Bench, options::Options, report::Report};

/// An error message.
type BoxError = Box<dyn Error>;

fn main() -> ExitCode {
    let options = Options::parse();
    let result = match &options.serve_fixed {
        Some(file) => probes::fixed::serve(file).map(|()| true),
        None => measure(&options),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns whether everything could be measured and every response was right.
fn measure(options: &Options) -> Result<bool, BoxError> {
    let bench = Bench::new(options)?;
    let mut rows = Vec::new();
    for engine in bench.engines() {
        rows.extend(rows::measure(&bench, engine, options.parts()));
    }
    println!("{}", table::render(&rows));
    let report = Report::new(&rows, &bench.failures, options);
    let file = options.output();
    if let Some(directory) = file.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::write(&file, serde_json::to_vec_pretty(&report)?).map_err(|error| format!("{}: {error}", file.display()))?;
    println!("Written to {}", file.display());
    let failed = bench.failures.count();
    if failed > 0 {
        eprintln!("{failed} failures");
    }
    Ok(failed == 0)
}
