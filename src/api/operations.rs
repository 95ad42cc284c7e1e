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
    /// Whether `groups_obj` describes the groups. With `false` it is null, and the answer smaller.
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
        .description(
            "Whether `groups_obj` describes the groups. With `false` it is null, and the answer \
             smaller.",
        )
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
    /// Whether `groups_obj` describes the groups. With `false` it is null, and the answer smaller.
    pub include_groups: bool,
}

impl CoreUsersCreateParams {
    pub const INCLUDE_GROUPS: Parameter<Flag> = Parameter::query("include_groups", Flag)
        .description(
            "Whether `groups_obj` describes the groups. With `false` it is null, and the answer \
             smaller.",
        )
        .default(true);

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let mut parameters = call.parameters();
        let read = Self { include_groups: parameters.query(&Self::INCLUDE_GROUPS).unwrap_or(true) };
        parameters.finish()?;
        Ok(read)
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::INCLUDE_GROUPS.meta()]
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
    /// Whether `groups_obj` describes the groups. With `false` it is null, and the answer smaller.
    pub include_groups: bool,
}

impl CoreUsersRetrieveParams {
    pub const ID: Parameter<Integer> = Parameter::path("id", Integer).description("The user's `pk`.");
    pub const INCLUDE_GROUPS: Parameter<Flag> = Parameter::query("include_groups", Flag)
        .description(
            "Whether `groups_obj` describes the groups. With `false` it is null, and the answer \
             smaller.",
        )
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
        vec![Self::ID.meta(), Self::INCLUDE_GROUPS.meta()]
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
    /// Whether `groups_obj` describes the groups. With `false` it is null, and the answer smaller.
    pub include_groups: bool,
}

impl CoreUsersUpdateParams {
    pub const ID: Parameter<Integer> = Parameter::path("id", Integer).description("The user's `pk`.");
    pub const INCLUDE_GROUPS: Parameter<Flag> = Parameter::query("include_groups", Flag)
        .description(
            "Whether `groups_obj` describes the groups. With `false` it is null, and the answer \
             smaller.",
        )
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
        vec![Self::ID.meta(), Self::INCLUDE_GROUPS.meta()]
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
    /// Whether `groups_obj` describes the groups. With `false` it is null, and the answer smaller.
    pub include_groups: bool,
}

impl CoreUsersPartialUpdateParams {
    pub const ID: Parameter<Integer> = Parameter::path("id", Integer).description("The user's `pk`.");
    pub const INCLUDE_GROUPS: Parameter<Flag> = Parameter::query("include_groups", Flag)
        .description(
            "Whether `groups_obj` describes the groups. With `false` it is null, and the answer \
             smaller.",
        )
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
        vec![Self::ID.meta(), Self::INCLUDE_GROUPS.meta()]
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

/// The parameters of [`CoreUsersSetPasswordCreate`].
#[derive(Clone, Debug)]
pub struct CoreUsersSetPasswordCreateParams {
    /// The user's `pk`.
    pub id: i64,
}

impl CoreUsersSetPasswordCreateParams {
    pub const ID: Parameter<Integer> = Parameter::path("id", Integer).description("The user's `pk`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { id: parameters.path(&Self::ID)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::ID.meta()]
    }
}

/// What [`CoreUsersSetPasswordCreate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreUsersSetPasswordCreateResponse {
    /// 204: The password is set.
    NoContent,
}

impl CoreUsersSetPasswordCreateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreUsersSetPasswordCreateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::NoContent => empty(StatusCode::NO_CONTENT),
        }
    }
}

impl ApiResponse for CoreUsersSetPasswordCreateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(204, "The password is set.", vec![]),
                describe_response(400, "The password is missing or too short.", vec![]),
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
    }
}

