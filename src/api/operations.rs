// Generated from openapi/rollcall.yaml; change that and run `cargo run -p codegen`.

//! The contract's operations: a trait each, with its parameters and its answers.

use poem::{IntoResponse, Response, http::StatusCode};
use poem_openapi::{
    ApiResponse,
    registry::{MetaOperationParam, MetaResponses, Registry},
    types::Type,
};
use uuid::Uuid;

use super::{runtime::*, schemas::*};

/// The parameters of [`CoreGroupsList`].
#[derive(Clone, Debug)]
pub struct CoreGroupsListParams {
    /// Attributes that groups have, as a JSON object, as for users.
    pub attributes: Option<String>,
    /// Whether `users_obj` describes the members; with `false` it is null, which makes large groups cheaper.
    pub include_users: bool,
    /// Whether the groups themselves make their members superusers.
    pub is_superuser: Option<bool>,
    /// Ids of users, of which the groups have any as a member.
    pub members_by_pk: Vec<i64>,
    /// Names of users, of which the groups have any as a member.
    pub members_by_username: Vec<String>,
    /// The exact name.
    pub name: Option<String>,
    /// Fields to order by, separated by commas; a `-` before one turns it around. Unknown fields are ignored.
    pub ordering: Option<String>,
    /// Which page to answer, from 1.
    pub page: Option<i64>,
    /// How many objects a page has. 100 if left out or 0; never more than 1,000.
    pub page_size: Option<i64>,
    /// Words, each of which has to be in one of the names or addresses, whatever the letter case; quotes keep
    /// words together.
    pub search: Option<String>,
}

impl CoreGroupsListParams {
    pub const ATTRIBUTES: Parameter<Text> = Parameter::query("attributes", Text::ANY)
        .description("Attributes that groups have, as a JSON object, as for users.");
    pub const INCLUDE_USERS: Parameter<Flag> = Parameter::query("include_users", Flag)
        .description(
            "Whether `users_obj` describes the members; with `false` it is null, which makes \
             large groups cheaper.",
        )
        .default(true);
    pub const IS_SUPERUSER: Parameter<Boolean> = Parameter::query("is_superuser", Boolean)
        .description("Whether the groups themselves make their members superusers.");
    pub const MEMBERS_BY_PK: Parameter<Id> = Parameter::query("members_by_pk", Id)
        .description("Ids of users, of which the groups have any as a member.")
        .repeated();
    pub const MEMBERS_BY_USERNAME: Parameter<Text> = Parameter::query("members_by_username", Text::ANY)
        .description("Names of users, of which the groups have any as a member.")
        .repeated();
    pub const NAME: Parameter<Text> = Parameter::query("name", Text::ANY).description("The exact name.");
    pub const ORDERING: Parameter<Text> = Parameter::query("ordering", Text::ANY).description(
        "Fields to order by, separated by commas; a `-` before one turns it around. Unknown \
             fields are ignored.",
    );
    pub const PAGE: Parameter<Ordinal> = Parameter::query("page", Ordinal).description("Which page to answer, from 1.");
    pub const PAGE_SIZE: Parameter<Ordinal> = Parameter::query("page_size", Ordinal)
        .description("How many objects a page has. 100 if left out or 0; never more than 1,000.");
    pub const SEARCH: Parameter<Text> = Parameter::query("search", Text::ANY).description(
        "Words, each of which has to be in one of the names or addresses, whatever the \
             letter case; quotes keep words together.",
    );

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let mut parameters = call.parameters();
        let read = Self {
            attributes: parameters.query(&Self::ATTRIBUTES),
            include_users: parameters.query(&Self::INCLUDE_USERS).unwrap_or(true),
            is_superuser: parameters.query(&Self::IS_SUPERUSER),
            members_by_pk: parameters.all(&Self::MEMBERS_BY_PK),
            members_by_username: parameters.all(&Self::MEMBERS_BY_USERNAME),
            name: parameters.query(&Self::NAME),
            ordering: parameters.query(&Self::ORDERING),
            page: parameters.query(&Self::PAGE),
            page_size: parameters.query(&Self::PAGE_SIZE),
            search: parameters.query(&Self::SEARCH),
        };
        parameters.finish()?;
        Ok(read)
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![
            Self::ATTRIBUTES.meta(),
            Self::INCLUDE_USERS.meta(),
            Self::IS_SUPERUSER.meta(),
            Self::MEMBERS_BY_PK.meta(),
            Self::MEMBERS_BY_USERNAME.meta(),
            Self::NAME.meta(),
            Self::ORDERING.meta(),
            Self::PAGE.meta(),
            Self::PAGE_SIZE.meta(),
            Self::SEARCH.meta(),
        ]
    }
}

/// What [`CoreGroupsList`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreGroupsListResponse {
    /// 200: The page.
    Ok(PaginatedGroupList),
}

impl CoreGroupsListResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreGroupsListResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreGroupsListResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The page.", vec![media::<PaginatedGroupList>("application/json")]),
                describe_response(
                    400,
                    "The body is malformed, or some fields are wrong. Every wrong field is named, each \
             with all its errors.",
                    vec![media::<ValidationError>("application/json")],
                ),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such page.", vec![media::<GenericError>("application/json")]),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        PaginatedGroupList::register(registry);
        ValidationError::register(registry);
    }
}

/// `GET /core/groups/`: List groups.
///
/// Answers a page of the groups that fit all filters. Only superusers see groups; to other callers the list is
/// empty. Without `ordering` it goes by `name`.
pub trait CoreGroupsList: Authenticate {
    fn core_groups_list(
        &self,
        caller: Self::Caller,
        params: CoreGroupsListParams,
    ) -> impl Future<Output = Result<CoreGroupsListResponse, Failure>> + Send;
}

