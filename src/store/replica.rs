//! Lists from a read replica, which never show less than the primary had acknowledged before.
//!
//! Whoever has written, or has seen what another one wrote, must find it in a list. So for each list the primary is asked
//! for the position in its log, which takes it a fraction of what a list takes, and the replica has to have got there. It
//! gets a short time for that; then, and if anything else is wrong with the replica, the list is read from the primary.
//! Which instance wrote, or for whom, makes no difference.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sea_orm::{DbBackend, DbErr, Statement};
use tokio::time::{Instant, sleep, timeout};

use super::connection::{FromRow, Pool, ReadRows, Row, Transaction};

/// How long a list waits for the replica to catch up.
const MAX_WAIT: Duration = Duration::from_millis(50);

/// How often it looks.
const POLL_INTERVAL: Duration = Duration::from_millis(2);

/// How long a list waits for the replica and the primary to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

/// For how long lists are read from the primary once the replica couldn't be used.
const PAUSE: Duration = Duration::from_secs(1);

/// How often it is logged that the replica can't be used, at most.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// Selects the [`Position`] of the primary. With `synchronous_commit = off`, it acknowledges what is not in the log yet.
const OF_PRIMARY: &str = "SELECT (SELECT system_identifier FROM pg_control_system()),
    ('x' || left(pg_walfile_name(lsn), 8))::bit(32)::bigint, (lsn - '0/0')::bigint
    FROM (SELECT CASE current_setting('synchronous_commit')
        WHEN 'off' THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_flush_lsn() END AS lsn) AS log";

/// Selects the [`Position`] of a replica. Without the role `pg_read_all_stats` its timeline is that of its last
/// checkpoint, so it may be behind after a failover.
const OF_REPLICA: &str = "SELECT CASE WHEN pg_is_in_recovery() THEN system_identifier ELSE 0 END,
    coalesce((SELECT received_tli FROM pg_stat_wal_receiver), timeline_id)::bigint,
    coalesce((pg_last_wal_replay_lsn() - '0/0')::bigint, 0)
    FROM pg_control_system(), pg_control_checkpoint()";

/// A place in the log of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Position {
    /// Identifies the database cluster, all of whose servers have it; 0 for a server that is no replica.
    system: i64,
    /// Changes with each failover. What a server wrote that was not promoted is on the old one.
    timeline: i64,
    lsn: i64,
}

impl FromRow for Position {
    fn from_row(row: &mut Row<'_>) -> Result<Self, DbErr> {
        Ok(Self { system: row.next()?, timeline: row.next()?, lsn: row.next()? })
    }
}

/// Why a replica can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Unusable {
    #[error("it is no replica of the primary")]
    Unrelated,
    #[error("it has not followed the primary through a failover yet")]
    OtherTimeline,
    #[error("it is behind")]
    Behind,
    #[error("it did not answer")]
    Unanswered,
    #[error("{0}")]
    Failed(#[from] DbErr),
}

impl Position {
    /// Whether a replica at this position has everything up to that of the primary.
    fn has(self, primary: Self) -> Result<(), Unusable> {
        if self.system != primary.system {
            Err(Unusable::Unrelated)
        } else if self.timeline != primary.timeline {
            Err(Unusable::OtherTimeline)
        } else if self.lsn < primary.lsn {
            Err(Unusable::Behind)
        } else {
            Ok(())
        }
    }
}

/// A read replica.
#[derive(Debug)]
pub struct Replica {
    pool: Pool,
    /// The primary's last position, and when it was asked for.
    asked: tokio::sync::Mutex<Option<(Instant, Position)>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Until when the replica is not tried.
    paused_until: Option<Instant>,
    /// When it was last logged that it can't be used; `None` if it was used since.
    logged: Option<Instant>,
}

impl Replica {
    pub fn new(pool: Pool) -> Self {
        Self { pool, asked: tokio::sync::Mutex::default(), state: Mutex::default() }
    }