/// `POST /core/users/{id}/set_password/`: Set a user's password.
///
/// Stores a password, hashed with Argon2id. Only superusers may set passwords.
pub trait CoreUsersSetPasswordCreate: Authenticate {
    fn core_users_set_password_create(
        &self,
        caller: Self::Caller,
        params: CoreUsersSetPasswordCreateParams,
        body: Body<UserPasswordSetRequest>,
    ) -> impl Future<Output = Result<CoreUsersSetPasswordCreateResponse, Failure>> + Send;
}

/// The parameters of [`CoreUsersUsedByList`].
#[derive(Clone, Debug)]
pub struct CoreUsersUsedByListParams {
    /// The user's `pk`.
    pub id: i64,
}

impl CoreUsersUsedByListParams {
    pub const ID: Parameter<Integer> = Parameter::path("id", Integer).description("The user's `pk`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { id: parameters.path(&Self::ID)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::ID.meta()]
    }
}

/// What [`CoreUsersUsedByList`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreUsersUsedByListResponse {
    /// 200: The objects.
    Ok(Vec<UsedBy>),
}

impl CoreUsersUsedByListResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreUsersUsedByListResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreUsersUsedByListResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The objects.", vec![media::<Vec<UsedBy>>("application/json")]),
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
        ValidationError::register(registry);
        <Vec<UsedBy>>::register(registry);
    }
}

/// `GET /core/users/{id}/used_by/`: List what refers to a user.
///
/// Answers the objects that refer to the user, and what becomes of each reference when the user is deleted.
pub trait CoreUsersUsedByList: Authenticate {
    fn core_users_used_by_list(
        &self,
        caller: Self::Caller,
        params: CoreUsersUsedByListParams,
    ) -> impl Future<Output = Result<CoreUsersUsedByListResponse, Failure>> + Send;
}

/// What [`CoreUsersServiceAccountCreate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreUsersServiceAccountCreateResponse {
    /// 200: The account.
    Ok(UserServiceAccountResponse),
}

impl CoreUsersServiceAccountCreateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreUsersServiceAccountCreateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreUsersServiceAccountCreateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The account.", vec![media::<UserServiceAccountResponse>("application/json")]),
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
        UserServiceAccountResponse::register(registry);
        ValidationError::register(registry);
    }
}

/// `POST /core/users/service_account/`: Create a service account.
///
/// Creates a user of the type `service_account`, an app password for it and, if wanted, a group of the same name
/// with it as a member, in one transaction. `view_key` shows the app password again. It expires after 360 days,
/// unless `expires` or `expiring` says otherwise. Only superusers may create service accounts.
pub trait CoreUsersServiceAccountCreate: Authenticate {
    fn core_users_service_account_create(
        &self,
        caller: Self::Caller,
        body: Body<UserServiceAccountRequest>,
    ) -> impl Future<Output = Result<CoreUsersServiceAccountCreateResponse, Failure>> + Send;
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

/// The parameters of [`CoreGroupsList`].
#[derive(Clone, Debug)]
pub struct CoreGroupsListParams {
    /// Attributes that groups have, as a JSON object, as for users.
    pub attributes: Option<String>,
    /// Whether `users_obj` describes the members. With `false` it is null, which makes large groups cheaper.
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
            "Whether `users_obj` describes the members. With `false` it is null, which makes \
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

/// The parameters of [`CoreGroupsCreate`].
#[derive(Clone, Debug)]
pub struct CoreGroupsCreateParams {
    /// Whether `users_obj` describes the members. With `false` it is null, which makes large groups cheaper.
    pub include_users: bool,
}

impl CoreGroupsCreateParams {
    pub const INCLUDE_USERS: Parameter<Flag> = Parameter::query("include_users", Flag)
        .description(
            "Whether `users_obj` describes the members. With `false` it is null, which makes \
             large groups cheaper.",
        )
        .default(true);

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let mut parameters = call.parameters();
        let read = Self { include_users: parameters.query(&Self::INCLUDE_USERS).unwrap_or(true) };
        parameters.finish()?;
        Ok(read)
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::INCLUDE_USERS.meta()]
    }
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
        params: CoreGroupsCreateParams,
        body: Body<GroupRequest>,
    ) -> impl Future<Output = Result<CoreGroupsCreateResponse, Failure>> + Send;
}