/// What [`CoreGroupsCreate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreGroupsCreateResponse {
    /// 201: The group as it was stored.
    Created(Group),
}

impl CoreGroupsCreateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreGroupsCreateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Created(body) => json_response(StatusCode::CREATED, &body),
        }
    }
}

impl ApiResponse for CoreGroupsCreateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(201, "The group as it was stored.", vec![media::<Group>("application/json")]),
                describe_response(
                    400,
                    "The body is malformed, or some fields are wrong. Every wrong field is named, each \
             with all its errors.",
                    vec![media::<ValidationError>("application/json")],
                ),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(
                    413,
                    "The body is larger than the server accepts.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(
                    415,
                    "The body is not declared as `application/json`.",
                    vec![media::<GenericError>("application/json")],
                ),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        Group::register(registry);
        ValidationError::register(registry);
    }
}

/// `POST /core/groups/`: Create a group.
///
/// Creates a group, with its members if `users` is given, in one transaction. Names are unique and compared
/// exactly, letter case included. A group inherits `is_superuser` from its ancestors: a member of the child of a
/// superuser group is a superuser too. Only superusers may create groups.
pub trait CoreGroupsCreate: Authenticate {
    fn core_groups_create(
        &self,
        caller: Self::Caller,
        body: Body<GroupRequest>,
    ) -> impl Future<Output = Result<CoreGroupsCreateResponse, Failure>> + Send;
}

/// The parameters of [`CoreGroupsRetrieve`].
#[derive(Clone, Debug)]
pub struct CoreGroupsRetrieveParams {
    /// The group's `pk`.
    pub group_uuid: Uuid,
    /// Whether `users_obj` describes the members; with `false` it is null, which makes large groups cheaper.
    pub include_users: bool,
}

impl CoreGroupsRetrieveParams {
    pub const GROUP_UUID: Parameter<IdRef> = Parameter::path("group_uuid", IdRef).description("The group's `pk`.");
    pub const INCLUDE_USERS: Parameter<Flag> = Parameter::query("include_users", Flag)
        .description(
            "Whether `users_obj` describes the members; with `false` it is null, which makes \
             large groups cheaper.",
        )
        .default(true);

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let mut parameters = call.parameters();
        let read = Self {
            group_uuid: parameters.path(&Self::GROUP_UUID)?,
            include_users: parameters.query(&Self::INCLUDE_USERS).unwrap_or(true),
        };
        parameters.finish()?;
        Ok(read)
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::GROUP_UUID.meta(), Self::INCLUDE_USERS.meta()]
    }
}

/// What [`CoreGroupsRetrieve`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreGroupsRetrieveResponse {
    /// 200: The group.
    Ok(Group),
}

impl CoreGroupsRetrieveResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreGroupsRetrieveResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreGroupsRetrieveResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The group.", vec![media::<Group>("application/json")]),
                describe_response(400, "The request is malformed.", vec![media::<ValidationError>("application/json")]),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such group.", vec![media::<GenericError>("application/json")]),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        Group::register(registry);
        ValidationError::register(registry);
    }
}

/// `GET /core/groups/{group_uuid}/`: Read a group.
///
/// Answers one group with its members. `users` always lists the members' ids; `users_obj` describes them unless
/// `include_users` is `false`. Only superusers may read groups.
pub trait CoreGroupsRetrieve: Authenticate {
    fn core_groups_retrieve(
        &self,
        caller: Self::Caller,
        params: CoreGroupsRetrieveParams,
    ) -> impl Future<Output = Result<CoreGroupsRetrieveResponse, Failure>> + Send;
}

/// The parameters of [`CoreGroupsUpdate`].
#[derive(Clone, Debug)]
pub struct CoreGroupsUpdateParams {
    /// The group's `pk`.
    pub group_uuid: Uuid,
}

impl CoreGroupsUpdateParams {
    pub const GROUP_UUID: Parameter<IdRef> = Parameter::path("group_uuid", IdRef).description("The group's `pk`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { group_uuid: parameters.path(&Self::GROUP_UUID)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::GROUP_UUID.meta()]
    }
}

/// What [`CoreGroupsUpdate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreGroupsUpdateResponse {
    /// 200: The group as it is stored now.
    Ok(Group),
}

impl CoreGroupsUpdateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreGroupsUpdateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreGroupsUpdateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The group as it is stored now.", vec![media::<Group>("application/json")]),
                describe_response(
                    400,
                    "The body is malformed, or some fields are wrong. Every wrong field is named, each \
             with all its errors.",
                    vec![media::<ValidationError>("application/json")],
                ),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such group.", vec![media::<GenericError>("application/json")]),
                describe_response(
                    413,
                    "The body is larger than the server accepts.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(
                    415,
                    "The body is not declared as `application/json`.",
                    vec![media::<GenericError>("application/json")],
                ),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        Group::register(registry);
        ValidationError::register(registry);
    }
}

/// `PUT /core/groups/{group_uuid}/`: Replace a group.
///
/// Stores `name` and what else is given. Of the optional fields that are left out, `parent`, `users` and `roles`
/// are emptied, and the others stay as they are, as in authentik. A group can stand neither below itself nor
/// below a group that stands below it. Only superusers may change groups. What would leave the directory without
/// an active superuser is refused.
pub trait CoreGroupsUpdate: Authenticate {
    fn core_groups_update(
        &self,
        caller: Self::Caller,
        params: CoreGroupsUpdateParams,
        body: Body<GroupRequest>,
    ) -> impl Future<Output = Result<CoreGroupsUpdateResponse, Failure>> + Send;
}

