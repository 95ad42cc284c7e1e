//! Database setup at startup: migrations, the check of the secret key, and on first start the administrator.

use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    ActiveValue::Set, DatabaseTransaction, EntityTrait, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use secrecy::SecretString;

use super::{
    Error, Result, SETUP_LOCK, Store,
    entities::{instance, user},
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
}

impl From<sea_orm::DbErr> for SetupError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Runs migrations, checks the secret key, and creates the administrator if there are no users. Returns whether it
    /// did. All of it is one transaction, so an interrupted start leaves nothing half done.
    ///
    /// # Errors
    ///
    /// If the database fails, or was created with a different secret key.
    pub async fn set_up(&self, secret: &InstanceSecret, key: &SecretString) -> std::result::Result<bool, SetupError> {
        let connection = self.connect_for_setup().await?;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = connection.begin_with_options(options).await?;
        // `ping` reports whether `begin` failed. On PostgreSQL the transaction holds the only connection.
        if !super::is_postgres(&connection) {
            connection.ping().await?;
        }
        super::lock(&transaction, SETUP_LOCK).await?;
        Migrator::up(&transaction, None).await?;
        check_secret(&transaction, secret).await?;
        let is_first_start = super::count(&transaction, user::Entity::find()).await? == 0;
        if is_first_start {
            create_administrator(&transaction, secret, key).await?;
        }
        transaction.commit().await?;
        connection.ping().await?;
        connection.close().await?;
        Ok(is_first_start)
    }
}

async fn check_secret(
    transaction: &DatabaseTransaction,
    secret: &InstanceSecret,
) -> std::result::Result<(), SetupError> {
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
    transaction: &DatabaseTransaction,
    secret: &InstanceSecret,
    key: &SecretString,
) -> Result<()> {
    let details = Details {
        username: USERNAME.into(),
        name: "Administrator".into(),
        email: EMAIL.into(),
        is_active: true,
        last_login: None,
        path: DEFAULT_PATH.into(),
        kind: UserType::Internal,
        attributes: Attributes::new(),
    };
    let user = users::insert(transaction, &details).await?.ok_or(Error::taken("username"))?;
    let group = NewGroup {
        name: GROUP.into(),
        is_superuser: true,
        parent: None,
        users: vec![user.id.into()],
        attributes: Attributes::new(),
    };
    let group_id = groups::insert(transaction, &group, None).await?.ok_or(Error::taken("name"))?;
    groups::add_members(transaction, group_id, &group.users).await?;
    let token = NewToken {
        identifier: TOKEN.into(),
        intent: Intent::Api,
        description: "Created on first start".into(),
        expires: None,
        managed: None,
        key: key.clone(),
    };
    tokens::insert(transaction, secret, user.id, &token).await?;
    Ok(())
}