/// The parameters of [`CoreGroupsRetrieve`].
#[derive(Clone, Debug)]
pub struct CoreGroupsRetrieveParams {
    /// The group's `pk`.
    pub group_uuid: Uuid,
    /// Whether `users_obj` describes the members. With `false` it is null, which makes large groups cheaper.
    pub include_users: bool,
}

impl CoreGroupsRetrieveParams {
    pub const GROUP_UUID: Parameter<IdRef> = Parameter::path("group_uuid", IdRef).description("The group's `pk`.");
    pub const INCLUDE_USERS: Parameter<Flag> = Parameter::query("include_users", Flag)
        .description(
            "Whether `users_obj` describes the members. With `false` it is null, which makes \
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
    /// Whether `users_obj` describes the members. With `false` it is null, which makes large groups cheaper.
    pub include_users: bool,
}

impl CoreGroupsUpdateParams {
    pub const GROUP_UUID: Parameter<IdRef> = Parameter::path("group_uuid", IdRef).description("The group's `pk`.");
    pub const INCLUDE_USERS: Parameter<Flag> = Parameter::query("include_users", Flag)
        .description(
            "Whether `users_obj` describes the members. With `false` it is null, which makes \
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
    /// Whether `users_obj` describes the members. With `false` it is null, which makes large groups cheaper.
    pub include_users: bool,
}

impl CoreGroupsPartialUpdateParams {
    pub const GROUP_UUID: Parameter<IdRef> = Parameter::path("group_uuid", IdRef).description("The group's `pk`.");
    pub const INCLUDE_USERS: Parameter<Flag> = Parameter::query("include_users", Flag)
        .description(
            "Whether `users_obj` describes the members. With `false` it is null, which makes \
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

/// The parameters of [`CoreGroupsUsedByList`].
#[derive(Clone, Debug)]
pub struct CoreGroupsUsedByListParams {
    /// The group's `pk`.
    pub group_uuid: Uuid,
}

impl CoreGroupsUsedByListParams {
    pub const GROUP_UUID: Parameter<IdRef> = Parameter::path("group_uuid", IdRef).description("The group's `pk`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { group_uuid: parameters.path(&Self::GROUP_UUID)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::GROUP_UUID.meta()]
    }
}

/// What [`CoreGroupsUsedByList`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreGroupsUsedByListResponse {
    /// 200: The objects.
    Ok(Vec<UsedBy>),
}

impl CoreGroupsUsedByListResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreGroupsUsedByListResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreGroupsUsedByListResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The objects.", vec![media::<Vec<UsedBy>>("application/json")]),
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
        ValidationError::register(registry);
        <Vec<UsedBy>>::register(registry);
    }
}

/// `GET /core/groups/{group_uuid}/used_by/`: List what refers to a group.
///
/// Answers the objects that refer to the group, and what becomes of each reference when the group is deleted.
pub trait CoreGroupsUsedByList: Authenticate {
    fn core_groups_used_by_list(
        &self,
        caller: Self::Caller,
        params: CoreGroupsUsedByListParams,
    ) -> impl Future<Output = Result<CoreGroupsUsedByListResponse, Failure>> + Send;
}

/// The values of [`CoreTokensListParams::intent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoreTokensListIntent {
    Api,
    AppPassword,
    Recovery,
    Verification,
}

impl CoreTokensListIntent {
    /// The text that stands for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::AppPassword => "app_password",
            Self::Recovery => "recovery",
            Self::Verification => "verification",
        }
    }
}

impl Enumeration for CoreTokensListIntent {
    const VARIANTS: &'static [(&'static str, Self)] = &[
        ("api", Self::Api),
        ("app_password", Self::AppPassword),
        ("recovery", Self::Recovery),
        ("verification", Self::Verification),
    ];
    const NAMED: Option<(&'static str, &'static str)> = None;
}

impl_enumeration!(CoreTokensListIntent);