/// The parameters of [`CoreGroupsDestroy`].
#[derive(Clone, Debug)]
pub struct CoreGroupsDestroyParams {
    /// The group's `pk`.
    pub group_uuid: Uuid,
}

impl CoreGroupsDestroyParams {
    pub const GROUP_UUID: Parameter<IdRef> = Parameter::path("group_uuid", IdRef).description("The group's `pk`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { group_uuid: parameters.path(&Self::GROUP_UUID)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::GROUP_UUID.meta()]
    }
}

/// What [`CoreGroupsDestroy`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreGroupsDestroyResponse {
    /// 204: The group is gone.
    NoContent,
}

impl CoreGroupsDestroyResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreGroupsDestroyResponse {
    fn into_response(self) -> Response {
        match self {
            Self::NoContent => empty(StatusCode::NO_CONTENT),
        }
    }
}

impl ApiResponse for CoreGroupsDestroyResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(204, "The group is gone.", vec![]),
                describe_response(
                    400,
                    "The body is malformed, or some fields are wrong. Every wrong field is named, each \
             with all its errors.",
                    vec![media::<ValidationError>("application/json")],
                ),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such group.", vec![media::<GenericError>("application/json")]),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        ValidationError::register(registry);
    }
}

/// `DELETE /core/groups/{group_uuid}/`: Delete a group.
///
/// Deletes a group with its memberships; its members stay, and groups below it lose their parent. Only superusers
/// may delete groups. What would leave the directory without an active superuser is refused.
pub trait CoreGroupsDestroy: Authenticate {
    fn core_groups_destroy(
        &self,
        caller: Self::Caller,
        params: CoreGroupsDestroyParams,
    ) -> impl Future<Output = Result<CoreGroupsDestroyResponse, Failure>> + Send;
}

/// The parameters of [`CoreGroupsPartialUpdate`].
#[derive(Clone, Debug)]
pub struct CoreGroupsPartialUpdateParams {
    /// The group's `pk`.
    pub group_uuid: Uuid,
}

impl CoreGroupsPartialUpdateParams {
    pub const GROUP_UUID: Parameter<IdRef> = Parameter::path("group_uuid", IdRef).description("The group's `pk`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { group_uuid: parameters.path(&Self::GROUP_UUID)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::GROUP_UUID.meta()]
    }
}

/// What [`CoreGroupsPartialUpdate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreGroupsPartialUpdateResponse {
    /// 200: The group as it is stored now.
    Ok(Group),
}

impl CoreGroupsPartialUpdateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreGroupsPartialUpdateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreGroupsPartialUpdateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The group as it is stored now.", vec![media::<Group>("application/json")]),
                describe_response(
                    400,
                    "The body is malformed, or some fields are wrong. Every wrong field is named, each \
             with all its errors.",
                    vec![media::<ValidationError>("application/json")],
                ),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such group.", vec![media::<GenericError>("application/json")]),
                describe_response(
                    413,
                    "The body is larger than the server accepts.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(
                    415,
                    "The body is not declared as `application/json`.",
                    vec![media::<GenericError>("application/json")],
                ),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        Group::register(registry);
        ValidationError::register(registry);
    }
}

/// `PATCH /core/groups/{group_uuid}/`: Change a group.
///
/// Stores what is given and leaves the rest as it is. A group can stand neither below itself nor below a group
/// that stands below it. Only superusers may change groups. What would leave the directory without an active
/// superuser is refused.
pub trait CoreGroupsPartialUpdate: Authenticate {
    fn core_groups_partial_update(
        &self,
        caller: Self::Caller,
        params: CoreGroupsPartialUpdateParams,
        body: Body<PatchedGroupRequest>,
    ) -> impl Future<Output = Result<CoreGroupsPartialUpdateResponse, Failure>> + Send;
}

/// The parameters of [`CoreGroupsAddUserCreate`].
#[derive(Clone, Debug)]
pub struct CoreGroupsAddUserCreateParams {
    /// The group's `pk`.
    pub group_uuid: Uuid,
}

impl CoreGroupsAddUserCreateParams {
    pub const GROUP_UUID: Parameter<IdRef> = Parameter::path("group_uuid", IdRef).description("The group's `pk`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { group_uuid: parameters.path(&Self::GROUP_UUID)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::GROUP_UUID.meta()]
    }
}

/// What [`CoreGroupsAddUserCreate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreGroupsAddUserCreateResponse {
    /// 204: The user is a member.
    NoContent,
}

impl CoreGroupsAddUserCreateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreGroupsAddUserCreateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::NoContent => empty(StatusCode::NO_CONTENT),
        }
    }
}

impl ApiResponse for CoreGroupsAddUserCreateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(204, "The user is a member.", vec![]),
                describe_response(
                    400,
                    "The body is malformed, or some fields are wrong. Every wrong field is named, each \
             with all its errors.",
                    vec![media::<ValidationError>("application/json")],
                ),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such user or group.", vec![]),
                describe_response(
                    413,
                    "The body is larger than the server accepts.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(
                    415,
                    "The body is not declared as `application/json`.",
                    vec![media::<GenericError>("application/json")],
                ),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        ValidationError::register(registry);
    }
}

/// `POST /core/groups/{group_uuid}/add_user/`: Add a member.
///
/// Makes a user a member of the group; nothing changes when it is one already. Only superusers may change groups.
pub trait CoreGroupsAddUserCreate: Authenticate {
    fn core_groups_add_user_create(
        &self,
        caller: Self::Caller,
        params: CoreGroupsAddUserCreateParams,
        body: Body<UserAccountRequest>,
    ) -> impl Future<Output = Result<CoreGroupsAddUserCreateResponse, Failure>> + Send;
}

