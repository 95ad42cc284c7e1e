//! The directory for reading. It is created through the API, and all responses are checked.

use crate::{
    BoxError,
    bench::{Bench, CONNECTIONS},
    home::Home,
    options::Engine,
    people::{self, Group},
    process::Process,
};

/// Users created per step; their responses are kept in memory until they are checked.
const STEP: usize = 10_000;

pub struct Seeded<'b> {
    bench: &'b Bench,
    pub engine: Engine,
    pub server: Process,
    groups: Vec<Group>,
    /// The ids of the created users, without the administrator.
    pub ids: Vec<i64>,
    // Last, because it must outlive the server.
    _home: Home<'b>,
}

impl<'b> Seeded<'b> {
    pub fn new(bench: &'b Bench, engine: Engine) -> Result<Self, BoxError> {
        let (home, server, groups) = people::start_with_groups(bench, engine)?;
        if let Some(database) = home.database() {
            // Plans must not depend on statistics.
            database.run(&[
                "ALTER TABLE users SET (autovacuum_enabled = off)",
                "ALTER TABLE user_groups SET (autovacuum_enabled = off)",
            ])?;
        }
        Ok(Self { bench, engine, server, groups, ids: Vec::new(), _home: home })
    }

    /// The number of users, including the administrator.
    pub fn count(&self) -> usize {
        self.ids.len() + 1
    }

    /// Creates users until there are `total`, and waits until the server is idle.
    pub fn grow(&mut self, total: usize) -> Result<(), BoxError> {
        while self.count() < total {
            let present = self.count();
            let step = STEP.min(total - present);
            let people = people::people(&format!("seed{present}"), step, &self.groups);
            let (run, ids) = people::create(self.bench, &self.server, CONNECTIONS, &people)?;
            if ids.len() != step {
                return Err("not all users could be created".into());
            }
            self.ids.extend(ids);
            eprintln!("  {} users, {:.0}/s", self.count(), run.rate());
        }
        self.server.wait_until_idle()
    }

    pub fn stop(self) -> Result<(), BoxError> {
        self.server.stop()
    }
}