/// The parameters of [`CoreTokensList`].
#[derive(Clone, Debug)]
pub struct CoreTokensListParams {
    /// The exact description.
    pub description: Option<String>,
    /// The exact time of expiry.
    pub expires: Option<Timestamp>,
    /// Whether the tokens expire.
    pub expiring: Option<bool>,
    /// The exact identifier.
    pub identifier: Option<String>,
    /// What the tokens are for.
    pub intent: Option<CoreTokensListIntent>,
    /// What manages the tokens, exactly.
    pub managed: Option<String>,
    /// Fields to order by, separated by commas; a `-` before one turns it around. Unknown fields are ignored.
    pub ordering: Option<String>,
    /// Which page to answer, from 1.
    pub page: Option<i64>,
    /// How many objects a page has. 100 if left out or 0; never more than 1,000.
    pub page_size: Option<i64>,
    /// Words, each of which has to be in one of the names or addresses, whatever the letter case; quotes keep
    /// words together.
    pub search: Option<String>,
    /// The exact username of the tokens' owner.
    pub user_username: Option<String>,
}

impl CoreTokensListParams {
    pub const DESCRIPTION: Parameter<Text> =
        Parameter::query("description", Text::ANY).description("The exact description.");
    pub const EXPIRES: Parameter<DateTimeText> =
        Parameter::query("expires", DateTimeText).description("The exact time of expiry.");
    pub const EXPIRING: Parameter<Boolean> =
        Parameter::query("expiring", Boolean).description("Whether the tokens expire.");
    pub const IDENTIFIER: Parameter<Text> =
        Parameter::query("identifier", Text::ANY).description("The exact identifier.");
    pub const INTENT: Parameter<Choice<CoreTokensListIntent>> =
        Parameter::query("intent", Choice::of()).description("What the tokens are for.");
    pub const MANAGED: Parameter<Text> =
        Parameter::query("managed", Text::ANY).description("What manages the tokens, exactly.");
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
    pub const USER_USERNAME: Parameter<Text> =
        Parameter::query("user__username", Text::ANY).description("The exact username of the tokens' owner.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let mut parameters = call.parameters();
        let read = Self {
            description: parameters.query(&Self::DESCRIPTION),
            expires: parameters.query(&Self::EXPIRES),
            expiring: parameters.query(&Self::EXPIRING),
            identifier: parameters.query(&Self::IDENTIFIER),
            intent: parameters.query(&Self::INTENT),
            managed: parameters.query(&Self::MANAGED),
            ordering: parameters.query(&Self::ORDERING),
            page: parameters.query(&Self::PAGE),
            page_size: parameters.query(&Self::PAGE_SIZE),
            search: parameters.query(&Self::SEARCH),
            user_username: parameters.query(&Self::USER_USERNAME),
        };
        parameters.finish()?;
        Ok(read)
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![
            Self::DESCRIPTION.meta(),
            Self::EXPIRES.meta(),
            Self::EXPIRING.meta(),
            Self::IDENTIFIER.meta(),
            Self::INTENT.meta(),
            Self::MANAGED.meta(),
            Self::ORDERING.meta(),
            Self::PAGE.meta(),
            Self::PAGE_SIZE.meta(),
            Self::SEARCH.meta(),
            Self::USER_USERNAME.meta(),
        ]
    }
}

/// What [`CoreTokensList`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreTokensListResponse {
    /// 200: The page.
    Ok(PaginatedTokenList),
}

impl CoreTokensListResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreTokensListResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreTokensListResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The page.", vec![media::<PaginatedTokenList>("application/json")]),
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
        PaginatedTokenList::register(registry);
        ValidationError::register(registry);
    }
}

/// `GET /core/tokens/`: List tokens.
///
/// Answers a page of the tokens that fit all filters, without their keys. Superusers see all, other callers their
/// own. Without `ordering` it goes by `identifier`.
pub trait CoreTokensList: Authenticate {
    fn core_tokens_list(
        &self,
        caller: Self::Caller,
        params: CoreTokensListParams,
    ) -> impl Future<Output = Result<CoreTokensListResponse, Failure>> + Send;
}