/// The parameters of [`CoreGroupsRemoveUserCreate`].
#[derive(Clone, Debug)]
pub struct CoreGroupsRemoveUserCreateParams {
    /// The group's `pk`.
    pub group_uuid: Uuid,
}

impl CoreGroupsRemoveUserCreateParams {
    pub const GROUP_UUID: Parameter<IdRef> = Parameter::path("group_uuid", IdRef).description("The group's `pk`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { group_uuid: parameters.path(&Self::GROUP_UUID)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::GROUP_UUID.meta()]
    }
}

/// What [`CoreGroupsRemoveUserCreate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreGroupsRemoveUserCreateResponse {
    /// 204: The user is no member.
    NoContent,
}

impl CoreGroupsRemoveUserCreateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreGroupsRemoveUserCreateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::NoContent => empty(StatusCode::NO_CONTENT),
        }
    }
}

impl ApiResponse for CoreGroupsRemoveUserCreateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(204, "The user is no member.", vec![]),
                describe_response(
                    400,
                    "The body is malformed, or some fields are wrong. Every wrong field is named, each \
             with all its errors.",
                    vec![media::<ValidationError>("application/json")],
                ),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such user or group.", vec![]),
                describe_response(
                    413,
                    "The body is larger than the server accepts.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(
                    415,
                    "The body is not declared as `application/json`.",
                    vec![media::<GenericError>("application/json")],
                ),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        ValidationError::register(registry);
    }
}

/// `POST /core/groups/{group_uuid}/remove_user/`: Remove a member.
///
/// Ends a membership; nothing changes when there is none. Only superusers may change groups. What would leave the
/// directory without an active superuser is refused.
pub trait CoreGroupsRemoveUserCreate: Authenticate {
    fn core_groups_remove_user_create(
        &self,
        caller: Self::Caller,
        params: CoreGroupsRemoveUserCreateParams,
        body: Body<UserAccountRequest>,
    ) -> impl Future<Output = Result<CoreGroupsRemoveUserCreateResponse, Failure>> + Send;
}

/// The values of [`CoreUsersListParams::type`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoreUsersListType {
    External,
    Internal,
    InternalServiceAccount,
    ServiceAccount,
}

impl CoreUsersListType {
    /// The text that stands for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::External => "external",
            Self::Internal => "internal",
            Self::InternalServiceAccount => "internal_service_account",
            Self::ServiceAccount => "service_account",
        }
    }
}

impl Enumeration for CoreUsersListType {
    const VARIANTS: &'static [(&'static str, Self)] = &[
        ("external", Self::External),
        ("internal", Self::Internal),
        ("internal_service_account", Self::InternalServiceAccount),
        ("service_account", Self::ServiceAccount),
    ];
    const NAMED: Option<(&'static str, &'static str)> = None;
}

impl_enumeration!(CoreUsersListType);

/// The parameters of [`CoreUsersList`].
#[derive(Clone, Debug)]
pub struct CoreUsersListParams {
    /// Attributes that users have, as a JSON object. A key may go into objects and lists by `__`, and may end in
    /// a comparison: `{"floor__gte": 3, "address__city": "Łódź"}`. Known are `gt`, `gte`, `lt`, `lte`, `in`,
    /// `isnull`, `icontains`, `startswith`, `istartswith`, `endswith`, `iendswith` and `iexact`.
    pub attributes: Option<String>,
    /// The exact email address.
    pub email: Option<String>,
    /// Names of groups, of which the users are in any.
    pub groups_by_name: Vec<String>,
    /// Ids of groups, of which the users are in any.
    pub groups_by_pk: Vec<Uuid>,
    /// Whether `groups_obj` describes the groups; with `false` it is null.
    pub include_groups: bool,
    /// Whether the users are active.
    pub is_active: Option<bool>,
    /// Whether the users are direct members of a superuser group.
    pub is_superuser: Option<bool>,
    /// The exact display name.
    pub name: Option<String>,
    /// Fields to order by, separated by commas; a `-` before one turns it around. Unknown fields are ignored.
    pub ordering: Option<String>,
    /// Which page to answer, from 1.
    pub page: Option<i64>,
    /// How many objects a page has. 100 if left out or 0; never more than 1,000.
    pub page_size: Option<i64>,
    /// The exact path.
    pub path: Option<String>,
    /// How the path starts.
    pub path_startswith: Option<String>,
    /// Words, each of which has to be in one of the names or addresses, whatever the letter case; quotes keep
    /// words together.
    pub search: Option<String>,
    /// Types, of which the users have any.
    pub r#type: Vec<CoreUsersListType>,
    /// The exact username.
    pub username: Option<String>,
    /// The user's `uuid`.
    pub uuid: Option<Uuid>,
}

