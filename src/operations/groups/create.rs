//! `POST /core/groups/`

use crate::{
    api::{Body, CoreGroupsCreate, CoreGroupsCreateResponse, Failure, FieldErrors, GroupRequest, Id, UuidRef},
    domain::{
        group::{NewGroup, check_name},
        token::Caller,
    },
    operations::{App, failure::worded, require_superuser},
    store::{self, Objection},
};

impl CoreGroupsCreate for App {
    async fn core_groups_create(
        &self,
        caller: Caller,
        body: Body<GroupRequest>,
    ) -> Result<CoreGroupsCreateResponse, Failure> {
        require_superuser(&caller)?;
        let mut draft = body.read()?;
        draft.object(check(draft.fields()));
        if draft.is_wrong() {
            // The refusal is certain; this only makes it complete.
            let request = draft.fields();
            let objections = self.store.objections_to_group(&new_group(request.clone())).await?;
            draft.object(word(request, objections));
        }
        let request = draft.accept()?;
        match self.store.create_group(&new_group(request.clone())).await {
            Ok(roster) => Ok(CoreGroupsCreateResponse::Created(self.present_group(roster))),
            Err(store::Error::Refused(objections)) => Err(Failure::Invalid(word(&request, objections))),
            Err(error) => Err(error.into()),
        }
    }
}

fn check(request: &GroupRequest) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.judge("name", check_name(&request.name));
    // There are no roles, so whichever is named does not exist.
    let role = request.roles.as_ref().and_then(|roles| roles.first());
    errors.extend("roles", role.map(UuidRef::unknown));
    errors
}

fn word(request: &GroupRequest, objections: Vec<Objection>) -> FieldErrors {
    worded(objections, |field, place| match field {
        "parent" => request.parent.value().map(UuidRef::unknown),
        _ => request.users.as_ref().and_then(|users| users.get(place)).map(|id| Id::unknown(*id)),
    })
}

fn new_group(request: GroupRequest) -> NewGroup {
    NewGroup {
        name: request.name,
        is_superuser: request.is_superuser.unwrap_or(false),
        parent: request.parent.value().map(|parent| parent.uuid),
        users: request.users.unwrap_or_default(),
        attributes: request.attributes.unwrap_or_default(),
    }
}
