// Generated from openapi/rollcall.yaml; change that and run `cargo run -p codegen`.

//! The contract's schemas.

use poem_openapi::types::MaybeUndefined;
use serde::Serialize;
use uuid::Uuid;

use super::runtime::*;

/// Something an authentik server may be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CapabilitiesEnum {
    CanSaveMedia,
    CanGeoIp,
    CanAsn,
    CanImpersonate,
    CanDebug,
    IsEnterprise,
}

impl CapabilitiesEnum {
    /// The text that stands for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CanSaveMedia => "can_save_media",
            Self::CanGeoIp => "can_geo_ip",
            Self::CanAsn => "can_asn",
            Self::CanImpersonate => "can_impersonate",
            Self::CanDebug => "can_debug",
            Self::IsEnterprise => "is_enterprise",
        }
    }
}

impl Enumeration for CapabilitiesEnum {
    const VARIANTS: &'static [(&'static str, Self)] = &[
        ("can_save_media", Self::CanSaveMedia),
        ("can_geo_ip", Self::CanGeoIp),
        ("can_asn", Self::CanAsn),
        ("can_impersonate", Self::CanImpersonate),
        ("can_debug", Self::CanDebug),
        ("is_enterprise", Self::IsEnterprise),
    ];
    const NAMED: Option<(&'static str, &'static str)> =
        Some(("CapabilitiesEnum", "Something an authentik server may be able to do."));
}

impl_enumeration!(CapabilitiesEnum);

/// What this server can do.
#[derive(Clone, Debug, Serialize)]
pub struct Config {
    /// Whether errors are reported to somebody.
    pub error_reporting: ErrorReportingConfig,
    /// What this server can do beyond the directory; nothing.
    pub capabilities: Vec<CapabilitiesEnum>,
    /// Seconds that answers are cached.
    pub cache_timeout: i64,
    /// Seconds that flows are cached.
    pub cache_timeout_flows: i64,
    /// Seconds that policies are cached.
    pub cache_timeout_policies: i64,
    /// Seconds that reputation is cached.
    pub cache_timeout_reputation: i64,
}

impl Config {
    pub const ERROR_REPORTING: Property<Nested<ErrorReportingConfig>> =
        Property::new("error_reporting", Nested::of()).required();
    pub const CAPABILITIES: Property<List<Choice<CapabilitiesEnum>>> =
        Property::new("capabilities", List(Choice::of()))
            .required()
            .description("What this server can do beyond the directory; nothing.");
    pub const CACHE_TIMEOUT: Property<Id> =
        Property::new("cache_timeout", Id).required().description("Seconds that answers are cached.");
    pub const CACHE_TIMEOUT_FLOWS: Property<Id> =
        Property::new("cache_timeout_flows", Id).required().description("Seconds that flows are cached.");
    pub const CACHE_TIMEOUT_POLICIES: Property<Id> =
        Property::new("cache_timeout_policies", Id).required().description("Seconds that policies are cached.");
    pub const CACHE_TIMEOUT_REPUTATION: Property<Id> =
        Property::new("cache_timeout_reputation", Id).required().description("Seconds that reputation is cached.");
}

impl Object for Config {
    const NAME: &'static str = "Config";
    const DESCRIPTION: &'static str = "What this server can do.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::ERROR_REPORTING)
            .with(&Self::CAPABILITIES)
            .with(&Self::CACHE_TIMEOUT)
            .with(&Self::CACHE_TIMEOUT_FLOWS)
            .with(&Self::CACHE_TIMEOUT_POLICIES)
            .with(&Self::CACHE_TIMEOUT_REPUTATION)
    }
}

impl_object!(Config);

/// Whether errors are reported to somebody.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorReportingConfig {
    /// Whether they are.
    pub enabled: bool,
    /// To whom.
    pub sentry_dsn: String,
    /// From where.
    pub environment: String,
    /// Whether with personal data.
    pub send_pii: bool,
    /// Which part of the requests is traced.
    pub traces_sample_rate: f64,
}

impl ErrorReportingConfig {
    pub const ENABLED: Property<Boolean> =
        Property::new("enabled", Boolean).required().read_only().description("Whether they are.");
    pub const SENTRY_DSN: Property<Text> =
        Property::new("sentry_dsn", Text::ANY).required().read_only().description("To whom.");
    pub const ENVIRONMENT: Property<Text> =
        Property::new("environment", Text::ANY).required().read_only().description("From where.");
    pub const SEND_PII: Property<Boolean> =
        Property::new("send_pii", Boolean).required().read_only().description("Whether with personal data.");
    pub const TRACES_SAMPLE_RATE: Property<Double> = Property::new("traces_sample_rate", Double)
        .required()
        .read_only()
        .description("Which part of the requests is traced.");
}

impl Object for ErrorReportingConfig {
    const NAME: &'static str = "ErrorReportingConfig";
    const DESCRIPTION: &'static str = "Whether errors are reported to somebody.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::ENABLED)
            .with(&Self::SENTRY_DSN)
            .with(&Self::ENVIRONMENT)
            .with(&Self::SEND_PII)
            .with(&Self::TRACES_SAMPLE_RATE)
    }
}

impl_object!(ErrorReportingConfig);

/// Why a request was refused as a whole.
#[derive(Clone, Debug, Serialize)]
pub struct GenericError {
    /// The reason, for people.
    pub detail: String,
    /// The reason, for programs; not always given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl GenericError {
    pub const DETAIL: Property<Text> =
        Property::new("detail", Text::ANY).required().description("The reason, for people.");
    pub const CODE: Property<Text> =
        Property::new("code", Text::ANY).description("The reason, for programs; not always given.");
}

impl Object for GenericError {
    const NAME: &'static str = "GenericError";
    const DESCRIPTION: &'static str = "Why a request was refused as a whole.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::DETAIL).with(&Self::CODE)
    }
}

impl_object!(GenericError);

/// A group of users.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// The group's id.
    pub pk: Uuid,
    /// A numerical id of the group, positive and below 2^31. It never changes.
    pub num_pk: i64,
    /// The group's name, unique.
    pub name: String,
    /// Whether the members of this group, and of every group below it, are superusers.
    pub is_superuser: bool,
    /// The id of the group that this one belongs to.
    pub parent: Option<Uuid>,
    /// The name of the parent.
    pub parent_name: Option<String>,
    /// The ids of the members, ascending.
    pub users: Vec<i64>,
    /// The members; null when they were not asked for.
    pub users_obj: Option<Vec<GroupMember>>,
    /// Free-form data about the group.
    pub attributes: JsonObject,
    /// The roles of the group. This server keeps none, so the list is empty.
    pub roles: Vec<Uuid>,
    /// The roles of the group, described; empty.
    pub roles_obj: Vec<Role>,
}