    /// Its connections.
    pub fn pool(&self) -> Pool {
        self.pool.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a transaction on the replica that shows everything the primary has acknowledged by now; `None` if the list is
    /// to be read from the primary.
    pub async fn begin(&self, primary: &Pool) -> Option<Transaction> {
        if !self.is_tried() {
            return None;
        }
        let begun = timeout(ANSWER_TIMEOUT, self.catch_up(primary)).await.unwrap_or(Err(Unusable::Unanswered));
        match begun {
            Ok(transaction) => {
                let mut state = self.state();
                state.paused_until = None;
                if state.logged.is_some_and(|logged| logged.elapsed() > LOG_INTERVAL) {
                    tracing::info!("lists are read from the replica again");
                    state.logged = None;
                }
                Some(transaction)
            }
            Err(reason) => {
                self.pause(&reason);
                None
            }
        }
    }

    /// Whether a list is to try the replica. After a pause one does so first, and the others only if it succeeds.
    fn is_tried(&self) -> bool {
        let (mut state, now) = (self.state(), Instant::now());
        let is_tried = state.paused_until.is_none_or(|end| end <= now);
        if is_tried && state.paused_until.is_some() {
            state.paused_until = Some(now + ANSWER_TIMEOUT);
        }
        is_tried
    }

    /// Ends a list on the replica. Returns whether it has to be read again, from the primary.
    pub async fn end<T>(&self, transaction: Transaction, result: &Result<T, super::Error>) -> bool {
        match result {
            Ok(_) | Err(super::Error::TooLarge(_)) => {
                let _ = transaction.commit().await;
                false
            }
            Err(error) => {
                self.pause(error);
                true
            }
        }
    }

    async fn catch_up(&self, primary: &Pool) -> Result<Transaction, Unusable> {
        let (wanted, transaction) = tokio::join!(self.primary_position(primary), self.pool.begin_reading());
        let (wanted, transaction) = (wanted?, transaction?);
        let start = Instant::now();
        loop {
            match position(&transaction, OF_REPLICA).await?.has(wanted) {
                Ok(()) => return Ok(transaction),
                Err(Unusable::Behind) if start.elapsed() < MAX_WAIT => sleep(POLL_INTERVAL).await,
                Err(reason) => {
                    transaction.rollback().await;
                    return Err(reason);
                }
            }
        }
    }

    /// Asks the primary for its position. Of those who wait for an answer, the next one asks for all.
    async fn primary_position(&self, primary: &Pool) -> Result<Position, DbErr> {
        let called = Instant::now();
        let mut asked = self.asked.lock().await;
        match *asked {
            Some((at, position)) if at > called => Ok(position),
            _ => {
                let at = Instant::now();
                let position = position(primary, OF_PRIMARY).await?;
                *asked = Some((at, position));
                Ok(position)
            }
        }
    }

    fn pause(&self, reason: &dyn std::error::Error) {
        let mut state = self.state();
        let now = Instant::now();
        state.paused_until = Some(now + PAUSE);
        if state.logged.is_none_or(|logged| logged.elapsed() > LOG_INTERVAL) {
            tracing::warn!(%reason, "the replica can't be used: lists are read from the primary");
            state.logged = Some(now);
        }
    }

    /// Closes the connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

async fn position(connection: &impl ReadRows, sql: &str) -> Result<Position, DbErr> {
    let rows = connection.rows(Statement::from_string(DbBackend::Postgres, sql)).await?;
    rows.into_iter().next().ok_or_else(|| DbErr::RecordNotFound("a position".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replica_has_what_is_before_its_place_in_the_same_log() {
        let primary = Position { system: 7, timeline: 2, lsn: 100 };
        for (replica, expected) in [
            (primary, Ok(())),
            (Position { lsn: 101, ..primary }, Ok(())),
            (Position { lsn: 99, ..primary }, Err(Unusable::Behind)),
            (Position { lsn: 101, timeline: 1, ..primary }, Err(Unusable::OtherTimeline)),
            (Position { lsn: 101, timeline: 3, ..primary }, Err(Unusable::OtherTimeline)),
            (Position { system: 0, ..primary }, Err(Unusable::Unrelated)),
        ] {
            assert_eq!(replica.has(primary), expected, "{replica:?}");
        }
    }
}
