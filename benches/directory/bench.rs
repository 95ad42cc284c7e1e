//! Shared by all rows: the amount of work, access to PostgreSQL, and sending requests.

use std::path::PathBuf;

use serde::de::DeserializeOwned;
use tokio::runtime::{self, Runtime};

use crate::{
    BoxError,
    connection::{Connection, Response},
    failures::Failures,
    load::{self, Plan, Run, Until},
    options::{Engine, Options, Scale},
    postgres::Postgres,
    process::Process,
    requests,
};

/// The default number of concurrent connections.
pub const CONNECTIONS: usize = 32;

pub struct Bench {
    pub rounds: usize,
    pub scale: Scale,
    pub failures: Failures,
    /// The server's program.
    pub server: PathBuf,
    pub server_log: PathBuf,
    /// Single-threaded, to leave the processors to the server.
    runtime: Runtime,
    engine: Option<Engine>,
    database_server: Option<String>,
}

impl Bench {
    pub fn new(options: &Options) -> Result<Self, BoxError> {
        Ok(Self {
            rounds: options.rounds(),
            scale: options.scale(),
            failures: Failures::default(),
            server: options.server.clone().unwrap_or_else(|| env!("CARGO_BIN_EXE_rollcall").into()),
            server_log: options.server_log.clone(),
            runtime: runtime::Builder::new_current_thread().enable_all().build()?,
            engine: options.engine,
            database_server: options.database_server.clone().filter(|url| !url.is_empty()),
        })
    }

    /// The engines to measure.
    pub fn engines(&self) -> Vec<Engine> {
        match self.engine {
            Some(engine) => vec![engine],
            None if self.database_server.is_some() => vec![Engine::Sqlite, Engine::Postgres],
            None => vec![Engine::Sqlite],
        }
    }

    /// The PostgreSQL server where databases may be created.
    pub fn postgres(&self) -> Result<Postgres<'_>, BoxError> {
        let url = self.database_server.as_deref();
        let url = url.ok_or("ROLLCALL_TEST_DATABASE_URL is not set; tests/support/with-postgres provides it")?;
        Ok(Postgres { url, runtime: &self.runtime, failures: &self.failures })
    }

    /// Sends each request once and checks the responses with `check`.
    pub fn send_all(
        &self,
        server: &Process,
        connections: usize,
        requests: &[Vec<u8>],
        check: impl FnMut(usize, &Response<'_>) -> Result<(), String>,
    ) -> Result<Run, BoxError> {
        let plan = Plan { address: server.address, connections, requests, until: Until::AllSent };
        let before = server.cpu_time()?;
        let run = self.run(plan, check)?;
        Ok(run.with_cpu_time(server.cpu_time()? - before))
    }

    /// Sends the requests repeatedly for the duration of a round, after a warm-up.
    pub fn read(
        &self,
        server: &Process,
        requests: &[Vec<u8>],
        mut check: impl FnMut(usize, &Response<'_>) -> Result<(), String>,
    ) -> Result<Run, BoxError> {
        let until = Until::Elapsed(self.scale.reading / 5);
        let plan = Plan { address: server.address, connections: CONNECTIONS, requests, until };
        self.run(plan, &mut check)?;
        self.run(Plan { until: Until::Elapsed(self.scale.reading), ..plan }, check)
    }

    fn run(
        &self,
        plan: Plan<'_>,
        check: impl FnMut(usize, &Response<'_>) -> Result<(), String>,
    ) -> Result<Run, BoxError> {
        Ok(self.runtime.block_on(load::run(plan, &self.failures, check))?)
    }

    /// Sends requests one after the other over a new connection, and parses the responses as JSON.
    pub fn ask<T: DeserializeOwned>(
        &self,
        server: &Process,
        status: u16,
        requests: impl IntoIterator<Item = Vec<u8>>,
    ) -> Result<Vec<T>, BoxError> {
        self.runtime.block_on(async {
            let mut connection = Connection::open(server.address).await?;
            let mut responses = Vec::new();
            for request in requests {
                let response = connection.exchange(&request).await?;
                if response.status != status {
                    return Err(response.describe().into());
                }
                responses.push(serde_json::from_slice(response.body)?);
            }
            Ok(responses)
        })
    }

    /// Returns the body of the response to one request.
    pub fn fetch(&self, server: &Process, request: &[u8]) -> Result<Vec<u8>, BoxError> {
        self.runtime.block_on(async {
            let mut connection = Connection::open(server.address).await?;
            let response = connection.exchange(request).await?;
            if response.status == 200 { Ok(response.body.to_vec()) } else { Err(response.describe().into()) }
        })
    }

    /// Follows pages: `next` gets a response and returns the next request, if any.
    pub fn follow(
        &self,
        server: &Process,
        first: Vec<u8>,
        mut next: impl FnMut(&Response<'_>) -> Result<Option<Vec<u8>>, String>,
    ) -> Result<(), BoxError> {
        self.runtime.block_on(async {
            let mut connection = Connection::open(server.address).await?;
            let mut request = Some(first);
            while let Some(bytes) = request {
                request = next(&connection.exchange(&bytes).await?)?;
            }
            Ok(())
        })
    }

    /// Waits for the first response of a server.
    pub fn wait_for_response(&self, server: &Process) -> Result<(), BoxError> {
        self.ask::<serde::de::IgnoredAny>(server, 200, [requests::get("/core/users/me/")]).map(drop)
    }
}