impl Group {
    pub const PK: Property<IdRef> =
        Property::new("pk", IdRef).required().read_only().title("Group uuid").description("The group's id.");
    pub const NUM_PK: Property<Id> = Property::new("num_pk", Id)
        .required()
        .read_only()
        .description("A numerical id of the group, positive and below 2^31. It never changes.");
    pub const NAME: Property<Text> =
        Property::new("name", Text::ANY).required().description("The group's name, unique.");
    pub const IS_SUPERUSER: Property<Boolean> = Property::new("is_superuser", Boolean)
        .description("Whether the members of this group, and of every group below it, are superusers.");
    pub const PARENT: Property<IdRef> =
        Property::new("parent", IdRef).nullable().description("The id of the group that this one belongs to.");
    pub const PARENT_NAME: Property<Text> = Property::new("parent_name", Text::ANY)
        .required()
        .nullable()
        .read_only()
        .description("The name of the parent.");
    pub const USERS: Property<List<Id>> =
        Property::new("users", List(Id)).description("The ids of the members, ascending.");
    pub const USERS_OBJ: Property<List<Nested<GroupMember>>> = Property::new("users_obj", List(Nested::of()))
        .required()
        .nullable()
        .read_only()
        .description("The members; null when they were not asked for.");
    pub const ATTRIBUTES: Property<FreeForm> =
        Property::new("attributes", FreeForm).description("Free-form data about the group.");
    pub const ROLES: Property<List<IdRef>> = Property::new("roles", List(IdRef))
        .description("The roles of the group. This server keeps none, so the list is empty.");
    pub const ROLES_OBJ: Property<List<Nested<Role>>> = Property::new("roles_obj", List(Nested::of()))
        .required()
        .read_only()
        .description("The roles of the group, described; empty.");
}

impl Object for Group {
    const NAME: &'static str = "Group";
    const DESCRIPTION: &'static str = "A group of users.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::PK)
            .with(&Self::NUM_PK)
            .with(&Self::NAME)
            .with(&Self::IS_SUPERUSER)
            .with(&Self::PARENT)
            .with(&Self::PARENT_NAME)
            .with(&Self::USERS)
            .with(&Self::USERS_OBJ)
            .with(&Self::ATTRIBUTES)
            .with(&Self::ROLES)
            .with(&Self::ROLES_OBJ)
    }
}

impl_object!(Group);

/// A user as a member of a group.
#[derive(Clone, Debug, Serialize)]
pub struct GroupMember {
    /// The user's id.
    pub pk: i64,
    /// The user's name for signing in. The pattern is the original's; the original stores other names too, and so
    /// does this server.
    pub username: String,
    /// The user's display name.
    pub name: String,
    /// Whether the user may use the directory.
    pub is_active: bool,
    /// When the user last signed in.
    pub last_login: Option<Timestamp>,
    /// The user's email address, or an empty string.
    pub email: String,
    /// Free-form data about the user.
    pub attributes: JsonObject,
    /// A stable, opaque id of the user on this instance, 64 hexadecimal digits.
    pub uid: String,
}

impl GroupMember {
    pub const PK: Property<Id> =
        Property::new("pk", Id).required().read_only().title("ID").description("The user's id.");
    pub const USERNAME: Property<Text> =
        Property::new("username", Text::ANY.max_length(150).documented_pattern("^[\\w.@+-]+$")).required().description(
            "The user's name for signing in. The pattern is the original's; the original stores \
             other names too, and so does this server.",
        );
    pub const NAME: Property<Text> =
        Property::new("name", Text::ANY).required().description("The user's display name.");
    pub const IS_ACTIVE: Property<Boolean> =
        Property::new("is_active", Boolean).title("Active").description("Whether the user may use the directory.");
    pub const LAST_LOGIN: Property<DateTimeText> =
        Property::new("last_login", DateTimeText).nullable().description("When the user last signed in.");
    pub const EMAIL: Property<Email> = Property::new("email", Email(Text::ANY.max_length(254)))
        .title("Email address")
        .description("The user's email address, or an empty string.");
    pub const ATTRIBUTES: Property<FreeForm> =
        Property::new("attributes", FreeForm).description("Free-form data about the user.");
    pub const UID: Property<Text> = Property::new("uid", Text::ANY)
        .required()
        .read_only()
        .description("A stable, opaque id of the user on this instance, 64 hexadecimal digits.");
}

impl Object for GroupMember {
    const NAME: &'static str = "GroupMember";
    const DESCRIPTION: &'static str = "A user as a member of a group.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::PK)
            .with(&Self::USERNAME)
            .with(&Self::NAME)
            .with(&Self::IS_ACTIVE)
            .with(&Self::LAST_LOGIN)
            .with(&Self::EMAIL)
            .with(&Self::ATTRIBUTES)
            .with(&Self::UID)
    }
}

impl_object!(GroupMember);

/// What a token is for. Keys of `api` tokens authenticate here; the others are kept for applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IntentEnum {
    Verification,
    Api,
    Recovery,
    AppPassword,
}

impl IntentEnum {
    /// The text that stands for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verification => "verification",
            Self::Api => "api",
            Self::Recovery => "recovery",
            Self::AppPassword => "app_password",
        }
    }
}

impl Enumeration for IntentEnum {
    const VARIANTS: &'static [(&'static str, Self)] = &[
        ("verification", Self::Verification),
        ("api", Self::Api),
        ("recovery", Self::Recovery),
        ("app_password", Self::AppPassword),
    ];
    const NAMED: Option<(&'static str, &'static str)> = Some((
        "IntentEnum",
        "What a token is for. Keys of `api` tokens authenticate here; the others are kept \
             for applications.",
    ));
}

impl_enumeration!(IntentEnum);

/// A page of groups.
#[derive(Clone, Debug, Serialize)]
pub struct PaginatedGroupList {
    /// Where a page stands among all.
    pub pagination: Pagination,
    /// The groups of the page.
    pub results: Vec<Group>,
}

impl PaginatedGroupList {
    pub const PAGINATION: Property<Nested<Pagination>> = Property::new("pagination", Nested::of()).required();
    pub const RESULTS: Property<List<Nested<Group>>> =
        Property::new("results", List(Nested::of())).required().description("The groups of the page.");
}

impl Object for PaginatedGroupList {
    const NAME: &'static str = "PaginatedGroupList";
    const DESCRIPTION: &'static str = "A page of groups.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::PAGINATION).with(&Self::RESULTS)
    }
}

impl_object!(PaginatedGroupList);

/// A page of tokens.
#[derive(Clone, Debug, Serialize)]
pub struct PaginatedTokenList {
    /// Where a page stands among all.
    pub pagination: Pagination,
    /// The tokens of the page.
    pub results: Vec<Token>,
}

impl PaginatedTokenList {
    pub const PAGINATION: Property<Nested<Pagination>> = Property::new("pagination", Nested::of()).required();
    pub const RESULTS: Property<List<Nested<Token>>> =
        Property::new("results", List(Nested::of())).required().description("The tokens of the page.");
}

impl Object for PaginatedTokenList {
    const NAME: &'static str = "PaginatedTokenList";
    const DESCRIPTION: &'static str = "A page of tokens.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::PAGINATION).with(&Self::RESULTS)
    }
}

impl_object!(PaginatedTokenList);

/// A page of users.
#[derive(Clone, Debug, Serialize)]
pub struct PaginatedUserList {
    /// Where a page stands among all.
    pub pagination: Pagination,
    /// The users of the page.
    pub results: Vec<User>,
}

impl PaginatedUserList {
    pub const PAGINATION: Property<Nested<Pagination>> = Property::new("pagination", Nested::of()).required();
    pub const RESULTS: Property<List<Nested<User>>> =
        Property::new("results", List(Nested::of())).required().description("The users of the page.");
}

impl Object for PaginatedUserList {
    const NAME: &'static str = "PaginatedUserList";
    const DESCRIPTION: &'static str = "A page of users.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::PAGINATION).with(&Self::RESULTS)
    }
}

impl_object!(PaginatedUserList);

