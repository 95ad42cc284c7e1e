//! The `rollcall` program.

use std::process::ExitCode;

/// Gives memory back while nothing happens, also what one thread took and another freed. SQLite uses it too.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match rollcall::cli::run(std::env::args_os().collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.exit.into()
        }
    }
}