/// What [`CoreTokensCreate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreTokensCreateResponse {
    /// 201: The token as it was stored.
    Created(Token),
}

impl CoreTokensCreateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreTokensCreateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Created(body) => json_response(StatusCode::CREATED, &body),
        }
    }
}

impl ApiResponse for CoreTokensCreateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(201, "The token as it was stored.", vec![media::<Token>("application/json")]),
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
        Token::register(registry);
        ValidationError::register(registry);
    }
}

/// `POST /core/tokens/`: Create a token.
///
/// Creates a token with a random key, which `view_key` shows. It belongs to the caller; only superusers may name
/// another `user`. A token expires after a day, unless `expires` or `expiring` says otherwise.
pub trait CoreTokensCreate: Authenticate {
    fn core_tokens_create(
        &self,
        caller: Self::Caller,
        body: Body<TokenRequest>,
    ) -> impl Future<Output = Result<CoreTokensCreateResponse, Failure>> + Send;
}

/// The parameters of [`CoreTokensRetrieve`].
#[derive(Clone, Debug)]
pub struct CoreTokensRetrieveParams {
    /// The token's `identifier`.
    pub identifier: String,
}

impl CoreTokensRetrieveParams {
    pub const IDENTIFIER: Parameter<Text> =
        Parameter::path("identifier", Text::ANY).description("The token's `identifier`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { identifier: parameters.path(&Self::IDENTIFIER)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::IDENTIFIER.meta()]
    }
}

/// What [`CoreTokensRetrieve`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreTokensRetrieveResponse {
    /// 200: The token.
    Ok(Token),
}

impl CoreTokensRetrieveResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreTokensRetrieveResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreTokensRetrieveResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The token.", vec![media::<Token>("application/json")]),
                describe_response(400, "The request is malformed.", vec![media::<ValidationError>("application/json")]),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(
                    404,
                    "There is no such token that the caller may see.",
                    vec![media::<GenericError>("application/json")],
                ),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        Token::register(registry);
        ValidationError::register(registry);
    }
}

/// `GET /core/tokens/{identifier}/`: Read a token.
///
/// Answers one token, without its key. Superusers see all, other callers their own.
pub trait CoreTokensRetrieve: Authenticate {
    fn core_tokens_retrieve(
        &self,
        caller: Self::Caller,
        params: CoreTokensRetrieveParams,
    ) -> impl Future<Output = Result<CoreTokensRetrieveResponse, Failure>> + Send;
}

/// The parameters of [`CoreTokensUpdate`].
#[derive(Clone, Debug)]
pub struct CoreTokensUpdateParams {
    /// The token's `identifier`.
    pub identifier: String,
}

impl CoreTokensUpdateParams {
    pub const IDENTIFIER: Parameter<Text> =
        Parameter::path("identifier", Text::ANY).description("The token's `identifier`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { identifier: parameters.path(&Self::IDENTIFIER)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::IDENTIFIER.meta()]
    }
}

/// What [`CoreTokensUpdate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreTokensUpdateResponse {
    /// 200: The token as it is stored now.
    Ok(Token),
}

impl CoreTokensUpdateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreTokensUpdateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreTokensUpdateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The token as it is stored now.", vec![media::<Token>("application/json")]),
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
                    404,
                    "There is no such token that the caller may see.",
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
        Token::register(registry);
        ValidationError::register(registry);
    }
}

/// `PUT /core/tokens/{identifier}/`: Replace a token.
///
/// Stores `identifier` and what else is given; optional fields that are left out stay as they are. Superusers may
/// change all tokens, other callers their own; only superusers may give a token to another user.
pub trait CoreTokensUpdate: Authenticate {
    fn core_tokens_update(
        &self,
        caller: Self::Caller,
        params: CoreTokensUpdateParams,
        body: Body<TokenRequest>,
    ) -> impl Future<Output = Result<CoreTokensUpdateResponse, Failure>> + Send;
}