/// Where a page stands among all.
#[derive(Clone, Debug, Serialize)]
pub struct Pagination {
    /// The next page, or 0 on the last.
    pub next: u64,
    /// The page before, or 0 on the first.
    pub previous: u64,
    /// How many objects fit the filters.
    pub count: u64,
    /// This page, from 1.
    pub current: u64,
    /// How many pages there are, 1 at least.
    pub total_pages: u64,
    /// The number of the first object of this page, from 1; 0 if there is none.
    pub start_index: u64,
    /// The number of the last object of this page; 0 if there is none.
    pub end_index: u64,
}

impl Pagination {
    pub const NEXT: Property<Count> =
        Property::new("next", Count).required().description("The next page, or 0 on the last.");
    pub const PREVIOUS: Property<Count> =
        Property::new("previous", Count).required().description("The page before, or 0 on the first.");
    pub const COUNT: Property<Count> =
        Property::new("count", Count).required().description("How many objects fit the filters.");
    pub const CURRENT: Property<Count> = Property::new("current", Count).required().description("This page, from 1.");
    pub const TOTAL_PAGES: Property<Count> =
        Property::new("total_pages", Count).required().description("How many pages there are, 1 at least.");
    pub const START_INDEX: Property<Count> = Property::new("start_index", Count)
        .required()
        .description("The number of the first object of this page, from 1; 0 if there is none.");
    pub const END_INDEX: Property<Count> = Property::new("end_index", Count)
        .required()
        .description("The number of the last object of this page; 0 if there is none.");
}

impl Object for Pagination {
    const NAME: &'static str = "Pagination";
    const DESCRIPTION: &'static str = "Where a page stands among all.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::NEXT)
            .with(&Self::PREVIOUS)
            .with(&Self::COUNT)
            .with(&Self::CURRENT)
            .with(&Self::TOTAL_PAGES)
            .with(&Self::START_INDEX)
            .with(&Self::END_INDEX)
    }
}

impl_object!(Pagination);

/// What to change of a group.
#[derive(Clone, Debug)]
pub struct PatchedGroupRequest {
    /// The group's name, unique; at most 640 characters.
    pub name: Option<String>,
    /// Whether the members of this group, and of every group below it, are superusers.
    pub is_superuser: Option<bool>,
    /// The id of the group that this one belongs to.
    pub parent: MaybeUndefined<UuidRef>,
    /// The ids of the members.
    pub users: Option<Vec<i64>>,
    /// Free-form data about the group.
    pub attributes: Option<JsonObject>,
    /// The roles of the group. This server keeps none, so any id is unknown.
    pub roles: Option<Vec<UuidRef>>,
}

impl PatchedGroupRequest {
    pub const NAME: Property<Text> =
        Property::new("name", Text::ANY.min_length(1)).description("The group's name, unique; at most 640 characters.");
    pub const IS_SUPERUSER: Property<Boolean> = Property::new("is_superuser", Boolean)
        .description("Whether the members of this group, and of every group below it, are superusers.");
    pub const PARENT: Property<IdRef> =
        Property::new("parent", IdRef).nullable().description("The id of the group that this one belongs to.");
    pub const USERS: Property<List<Id>> = Property::new("users", List(Id)).description("The ids of the members.");
    pub const ATTRIBUTES: Property<FreeForm> =
        Property::new("attributes", FreeForm).description("Free-form data about the group.");
    pub const ROLES: Property<List<IdRef>> = Property::new("roles", List(IdRef))
        .description("The roles of the group. This server keeps none, so any id is unknown.");
}

impl Object for PatchedGroupRequest {
    const NAME: &'static str = "PatchedGroupRequest";
    const DESCRIPTION: &'static str = "What to change of a group.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::NAME)
            .with(&Self::IS_SUPERUSER)
            .with(&Self::PARENT)
            .with(&Self::USERS)
            .with(&Self::ATTRIBUTES)
            .with(&Self::ROLES)
    }
}

impl FromObject for PatchedGroupRequest {
    fn from_object(fields: &mut Fields<'_>) -> Self {
        Self {
            name: fields.optional(&Self::NAME),
            is_superuser: fields.optional(&Self::IS_SUPERUSER),
            parent: fields.optional_nullable(&Self::PARENT),
            users: fields.optional(&Self::USERS),
            attributes: fields.optional(&Self::ATTRIBUTES),
            roles: fields.optional(&Self::ROLES),
        }
    }
}

impl_object!(PatchedGroupRequest);

/// What to change of a token.
#[derive(Clone, Debug)]
pub struct PatchedTokenRequest {
    /// What manages the token, unique; null if nothing does.
    pub managed: MaybeUndefined<String>,
    /// The token's name in the API, unique.
    pub identifier: Option<String>,
    /// What a token is for. Keys of `api` tokens authenticate here; the others are kept for applications.
    pub intent: Option<IntentEnum>,
    /// The id of the token's owner.
    pub user: Option<i64>,
    /// What the token is for, in words.
    pub description: Option<String>,
    /// When the token expires.
    pub expires: MaybeUndefined<Timestamp>,
    /// Whether the token expires.
    pub expiring: Option<bool>,
}

impl PatchedTokenRequest {
    pub const MANAGED: Property<Text> = Property::new("managed", Text::ANY.min_length(1))
        .nullable()
        .title("Managed by authentik")
        .description("What manages the token, unique; null if nothing does.");
    pub const IDENTIFIER: Property<Text> = Property::new("identifier", Text::ANY.min_length(1).max_length(255).slug())
        .description("The token's name in the API, unique.");
    pub const INTENT: Property<Choice<IntentEnum>> = Property::new("intent", Choice::of());
    pub const USER: Property<Id> = Property::new("user", Id).description("The id of the token's owner.");
    pub const DESCRIPTION: Property<Text> =
        Property::new("description", Text::ANY).description("What the token is for, in words.");
    pub const EXPIRES: Property<DateTimeText> =
        Property::new("expires", DateTimeText).nullable().description("When the token expires.");
    pub const EXPIRING: Property<Boolean> =
        Property::new("expiring", Boolean).description("Whether the token expires.");
}

impl Object for PatchedTokenRequest {
    const NAME: &'static str = "PatchedTokenRequest";
    const DESCRIPTION: &'static str = "What to change of a token.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::MANAGED)
            .with(&Self::IDENTIFIER)
            .with(&Self::INTENT)
            .with(&Self::USER)
            .with(&Self::DESCRIPTION)
            .with(&Self::EXPIRES)
            .with(&Self::EXPIRING)
    }
}

impl FromObject for PatchedTokenRequest {
    fn from_object(fields: &mut Fields<'_>) -> Self {
        Self {
            managed: fields.optional_nullable(&Self::MANAGED),
            identifier: fields.optional(&Self::IDENTIFIER),
            intent: fields.optional(&Self::INTENT),
            user: fields.optional(&Self::USER),
            description: fields.optional(&Self::DESCRIPTION),
            expires: fields.optional_nullable(&Self::EXPIRES),
            expiring: fields.optional(&Self::EXPIRING),
        }
    }
}

impl_object!(PatchedTokenRequest);

/// What to change of a user.
#[derive(Clone, Debug)]
pub struct PatchedUserRequest {
    /// The user's name for signing in, unique.
    pub username: Option<String>,
    /// The user's display name; may be blank.
    pub name: Option<String>,
    /// Whether the user may use the directory.
    pub is_active: Option<bool>,
    /// When the user last signed in.
    pub last_login: MaybeUndefined<Timestamp>,
    /// The ids of the user's groups.
    pub groups: Option<Vec<UuidRef>>,
    /// The user's email address, or an empty string.
    pub email: Option<String>,
    /// Free-form data about the user.
    pub attributes: Option<JsonObject>,
    /// Where the user stands in the tree of users; segments separated by slashes, none of them empty, 640
    /// characters at most.
    pub path: Option<String>,
    /// What kind of user this is. `internal_service_account` is for accounts that the directory itself makes;
    /// requests can't choose it.
    pub r#type: Option<UserTypeEnum>,
}

