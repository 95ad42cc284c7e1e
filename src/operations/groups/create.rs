//! `POST /core/groups/`

use std::sync::Arc;

use crate::{
    api::{Body, CoreGroupsCreate, CoreGroupsCreateParams, CoreGroupsCreateResponse, Failure, GroupRequest},
    domain::{group::NewGroup, token::Caller},
    operations::{
        App,
        groups::change::{check, field_errors},
        require_superuser,
    },
};

impl CoreGroupsCreate for App {
    async fn core_groups_create(
        &self,
        caller: Caller,
        params: CoreGroupsCreateParams,
        body: Body<GroupRequest>,
    ) -> Result<CoreGroupsCreateResponse, Failure> {
        require_superuser(&caller)?;
        let mut draft = body.read()?;
        draft.add_errors(check(Some(&draft.fields().name), draft.fields().roles.as_deref()));
        if draft.has_errors() {
            // The request will be rejected anyway; report violated constraints along with the other errors.
            let request = draft.fields();
            let new = new_group(request.clone());
            let violations = self.store.group_violations(None, &new.clone().into()).await?;
            draft.add_errors(field_errors(request.parent.value(), &new.users, &violations));
        }
        let request = draft.accept()?;
        let parent = request.parent.value().cloned();
        let new = Arc::new(new_group(request));
        let created = self.store.create_group(new.clone(), params.include_users).await?;
        let group =
            created.map_err(|rejection| Failure::Invalid(field_errors(parent.as_ref(), &new.users, &rejection.0)))?;
        // It may have been deleted since.
        let group = group.ok_or(Failure::NotFound("Group"))?;
        Ok(CoreGroupsCreateResponse::Created(self.present_group(group)))
    }
}

fn new_group(request: GroupRequest) -> NewGroup {
    NewGroup {
        name: request.name,
        is_superuser: request.is_superuser.unwrap_or(false),
        parent: request.parent.value().map(|parent| parent.uuid),
        users: request.users.unwrap_or_default(),
        attributes: request.attributes.map(Into::into).unwrap_or_default(),
    }
}
