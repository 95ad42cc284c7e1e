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
    CoreGroupsCreate + CoreGroupsRetrieve + CoreUsersCreate + CoreUsersMeRetrieve + CoreUsersRetrieve + SchemaRetrieve
{
}

impl<
    T: CoreGroupsCreate + CoreGroupsRetrieve + CoreUsersCreate + CoreUsersMeRetrieve + CoreUsersRetrieve + SchemaRetrieve,
> Api for T
{
}
