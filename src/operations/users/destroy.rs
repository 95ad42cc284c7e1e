//! `DELETE /core/users/{id}/`

use crate::{
    api::{CoreUsersDestroy, CoreUsersDestroyParams, CoreUsersDestroyResponse, Failure},
    domain::token::Caller,
    operations::{App, changes, failure::rejected},
};

impl CoreUsersDestroy for App {
    async fn core_users_destroy(
        &self,
        _: Caller,
        params: CoreUsersDestroyParams,
    ) -> Result<CoreUsersDestroyResponse, Failure> {
        let id = i32::try_from(params.id).map_err(|_| Failure::NotFound("User"))?;
        if self.store.delete_user(id).await?.map_err(rejected)? {
            changes::user(id, None, "deleted");
            Ok(CoreUsersDestroyResponse::NoContent)
        } else {
            Err(Failure::NotFound("User"))
        }
    }
}