impl PatchedUserRequest {
    pub const USERNAME: Property<Text> = Property::new("username", Text::ANY.min_length(1).max_length(150))
        .description("The user's name for signing in, unique.");
    pub const NAME: Property<Text> =
        Property::new("name", Text::ANY).description("The user's display name; may be blank.");
    pub const IS_ACTIVE: Property<Boolean> =
        Property::new("is_active", Boolean).title("Active").description("Whether the user may use the directory.");
    pub const LAST_LOGIN: Property<DateTimeText> =
        Property::new("last_login", DateTimeText).nullable().description("When the user last signed in.");
    pub const GROUPS: Property<List<IdRef>> =
        Property::new("groups", List(IdRef)).description("The ids of the user's groups.");
    pub const EMAIL: Property<Email> = Property::new("email", Email(Text::ANY.max_length(254)))
        .title("Email address")
        .description("The user's email address, or an empty string.");
    pub const ATTRIBUTES: Property<FreeForm> =
        Property::new("attributes", FreeForm).description("Free-form data about the user.");
    pub const PATH: Property<Text> = Property::new("path", Text::ANY.min_length(1)).description(
        "Where the user stands in the tree of users; segments separated by slashes, none of \
             them empty, 640 characters at most.",
    );
    pub const TYPE: Property<Choice<UserTypeEnum>> = Property::new("type", Choice::of());
}

impl Object for PatchedUserRequest {
    const NAME: &'static str = "PatchedUserRequest";
    const DESCRIPTION: &'static str = "What to change of a user.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::USERNAME)
            .with(&Self::NAME)
            .with(&Self::IS_ACTIVE)
            .with(&Self::LAST_LOGIN)
            .with(&Self::GROUPS)
            .with(&Self::EMAIL)
            .with(&Self::ATTRIBUTES)
            .with(&Self::PATH)
            .with(&Self::TYPE)
    }
}

impl FromObject for PatchedUserRequest {
    fn from_object(fields: &mut Fields<'_>) -> Self {
        Self {
            username: fields.optional(&Self::USERNAME),
            name: fields.optional(&Self::NAME),
            is_active: fields.optional(&Self::IS_ACTIVE),
            last_login: fields.optional_nullable(&Self::LAST_LOGIN),
            groups: fields.optional(&Self::GROUPS),
            email: fields.optional(&Self::EMAIL),
            attributes: fields.optional(&Self::ATTRIBUTES),
            path: fields.optional(&Self::PATH),
            r#type: fields.optional(&Self::TYPE),
        }
    }
}

impl_object!(PatchedUserRequest);

/// A group to store.
#[derive(Clone, Debug)]
pub struct GroupRequest {
    /// The group's name, unique; at most 640 characters.
    pub name: String,
    /// Whether the members of this group, and of every group below it, are superusers. No, if left out.
    pub is_superuser: Option<bool>,
    /// The id of the group that this one belongs to.
    pub parent: MaybeUndefined<UuidRef>,
    /// The ids of the members.
    pub users: Option<Vec<i64>>,
    /// Free-form data about the group.
    pub attributes: Option<JsonObject>,
    /// The roles of the group. This server keeps none, so any id is unknown.
    pub roles: Option<Vec<UuidRef>>,
}

impl GroupRequest {
    pub const NAME: Property<Text> = Property::new("name", Text::ANY.min_length(1))
        .required()
        .description("The group's name, unique; at most 640 characters.");
    pub const IS_SUPERUSER: Property<Boolean> = Property::new("is_superuser", Boolean).description(
        "Whether the members of this group, and of every group below it, are superusers. No, \
             if left out.",
    );
    pub const PARENT: Property<IdRef> =
        Property::new("parent", IdRef).nullable().description("The id of the group that this one belongs to.");
    pub const USERS: Property<List<Id>> = Property::new("users", List(Id)).description("The ids of the members.");
    pub const ATTRIBUTES: Property<FreeForm> =
        Property::new("attributes", FreeForm).description("Free-form data about the group.");
    pub const ROLES: Property<List<IdRef>> = Property::new("roles", List(IdRef))
        .description("The roles of the group. This server keeps none, so any id is unknown.");
}

impl Object for GroupRequest {
    const NAME: &'static str = "GroupRequest";
    const DESCRIPTION: &'static str = "A group to store.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::NAME)
            .with(&Self::IS_SUPERUSER)
            .with(&Self::PARENT)
            .with(&Self::USERS)
            .with(&Self::ATTRIBUTES)
            .with(&Self::ROLES)
    }
}

impl FromObject for GroupRequest {
    fn from_object(fields: &mut Fields<'_>) -> Self {
        Self {
            name: fields.required(&Self::NAME),
            is_superuser: fields.optional(&Self::IS_SUPERUSER),
            parent: fields.optional_nullable(&Self::PARENT),
            users: fields.optional(&Self::USERS),
            attributes: fields.optional(&Self::ATTRIBUTES),
            roles: fields.optional(&Self::ROLES),
        }
    }
}

impl_object!(GroupRequest);

/// Who is to be a member, or no longer.
#[derive(Clone, Debug)]
pub struct UserAccountRequest {
    /// The user's id.
    pub pk: i64,
}

impl UserAccountRequest {
    pub const PK: Property<Id> = Property::new("pk", Id).required().description("The user's id.");
}

impl Object for UserAccountRequest {
    const NAME: &'static str = "UserAccountRequest";
    const DESCRIPTION: &'static str = "Who is to be a member, or no longer.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::PK)
    }
}

impl FromObject for UserAccountRequest {
    fn from_object(fields: &mut Fields<'_>) -> Self {
        Self { pk: fields.required(&Self::PK) }
    }
}

impl_object!(UserAccountRequest);

/// A new password.
#[derive(Clone, Debug)]
pub struct UserPasswordSetRequest {
    /// The password, taken as it is.
    pub password: String,
}

impl UserPasswordSetRequest {
    pub const PASSWORD: Property<Text> = Property::new("password", Text::ANY.min_length(1).verbatim())
        .required()
        .description("The password, taken as it is.");
}

impl Object for UserPasswordSetRequest {
    const NAME: &'static str = "UserPasswordSetRequest";
    const DESCRIPTION: &'static str = "A new password.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::PASSWORD)
    }
}

impl FromObject for UserPasswordSetRequest {
    fn from_object(fields: &mut Fields<'_>) -> Self {
        Self { password: fields.required(&Self::PASSWORD) }
    }
}

impl_object!(UserPasswordSetRequest);

/// Where users stand.
#[derive(Clone, Debug, Serialize)]
pub struct UserPath {
    /// The different paths, in order.
    pub paths: Vec<String>,
}

impl UserPath {
    pub const PATHS: Property<List<Text>> =
        Property::new("paths", List(Text::ANY)).required().read_only().description("The different paths, in order.");
}

impl Object for UserPath {
    const NAME: &'static str = "UserPath";
    const DESCRIPTION: &'static str = "Where users stand.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::PATHS)
    }
}

impl_object!(UserPath);

/// A role.
#[derive(Clone, Debug, Serialize)]
pub struct Role {
    /// The role's id.
    pub pk: Uuid,
    /// The role's name.
    pub name: String,
}

