//! The `rollcall` program.

use std::{io::Write, process::ExitCode};

use anstyle::AnsiColor;

/// Gives memory back while nothing happens, also what one thread took and another freed. SQLite uses it too.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match rollcall::cli::run(std::env::args_os().collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let style = AnsiColor::Red.on_default().bold();
            // As clap prints its own errors. Nothing can be done if nobody reads it.
            let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {failure}");
            failure.exit.into()
        }
    }
}
