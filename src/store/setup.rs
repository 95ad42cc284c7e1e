//! What a start does to the database: tables, the mark of the secret, and at the first start an administrator.

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

/// The names are authentik's, so that tools which look for them find them.
const USERNAME: &str = "akadmin";
const EMAIL: &str = "root@example.com";
const GROUP: &str = "authentik Admins";
const TOKEN: &str = "authentik-bootstrap-token";

/// Why the database can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error(transparent)]
    Store(#[from] Error),
    /// The database was made with another secret.
    #[error(
        "the secret key is not the one this database was made with: token keys could not be read and users' uids would \
         change. Give the original one as ROLLCALL_SECRET_KEY, or put its file back into the data directory"
    )]
    WrongSecret,
}

impl From<sea_orm::DbErr> for SetupError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Brings the tables up to date, checks the secret, and makes the administrator if there is no user yet. All of it
    /// is one transaction: a start that is cut off leaves nothing half done. Answers whether this is the first start.
    ///
    /// # Errors
    ///
    /// When the database fails, or was made with another secret.
    pub async fn set_up(&self, secret: &InstanceSecret, key: &SecretString) -> std::result::Result<bool, SetupError> {
        let connection = self.connect_for_setup().await?;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = connection.begin_with_options(options).await?;
        // On PostgreSQL the transaction has the only connection.
        if !super::is_postgres(&connection) {
            connection.ping().await?;
        }
        super::lock(&transaction, SETUP_LOCK).await?;
        Migrator::up(&transaction, None).await?;
        check_secret(&transaction, secret).await?;
        let is_new = super::count(&transaction, user::Entity::find()).await? == 0;
        if is_new {
            make_administrator(&transaction, secret, key).await?;
        }
        transaction.commit().await?;
        connection.ping().await?;
        connection.close().await?;
        Ok(is_new)
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

async fn make_administrator(
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
        description: "Made by the first start".into(),
        expires: None,
        managed: None,
        key: key.clone(),
    };
    tokens::insert(transaction, secret, user.id, &token).await?;
    Ok(())
}