impl Role {
    pub const PK: Property<IdRef> =
        Property::new("pk", IdRef).required().read_only().title("Uuid").description("The role's id.");
    pub const NAME: Property<Text> =
        Property::new("name", Text::ANY.max_length(150)).required().description("The role's name.");
}

impl Object for Role {
    const NAME: &'static str = "Role";
    const DESCRIPTION: &'static str = "A role.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::PK).with(&Self::NAME)
    }
}

impl_object!(Role);

/// Who is calling.
#[derive(Clone, Debug, Serialize)]
pub struct SessionUser {
    /// A user as it sees itself.
    pub user: UserSelf,
    /// A user as it sees itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<UserSelf>,
}

impl SessionUser {
    pub const USER: Property<Nested<UserSelf>> = Property::new("user", Nested::of()).required();
    pub const ORIGINAL: Property<Nested<UserSelf>> = Property::new("original", Nested::of());
}

impl Object for SessionUser {
    const NAME: &'static str = "SessionUser";
    const DESCRIPTION: &'static str = "Who is calling.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::USER).with(&Self::ORIGINAL)
    }
}

impl_object!(SessionUser);

/// A token, without its key.
#[derive(Clone, Debug, Serialize)]
pub struct Token {
    /// The token's id.
    pub pk: Uuid,
    /// What manages the token, unique; null if nothing does.
    pub managed: Option<String>,
    /// The token's name in the API, unique.
    pub identifier: String,
    /// What a token is for. Keys of `api` tokens authenticate here; the others are kept for applications.
    pub intent: IntentEnum,
    /// The id of the token's owner.
    pub user: i64,
    /// A user of the directory.
    pub user_obj: User,
    /// What the token is for, in words.
    pub description: String,
    /// When the token expires.
    pub expires: Option<Timestamp>,
    /// Whether the token expires.
    pub expiring: bool,
}

impl Token {
    pub const PK: Property<IdRef> =
        Property::new("pk", IdRef).required().read_only().title("Token uuid").description("The token's id.");
    pub const MANAGED: Property<Text> = Property::new("managed", Text::ANY)
        .nullable()
        .title("Managed by authentik")
        .description("What manages the token, unique; null if nothing does.");
    pub const IDENTIFIER: Property<Text> = Property::new("identifier", Text::ANY.max_length(255).slug())
        .required()
        .description("The token's name in the API, unique.");
    pub const INTENT: Property<Choice<IntentEnum>> = Property::new("intent", Choice::of());
    pub const USER: Property<Id> = Property::new("user", Id).description("The id of the token's owner.");
    pub const USER_OBJ: Property<AllOf<User>> = Property::new("user_obj", AllOf::of()).required().read_only();
    pub const DESCRIPTION: Property<Text> =
        Property::new("description", Text::ANY).description("What the token is for, in words.");
    pub const EXPIRES: Property<DateTimeText> =
        Property::new("expires", DateTimeText).nullable().description("When the token expires.");
    pub const EXPIRING: Property<Boolean> =
        Property::new("expiring", Boolean).description("Whether the token expires.");
}

impl Object for Token {
    const NAME: &'static str = "Token";
    const DESCRIPTION: &'static str = "A token, without its key.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::PK)
            .with(&Self::MANAGED)
            .with(&Self::IDENTIFIER)
            .with(&Self::INTENT)
            .with(&Self::USER)
            .with(&Self::USER_OBJ)
            .with(&Self::DESCRIPTION)
            .with(&Self::EXPIRES)
            .with(&Self::EXPIRING)
    }
}

impl_object!(Token);

/// A token to store.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// What manages the token, unique; null if nothing does.
    pub managed: MaybeUndefined<String>,
    /// The token's name in the API, unique.
    pub identifier: String,
    /// What a token is for. Keys of `api` tokens authenticate here; the others are kept for applications.
    pub intent: Option<IntentEnum>,
    /// The id of the token's owner.
    pub user: Option<i64>,
    /// What the token is for, in words.
    pub description: Option<String>,
    /// When the token expires.
    pub expires: MaybeUndefined<Timestamp>,
    /// Whether the token expires.
    pub expiring: Option<bool>,
}

impl TokenRequest {
    pub const MANAGED: Property<Text> = Property::new("managed", Text::ANY.min_length(1))
        .nullable()
        .title("Managed by authentik")
        .description("What manages the token, unique; null if nothing does.");
    pub const IDENTIFIER: Property<Text> = Property::new("identifier", Text::ANY.min_length(1).max_length(255).slug())
        .required()
        .description("The token's name in the API, unique.");
    pub const INTENT: Property<Choice<IntentEnum>> = Property::new("intent", Choice::of());
    pub const USER: Property<Id> = Property::new("user", Id).description("The id of the token's owner.");
    pub const DESCRIPTION: Property<Text> =
        Property::new("description", Text::ANY).description("What the token is for, in words.");
    pub const EXPIRES: Property<DateTimeText> =
        Property::new("expires", DateTimeText).nullable().description("When the token expires.");
    pub const EXPIRING: Property<Boolean> =
        Property::new("expiring", Boolean).description("Whether the token expires.");
}

impl Object for TokenRequest {
    const NAME: &'static str = "TokenRequest";
    const DESCRIPTION: &'static str = "A token to store.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::MANAGED)
            .with(&Self::IDENTIFIER)
            .with(&Self::INTENT)
            .with(&Self::USER)
            .with(&Self::DESCRIPTION)
            .with(&Self::EXPIRES)
            .with(&Self::EXPIRING)
    }
}

impl FromObject for TokenRequest {
    fn from_object(fields: &mut Fields<'_>) -> Self {
        Self {
            managed: fields.optional_nullable(&Self::MANAGED),
            identifier: fields.required(&Self::IDENTIFIER),
            intent: fields.optional(&Self::INTENT),
            user: fields.optional(&Self::USER),
            description: fields.optional(&Self::DESCRIPTION),
            expires: fields.optional_nullable(&Self::EXPIRES),
            expiring: fields.optional(&Self::EXPIRING),
        }
    }
}

impl_object!(TokenRequest);

/// A new key.
#[derive(Clone, Debug)]
pub struct TokenSetKeyRequest {
    /// The key, kept as it is.
    pub key: String,
}

impl TokenSetKeyRequest {
    pub const KEY: Property<Text> =
        Property::new("key", Text::ANY.min_length(1).verbatim()).required().description("The key, kept as it is.");
}

impl Object for TokenSetKeyRequest {
    const NAME: &'static str = "TokenSetKeyRequest";
    const DESCRIPTION: &'static str = "A new key.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::KEY)
    }
}

impl FromObject for TokenSetKeyRequest {
    fn from_object(fields: &mut Fields<'_>) -> Self {
        Self { key: fields.required(&Self::KEY) }
    }
}

impl_object!(TokenSetKeyRequest);

/// A key.
#[derive(Clone, Debug, Serialize)]
pub struct TokenView {
    /// The key.
    pub key: String,
}

impl TokenView {
    pub const KEY: Property<Text> = Property::new("key", Text::ANY).required().read_only().description("The key.");
}

impl Object for TokenView {
    const NAME: &'static str = "TokenView";
    const DESCRIPTION: &'static str = "A key.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::KEY)
    }
}

impl_object!(TokenView);

/// An object that refers to another.
#[derive(Clone, Debug, Serialize)]
pub struct UsedBy {
    /// The part of the directory that the object belongs to.
    pub app: String,
    /// What kind of object it is.
    pub model_name: String,
    /// The object's id.
    pub pk: String,
    /// The object's name.
    pub name: String,
    /// What becomes of a reference when its object is deleted. `cascade` deletes what refers to it,
    /// `cascade_many` ends a membership, `set_null` and `set_default` empty a field.
    pub action: UsedByActionEnum,
}

