//! Shared by `add_user` and `remove_user`.

use uuid::Uuid;

use crate::{
    api::{Body, Failure, UserAccountRequest},
    operations::App,
};

impl App {
    /// Checks that the group exists, and returns the id of the user in `body`. As in authentik, a missing id is an
    /// unknown one.
    ///
    /// # Errors
    ///
    /// 404 without such a group or such an id, 400 if `pk` has another type.
    pub(super) async fn member(&self, group: Uuid, body: Body<UserAccountRequest>) -> Result<i32, Failure> {
        self.store.group_id(group).await?.ok_or(Failure::NotFound("Group"))?;
        let draft = body.read()?;
        if draft.lacks("pk") {
            return Err(Failure::NoRoute);
        }
        i32::try_from(draft.accept()?.pk).map_err(|_| Failure::NoRoute)
    }
}
