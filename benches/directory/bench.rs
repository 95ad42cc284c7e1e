//! What all rows share: how much to do, where stores can be made, and how answers are fetched.

use std::path::PathBuf;

use serde::de::DeserializeOwned;
use tokio::runtime::{self, Runtime};

use crate::{
    Failed,
    connection::{Answer, Connection},
    failures::Failures,
    load::{self, Plan, Run, Until},
    options::{Engine, Options, Scale},
    postgres::Postgres,
    process::Process,
    requests,
};

/// Connections at once, where it is not said otherwise.
pub const CONNECTIONS: usize = 32;

pub struct Bench {
    pub rounds: usize,
    pub scale: Scale,
    pub failures: Failures,
    pub server_log: PathBuf,
    /// One thread for all requests: the processors are the server's.
    runtime: Runtime,
    engine: Option<Engine>,
    database_server: Option<String>,
}

impl Bench {
    pub fn new(options: &Options) -> Result<Self, Failed> {
        Ok(Self {
            rounds: options.rounds(),
            scale: options.scale(),
            failures: Failures::default(),
            server_log: options.server_log.clone(),
            runtime: runtime::Builder::new_current_thread().enable_all().build()?,
            engine: options.engine,
            database_server: options.database_server.clone().filter(|url| !url.is_empty()),
        })
    }

    /// The engines to measure on.
    pub fn engines(&self) -> Vec<Engine> {
        match self.engine {
            Some(engine) => vec![engine],
            None if self.database_server.is_some() => vec![Engine::Sqlite, Engine::Postgres],
            None => vec![Engine::Sqlite],
        }
    }

    /// Where databases may be created.
    pub fn postgres(&self) -> Result<Postgres<'_>, Failed> {
        let url = self.database_server.as_deref();
        let url = url.ok_or("there is no ROLLCALL_TEST_DATABASE_URL; tests/support/with-postgres makes one")?;
        Ok(Postgres { url, runtime: &self.runtime, failures: &self.failures })
    }

    /// Sends each request once and checks the answers with `check`.
    pub fn send_all(
        &self,
        server: &Process,
        connections: usize,
        requests: &[Vec<u8>],
        check: impl FnMut(usize, &Answer<'_>) -> Result<(), String>,
    ) -> Result<Run, Failed> {
        self.run(Plan { address: server.address, connections, requests, until: Until::AllSent }, check)
    }

    /// Sends the requests again and again for the time of a round, after a shorter time that doesn't count.
    pub fn read(
        &self,
        server: &Process,
        requests: &[Vec<u8>],
        mut check: impl FnMut(usize, &Answer<'_>) -> Result<(), String>,
    ) -> Result<Run, Failed> {
        let until = Until::Elapsed(self.scale.reading / 5);
        let plan = Plan { address: server.address, connections: CONNECTIONS, requests, until };
        self.run(plan, &mut check)?;
        self.run(Plan { until: Until::Elapsed(self.scale.reading), ..plan }, check)
    }

    fn run(&self, plan: Plan<'_>, check: impl FnMut(usize, &Answer<'_>) -> Result<(), String>) -> Result<Run, Failed> {
        Ok(self.runtime.block_on(load::run(plan, &self.failures, check))?)
    }

    /// Sends requests over a connection of their own, one after the other, and reads the answers as JSON.
    pub fn ask<T: DeserializeOwned>(
        &self,
        server: &Process,
        status: u16,
        requests: impl IntoIterator<Item = Vec<u8>>,
    ) -> Result<Vec<T>, Failed> {
        self.runtime.block_on(async {
            let mut connection = Connection::open(server.address).await?;
            let mut answers = Vec::new();
            for request in requests {
                let answer = connection.exchange(&request).await?;
                if answer.status != status {
                    return Err(answer.describe().into());
                }
                answers.push(serde_json::from_slice(answer.body)?);
            }
            Ok(answers)
        })
    }

    /// The body of the answer to one request.
    pub fn fetch(&self, server: &Process, request: &[u8]) -> Result<Vec<u8>, Failed> {
        self.runtime.block_on(async {
            let mut connection = Connection::open(server.address).await?;
            let answer = connection.exchange(request).await?;
            if answer.status == 200 { Ok(answer.body.to_vec()) } else { Err(answer.describe().into()) }
        })
    }

    /// Follows pages: `next` gets an answer and tells the request that comes after it, if any.
    pub fn follow(
        &self,
        server: &Process,
        first: Vec<u8>,
        mut next: impl FnMut(&Answer<'_>) -> Result<Option<Vec<u8>>, String>,
    ) -> Result<(), Failed> {
        self.runtime.block_on(async {
            let mut connection = Connection::open(server.address).await?;
            let mut request = Some(first);
            while let Some(bytes) = request {
                request = next(&connection.exchange(&bytes).await?)?;
            }
            Ok(())
        })
    }

    /// Waits for the first answer of a server.
    pub fn first_answer(&self, server: &Process) -> Result<(), Failed> {
        self.ask::<serde::de::IgnoredAny>(server, 200, [requests::get("/core/users/me/")]).map(drop)
    }
}