impl CoreUsersListParams {
    pub const ATTRIBUTES: Parameter<Text> = Parameter::query("attributes", Text::ANY).description(
        "Attributes that users have, as a JSON object. A key may go into objects and lists \
             by `__`, and may end in a comparison: `{\"floor__gte\": 3, \"address__city\": \"Łódź\"}`. \
             Known are `gt`, `gte`, `lt`, `lte`, `in`, `isnull`, `icontains`, `startswith`, \
             `istartswith`, `endswith`, `iendswith` and `iexact`.",
    );
    pub const EMAIL: Parameter<Text> = Parameter::query("email", Text::ANY).description("The exact email address.");
    pub const GROUPS_BY_NAME: Parameter<Text> = Parameter::query("groups_by_name", Text::ANY)
        .description("Names of groups, of which the users are in any.")
        .repeated();
    pub const GROUPS_BY_PK: Parameter<IdRef> =
        Parameter::query("groups_by_pk", IdRef).description("Ids of groups, of which the users are in any.").repeated();
    pub const INCLUDE_GROUPS: Parameter<Flag> = Parameter::query("include_groups", Flag)
        .description("Whether `groups_obj` describes the groups; with `false` it is null.")
        .default(true);
    pub const IS_ACTIVE: Parameter<Boolean> =
        Parameter::query("is_active", Boolean).description("Whether the users are active.");
    pub const IS_SUPERUSER: Parameter<Boolean> = Parameter::query("is_superuser", Boolean)
        .description("Whether the users are direct members of a superuser group.");
    pub const NAME: Parameter<Text> = Parameter::query("name", Text::ANY).description("The exact display name.");
    pub const ORDERING: Parameter<Text> = Parameter::query("ordering", Text::ANY).description(
        "Fields to order by, separated by commas; a `-` before one turns it around. Unknown \
             fields are ignored.",
    );
    pub const PAGE: Parameter<Ordinal> = Parameter::query("page", Ordinal).description("Which page to answer, from 1.");
    pub const PAGE_SIZE: Parameter<Ordinal> = Parameter::query("page_size", Ordinal)
        .description("How many objects a page has. 100 if left out or 0; never more than 1,000.");
    pub const PATH: Parameter<Text> = Parameter::query("path", Text::ANY).description("The exact path.");
    pub const PATH_STARTSWITH: Parameter<Text> =
        Parameter::query("path_startswith", Text::ANY).description("How the path starts.");
    pub const SEARCH: Parameter<Text> = Parameter::query("search", Text::ANY).description(
        "Words, each of which has to be in one of the names or addresses, whatever the \
             letter case; quotes keep words together.",
    );
    pub const TYPE: Parameter<Choice<CoreUsersListType>> =
        Parameter::query("type", Choice::of()).description("Types, of which the users have any.").repeated();
    pub const USERNAME: Parameter<Text> = Parameter::query("username", Text::ANY).description("The exact username.");
    pub const UUID: Parameter<IdRef> = Parameter::query("uuid", IdRef).description("The user's `uuid`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let mut parameters = call.parameters();
        let read = Self {
            attributes: parameters.query(&Self::ATTRIBUTES),
            email: parameters.query(&Self::EMAIL),
            groups_by_name: parameters.all(&Self::GROUPS_BY_NAME),
            groups_by_pk: parameters.all(&Self::GROUPS_BY_PK),
            include_groups: parameters.query(&Self::INCLUDE_GROUPS).unwrap_or(true),
            is_active: parameters.query(&Self::IS_ACTIVE),
            is_superuser: parameters.query(&Self::IS_SUPERUSER),
            name: parameters.query(&Self::NAME),
            ordering: parameters.query(&Self::ORDERING),
            page: parameters.query(&Self::PAGE),
            page_size: parameters.query(&Self::PAGE_SIZE),
            path: parameters.query(&Self::PATH),
            path_startswith: parameters.query(&Self::PATH_STARTSWITH),
            search: parameters.query(&Self::SEARCH),
            r#type: parameters.all(&Self::TYPE),
            username: parameters.query(&Self::USERNAME),
            uuid: parameters.query(&Self::UUID),
        };
        parameters.finish()?;
        Ok(read)
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![
            Self::ATTRIBUTES.meta(),
            Self::EMAIL.meta(),
            Self::GROUPS_BY_NAME.meta(),
            Self::GROUPS_BY_PK.meta(),
            Self::INCLUDE_GROUPS.meta(),
            Self::IS_ACTIVE.meta(),
            Self::IS_SUPERUSER.meta(),
            Self::NAME.meta(),
            Self::ORDERING.meta(),
            Self::PAGE.meta(),
            Self::PAGE_SIZE.meta(),
            Self::PATH.meta(),
            Self::PATH_STARTSWITH.meta(),
            Self::SEARCH.meta(),
            Self::TYPE.meta(),
            Self::USERNAME.meta(),
            Self::UUID.meta(),
        ]
    }
}

/// What [`CoreUsersList`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreUsersListResponse {
    /// 200: The page.
    Ok(PaginatedUserList),
}

impl CoreUsersListResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreUsersListResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreUsersListResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The page.", vec![media::<PaginatedUserList>("application/json")]),
                describe_response(
                    400,
                    "The body is malformed, or some fields are wrong. Every wrong field is named, each \
             with all its errors.",
                    vec![media::<ValidationError>("application/json")],
                ),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such page.", vec![media::<GenericError>("application/json")]),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        PaginatedUserList::register(registry);
        ValidationError::register(registry);
    }
}

/// `GET /core/users/`: List users.
///
/// Answers a page of the users that fit all filters. Only superusers see others; to other callers the list is
/// empty. Without `ordering` it goes by `username`.
pub trait CoreUsersList: Authenticate {
    fn core_users_list(
        &self,
        caller: Self::Caller,
        params: CoreUsersListParams,
    ) -> impl Future<Output = Result<CoreUsersListResponse, Failure>> + Send;
}

/// The parameters of [`CoreUsersCreate`].
#[derive(Clone, Debug)]
pub struct CoreUsersCreateParams {
    /// Whether `groups_obj` describes the groups; with `false` it is null.
    pub include_groups: bool,
}

impl CoreUsersCreateParams {
    pub const INCLUDE_GROUPS: Parameter<Flag> = Parameter::query("include_groups", Flag)
        .description("Whether `groups_obj` describes the groups; with `false` it is null.")
        .default(true);

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let mut parameters = call.parameters();
        let read = Self { include_groups: parameters.query(&Self::INCLUDE_GROUPS).unwrap_or(true) };
        parameters.finish()?;
        Ok(read)
    }
}

