//! The server's own HTTP without a database: a process that answers everything with the same JSON.

use std::{env, fs, path::Path, process::Command};

use poem::{Request, Response, endpoint::make};
use rollcall::http::{self, Bound};

use crate::{Failed, connection::Answer, options, process::Process};

/// Starts a server that answers `body` to everything.
pub fn start(body: &[u8]) -> Result<Process, Failed> {
    let file = tempfile::NamedTempFile::new_in(options::temporary())?;
    fs::write(file.path(), body)?;
    // It reads the file before it listens.
    Process::start(Command::new(env::current_exe()?).arg("--serve-fixed").arg(file.path()))
}

/// What that process does.
pub fn serve(file: &Path) -> Result<(), Failed> {
    let body: &'static [u8] = Box::leak(fs::read(file)?.into_boxed_slice());
    tokio::runtime::Runtime::new()?.block_on(async {
        let bound = Bound::to(([127, 0, 0, 1], 0).into()).await?;
        let stop = http::stop_signal()?;
        for address in bound.addresses() {
            println!("Listening on http://{address}/");
        }
        let endpoint = make(move |mut request: Request| async move {
            request.take_body().into_vec().await?;
            Ok::<_, poem::Error>(Response::builder().content_type("application/json").body(body))
        });
        Ok(bound.serve(endpoint, stop).await?)
    })
}

/// Whether an answer is the fixed one.
pub fn check(answer: &Answer<'_>, body: &[u8]) -> Result<(), String> {
    if (answer.status, answer.body) == (200, body) { Ok(()) } else { Err(answer.describe()) }
}
