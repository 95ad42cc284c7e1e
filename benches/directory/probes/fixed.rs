//! HTTP without a database: the server's HTTP stack in a process that responds to everything with the same JSON.

use std::{env, fs, path::Path, process::Command};

use poem::{Request, endpoint::make};
use rollcall::http::{Bound, StopSignals, Transport};

use crate::{BoxError, connection::Response, options, process::Process};

/// Starts a server that responds to everything with `body`.
pub fn start(body: &[u8]) -> Result<Process, BoxError> {
    let file = tempfile::NamedTempFile::new_in(options::temporary())?;
    fs::write(file.path(), body)?;
    // The process reads the file before it listens, so the file may be deleted afterwards.
    Process::start(Command::new(env::current_exe()?).arg("--serve-fixed").arg(file.path()))
}

/// Runs that server.
pub fn serve(file: &Path) -> Result<(), BoxError> {
    let body: &'static [u8] = Box::leak(fs::read(file)?.into_boxed_slice());
    tokio::runtime::Runtime::new()?.block_on(async {
        let bound = Bound::to(([127, 0, 0, 1], 0).into())?;
        let mut signals = StopSignals::new()?;
        println!("Listening on http://{}/", bound.address()?);
        let endpoint = make(move |mut request: Request| async move {
            request.take_body().into_vec().await?;
            Ok::<_, poem::Error>(poem::Response::builder().content_type("application/json").body(body))
        });
        bound.serve(endpoint, Transport::default(), signals.received()).await;
        Ok(())
    })
}

/// Checks that a response is the fixed one.
pub fn check(response: &Response<'_>, body: &[u8]) -> Result<(), String> {
    if (response.status, response.body) == (200, body) { Ok(()) } else { Err(response.describe()) }
}
