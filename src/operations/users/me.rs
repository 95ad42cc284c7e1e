//! `GET /core/users/me/`

use crate::{
    api::{CoreUsersMeRetrieve, CoreUsersMeRetrieveResponse, Failure, SessionUser},
    domain::token::Caller,
    operations::App,
};

impl CoreUsersMeRetrieve for App {
    async fn core_users_me_retrieve(&self, caller: Caller) -> Result<CoreUsersMeRetrieveResponse, Failure> {
        let profile = self.store.user(caller.id).await?.ok_or(Failure::NotFound("User"))?;
        let user = self.present_self(profile);
        let users = vec![user.clone()];
        Ok(CoreUsersMeRetrieveResponse::Ok(SessionUser { user, original: None, users }))
    }
}
