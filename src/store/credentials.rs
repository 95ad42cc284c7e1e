//! Authentication by API token, with a cache.
//!
//! Every request carries a token, and looking it up in the database would take as long as the rest of the request. So
//! lookups are cached for up to one second, and refreshed in the background while the token is in use. A write that may
//! revoke rights clears the cache of this instance (`Transaction::affect_callers`); other instances on the same database
//! notice within the second.

use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    Result, Store,
    entities::{token, user},
    padded, superusers,
};
use crate::domain::token::{Caller, Intent, is_expired};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, Query},
};

/// How long an entry is valid, and so how long a right revoked by another instance may still work.
const TTL: Duration = Duration::from_millis(900);

/// How often entries in use are refreshed.
const REFRESH_INTERVAL: Duration = Duration::from_millis(300);

/// The maximum number of entries; further tokens are looked up each time.
const CAPACITY: usize = 10_000;

/// The keyed hash of a token's key (`InstanceSecret::digest`). The map needn't compare hashes in constant time: without the secret key nobody can
/// choose a key whose hash is close to another's.
pub type Digest = [u8; 32];

/// The cache.
///
/// Neither `moka` nor `quick_cache` refreshes the entries in use with one statement, and rejects the result of a lookup
/// that started before the cache was cleared.
#[derive(Debug, Default)]
pub struct Credentials {
    entries: RwLock<HashMap<Digest, Entry>>,
    /// Incremented whenever the cache is cleared, so that lookups started before are not stored.
    generation: AtomicU64,
}

#[derive(Debug)]
struct Entry {
    caller: Caller,
    expiring: bool,
    expires: Option<DateTime<Utc>>,
    looked_up: Instant,
    used: AtomicBool,
}

impl Entry {
    fn caller(&self) -> Option<Caller> {
        (!is_expired(self.expiring, self.expires)).then(|| self.caller.clone())
    }
}

impl Credentials {
    /// The cached result for a token: `None` if there is none or it is too old, `Some(None)` if the token has expired.
    fn get(&self, digest: &Digest) -> Option<Option<Caller>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(digest).filter(|entry| entry.looked_up.elapsed() < TTL)?;
        // Read first: an unconditional write would make threads compete for the cache line.
        if !entry.used.load(Ordering::Relaxed) {
            entry.used.store(true, Ordering::Relaxed);
        }
        Some(entry.caller())
    }

    /// Forgets all entries, and the results of lookups that have started.
    pub fn clear(&self) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_add(1, Ordering::AcqRel);
        entries.clear();
    }

    /// Stores the results of a lookup, unless the cache was cleared since it started.
    fn insert(&self, lookup: Lookup, found: Vec<(Digest, Entry)>) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if self.generation.load(Ordering::Acquire) != lookup.generation {
            return;
        }
        for (digest, entry) in found {
            if entries.len() < CAPACITY || entries.contains_key(&digest) {
                entries.insert(digest, entry);
            }
        }
    }

    fn start_lookup(&self) -> Lookup {
        Lookup { generation: self.generation.load(Ordering::Acquire), started: Instant::now() }
    }

    /// Returns the tokens used since the last call, and drops the entries of the others.
    fn take_used(&self) -> Vec<Digest> {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|_, entry| entry.used.load(Ordering::Relaxed) || entry.looked_up.elapsed() < REFRESH_INTERVAL);
        let used = entries.iter().filter(|(_, entry)| entry.used.swap(false, Ordering::Relaxed));
        used.map(|(digest, _)| *digest).collect()
    }
}

/// When a lookup started.
#[derive(Clone, Copy)]
struct Lookup {
    generation: u64,
    started: Instant,
}

#[derive(FromQueryResult)]
struct Row {
    key_digest: Vec<u8>,
    user_id: i32,
    username: String,
    expiring: bool,
    expires: Option<DateTime<Utc>>,
    is_superuser: i64,
}

impl Store {
    /// The active user whose unexpired API token has a key with this digest.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn caller(&self, digest: &Digest) -> Result<Option<Caller>> {
        if let Some(cached) = self.credentials.get(digest) {
            return Ok(cached);
        }
        let lookup = self.credentials.start_lookup();
        let found = self.look_up(lookup, &[*digest]).await?;
        let caller = found.first().and_then(|(_, entry)| entry.caller());
        self.credentials.insert(lookup, found);
        Ok(caller)
    }

    /// Queries the owners of API tokens. Tokens of inactive users are left out.
    async fn look_up(&self, lookup: Lookup, digests: &[Digest]) -> Result<Vec<(Digest, Entry)>> {
        let owner = (user::Entity, user::Column::Id);
        let select = Query::select()
            .columns([token::Column::KeyDigest, token::Column::UserId, token::Column::Expiring, token::Column::Expires])
            .column(user::Column::Username)
            // An integer, because expressions have no boolean type in SQLite.
            .expr_as(superusers::is_superuser(Expr::col(owner)), "is_superuser")
            .from(token::Entity)
            .inner_join(user::Entity, Expr::col(owner).equals((token::Entity, token::Column::UserId)))
            .and_where(Expr::col(token::Column::KeyDigest).is_in(padded(digests).map(|digest| digest.to_vec())))
            .and_where(token::Column::Intent.eq(token::Intent::from(Intent::Api)))
            .and_where(user::Column::IsActive.eq(true))
            .to_owned();
        let entry = |row: Row| {
            let (username, is_superuser) = (row.username.into(), row.is_superuser != 0);
            let caller = Caller { id: row.user_id, username, is_superuser };
            let entry = Entry {
                caller,
                expiring: row.expiring,
                expires: row.expires,
                looked_up: lookup.started,
                used: AtomicBool::new(false),
            };
            Some((row.key_digest.try_into().ok()?, entry))
        };
        let rows = self.reader.query_all(&select).await?;
        let rows: Vec<Row> =
            rows.iter().map(|row| Row::from_query_result(row, "")).collect::<std::result::Result<_, _>>()?;
        Ok(rows.into_iter().filter_map(entry).collect())
    }

    /// Refreshes the entries in use, for as long as it is polled.
    pub(super) async fn refresh_credentials(&self) {
        loop {
            tokio::time::sleep(REFRESH_INTERVAL).await;
            let used = self.credentials.take_used();
            if used.is_empty() {
                continue;
            }
            let lookup = self.credentials.start_lookup();
            match self.look_up(lookup, &used).await {
                Ok(found) => self.credentials.insert(lookup, found),
                // The entries expire, and requests look up their tokens themselves.
                Err(error) => tracing::warn!(%error, "failed to refresh cached credentials"),
            }
        }
    }
}