impl UsedBy {
    pub const APP: Property<Text> =
        Property::new("app", Text::ANY).required().description("The part of the directory that the object belongs to.");
    pub const MODEL_NAME: Property<Text> =
        Property::new("model_name", Text::ANY).required().description("What kind of object it is.");
    pub const PK: Property<Text> = Property::new("pk", Text::ANY).required().description("The object's id.");
    pub const NAME: Property<Text> = Property::new("name", Text::ANY).required().description("The object's name.");
    pub const ACTION: Property<Choice<UsedByActionEnum>> = Property::new("action", Choice::of()).required();
}

impl Object for UsedBy {
    const NAME: &'static str = "UsedBy";
    const DESCRIPTION: &'static str = "An object that refers to another.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::APP).with(&Self::MODEL_NAME).with(&Self::PK).with(&Self::NAME).with(&Self::ACTION)
    }
}

impl_object!(UsedBy);

/// What becomes of a reference when its object is deleted. `cascade` deletes what refers to it, `cascade_many`
/// ends a membership, `set_null` and `set_default` empty a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UsedByActionEnum {
    Cascade,
    CascadeMany,
    SetNull,
    SetDefault,
}

impl UsedByActionEnum {
    /// The text that stands for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cascade => "cascade",
            Self::CascadeMany => "cascade_many",
            Self::SetNull => "set_null",
            Self::SetDefault => "set_default",
        }
    }
}

impl Enumeration for UsedByActionEnum {
    const VARIANTS: &'static [(&'static str, Self)] = &[
        ("cascade", Self::Cascade),
        ("cascade_many", Self::CascadeMany),
        ("set_null", Self::SetNull),
        ("set_default", Self::SetDefault),
    ];
    const NAMED: Option<(&'static str, &'static str)> = Some((
        "UsedByActionEnum",
        "What becomes of a reference when its object is deleted. `cascade` deletes what \
             refers to it, `cascade_many` ends a membership, `set_null` and `set_default` empty \
             a field.",
    ));
}

impl_enumeration!(UsedByActionEnum);

/// A user of the directory.
#[derive(Clone, Debug, Serialize)]
pub struct User {
    /// The user's id, positive and below 2^31.
    pub pk: i64,
    /// The user's name for signing in, unique.
    pub username: String,
    /// The user's display name.
    pub name: String,
    /// Whether the user may use the directory. Turn this off instead of deleting a user.
    pub is_active: bool,
    /// When the user last signed in.
    pub last_login: Option<Timestamp>,
    /// Whether one of the user's groups, or an ancestor of one, is a superuser group.
    pub is_superuser: bool,
    /// The ids of the user's groups.
    pub groups: Vec<Uuid>,
    /// The user's groups, in the order of `groups`; null when they were not asked for.
    pub groups_obj: Option<Vec<UserGroup>>,
    /// The user's email address, or an empty string.
    pub email: String,
    /// The user's picture, an http or https URL or a data URI.
    pub avatar: String,
    /// Free-form data about the user.
    pub attributes: JsonObject,
    /// A stable, opaque id of the user on this instance, 64 hexadecimal digits.
    pub uid: String,
    /// Where the user stands in the tree of users; segments separated by slashes.
    pub path: String,
    /// What kind of user this is. `internal_service_account` is for accounts that the directory itself makes;
    /// requests can't choose it.
    pub r#type: UserTypeEnum,
    /// The user's universally unique id.
    pub uuid: Uuid,
}

impl User {
    pub const PK: Property<Id> = Property::new("pk", Id)
        .required()
        .read_only()
        .title("ID")
        .description("The user's id, positive and below 2^31.");
    pub const USERNAME: Property<Text> = Property::new("username", Text::ANY.max_length(150))
        .required()
        .description("The user's name for signing in, unique.");
    pub const NAME: Property<Text> =
        Property::new("name", Text::ANY).required().description("The user's display name.");
    pub const IS_ACTIVE: Property<Boolean> = Property::new("is_active", Boolean)
        .title("Active")
        .description("Whether the user may use the directory. Turn this off instead of deleting a user.");
    pub const LAST_LOGIN: Property<DateTimeText> =
        Property::new("last_login", DateTimeText).nullable().description("When the user last signed in.");
    pub const IS_SUPERUSER: Property<Boolean> = Property::new("is_superuser", Boolean)
        .required()
        .read_only()
        .description("Whether one of the user's groups, or an ancestor of one, is a superuser group.");
    pub const GROUPS: Property<List<IdRef>> =
        Property::new("groups", List(IdRef)).description("The ids of the user's groups.");
    pub const GROUPS_OBJ: Property<List<Nested<UserGroup>>> = Property::new("groups_obj", List(Nested::of()))
        .required()
        .nullable()
        .read_only()
        .description("The user's groups, in the order of `groups`; null when they were not asked for.");
    pub const EMAIL: Property<Email> = Property::new("email", Email(Text::ANY.max_length(254)))
        .title("Email address")
        .description("The user's email address, or an empty string.");
    pub const AVATAR: Property<Text> = Property::new("avatar", Text::ANY)
        .required()
        .read_only()
        .description("The user's picture, an http or https URL or a data URI.");
    pub const ATTRIBUTES: Property<FreeForm> =
        Property::new("attributes", FreeForm).description("Free-form data about the user.");
    pub const UID: Property<Text> = Property::new("uid", Text::ANY)
        .required()
        .read_only()
        .description("A stable, opaque id of the user on this instance, 64 hexadecimal digits.");
    pub const PATH: Property<Text> = Property::new("path", Text::ANY)
        .description("Where the user stands in the tree of users; segments separated by slashes.");
    pub const TYPE: Property<Choice<UserTypeEnum>> = Property::new("type", Choice::of());
    pub const UUID: Property<IdRef> =
        Property::new("uuid", IdRef).required().read_only().description("The user's universally unique id.");
}

impl Object for User {
    const NAME: &'static str = "User";
    const DESCRIPTION: &'static str = "A user of the directory.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::PK)
            .with(&Self::USERNAME)
            .with(&Self::NAME)
            .with(&Self::IS_ACTIVE)
            .with(&Self::LAST_LOGIN)
            .with(&Self::IS_SUPERUSER)
            .with(&Self::GROUPS)
            .with(&Self::GROUPS_OBJ)
            .with(&Self::EMAIL)
            .with(&Self::AVATAR)
            .with(&Self::ATTRIBUTES)
            .with(&Self::UID)
            .with(&Self::PATH)
            .with(&Self::TYPE)
            .with(&Self::UUID)
    }
}

impl_object!(User);

/// A group as a user's.
#[derive(Clone, Debug, Serialize)]
pub struct UserGroup {
    /// The group's id.
    pub pk: Uuid,
    /// A numerical id of the group, positive and below 2^31. It never changes.
    pub num_pk: i64,
    /// The group's name.
    pub name: String,
    /// Whether the group itself makes its members superusers.
    pub is_superuser: bool,
    /// The id of the group that this one belongs to.
    pub parent: Option<Uuid>,
    /// The name of the parent.
    pub parent_name: Option<String>,
    /// Free-form data about the group.
    pub attributes: JsonObject,
}