/// The parameters of [`CoreTokensDestroy`].
#[derive(Clone, Debug)]
pub struct CoreTokensDestroyParams {
    /// The token's `identifier`.
    pub identifier: String,
}

impl CoreTokensDestroyParams {
    pub const IDENTIFIER: Parameter<Text> =
        Parameter::path("identifier", Text::ANY).description("The token's `identifier`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { identifier: parameters.path(&Self::IDENTIFIER)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::IDENTIFIER.meta()]
    }
}

/// What [`CoreTokensDestroy`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreTokensDestroyResponse {
    /// 204: The token is gone.
    NoContent,
}

impl CoreTokensDestroyResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreTokensDestroyResponse {
    fn into_response(self) -> Response {
        match self {
            Self::NoContent => empty(StatusCode::NO_CONTENT),
        }
    }
}

impl ApiResponse for CoreTokensDestroyResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(204, "The token is gone.", vec![]),
                describe_response(400, "The request is malformed.", vec![media::<ValidationError>("application/json")]),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(
                    404,
                    "There is no such token that the caller may see.",
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

/// `DELETE /core/tokens/{identifier}/`: Delete a token.
///
/// Deletes a token; its key stops working at once. Superusers may delete all tokens, other callers their own.
pub trait CoreTokensDestroy: Authenticate {
    fn core_tokens_destroy(
        &self,
        caller: Self::Caller,
        params: CoreTokensDestroyParams,
    ) -> impl Future<Output = Result<CoreTokensDestroyResponse, Failure>> + Send;
}

/// The parameters of [`CoreTokensPartialUpdate`].
#[derive(Clone, Debug)]
pub struct CoreTokensPartialUpdateParams {
    /// The token's `identifier`.
    pub identifier: String,
}

impl CoreTokensPartialUpdateParams {
    pub const IDENTIFIER: Parameter<Text> =
        Parameter::path("identifier", Text::ANY).description("The token's `identifier`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { identifier: parameters.path(&Self::IDENTIFIER)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::IDENTIFIER.meta()]
    }
}

/// What [`CoreTokensPartialUpdate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreTokensPartialUpdateResponse {
    /// 200: The token as it is stored now.
    Ok(Token),
}

impl CoreTokensPartialUpdateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreTokensPartialUpdateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreTokensPartialUpdateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The token as it is stored now.", vec![media::<Token>("application/json")]),
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
                    404,
                    "There is no such token that the caller may see.",
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
        Token::register(registry);
        ValidationError::register(registry);
    }
}

/// `PATCH /core/tokens/{identifier}/`: Change a token.
///
/// Stores what is given and leaves the rest as it is. Superusers may change all tokens, other callers their own;
/// only superusers may give a token to another user.
pub trait CoreTokensPartialUpdate: Authenticate {
    fn core_tokens_partial_update(
        &self,
        caller: Self::Caller,
        params: CoreTokensPartialUpdateParams,
        body: Body<PatchedTokenRequest>,
    ) -> impl Future<Output = Result<CoreTokensPartialUpdateResponse, Failure>> + Send;
}

/// The parameters of [`CoreTokensSetKeyCreate`].
#[derive(Clone, Debug)]
pub struct CoreTokensSetKeyCreateParams {
    /// The token's `identifier`.
    pub identifier: String,
}

impl CoreTokensSetKeyCreateParams {
    pub const IDENTIFIER: Parameter<Text> =
        Parameter::path("identifier", Text::ANY).description("The token's `identifier`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { identifier: parameters.path(&Self::IDENTIFIER)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::IDENTIFIER.meta()]
    }
}

/// What [`CoreTokensSetKeyCreate`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreTokensSetKeyCreateResponse {
    /// 204: The key is set.
    NoContent,
}

impl CoreTokensSetKeyCreateResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreTokensSetKeyCreateResponse {
    fn into_response(self) -> Response {
        match self {
            Self::NoContent => empty(StatusCode::NO_CONTENT),
        }
    }
}

