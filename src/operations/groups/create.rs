//! `POST /core/groups/`

use crate::{
    api::{
        Body, CoreGroupsCreate, CoreGroupsCreateParams, CoreGroupsCreateResponse, Failure, FieldErrors, GroupRequest,
        Id, UuidRef,
    },
    domain::{group::NewGroup, token::Caller},
    operations::{App, failure::worded, groups::change::check, require_superuser},
    store::{self, Objection},
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
        draft.object(check(Some(&draft.fields().name), draft.fields().roles.as_deref()));
        if draft.is_wrong() {
            // The refusal is certain; this only makes it complete.
            let request = draft.fields();
            let new = new_group(request.clone());
            let objections = self.store.objections_to_group(None, &new.clone().into()).await?;
            draft.object(word(request.parent.value(), &new.users, objections));
        }
        let request = draft.accept()?;
        let parent = request.parent.value().cloned();
        let new = new_group(request);
        match self.store.create_group(&new).await {
            Ok(roster) => {
                let roster = roster.described(params.include_users);
                Ok(CoreGroupsCreateResponse::Created(self.present_group(roster)))
            }
            Err(store::Error::Refused(objections)) => {
                Err(Failure::Invalid(word(parent.as_ref(), &new.users, objections)))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Words what the store has against a group's name, parent and members.
pub fn word(parent: Option<&UuidRef>, users: &[i64], objections: Vec<Objection>) -> FieldErrors {
    worded(objections, |field, place| match field {
        "parent" => parent.map(UuidRef::unknown),
        _ => users.get(place).map(|id| Id::unknown(*id)),
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
