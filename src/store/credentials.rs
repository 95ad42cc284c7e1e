//! Who calls: the users behind API tokens, remembered for a moment.
//!
//! Every request carries its token, and asking the database each time would cost as much as the request itself. So the
//! answer is remembered for a second, and renewed in the background while the token is in use. A write that may take
//! somebody a right makes this instance forget everything at once ([`Store::commit_rights`]); other instances on the
//! same database notice within the second.

use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    Result, Store, Transaction,
    entities::{token, user},
    superusers,
};
use crate::domain::{
    secret::InstanceSecret,
    token::{Caller, Intent, is_expired},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, Query},
};

/// How long an answer of the database may be used: so long may a right that was taken elsewhere still work.
const FRESH: Duration = Duration::from_millis(900);

/// How often answers that are in use are renewed.
const RENEWAL: Duration = Duration::from_millis(300);

/// Tokens that are remembered at most; more are asked for each time.
const MAX: usize = 10_000;

/// The keyed hash of a token's key. That such hashes are compared in a map, not in constant time, tells nobody
/// anything: without the instance's secret no key can be chosen to come close to another's hash.
type Digest = [u8; 32];

/// The cache.
///
/// `moka` and `quick_cache` won't do: an entry has to be renewed while it is used, many by one statement, and a lookup that
/// began before [`clear`](Self::clear) must not be stored after it.
#[derive(Debug, Default)]
pub struct Credentials {
    known: RwLock<HashMap<Digest, Known>>,
    /// Counts how often everything was forgotten: an answer that was asked for before is not remembered after.
    forgotten: AtomicU64,
}

#[derive(Debug)]
struct Known {
    caller: Caller,
    expiring: bool,
    expires: Option<DateTime<Utc>>,
    asked: Instant,
    used: AtomicBool,
}

impl Known {
    fn caller(&self) -> Option<Caller> {
        (!is_expired(self.expiring, self.expires)).then(|| self.caller.clone())
    }
}

impl Credentials {
    /// What is known of a token, as far as it is fresh.
    fn get(&self, digest: &Digest) -> Option<Option<Caller>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(digest).filter(|found| found.asked.elapsed() < FRESH)?;
        // Looked at first, because writing would take the cache line from the other threads.
        if !found.used.load(Ordering::Relaxed) {
            found.used.store(true, Ordering::Relaxed);
        }
        Some(found.caller())
    }

    fn forget(&self) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.forgotten.fetch_add(1, Ordering::AcqRel);
        known.clear();
    }

    /// Remembers what the database answered, unless everything was forgotten since the question.
    fn remember(&self, question: Question, answers: Vec<(Digest, Known)>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if self.forgotten.load(Ordering::Acquire) != question.forgotten {
            return;
        }
        for (digest, answer) in answers {
            if known.len() < MAX || known.contains_key(&digest) {
                known.insert(digest, answer);
            }
        }
    }

    fn question(&self) -> Question {
        Question { forgotten: self.forgotten.load(Ordering::Acquire), asked: Instant::now() }
    }

    /// The tokens used since the last call; the others are forgotten.
    fn in_use(&self) -> Vec<Digest> {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, known| known.used.load(Ordering::Relaxed) || known.asked.elapsed() < RENEWAL);
        known.iter().filter(|(_, known)| known.used.swap(false, Ordering::Relaxed)).map(|(digest, _)| *digest).collect()
    }
}

/// When the database was asked.
#[derive(Clone, Copy)]
struct Question {
    forgotten: u64,
    asked: Instant,
}

#[derive(FromQueryResult)]
struct Row {
    key_digest: Vec<u8>,
    user_id: i32,
    expiring: bool,
    expires: Option<DateTime<Utc>>,
    is_superuser: i64,
}

impl Store {
    /// The active user whose unexpired API token has this key.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn caller(&self, secret: &InstanceSecret, key: &str) -> Result<Option<Caller>> {
        let digest = secret.digest(key);
        if let Some(known) = self.credentials.get(&digest) {
            return Ok(known);
        }
        let question = self.credentials.question();
        let answers = self.ask(question, &[digest]).await?;
        let caller = answers.first().and_then(|(_, known)| known.caller());
        self.credentials.remember(question, answers);
        Ok(caller)
    }

    /// Asks the database for the owners of API tokens; those without an active one are left out.
    async fn ask(&self, question: Question, digests: &[Digest]) -> Result<Vec<(Digest, Known)>> {
        let owner = (user::Entity, user::Column::Id);
        let select = Query::select()
            .columns([token::Column::KeyDigest, token::Column::UserId, token::Column::Expiring, token::Column::Expires])
            // A number, because SQLite does not tell that an expression is a truth value.
            .expr_as(superusers::is_superuser(Expr::col(owner)), "is_superuser")
            .from(token::Entity)
            .inner_join(user::Entity, Expr::col(owner).equals((token::Entity, token::Column::UserId)))
            .and_where(Expr::col(token::Column::KeyDigest).is_in(digests.iter().map(|digest| digest.as_slice())))
            .and_where(token::Column::Intent.eq(token::Intent::from(Intent::Api)))
            .and_where(user::Column::IsActive.eq(true))
            .to_owned();
        let known = |row: Row| {
            let caller = Caller { id: row.user_id, is_superuser: row.is_superuser != 0 };
            let known = Known {
                caller,
                expiring: row.expiring,
                expires: row.expires,
                asked: question.asked,
                used: AtomicBool::new(false),
            };
            Some((row.key_digest.try_into().ok()?, known))
        };
        let rows = self.reader.query_all(&select).await?;
        let rows: Vec<Row> =
            rows.iter().map(|row| Row::from_query_result(row, "")).collect::<std::result::Result<_, _>>()?;
        Ok(rows.into_iter().filter_map(known).collect())
    }

    /// Commits a write that may change what callers may do.
    pub(super) async fn commit_rights(&self, transaction: Transaction) -> Result<()> {
        let committed = transaction.commit().await;
        // Even a commit that failed may have happened.
        self.credentials.forget();
        Ok(committed?)
    }

    /// Keeps what is remembered fresh for as long as it is polled.
    pub(super) async fn keep_credentials(&self) {
        loop {
            tokio::time::sleep(RENEWAL).await;
            let in_use = self.credentials.in_use();
            if in_use.is_empty() {
                continue;
            }
            let question = self.credentials.question();
            match self.ask(question, &in_use).await {
                Ok(answers) => self.credentials.remember(question, answers),
                // What is remembered gets old, and requests ask for themselves.
                Err(error) => tracing::warn!(%error, "the callers could not be renewed"),
            }
        }
    }
}
