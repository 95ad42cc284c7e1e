//! `POST /core/users/service_account/`

use serde_json::{Map, json};

use crate::{
    api::{
        Body, CoreUsersServiceAccountCreate, CoreUsersServiceAccountCreateResponse, Failure, FieldErrors, Secret,
        UserServiceAccountRequest, UserServiceAccountResponse,
    },
    domain::{
        clock,
        token::{Caller, Intent, NewToken, new_key},
        user::{Details, UserType, check_username},
    },
    operations::{App, changes, failure::NOT_UNIQUE},
    store::Rejection,
};

impl CoreUsersServiceAccountCreate for App {
    async fn core_users_service_account_create(
        &self,
        _: Caller,
        body: Body<UserServiceAccountRequest>,
    ) -> Result<CoreUsersServiceAccountCreateResponse, Failure> {
        let mut draft = body.read()?;
        let mut errors = FieldErrors::default();
        errors.check("name", check_username(&draft.fields().name));
        draft.add_errors(errors);
        let request = draft.accept()?;
        let expires = request.expires.map_or_else(|| clock::now() + self.lifetimes.service_account, |moment| moment.0);
        let token = NewToken {
            identifier: identifier(&request.name),
            intent: Intent::AppPassword,
            description: String::new(),
            expires: request.expiring.then_some(expires),
            managed: None,
            key: new_key(),
        };
        let details = details(request.name, request.expiring);
        let key = token.key.clone();
        let account = self.store.create_service_account(&self.secret, &details, request.create_group, token).await;
        let (user, group) = account?.map_err(name_taken)?;
        changes::user(user.id, Some(&user.details.username), "created as a service account");
        Ok(CoreUsersServiceAccountCreateResponse::Ok(UserServiceAccountResponse {
            username: user.details.username,
            token: Secret(key),
            user_uid: self.secret.uid(user.id),
            user_pk: user.id.into(),
            group_pk: group.map(|uuid| uuid.to_string()),
        }))
    }
}

/// The user and the group have the account's name, and nothing else can be rejected.
fn name_taken(_: Rejection) -> Failure {
    let mut errors = FieldErrors::default();
    errors.extend("name", Some(NOT_UNIQUE.to_owned()));
    Failure::Invalid(errors)
}

/// The user of a service account, with authentik's path and attribute.
fn details(name: String, expiring: bool) -> Details {
    Details {
        username: name.clone(),
        name,
        email: String::new(),
        is_active: true,
        last_login: None,
        path: "goauthentik.io/service-accounts".into(),
        kind: UserType::ServiceAccount,
        attributes: Map::from_iter([("goauthentik.io/user/token-expires".into(), json!(expiring))]).into(),
    }
}

/// The identifier of the app password, with a slug of the account's name.
fn identifier(name: &str) -> String {
    let slug: String =
        name.trim().chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    format!("service-account-{}-password", slug.to_ascii_lowercase())
}
