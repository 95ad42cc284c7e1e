//! The directory that is read: made by the API, all its answers checked.

use crate::{
    Failed,
    bench::{Bench, CONNECTIONS},
    home::Home,
    options::Engine,
    people::{self, Group},
    process::Process,
};

/// Users made at once; so many answers are held until they are checked.
const STEP: usize = 10_000;

pub struct Seeded<'b> {
    bench: &'b Bench,
    pub engine: Engine,
    pub server: Process,
    groups: Vec<Group>,
    /// The ids of the users that were made; the administrator is one more.
    pub ids: Vec<i64>,
    // Last, because it must outlive the server.
    _home: Home<'b>,
}

impl<'b> Seeded<'b> {
    pub fn new(bench: &'b Bench, engine: Engine) -> Result<Self, Failed> {
        let (home, server, groups) = people::settle_in(bench, engine)?;
        Ok(Self { bench, engine, server, groups, ids: Vec::new(), _home: home })
    }

    /// All users, with the administrator.
    pub fn count(&self) -> usize {
        self.ids.len() + 1
    }

    /// Makes users until there are `total`, and waits until the server is at rest.
    pub fn grow(&mut self, total: usize) -> Result<(), Failed> {
        while self.count() < total {
            let present = self.count();
            let step = STEP.min(total - present);
            let people = people::people(&format!("seed{present}"), step, &self.groups);
            let (run, ids) = people::create(self.bench, &self.server, CONNECTIONS, &people)?;
            if ids.len() != step {
                return Err("not all users could be made".into());
            }
            self.ids.extend(ids);
            eprintln!("  {} users, {:.0}/s", self.count(), run.rate());
        }
        self.server.settle()
    }

    pub fn stop(self) -> Result<(), Failed> {
        self.server.stop()
    }
}