/// What [`CoreUsersCreate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreUsersCreateResponse {
    /// 201: The user as it was stored, with the id it was given.
    Created(User),
}

impl CoreUsersCreateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreUsersCreateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Created(body) => json_response(StatusCode::CREATED, &body),
        }
    }
}

impl ApiResponse for CoreUsersCreateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(
                    201,
                    "The user as it was stored, with the id it was given.",
                    vec![media::<User>("application/json")],
                ),
                describe_response(
                    400,
                    "The body is malformed, or some fields are wrong. Every wrong field is named, each \
             with all its errors.",
                    vec![media::<ValidationError>("application/json")],
                ),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(
                    413,
                    "The body is larger than the server accepts.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(
                    415,
                    "The body is not declared as `application/json`.",
                    vec![media::<GenericError>("application/json")],
                ),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        User::register(registry);
        ValidationError::register(registry);
    }
}

/// `POST /core/users/`: Create a user.
///
/// Creates a user and its group memberships in one transaction: either all of it is stored, or nothing.
/// `username` and `name` are required, `name` may be blank; text is trimmed of surrounding white space before it
/// is checked. Usernames are unique and compared exactly, letter case included; of several requests for one name
/// exactly one succeeds. A user is a superuser when any of its groups, or an ancestor of one, is a superuser
/// group. Only superusers may create users.
pub trait CoreUsersCreate: Authenticate {
    fn core_users_create(
        &self,
        caller: Self::Caller,
        params: CoreUsersCreateParams,
        body: Body<UserRequest>,
    ) -> impl Future<Output = Result<CoreUsersCreateResponse, Failure>> + Send;
}

/// What [`CoreUsersMeRetrieve`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreUsersMeRetrieveResponse {
    /// 200: The caller.
    Ok(SessionUser),
}

impl CoreUsersMeRetrieveResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreUsersMeRetrieveResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreUsersMeRetrieveResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The caller.", vec![media::<SessionUser>("application/json")]),
                describe_response(400, "The request is malformed.", vec![media::<ValidationError>("application/json")]),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        SessionUser::register(registry);
        ValidationError::register(registry);
    }
}

/// `GET /core/users/me/`: Read the caller.
///
/// Answers the user whose token is used, in `user`. Every user may call it. `original` is left out: this server
/// has no impersonation.
pub trait CoreUsersMeRetrieve: Authenticate {
    fn core_users_me_retrieve(
        &self,
        caller: Self::Caller,
    ) -> impl Future<Output = Result<CoreUsersMeRetrieveResponse, Failure>> + Send;
}

/// The parameters of [`CoreUsersRetrieve`].
#[derive(Clone, Debug)]
pub struct CoreUsersRetrieveParams {
    /// The user's `pk`.
    pub id: i64,
    /// Whether `groups_obj` describes the groups; with `false` it is null.
    pub include_groups: bool,
}

impl CoreUsersRetrieveParams {
    pub const ID: Parameter<Integer> = Parameter::path("id", Integer).description("The user's `pk`.");
    pub const INCLUDE_GROUPS: Parameter<Flag> = Parameter::query("include_groups", Flag)
        .description("Whether `groups_obj` describes the groups; with `false` it is null.")
        .default(true);

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let mut parameters = call.parameters();
        let read = Self {
            id: parameters.path(&Self::ID)?,
            include_groups: parameters.query(&Self::INCLUDE_GROUPS).unwrap_or(true),
        };
        parameters.finish()?;
        Ok(read)
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::ID.meta()]
    }
}

/// What [`CoreUsersRetrieve`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreUsersRetrieveResponse {
    /// 200: The user.
    Ok(User),
}

impl CoreUsersRetrieveResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreUsersRetrieveResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreUsersRetrieveResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The user.", vec![media::<User>("application/json")]),
                describe_response(400, "The request is malformed.", vec![media::<ValidationError>("application/json")]),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such user.", vec![media::<GenericError>("application/json")]),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        User::register(registry);
        ValidationError::register(registry);
    }
}

/// `GET /core/users/{id}/`: Read a user.
///
/// Answers one user with its groups. Only superusers may read other users.
pub trait CoreUsersRetrieve: Authenticate {
    fn core_users_retrieve(
        &self,
        caller: Self::Caller,
        params: CoreUsersRetrieveParams,
    ) -> impl Future<Output = Result<CoreUsersRetrieveResponse, Failure>> + Send;
}

/// The parameters of [`CoreUsersUpdate`].
#[derive(Clone, Debug)]
pub struct CoreUsersUpdateParams {
    /// The user's `pk`.
    pub id: i64,
    /// Whether `groups_obj` describes the groups; with `false` it is null.
    pub include_groups: bool,
}

impl CoreUsersUpdateParams {
    pub const ID: Parameter<Integer> = Parameter::path("id", Integer).description("The user's `pk`.");
    pub const INCLUDE_GROUPS: Parameter<Flag> = Parameter::query("include_groups", Flag)
        .description("Whether `groups_obj` describes the groups; with `false` it is null.")
        .default(true);

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let mut parameters = call.parameters();
        let read = Self {
            id: parameters.path(&Self::ID)?,
            include_groups: parameters.query(&Self::INCLUDE_GROUPS).unwrap_or(true),
        };
        parameters.finish()?;
        Ok(read)
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::ID.meta()]
    }
}

/// What [`CoreUsersUpdate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreUsersUpdateResponse {
    /// 200: The user as it is stored now.
    Ok(User),
}