impl UserGroup {
    pub const PK: Property<IdRef> =
        Property::new("pk", IdRef).required().read_only().title("Group uuid").description("The group's id.");
    pub const NUM_PK: Property<Id> = Property::new("num_pk", Id)
        .required()
        .read_only()
        .description("A numerical id of the group, positive and below 2^31. It never changes.");
    pub const NAME: Property<Text> = Property::new("name", Text::ANY).required().description("The group's name.");
    pub const IS_SUPERUSER: Property<Boolean> =
        Property::new("is_superuser", Boolean).description("Whether the group itself makes its members superusers.");
    pub const PARENT: Property<IdRef> =
        Property::new("parent", IdRef).nullable().description("The id of the group that this one belongs to.");
    pub const PARENT_NAME: Property<Text> = Property::new("parent_name", Text::ANY)
        .required()
        .nullable()
        .read_only()
        .description("The name of the parent.");
    pub const ATTRIBUTES: Property<FreeForm> =
        Property::new("attributes", FreeForm).description("Free-form data about the group.");
}

impl Object for UserGroup {
    const NAME: &'static str = "UserGroup";
    const DESCRIPTION: &'static str = "A group as a user's.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::PK)
            .with(&Self::NUM_PK)
            .with(&Self::NAME)
            .with(&Self::IS_SUPERUSER)
            .with(&Self::PARENT)
            .with(&Self::PARENT_NAME)
            .with(&Self::ATTRIBUTES)
    }
}

impl_object!(UserGroup);

/// A user to store.
#[derive(Clone, Debug)]
pub struct UserRequest {
    /// The user's name for signing in, unique.
    pub username: String,
    /// The user's display name; may be blank.
    pub name: String,
    /// Whether the user may use the directory. Yes, if left out.
    pub is_active: Option<bool>,
    /// When the user last signed in.
    pub last_login: MaybeUndefined<Timestamp>,
    /// The ids of the user's groups.
    pub groups: Option<Vec<UuidRef>>,
    /// The user's email address, or an empty string.
    pub email: Option<String>,
    /// Free-form data about the user.
    pub attributes: Option<JsonObject>,
    /// Where the user stands in the tree of users; segments separated by slashes, none of them empty, 640
    /// characters at most. `users`, if left out.
    pub path: Option<String>,
    /// What kind of user this is. `internal_service_account` is for accounts that the directory itself makes;
    /// requests can't choose it.
    pub r#type: Option<UserTypeEnum>,
}

impl UserRequest {
    pub const USERNAME: Property<Text> = Property::new("username", Text::ANY.min_length(1).max_length(150))
        .required()
        .description("The user's name for signing in, unique.");
    pub const NAME: Property<Text> =
        Property::new("name", Text::ANY).required().description("The user's display name; may be blank.");
    pub const IS_ACTIVE: Property<Boolean> = Property::new("is_active", Boolean)
        .title("Active")
        .description("Whether the user may use the directory. Yes, if left out.");
    pub const LAST_LOGIN: Property<DateTimeText> =
        Property::new("last_login", DateTimeText).nullable().description("When the user last signed in.");
    pub const GROUPS: Property<List<IdRef>> =
        Property::new("groups", List(IdRef)).description("The ids of the user's groups.");
    pub const EMAIL: Property<Email> = Property::new("email", Email(Text::ANY.max_length(254)))
        .title("Email address")
        .description("The user's email address, or an empty string.");
    pub const ATTRIBUTES: Property<FreeForm> =
        Property::new("attributes", FreeForm).description("Free-form data about the user.");
    pub const PATH: Property<Text> = Property::new("path", Text::ANY.min_length(1)).description(
        "Where the user stands in the tree of users; segments separated by slashes, none of \
             them empty, 640 characters at most. `users`, if left out.",
    );
    pub const TYPE: Property<Choice<UserTypeEnum>> = Property::new("type", Choice::of());
}

impl Object for UserRequest {
    const NAME: &'static str = "UserRequest";
    const DESCRIPTION: &'static str = "A user to store.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::USERNAME)
            .with(&Self::NAME)
            .with(&Self::IS_ACTIVE)
            .with(&Self::LAST_LOGIN)
            .with(&Self::GROUPS)
            .with(&Self::EMAIL)
            .with(&Self::ATTRIBUTES)
            .with(&Self::PATH)
            .with(&Self::TYPE)
    }
}

impl FromObject for UserRequest {
    fn from_object(fields: &mut Fields<'_>) -> Self {
        Self {
            username: fields.required(&Self::USERNAME),
            name: fields.required(&Self::NAME),
            is_active: fields.optional(&Self::IS_ACTIVE),
            last_login: fields.optional_nullable(&Self::LAST_LOGIN),
            groups: fields.optional(&Self::GROUPS),
            email: fields.optional(&Self::EMAIL),
            attributes: fields.optional(&Self::ATTRIBUTES),
            path: fields.optional(&Self::PATH),
            r#type: fields.optional(&Self::TYPE),
        }
    }
}

impl_object!(UserRequest);

/// A user as it sees itself.
#[derive(Clone, Debug, Serialize)]
pub struct UserSelf {
    /// The user's id.
    pub pk: i64,
    /// The user's name for signing in. The pattern is the original's; the original stores other names too, and so
    /// does this server.
    pub username: String,
    /// The user's display name.
    pub name: String,
    /// Whether the user may use the directory.
    pub is_active: bool,
    /// Whether one of the user's groups, or an ancestor of one, is a superuser group.
    pub is_superuser: bool,
    /// The user's groups.
    pub groups: Vec<UserSelfGroups>,
    /// The user's email address, or an empty string.
    pub email: String,
    /// The user's picture, an http or https URL or a data URI.
    pub avatar: String,
    /// A stable, opaque id of the user on this instance, 64 hexadecimal digits.
    pub uid: String,
    /// The user's settings, from the `settings` attribute of its groups and, over them, its own.
    pub settings: JsonObject,
    /// What kind of user this is. `internal_service_account` is for accounts that the directory itself makes;
    /// requests can't choose it.
    pub r#type: UserTypeEnum,
    /// System-wide permissions; this server has none beyond `is_superuser`, so the list is empty.
    pub system_permissions: Vec<String>,
}

impl UserSelf {
    pub const PK: Property<Id> =
        Property::new("pk", Id).required().read_only().title("ID").description("The user's id.");
    pub const USERNAME: Property<Text> =
        Property::new("username", Text::ANY.max_length(150).documented_pattern("^[\\w.@+-]+$")).required().description(
            "The user's name for signing in. The pattern is the original's; the original stores \
             other names too, and so does this server.",
        );
    pub const NAME: Property<Text> =
        Property::new("name", Text::ANY).required().description("The user's display name.");
    pub const IS_ACTIVE: Property<Boolean> = Property::new("is_active", Boolean)
        .required()
        .read_only()
        .title("Active")
        .description("Whether the user may use the directory.");
    pub const IS_SUPERUSER: Property<Boolean> = Property::new("is_superuser", Boolean)
        .required()
        .read_only()
        .description("Whether one of the user's groups, or an ancestor of one, is a superuser group.");
    pub const GROUPS: Property<List<Nested<UserSelfGroups>>> =
        Property::new("groups", List(Nested::of())).required().read_only().description("The user's groups.");
    pub const EMAIL: Property<Email> = Property::new("email", Email(Text::ANY.max_length(254)))
        .title("Email address")
        .description("The user's email address, or an empty string.");
    pub const AVATAR: Property<Text> = Property::new("avatar", Text::ANY)
        .required()
        .read_only()
        .description("The user's picture, an http or https URL or a data URI.");
    pub const UID: Property<Text> = Property::new("uid", Text::ANY)
        .required()
        .read_only()
        .description("A stable, opaque id of the user on this instance, 64 hexadecimal digits.");
    pub const SETTINGS: Property<FreeForm> = Property::new("settings", FreeForm).required().read_only().description(
        "The user's settings, from the `settings` attribute of its groups and, over them, \
             its own.",
    );
    pub const TYPE: Property<Choice<UserTypeEnum>> = Property::new("type", Choice::of());
    pub const SYSTEM_PERMISSIONS: Property<List<Text>> =
        Property::new("system_permissions", List(Text::ANY)).required().read_only().description(
            "System-wide permissions; this server has none beyond `is_superuser`, so the list is \
             empty.",
        );
}

