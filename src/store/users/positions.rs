//! Which user is where in the list of all users, sorted by username.
//!
//! With `OFFSET` a database reads all rows before the page. So the server keeps every hundredth username, and reads on
//! from there, until a user is created, deleted or renamed, which the database [counts](CHANGES). Without this, the page
//! in the middle of 100,000 users took 3.4 times as long as the first one on SQLite.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, Statement};

use crate::store::{
    Result, Store,
    connection::{Lister, ReadRows},
};

/// The distance between the known positions.
const STEP: u64 = 100;

/// From here on it is worth it.
const FAR: u64 = 1_000;

/// How long to wait before the positions are read again, in times that it took.
const PAUSE: u32 = 10;

/// SQL for the number of times that the list has changed.
pub const CHANGES: &str = r#"(SELECT CAST(sum("changes") AS bigint) FROM "user_counts")"#;

/// The positions known, if any.
#[derive(Debug, Default)]
pub struct Positions(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    known: Option<Arc<Known>>,
    /// The number of changes that the last request for a far page saw.
    last_changes: Option<i64>,
    is_reading: bool,
    /// When the positions may be read again.
    not_before: Option<Instant>,
}

/// The positions while the list has changed so many times.
#[derive(Debug)]
struct Known {
    changes: i64,
    /// Every [`STEP`]th username, from the first one on.
    usernames: Vec<String>,
}

/// Where to start reading.
#[derive(Debug)]
pub struct Start {
    /// The first username to read.
    pub username: String,
    /// How many users to skip from there on.
    pub skipped: u64,
    /// The number of changes for which this is right.
    pub changes: i64,
}

impl Positions {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns where to start reading to get to the user at `offset`, if that is known and far enough.
    pub fn start(&self, offset: u64) -> Option<Start> {
        if offset < FAR {
            return None;
        }
        let known = self.state().known.clone()?;
        let username = known.usernames.get(usize::try_from(offset / STEP).ok()?)?.clone();
        Some(Start { username, skipped: offset % STEP, changes: known.changes })
    }

    /// Notes that the list had changed so many times when a page at `offset` was read. Returns whether the positions
    /// should be read now: the list has not changed since the last far page.
    fn should_read(&self, offset: u64, changes: i64) -> bool {
        if offset < FAR {
            return false;
        }
        let mut state = self.state();
        let is_stable = state.last_changes.replace(changes) == Some(changes);
        let is_known = state.known.as_ref().is_some_and(|known| known.changes == changes);
        let is_early = state.not_before.is_some_and(|moment| Instant::now() < moment);
        let should_read = is_stable && !is_known && !is_early && !state.is_reading;
        state.is_reading |= should_read;
        should_read
    }

    fn finish(&self, known: Option<Known>, took: Duration) {
        let mut state = self.state();
        state.is_reading = false;
        state.not_before = Some(Instant::now() + took * PAUSE);
        if let Some(known) = known {
            state.known = Some(Arc::new(known));
        }
    }
}

impl Store {
    /// Whether the positions are known, for tests.
    pub fn knows_positions(&self) -> bool {
        let state = self.positions.state();
        state.known.as_ref().is_some_and(|known| Some(known.changes) == state.last_changes)
    }

    /// Takes note of a page of all users that was read without [`Positions::start`], and reads the positions in the
    /// background if that is worth it.
    pub(super) fn note_page(&self, offset: u64, changes: i64) {
        if self.positions.should_read(offset, changes) {
            let store = self.clone();
            tokio::spawn(async move {
                let begin = Instant::now();
                let known = store.list(async |lister| read_positions(&lister).await).await;
                let known = known.inspect_err(|error| tracing::warn!(%error, "failed to read the positions of users"));
                store.positions.finish(known.ok().flatten(), begin.elapsed());
            });
        }
    }
}

async fn read_positions(lister: &Lister) -> Result<Option<Known>> {
    let sql = format!(
        r#"SELECT "username", {CHANGES} FROM
        (SELECT "username", row_number() OVER (ORDER BY "username") - 1 AS "position" FROM "users") AS "all"
        WHERE "position" % {STEP} = 0 ORDER BY "username""#
    );
    let statement = Statement::from_string(lister.get_database_backend(), sql);
    let rows = lister.rows::<(String, i64)>(statement).await?;
    let changes = rows.first().map(|(_, changes)| *changes);
    let usernames = rows.into_iter().map(|(username, _)| username).collect();
    Ok(changes.map(|changes| Known { changes, usernames }))
}