impl CoreUsersUpdateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreUsersUpdateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreUsersUpdateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The user as it is stored now.", vec![media::<User>("application/json")]),
                describe_response(
                    400,
                    "The body is malformed, or some fields are wrong. Every wrong field is named, each \
             with all its errors.",
                    vec![media::<ValidationError>("application/json")],
                ),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such user.", vec![media::<GenericError>("application/json")]),
                describe_response(
                    413,
                    "The body is larger than the server accepts.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(
                    415,
                    "The body is not declared as `application/json`.",
                    vec![media::<GenericError>("application/json")],
                ),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        User::register(registry);
        ValidationError::register(registry);
    }
}

/// `PUT /core/users/{id}/`: Replace a user.
///
/// Stores `username`, `name` and what else is given. Of the optional fields that are left out, `groups` is
/// emptied, and the others stay as they are, as in authentik. Only superusers may change users. What would leave
/// the directory without an active superuser is refused.
pub trait CoreUsersUpdate: Authenticate {
    fn core_users_update(
        &self,
        caller: Self::Caller,
        params: CoreUsersUpdateParams,
        body: Body<UserRequest>,
    ) -> impl Future<Output = Result<CoreUsersUpdateResponse, Failure>> + Send;
}

/// The parameters of [`CoreUsersDestroy`].
#[derive(Clone, Debug)]
pub struct CoreUsersDestroyParams {
    /// The user's `pk`.
    pub id: i64,
}

impl CoreUsersDestroyParams {
    pub const ID: Parameter<Integer> = Parameter::path("id", Integer).description("The user's `pk`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { id: parameters.path(&Self::ID)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::ID.meta()]
    }
}

/// What [`CoreUsersDestroy`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreUsersDestroyResponse {
    /// 204: The user is gone.
    NoContent,
}

impl CoreUsersDestroyResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreUsersDestroyResponse {
    fn into_response(self) -> Response {
        match self {
            Self::NoContent => empty(StatusCode::NO_CONTENT),
        }
    }
}

impl ApiResponse for CoreUsersDestroyResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(204, "The user is gone.", vec![]),
                describe_response(
                    400,
                    "The body is malformed, or some fields are wrong. Every wrong field is named, each \
             with all its errors.",
                    vec![media::<ValidationError>("application/json")],
                ),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such user.", vec![media::<GenericError>("application/json")]),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        ValidationError::register(registry);
    }
}

/// `DELETE /core/users/{id}/`: Delete a user.
///
/// Deletes a user with its memberships and tokens, and nothing else. Only superusers may delete users. What would
/// leave the directory without an active superuser is refused.
pub trait CoreUsersDestroy: Authenticate {
    fn core_users_destroy(
        &self,
        caller: Self::Caller,
        params: CoreUsersDestroyParams,
    ) -> impl Future<Output = Result<CoreUsersDestroyResponse, Failure>> + Send;
}

/// The parameters of [`CoreUsersPartialUpdate`].
#[derive(Clone, Debug)]
pub struct CoreUsersPartialUpdateParams {
    /// The user's `pk`.
    pub id: i64,
    /// Whether `groups_obj` describes the groups; with `false` it is null.
    pub include_groups: bool,
}

impl CoreUsersPartialUpdateParams {
    pub const ID: Parameter<Integer> = Parameter::path("id", Integer).description("The user's `pk`.");
    pub const INCLUDE_GROUPS: Parameter<Flag> = Parameter::query("include_groups", Flag)
        .description("Whether `groups_obj` describes the groups; with `false` it is null.")
        .default(true);

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let mut parameters = call.parameters();
        let read = Self {
            id: parameters.path(&Self::ID)?,
            include_groups: parameters.query(&Self::INCLUDE_GROUPS).unwrap_or(true),
        };
        parameters.finish()?;
        Ok(read)
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::ID.meta()]
    }
}

/// What [`CoreUsersPartialUpdate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreUsersPartialUpdateResponse {
    /// 200: The user as it is stored now.
    Ok(User),
}

impl CoreUsersPartialUpdateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreUsersPartialUpdateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreUsersPartialUpdateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The user as it is stored now.", vec![media::<User>("application/json")]),
                describe_response(
                    400,
                    "The body is malformed, or some fields are wrong. Every wrong field is named, each \
             with all its errors.",
                    vec![media::<ValidationError>("application/json")],
                ),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such user.", vec![media::<GenericError>("application/json")]),
                describe_response(
                    413,
                    "The body is larger than the server accepts.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(
                    415,
                    "The body is not declared as `application/json`.",
                    vec![media::<GenericError>("application/json")],
                ),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        User::register(registry);
        ValidationError::register(registry);
    }
}

/// `PATCH /core/users/{id}/`: Change a user.
///
/// Stores what is given and leaves the rest as it is. Only superusers may change users. What would leave the
/// directory without an active superuser is refused.
pub trait CoreUsersPartialUpdate: Authenticate {
    fn core_users_partial_update(
        &self,
        caller: Self::Caller,
        params: CoreUsersPartialUpdateParams,
        body: Body<PatchedUserRequest>,
    ) -> impl Future<Output = Result<CoreUsersPartialUpdateResponse, Failure>> + Send;
}

/// The parameters of [`CoreUsersPathsRetrieve`].
#[derive(Clone, Debug)]
pub struct CoreUsersPathsRetrieveParams {
    /// Words, each of which has to be in one of the names or addresses, whatever the letter case; quotes keep
    /// words together.
    pub search: Option<String>,
}

