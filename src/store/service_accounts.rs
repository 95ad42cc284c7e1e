//! Service accounts: a user, its token and its group.

use std::sync::Arc;

use uuid::Uuid;

use super::{Checked, Result, Store, Violation, connection::Transaction, error::Stop, groups, tokens, users};
use crate::domain::{
    Attributes,
    group::NewGroup,
    random,
    secret::InstanceSecret,
    token::NewToken,
    user::{Details, User},
};

impl Store {
    /// Creates a user with a token and, if `with_group`, a group of the same name. Returns the user and the group's
    /// UUID.
    ///
    /// # Errors
    ///
    /// If the database fails. Rejected if the username or the group's name is taken.
    pub async fn create_service_account(
        &self,
        secret: &InstanceSecret,
        details: &Details,
        with_group: bool,
        token: NewToken,
    ) -> Checked<(User, Option<Uuid>)> {
        let account = Arc::new(ServiceAccount { secret: secret.clone(), details: details.clone(), with_group, token });
        let write = || async {
            self.write(account.clone(), |transaction, account| Box::pin(create(transaction, account))).await
        };
        self.checked(write, Self::no_violations).await
    }
}

struct ServiceAccount {
    secret: InstanceSecret,
    details: Details,
    with_group: bool,
    token: NewToken,
}

async fn create(transaction: &Transaction, account: &ServiceAccount) -> Result<(User, Option<Uuid>), Stop> {
    let user = users::insert(transaction, &account.details).await?.ok_or(Violation::UsernameTaken)?;
    let mut group_uuid = None;
    if account.with_group {
        let group = NewGroup {
            name: account.details.username.clone(),
            is_superuser: false,
            parents: Vec::new(),
            users: vec![user.id.into()],
            attributes: Attributes::default(),
        };
        let (id, uuid) = groups::insert(transaction, &group).await?.ok_or(Violation::GroupNameTaken)?;
        groups::add_members(transaction, id, &group.users).await?;
        group_uuid = Some(uuid);
    }
    let ServiceAccount { secret, token, .. } = account;
    if !tokens::insert(transaction, secret, user.id, token, &token.identifier).await? {
        // Another account's name resulted in the same identifier.
        tokens::insert(transaction, secret, user.id, token, &random::uuid().to_string()).await?;
    }
    Ok((user, group_uuid))
}
