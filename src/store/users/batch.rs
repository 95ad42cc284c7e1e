//! Creating users, many at once.
//!
//! What a commit costs does not depend on how much it makes durable. So users are created in batches: what was queued
//! while the last batch was being written goes in as the next one, as one statement for the users and one for their
//! memberships. Nothing waits for a batch to fill, so a request that comes alone is written alone. Each request gets its own answer once the
//! batch is durable; one that is refused takes nothing from its neighbours.

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

/// Users in a batch at most: few enough for the bounds of a statement's parameters, whatever the engine.
const BATCH: usize = 64;

/// Users that may wait for their batch; more are refused, to be tried again later.
const QUEUE: usize = 4_096;

/// Memberships in one statement.
const MEMBERSHIPS: usize = 4_096;

/// Batches that are written side by side on PostgreSQL, where the next need not wait for the last one's commit. SQLite
/// has one writer.
const LANES: usize = 2;

/// A user to create, and who wants to know. `None` tells that the database has something against it.
#[derive(Debug)]
struct Creation {
    new: NewUser,
    answer: oneshot::Sender<Result<Option<Profile>>>,
}

/// Where users wait for their batch.
#[derive(Clone, Debug)]
pub struct Queue(mpsc::Sender<Creation>);

impl Store {
    /// Stores a user with its memberships.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the username is taken or a group does not exist; both are told at once.
    /// [`Error::Busy`] when too many users are waiting to be stored.
    pub async fn create_user(&self, new: NewUser) -> Result<Profile> {
        let (username, groups) = (new.details.username.clone(), new.groups.clone());
        let queue = self.creations.get_or_init(|| Queue::start(&self.writer));
        if let Some(profile) = queue.create(new).await? {
            return Ok(profile);
        }
        let objections = self.objections_to_user(None, &username, &groups).await?;
        // Whoever had the name may have given it up just now; the refusal stands.
        Err(if objections.is_empty() { Error::taken("username") } else { Error::Refused(objections) })
    }
}

impl Queue {
    /// Starts writing batches, until the queue is dropped.
    fn start(writer: &Pool) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..if store::is_postgres(writer) { LANES } else { 1 } {
            tokio::spawn(write_batches(writer.clone(), receiver.clone()));
        }
        Self(sender)
    }

    async fn create(&self, new: NewUser) -> Result<Option<Profile>> {
        let (answer, answered) = oneshot::channel();
        self.0.try_send(Creation { new, answer }).map_err(|_| Error::Busy)?;
        // The other side only goes away without an answer when the program ends.
        answered.await.unwrap_or(Err(Error::Busy))
    }
}

async fn write_batches(writer: Pool, queue: Arc<Mutex<mpsc::Receiver<Creation>>>) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.lock().await.recv_many(&mut batch, BATCH).await > 0 {
        // Nobody waits any more for what a client gave up.
        batch.retain(|creation: &Creation| !creation.answer.is_closed());
        let (news, answers): (Vec<NewUser>, Vec<_>) =
            batch.drain(..).map(|creation| (creation.new, creation.answer)).unzip();
        for (answer, result) in answers.into_iter().zip(write(&writer, news).await) {
            // Whoever asked may be gone; the user is there all the same.
            let _ = answer.send(result);
        }
    }
}

/// Writes a batch and answers for each of its users, in their order. What fails together is tried again in halves, so
/// that in the end only what can't be written fails.
async fn write(writer: &Pool, news: Vec<NewUser>) -> Vec<Result<Option<Profile>>> {
    let mut results = Vec::with_capacity(news.len());
    let mut left = vec![news];
    while let Some(mut batch) = left.pop() {
        match try_write(writer, &batch).await {
            Ok(profiles) => results.extend(profiles.into_iter().map(Ok)),
            Err(error) if error.is_dangling() && batch.len() == 1 => results.push(Ok(None)),
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

/// Writes a batch in one transaction. `None` stands for a user whose name is taken or whose groups are not all there.
async fn try_write(writer: &Pool, news: &[NewUser]) -> Result<Vec<Option<Profile>>> {
    let transaction = writer.begin().await?;
    let groups = groups::by_uuid(&transaction, news.iter().flat_map(|new| &new.groups).copied()).await?;
    let profile = |new: &NewUser| {
        let wanted: BTreeSet<Uuid> = new.groups.iter().copied().collect();
        let groups = wanted.iter().map(|uuid| groups.get(uuid).cloned()).collect::<Option<Vec<Group>>>()?;
        Some(Profile::new(User { id: 0, uuid: random::uuid(), details: new.details.clone() }, groups))
    };
    let mut profiles: Vec<Option<Profile>> = news.iter().map(profile).collect();
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

/// Inserts users; answers the ids of those whose names were free, by UUID.
async fn insert_users(
    connection: &impl ConnectionTrait,
    users: impl Iterator<Item = &User>,
) -> Result<HashMap<Uuid, i32>> {
    let mut rows: Vec<_> = users.map(user::ActiveModel::from).collect();
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    // Of two batches that want the same names, one waits for the other and not also the other way round.
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
    for chunk in rows.chunks(MEMBERSHIPS) {
        user_group::Entity::insert_many(chunk.to_vec()).exec_without_returning(connection).await?;
    }
    Ok(())
}