impl CoreUsersPathsRetrieveParams {
    pub const SEARCH: Parameter<Text> = Parameter::query("search", Text::ANY).description(
        "Words, each of which has to be in one of the names or addresses, whatever the \
             letter case; quotes keep words together.",
    );

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let mut parameters = call.parameters();
        let read = Self { search: parameters.query(&Self::SEARCH) };
        parameters.finish()?;
        Ok(read)
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::SEARCH.meta()]
    }
}

/// What [`CoreUsersPathsRetrieve`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreUsersPathsRetrieveResponse {
    /// 200: The paths.
    Ok(UserPath),
}

impl CoreUsersPathsRetrieveResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreUsersPathsRetrieveResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreUsersPathsRetrieveResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The paths.", vec![media::<UserPath>("application/json")]),
                describe_response(400, "The request is malformed.", vec![media::<ValidationError>("application/json")]),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        UserPath::register(registry);
        ValidationError::register(registry);
    }
}

/// `GET /core/users/paths/`: List paths.
///
/// Answers the different paths of the users that fit, in order. Only superusers see users; to other callers the
/// list is empty.
pub trait CoreUsersPathsRetrieve: Authenticate {
    fn core_users_paths_retrieve(
        &self,
        caller: Self::Caller,
        params: CoreUsersPathsRetrieveParams,
    ) -> impl Future<Output = Result<CoreUsersPathsRetrieveResponse, Failure>> + Send;
}

/// The values of [`SchemaRetrieveParams::format`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SchemaRetrieveFormat {
    Json,
    Yaml,
}

impl SchemaRetrieveFormat {
    /// The text that stands for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Yaml => "yaml",
        }
    }
}

impl Enumeration for SchemaRetrieveFormat {
    const VARIANTS: &'static [(&'static str, Self)] = &[("json", Self::Json), ("yaml", Self::Yaml)];
    const NAMED: Option<(&'static str, &'static str)> = None;
}

impl_enumeration!(SchemaRetrieveFormat);

/// The parameters of [`SchemaRetrieve`].
#[derive(Clone, Debug)]
pub struct SchemaRetrieveParams {
    /// The form of the document; overrides the Accept header.
    pub format: Option<SchemaRetrieveFormat>,
}

impl SchemaRetrieveParams {
    pub const FORMAT: Parameter<Choice<SchemaRetrieveFormat>> =
        Parameter::query("format", Choice::of()).description("The form of the document; overrides the Accept header.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let mut parameters = call.parameters();
        let read = Self { format: parameters.query(&Self::FORMAT) };
        parameters.finish()?;
        Ok(read)
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::FORMAT.meta()]
    }
}

/// What [`SchemaRetrieve`] answers when all is well.
#[derive(Clone, Debug)]
pub enum SchemaRetrieveResponse {
    /// 200: The document.
    Ok(Rendered),
}

impl SchemaRetrieveResponse {
    pub(super) const PRODUCES: &'static [&'static str] =
        &["application/vnd.oai.openapi", "application/yaml", "application/vnd.oai.openapi+json", "application/json"];
}

impl IntoResponse for SchemaRetrieveResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(document) => rendered(StatusCode::OK, document),
        }
    }
}

impl ApiResponse for SchemaRetrieveResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(
                    200,
                    "The document.",
                    vec![
                        free_form_media("application/vnd.oai.openapi"),
                        free_form_media("application/yaml"),
                        free_form_media("application/vnd.oai.openapi+json"),
                        free_form_media("application/json"),
                    ],
                ),
                describe_response(400, "The request is malformed.", vec![media::<ValidationError>("application/json")]),
                describe_response(
                    406,
                    "The Accept header allows none of the forms.",
                    vec![media::<GenericError>("application/json")],
                ),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        ValidationError::register(registry);
    }
}

/// `GET /schema/`: Read this document.
///
/// Answers this OpenAPI 3.0.3 document, as YAML (`application/vnd.oai.openapi`, `application/yaml`) or as JSON
/// (`application/vnd.oai.openapi+json`, `application/json`), by content negotiation or by `format`. Without
/// either it is YAML. No token is needed. The same document as OpenAPI 3.1 is at
/// `/api/v3/schema/openapi-3.1.json`.
pub trait SchemaRetrieve: Authenticate {
    fn schema_retrieve(
        &self,
        params: SchemaRetrieveParams,
        media_type: &'static str,
    ) -> impl Future<Output = Result<SchemaRetrieveResponse, Failure>> + Send;
}

/// Every operation of the contract.
pub trait Api:
    CoreGroupsList
    + CoreGroupsCreate
    + CoreGroupsRetrieve
    + CoreGroupsUpdate
    + CoreGroupsDestroy
    + CoreGroupsPartialUpdate
    + CoreGroupsAddUserCreate
    + CoreGroupsRemoveUserCreate
    + CoreUsersList
    + CoreUsersCreate
    + CoreUsersMeRetrieve
    + CoreUsersRetrieve
    + CoreUsersUpdate
    + CoreUsersDestroy
    + CoreUsersPartialUpdate
    + CoreUsersPathsRetrieve
    + SchemaRetrieve
{
}

impl<
    T: CoreGroupsList
        + CoreGroupsCreate
        + CoreGroupsRetrieve
        + CoreGroupsUpdate
        + CoreGroupsDestroy
        + CoreGroupsPartialUpdate
        + CoreGroupsAddUserCreate
        + CoreGroupsRemoveUserCreate
        + CoreUsersList
        + CoreUsersCreate
        + CoreUsersMeRetrieve
        + CoreUsersRetrieve
        + CoreUsersUpdate
        + CoreUsersDestroy
        + CoreUsersPartialUpdate
        + CoreUsersPathsRetrieve
        + SchemaRetrieve,
> Api for T
{
}
