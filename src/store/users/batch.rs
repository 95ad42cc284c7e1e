//! Batched creation of users (group commit).
//!
//! A commit costs the same however much it makes durable. So whatever was queued while one batch was being written
//! becomes the next, with one statement for the users and one for their memberships. No batch waits to be filled, so a
//! lone request is written at once. Each request gets its own result once its batch is durable; one that is rejected
//! doesn't affect the others.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use sea_orm::{
    ActiveValue::Set,
    ConnectionTrait, EntityTrait, QueryTrait,
    sea_query::{OnConflict, Query},
};
use tokio::sync::{Mutex, mpsc, oneshot};
use uuid::Uuid;

use crate::{
    domain::{
        group::Group,
        random,
        user::{NewUser, Profile, User},
    },
    store::{
        self, Error, Result, Store,
        connection::Pool,
        entities::{user, user_group},
        groups,
    },
};

/// The maximum size of a batch, within both engines' limits on the parameters of a statement.
const BATCH_SIZE: usize = 64;

/// The maximum number of queued users; further requests get 503.
const QUEUE_SIZE: usize = 4_096;

/// The maximum number of memberships per statement.
const MEMBERSHIPS_PER_STATEMENT: usize = 4_096;

/// The number of batches written concurrently on PostgreSQL, so that one needn't wait for another's commit. SQLite has
/// one writer.
const WRITERS: usize = 2;

/// A queued user. The result is `None` if the user violates a constraint.
#[derive(Debug)]
struct Creation {
    new: NewUser,
    reply: oneshot::Sender<Result<Option<Profile>>>,
}

/// The queue of users to be created.
#[derive(Clone, Debug)]
pub struct Queue(mpsc::Sender<Creation>);

impl Store {
    /// Creates a user with its memberships.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] with all violations if the username is taken or a group doesn't exist. [`Error::Busy`] if
    /// the queue is full.
    pub async fn create_user(&self, new: NewUser) -> Result<Profile> {
        let (username, groups) = (new.details.username.clone(), new.groups.clone());
        let queue = self.creations.get_or_init(|| Queue::start(&self.writer));
        if let Some(profile) = queue.create(new).await? {
            return Ok(profile);
        }
        let violations = self.user_violations(None, &username, &groups).await?;
        // The conflicting object may be gone by now; the write was rejected all the same.
        Err(if violations.is_empty() { Error::taken("username") } else { Error::Rejected(violations) })
    }
}

impl Queue {
    /// Starts tasks that write batches until the queue is dropped.
    fn start(writer: &Pool) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE_SIZE);
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..if store::is_postgres(writer) { WRITERS } else { 1 } {
            tokio::spawn(write_batches(writer.clone(), receiver.clone()));
        }
        Self(sender)
    }

    async fn create(&self, new: NewUser) -> Result<Option<Profile>> {
        let (reply, result) = oneshot::channel();
        self.0.try_send(Creation { new, reply }).map_err(|_| Error::Busy)?;
        // The sender is dropped without a reply only when the program ends.
        result.await.unwrap_or(Err(Error::Busy))
    }
}

async fn write_batches(writer: Pool, queue: Arc<Mutex<mpsc::Receiver<Creation>>>) {
    let mut batch = Vec::with_capacity(BATCH_SIZE);
    while queue.lock().await.recv_many(&mut batch, BATCH_SIZE).await > 0 {
        // Skip requests whose client has disconnected.
        batch.retain(|creation: &Creation| !creation.reply.is_closed());
        let (users, replies): (Vec<NewUser>, Vec<_>) =
            batch.drain(..).map(|creation| (creation.new, creation.reply)).unzip();
        for (reply, result) in replies.into_iter().zip(write(&writer, users).await) {
            // The client may have disconnected; the user exists all the same.
            let _ = reply.send(result);
        }
    }
}

/// Writes a batch and returns the result for each user, in order. A batch that fails is retried in halves, so that in
/// the end only the offending users fail.
async fn write(writer: &Pool, users: Vec<NewUser>) -> Vec<Result<Option<Profile>>> {
    let mut results = Vec::with_capacity(users.len());
    let mut left = vec![users];
    while let Some(mut batch) = left.pop() {
        match try_write(writer, &batch).await {
            Ok(profiles) => results.extend(profiles.into_iter().map(Ok)),
            Err(error) if error.is_missing_reference() && batch.len() == 1 => results.push(Ok(None)),
            Err(error) if batch.len() <= 1 || matches!(error, Error::Unavailable(_)) => {
                results.extend(batch.iter().map(|_| Err(error.clone())));
            }
            Err(_) => {
                let second = batch.split_off(batch.len() / 2);
                left.extend([second, batch]);
            }
        }
    }
    results
}

/// Writes a batch in one transaction. `None` is the result for a user whose name is taken or who has an unknown group.
async fn try_write(writer: &Pool, users: &[NewUser]) -> Result<Vec<Option<Profile>>> {
    let transaction = writer.begin().await?;
    let groups = groups::by_uuid(&transaction, users.iter().flat_map(|new| &new.groups).copied()).await?;
    let profile = |new: &NewUser| {
        let wanted: BTreeSet<Uuid> = new.groups.iter().copied().collect();
        let groups = wanted.iter().map(|uuid| groups.get(uuid).cloned()).collect::<Option<Vec<Group>>>()?;
        Some(Profile::new(User { id: 0, uuid: random::uuid(), details: new.details.clone() }, groups))
    };
    let mut profiles: Vec<Option<Profile>> = users.iter().map(profile).collect();
    let ids = insert_users(&transaction, profiles.iter().flatten().map(|profile| &profile.user)).await?;
    for slot in &mut profiles {
        *slot = slot.take().and_then(|mut profile| {
            profile.user.id = *ids.get(&profile.user.uuid)?;
            Some(profile)
        });
    }
    insert_memberships(&transaction, profiles.iter().flatten()).await?;
    transaction.commit().await?;
    Ok(profiles)
}

/// Inserts users. Returns the ids of those whose names were free, by UUID.
async fn insert_users(
    connection: &impl ConnectionTrait,
    users: impl Iterator<Item = &User>,
) -> Result<HashMap<Uuid, i32>> {
    let mut rows: Vec<_> = users.map(user::ActiveModel::from).collect();
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    // Sorted, so that two batches with the same names can't deadlock.
    rows.sort_by(|a, b| a.username.try_as_ref().cmp(&b.username.try_as_ref()));
    let mut insert = user::Entity::insert_many(rows)
        .on_conflict(OnConflict::column(user::Column::Username).do_nothing().to_owned())
        .into_query();
    insert.returning(Query::returning().columns([user::Column::Uuid, user::Column::Id]));
    let inserted = connection.query_all(&insert).await?;
    inserted.iter().map(|row| Ok((row.try_get("", "uuid")?, row.try_get("", "id")?))).collect()
}

async fn insert_memberships(connection: &impl ConnectionTrait, profiles: impl Iterator<Item = &Profile>) -> Result<()> {
    let rows = |profile: &Profile| {
        let user_id = profile.user.id;
        let row = move |group: &Group| user_group::ActiveModel { user_id: Set(user_id), group_id: Set(group.id) };
        profile.groups.iter().map(row).collect::<Vec<_>>()
    };
    let rows: Vec<_> = profiles.flat_map(rows).collect();
    for chunk in rows.chunks(MEMBERSHIPS_PER_STATEMENT) {
        user_group::Entity::insert_many(chunk.to_vec()).exec_without_returning(connection).await?;
    }
    Ok(())
}
