//! Database setup at startup: migrations, the check of the secret key, and on first start the administrator.

#[cfg(test)]
mod tests;

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, DbErr, EntityTrait, Statement};
use secrecy::SecretString;

use super::{
    Error, Result, SETUP_LOCK, Store,
    connection::{ReadRows, Transaction},
    entities::{instance, user},
    error::Failure,
    groups, tokens, users,
};
use crate::domain::{
    Attributes,
    group::NewGroup,
    secret::InstanceSecret,
    token::{Intent, NewToken},
    user::{DEFAULT_PATH, Details, UserType},
};

/// Names of authentik's initial objects, which some tools expect.
const USERNAME: &str = "akadmin";
const EMAIL: &str = "root@example.com";
const GROUP: &str = "authentik Admins";
const TOKEN: &str = "authentik-bootstrap-token";

/// Why the setup failed.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error(transparent)]
    Store(#[from] Error),
    /// The database was created with a different secret key.
    #[error(
        "the secret key is not the one this database was created with: token keys would be unreadable and users' uids would \
         change. Set ROLLCALL_SECRET_KEY to the original key, or restore its file in the data directory"
    )]
    WrongSecret,
    /// No server has set up the database yet.
    #[error("the database is empty; `rollcall serve` sets it up")]
    Empty,
    /// The migrations of this version have not been applied.
    #[error(
        "the database is of an older version of Rollcall. Start this version with `rollcall serve`, which updates it"
    )]
    Outdated,
    /// Migrations were applied that this version doesn't have.
    #[error("the database is of a newer version of Rollcall. Use that one")]
    Newer,
    /// There are no users yet, but something else has the name of one of the administrator's objects.
    #[error("the administrator can't be created, because {0:?} exists already")]
    NameTaken(&'static str),
}

impl From<DbErr> for SetupError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl Failure for SetupError {
    fn cause(&self) -> Option<&DbErr> {
        match self {
            Self::Store(error) => error.cause(),
            Self::WrongSecret | Self::Empty | Self::Outdated | Self::Newer | Self::NameTaken(_) => None,
        }
    }
}

/// What the setup did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetUp {
    /// The names of the migrations that were run.
    pub applied_migrations: Vec<String>,
    /// Whether the administrator was created.
    pub is_first_start: bool,
}

impl Store {
    /// Runs migrations, checks the secret key, and creates the administrator if there are no users. All of it is one
    /// transaction, so an interrupted start leaves nothing half done.
    ///
    /// # Errors
    ///
    /// If the database fails, or was created with a different secret key.
    pub async fn set_up(&self, secret: &InstanceSecret, key: &SecretString) -> Result<SetUp, SetupError> {
        self.write((secret.clone(), key.clone()), |transaction, (secret, key)| {
            Box::pin(set_up(transaction, secret, key))
        })
        .await
    }

    /// Checks that a server of this version has set up the database. Changes nothing.
    ///
    /// # Errors
    ///
    /// If none has, or the database fails.
    pub async fn check_set_up(&self) -> Result<(), SetupError> {
        let backend = self.reader.get_database_backend();
        check_version(backend, async |statement| self.reader.rows(statement).await).await?;
        if user::Entity::find().one(&self.reader).await?.is_some() { Ok(()) } else { Err(SetupError::Empty) }
    }

    /// Checks that a database that is set up was created with this secret key.
    ///
    /// # Errors
    ///
    /// If it was not, or the database fails.
    pub async fn check_secret(&self, secret: &InstanceSecret) -> Result<(), SetupError> {
        let instance = instance::Entity::find_by_id(1).one(&self.reader).await?;
        let is_right = instance.is_some_and(|row| secret.matches(&row.secret_mark));
        if is_right { Ok(()) } else { Err(SetupError::WrongSecret) }
    }
}

/// Checks that this version of the program has set up a database. `read` executes a query for one column.
pub(super) async fn check_version(
    backend: DbBackend,
    mut read: impl AsyncFnMut(Statement) -> Result<Vec<String>, DbErr>,
) -> Result<(), SetupError> {
    if read(find_migrations(backend)).await?.is_empty() {
        return Err(SetupError::Empty);
    }
    compare_migrations(&read(applied_migrations(backend)).await?)
}