impl ApiResponse for CoreTokensSetKeyCreateResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(204, "The key is set.", vec![]),
                describe_response(400, "The key is missing, or another token has it.", vec![]),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such token that the caller may see, or it has expired.", vec![]),
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
    }
}

/// `POST /core/tokens/{identifier}/set_key/`: Set a token's key.
///
/// Replaces the key of a token; the old one stops working at once. Superusers may do so for all tokens, other
/// callers for their own.
pub trait CoreTokensSetKeyCreate: Authenticate {
    fn core_tokens_set_key_create(
        &self,
        caller: Self::Caller,
        params: CoreTokensSetKeyCreateParams,
        body: Body<TokenSetKeyRequest>,
    ) -> impl Future<Output = Result<CoreTokensSetKeyCreateResponse, Failure>> + Send;
}

/// The parameters of [`CoreTokensUsedByList`].
#[derive(Clone, Debug)]
pub struct CoreTokensUsedByListParams {
    /// The token's `identifier`.
    pub identifier: String,
}

impl CoreTokensUsedByListParams {
    pub const IDENTIFIER: Parameter<Text> =
        Parameter::path("identifier", Text::ANY).description("The token's `identifier`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { identifier: parameters.path(&Self::IDENTIFIER)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::IDENTIFIER.meta()]
    }
}

/// What [`CoreTokensUsedByList`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreTokensUsedByListResponse {
    /// 200: The objects.
    Ok(Vec<UsedBy>),
}

impl CoreTokensUsedByListResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreTokensUsedByListResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreTokensUsedByListResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The objects.", vec![media::<Vec<UsedBy>>("application/json")]),
                describe_response(400, "The request is malformed.", vec![media::<ValidationError>("application/json")]),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(
                    404,
                    "There is no such token that the caller may see.",
                    vec![media::<GenericError>("application/json")],
                ),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        ValidationError::register(registry);
        <Vec<UsedBy>>::register(registry);
    }
}

/// `GET /core/tokens/{identifier}/used_by/`: List what refers to a token.
///
/// Answers the objects that refer to the token, and what becomes of each reference when the token is deleted.
pub trait CoreTokensUsedByList: Authenticate {
    fn core_tokens_used_by_list(
        &self,
        caller: Self::Caller,
        params: CoreTokensUsedByListParams,
    ) -> impl Future<Output = Result<CoreTokensUsedByListResponse, Failure>> + Send;
}

/// The parameters of [`CoreTokensViewKeyRetrieve`].
#[derive(Clone, Debug)]
pub struct CoreTokensViewKeyRetrieveParams {
    /// The token's `identifier`.
    pub identifier: String,
}

impl CoreTokensViewKeyRetrieveParams {
    pub const IDENTIFIER: Parameter<Text> =
        Parameter::path("identifier", Text::ANY).description("The token's `identifier`.");

    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let parameters = call.parameters();
        Ok(Self { identifier: parameters.path(&Self::IDENTIFIER)? })
    }

    pub(super) fn meta() -> Vec<MetaOperationParam> {
        vec![Self::IDENTIFIER.meta()]
    }
}

/// What [`CoreTokensViewKeyRetrieve`] answers when all is well.
#[derive(Clone, Debug)]
pub enum CoreTokensViewKeyRetrieveResponse {
    /// 200: The key.
    Ok(TokenView),
}

impl CoreTokensViewKeyRetrieveResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for CoreTokensViewKeyRetrieveResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for CoreTokensViewKeyRetrieveResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The key.", vec![media::<TokenView>("application/json")]),
                describe_response(400, "The request is malformed.", vec![media::<ValidationError>("application/json")]),
                describe_response(
                    403,
                    "The token is missing or not valid, or its user may not do this.",
                    vec![media::<GenericError>("application/json")],
                ),
                describe_response(404, "There is no such token that the caller may see, or it has expired.", vec![]),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        GenericError::register(registry);
        TokenView::register(registry);
        ValidationError::register(registry);
    }
}