impl Object for UserSelf {
    const NAME: &'static str = "UserSelf";
    const DESCRIPTION: &'static str = "A user as it sees itself.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::PK)
            .with(&Self::USERNAME)
            .with(&Self::NAME)
            .with(&Self::IS_ACTIVE)
            .with(&Self::IS_SUPERUSER)
            .with(&Self::GROUPS)
            .with(&Self::EMAIL)
            .with(&Self::AVATAR)
            .with(&Self::UID)
            .with(&Self::SETTINGS)
            .with(&Self::TYPE)
            .with(&Self::SYSTEM_PERMISSIONS)
    }
}

impl_object!(UserSelf);

/// A group as its member sees it.
#[derive(Clone, Debug, Serialize)]
pub struct UserSelfGroups {
    /// The group's name.
    pub name: String,
    /// The group's id.
    pub pk: String,
}

impl UserSelfGroups {
    pub const NAME: Property<Text> =
        Property::new("name", Text::ANY).required().read_only().description("The group's name.");
    pub const PK: Property<Text> = Property::new("pk", Text::ANY).required().read_only().description("The group's id.");
}

impl Object for UserSelfGroups {
    const NAME: &'static str = "UserSelfGroups";
    const DESCRIPTION: &'static str = "A group as its member sees it.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::NAME).with(&Self::PK)
    }
}

impl_object!(UserSelfGroups);

/// A service account to create.
#[derive(Clone, Debug)]
pub struct UserServiceAccountRequest {
    /// The username, taken as it is; at most 150 characters.
    pub name: String,
    /// Whether to create a group of the same name.
    pub create_group: bool,
    /// Whether the app password expires.
    pub expiring: bool,
    /// When the app password expires. After 360 days, if left out.
    pub expires: Option<Timestamp>,
}

impl UserServiceAccountRequest {
    pub const NAME: Property<Text> = Property::new("name", Text::ANY.min_length(1).verbatim())
        .required()
        .description("The username, taken as it is; at most 150 characters.");
    pub const CREATE_GROUP: Property<Boolean> = Property::new("create_group", Boolean)
        .description("Whether to create a group of the same name.")
        .default(false);
    pub const EXPIRING: Property<Boolean> =
        Property::new("expiring", Boolean).description("Whether the app password expires.").default(true);
    pub const EXPIRES: Property<DateTimeText> = Property::new("expires", DateTimeText)
        .description("When the app password expires. After 360 days, if left out.");
}

impl Object for UserServiceAccountRequest {
    const NAME: &'static str = "UserServiceAccountRequest";
    const DESCRIPTION: &'static str = "A service account to create.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::NAME).with(&Self::CREATE_GROUP).with(&Self::EXPIRING).with(&Self::EXPIRES)
    }
}

impl FromObject for UserServiceAccountRequest {
    fn from_object(fields: &mut Fields<'_>) -> Self {
        Self {
            name: fields.required(&Self::NAME),
            create_group: fields.optional(&Self::CREATE_GROUP).unwrap_or(false),
            expiring: fields.optional(&Self::EXPIRING).unwrap_or(true),
            expires: fields.optional(&Self::EXPIRES),
        }
    }
}

impl_object!(UserServiceAccountRequest);

/// A service account.
#[derive(Clone, Debug, Serialize)]
pub struct UserServiceAccountResponse {
    /// The username.
    pub username: String,
    /// The app password.
    pub token: String,
    /// The user's `uid`.
    pub user_uid: String,
    /// The user's id.
    pub user_pk: i64,
    /// The id of the group, if one was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_pk: Option<String>,
}

impl UserServiceAccountResponse {
    pub const USERNAME: Property<Text> = Property::new("username", Text::ANY).required().description("The username.");
    pub const TOKEN: Property<Text> = Property::new("token", Text::ANY).required().description("The app password.");
    pub const USER_UID: Property<Text> =
        Property::new("user_uid", Text::ANY).required().description("The user's `uid`.");
    pub const USER_PK: Property<Id> = Property::new("user_pk", Id).required().description("The user's id.");
    pub const GROUP_PK: Property<Text> =
        Property::new("group_pk", Text::ANY).description("The id of the group, if one was created.");
}

impl Object for UserServiceAccountResponse {
    const NAME: &'static str = "UserServiceAccountResponse";
    const DESCRIPTION: &'static str = "A service account.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties
            .with(&Self::USERNAME)
            .with(&Self::TOKEN)
            .with(&Self::USER_UID)
            .with(&Self::USER_PK)
            .with(&Self::GROUP_PK)
    }
}

impl_object!(UserServiceAccountResponse);

/// What kind of user this is. `internal_service_account` is for accounts that the directory itself makes;
/// requests can't choose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserTypeEnum {
    Internal,
    External,
    ServiceAccount,
    InternalServiceAccount,
}

impl UserTypeEnum {
    /// The text that stands for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::External => "external",
            Self::ServiceAccount => "service_account",
            Self::InternalServiceAccount => "internal_service_account",
        }
    }
}

impl Enumeration for UserTypeEnum {
    const VARIANTS: &'static [(&'static str, Self)] = &[
        ("internal", Self::Internal),
        ("external", Self::External),
        ("service_account", Self::ServiceAccount),
        ("internal_service_account", Self::InternalServiceAccount),
    ];
    const NAMED: Option<(&'static str, &'static str)> = Some((
        "UserTypeEnum",
        "What kind of user this is. `internal_service_account` is for accounts that the \
             directory itself makes; requests can't choose it.",
    ));
}

impl_enumeration!(UserTypeEnum);

/// What is wrong with a request: each wrong field with the list of its errors. Errors that belong to no field are
/// under `non_field_errors`; a body that is not JSON is told in `detail`.
#[derive(Clone, Debug, Serialize)]
pub struct ValidationError {
    /// Errors that belong to no single field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub non_field_errors: Option<Vec<String>>,
    /// The reason, for programs; not always given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Further properties.
    #[serde(flatten)]
    pub additional: JsonObject,
}

impl ValidationError {
    pub const NON_FIELD_ERRORS: Property<List<Text>> =
        Property::new("non_field_errors", List(Text::ANY)).description("Errors that belong to no single field.");
    pub const CODE: Property<Text> =
        Property::new("code", Text::ANY).description("The reason, for programs; not always given.");
}

impl Object for ValidationError {
    const NAME: &'static str = "ValidationError";
    const DESCRIPTION: &'static str = "What is wrong with a request: each wrong field with the list of its errors. Errors \
             that belong to no field are under `non_field_errors`; a body that is not JSON is \
             told in `detail`.";

    fn properties(properties: Properties<'_>) -> Properties<'_> {
        properties.with(&Self::NON_FIELD_ERRORS).with(&Self::CODE).open()
    }
}

impl_object!(ValidationError);