/// Finds the table of migrations, which the migrator would create.
fn find_migrations(backend: DbBackend) -> Statement {
    let tables = match backend {
        DbBackend::Postgres => {
            "SELECT to_regclass('seaql_migrations')::text WHERE to_regclass('seaql_migrations') IS NOT NULL"
        }
        _ => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'seaql_migrations'",
    };
    Statement::from_string(backend, tables)
}

fn applied_migrations(backend: DbBackend) -> Statement {
    Statement::from_string(backend, "SELECT version FROM seaql_migrations")
}

/// Compares the migrations that a database has with those of this version.
fn compare_migrations(applied: &[String]) -> Result<(), SetupError> {
    let known: Vec<String> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    if applied.iter().any(|version| !known.contains(version)) {
        return Err(SetupError::Newer);
    }
    if applied.len() < known.len() { Err(SetupError::Outdated) } else { Ok(()) }
}

async fn set_up(transaction: &Transaction, secret: &InstanceSecret, key: &SecretString) -> Result<SetUp, SetupError> {
    if super::is_postgres(transaction) {
        // Migrations may take their time, and so may those of another instance.
        transaction.wait_for_answers().await;
        transaction.control("SET LOCAL lock_timeout = 0").await?;
    }
    super::lock(transaction, SETUP_LOCK).await?;
    let backend = transaction.get_database_backend();
    if !transaction.rows::<String>(find_migrations(backend)).await?.is_empty() {
        let applied: Vec<String> = transaction.rows(applied_migrations(backend)).await?;
        if let Err(newer @ SetupError::Newer) = compare_migrations(&applied) {
            return Err(newer);
        }
    }
    let connection = transaction.for_migrations().await?;
    let pending = Migrator::get_pending_migrations(&connection).await?;
    Migrator::up(&connection, None).await?;
    check_secret(transaction, secret).await?;
    let is_first_start = user::Entity::find().one(transaction).await?.is_none();
    if is_first_start {
        create_administrator(transaction, secret, key).await?;
    }
    let applied_migrations = pending.iter().map(|migration| migration.name().to_owned()).collect();
    Ok(SetUp { applied_migrations, is_first_start })
}

async fn check_secret(transaction: &Transaction, secret: &InstanceSecret) -> Result<(), SetupError> {
    match instance::Entity::find_by_id(1).one(transaction).await? {
        Some(row) if secret.matches(&row.secret_mark) => Ok(()),
        Some(_) => Err(SetupError::WrongSecret),
        None => {
            let row = instance::ActiveModel { id: Set(1), secret_mark: Set(secret.mark().to_vec()) };
            instance::Entity::insert(row).exec_without_returning(transaction).await?;
            Ok(())
        }
    }
}

async fn create_administrator(
    transaction: &Transaction,
    secret: &InstanceSecret,
    key: &SecretString,
) -> Result<(), SetupError> {
    let details = Details {
        username: USERNAME.into(),
        name: "Administrator".into(),
        email: EMAIL.into(),
        is_active: true,
        last_login: None,
        path: DEFAULT_PATH.into(),
        kind: UserType::Internal,
        attributes: Attributes::default(),
    };
    let user = users::insert(transaction, &details).await?.ok_or(SetupError::NameTaken(USERNAME))?;
    let group = NewGroup {
        name: GROUP.into(),
        is_superuser: true,
        parents: Vec::new(),
        users: vec![user.id.into()],
        attributes: Attributes::default(),
    };
    let (group_id, _) = groups::insert(transaction, &group).await?.ok_or(SetupError::NameTaken(GROUP))?;
    groups::add_members(transaction, group_id, &group.users).await?;
    let token = NewToken {
        identifier: TOKEN.into(),
        intent: Intent::Api,
        description: "Created on first start".into(),
        expires: None,
        managed: None,
        key: key.clone(),
    };
    if tokens::insert(transaction, secret, user.id, &token, TOKEN).await? {
        Ok(())
    } else {
        Err(SetupError::NameTaken(TOKEN))
    }
}