/// `GET /core/tokens/{identifier}/view_key/`: View a token's key.
///
/// Answers the key of a token. Superusers may view all keys, other callers those of their own tokens.
pub trait CoreTokensViewKeyRetrieve: Authenticate {
    fn core_tokens_view_key_retrieve(
        &self,
        caller: Self::Caller,
        params: CoreTokensViewKeyRetrieveParams,
    ) -> impl Future<Output = Result<CoreTokensViewKeyRetrieveResponse, Failure>> + Send;
}

/// What [`RootConfigRetrieve`] answers when all is well.
#[derive(Clone, Debug)]
pub enum RootConfigRetrieveResponse {
    /// 200: The configuration.
    Ok(Config),
}

impl RootConfigRetrieveResponse {
    pub(super) const PRODUCES: &'static [&'static str] = &["application/json"];
}

impl IntoResponse for RootConfigRetrieveResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => json_response(StatusCode::OK, &body),
        }
    }
}

impl ApiResponse for RootConfigRetrieveResponse {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                describe_response(200, "The configuration.", vec![media::<Config>("application/json")]),
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
        Config::register(registry);
        GenericError::register(registry);
        ValidationError::register(registry);
    }
}

/// `GET /root/config/`: Read the configuration.
///
/// Answers what tools ask an authentik server for when they start. The values are those of this server: it has
/// none of the capabilities, caches nothing, and reports errors to nobody. No token is needed.
pub trait RootConfigRetrieve: Authenticate {
    fn root_config_retrieve(&self) -> impl Future<Output = Result<RootConfigRetrieveResponse, Failure>> + Send;
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
    CoreUsersList
    + CoreUsersCreate
    + CoreUsersMeRetrieve
    + CoreUsersRetrieve
    + CoreUsersUpdate
    + CoreUsersDestroy
    + CoreUsersPartialUpdate
    + CoreUsersSetPasswordCreate
    + CoreUsersUsedByList
    + CoreUsersServiceAccountCreate
    + CoreUsersPathsRetrieve
    + CoreGroupsList
    + CoreGroupsCreate
    + CoreGroupsRetrieve
    + CoreGroupsUpdate
    + CoreGroupsDestroy
    + CoreGroupsPartialUpdate
    + CoreGroupsAddUserCreate
    + CoreGroupsRemoveUserCreate
    + CoreGroupsUsedByList
    + CoreTokensList
    + CoreTokensCreate
    + CoreTokensRetrieve
    + CoreTokensUpdate
    + CoreTokensDestroy
    + CoreTokensPartialUpdate
    + CoreTokensSetKeyCreate
    + CoreTokensUsedByList
    + CoreTokensViewKeyRetrieve
    + RootConfigRetrieve
    + SchemaRetrieve
{
}

impl<
    T: CoreUsersList
        + CoreUsersCreate
        + CoreUsersMeRetrieve
        + CoreUsersRetrieve
        + CoreUsersUpdate
        + CoreUsersDestroy
        + CoreUsersPartialUpdate
        + CoreUsersSetPasswordCreate
        + CoreUsersUsedByList
        + CoreUsersServiceAccountCreate
        + CoreUsersPathsRetrieve
        + CoreGroupsList
        + CoreGroupsCreate
        + CoreGroupsRetrieve
        + CoreGroupsUpdate
        + CoreGroupsDestroy
        + CoreGroupsPartialUpdate
        + CoreGroupsAddUserCreate
        + CoreGroupsRemoveUserCreate
        + CoreGroupsUsedByList
        + CoreTokensList
        + CoreTokensCreate
        + CoreTokensRetrieve
        + CoreTokensUpdate
        + CoreTokensDestroy
        + CoreTokensPartialUpdate
        + CoreTokensSetKeyCreate
        + CoreTokensUsedByList
        + CoreTokensViewKeyRetrieve
        + RootConfigRetrieve
        + SchemaRetrieve,
> Api for T
{
}
