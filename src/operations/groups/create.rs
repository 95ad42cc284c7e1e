//! `POST /core/groups/`

use std::sync::Arc;

use crate::{
    api::{Body, CoreGroupsCreate, CoreGroupsCreateParams, CoreGroupsCreateResponse, Failure, GroupRequest},
    domain::{group::NewGroup, token::Caller},
    operations::{
        App, changes,
        groups::{
            change::{check, field_errors},
            parents::GivenParents,
        },
        present::group_parts,
    },
};

impl CoreGroupsCreate for App {
    async fn core_groups_create(
        &self,
        _: Caller,
        params: CoreGroupsCreateParams,
        body: Body<GroupRequest>,
    ) -> Result<CoreGroupsCreateResponse, Failure> {
        let mut draft = body.read()?;
        let parents = GivenParents::new(draft.fields().parent.clone(), draft.fields().parents.clone());
        let GroupRequest { name, attributes, roles, .. } = draft.fields();
        let errors = check(Some(name), attributes.as_ref(), roles.as_deref(), &parents, self.limits);
        draft.add_errors(errors);
        if draft.has_errors() {
            // The request will be rejected anyway; report violated constraints along with the other errors.
            let new = new_group(draft.fields().clone(), &parents);
            let violations = self.store.group_violations(None, &new.clone().into()).await?;
            draft.add_errors(field_errors(&parents, &new.users, &violations));
        }
        let new = Arc::new(new_group(draft.accept()?, &parents));
        let parts = group_parts!(params);
        let created = self.store.create_group(new.clone(), parts.around).await?;
        let group = created.map_err(|rejection| Failure::Invalid(field_errors(&parents, &new.users, &rejection.0)))?;
        // It may have been deleted since.
        let group = group.ok_or(Failure::NotFound("Group"))?;
        changes::group(group.group.uuid, Some(&group.group.name), "created");
        Ok(CoreGroupsCreateResponse::Created(self.present_group(group, parts)))
    }
}

fn new_group(request: GroupRequest, parents: &GivenParents) -> NewGroup {
    NewGroup {
        name: request.name,
        is_superuser: request.is_superuser.unwrap_or(false),
        parents: parents.uuids().unwrap_or_default(),
        users: request.users.unwrap_or_default(),
        attributes: request.attributes.map(Into::into).unwrap_or_default(),
    }
}
