// Generated from openapi/rollcall.yaml; change that and run `cargo run -p codegen`.

//! The contract's schemas.

use poem_openapi::types::MaybeUndefined;
use uuid::Uuid;

use super::runtime::*;

response_object! {
    /// Suggestions for a query language of authentik's own pages; always empty on this server.
    pub struct Autocomplete {
        ..additional
    }
}

enumeration! {
    /// Optional capability of an authentik server.
    pub enum CapabilitiesEnum {
        CanSaveMedia = "can_save_media",
        CanSaveReports = "can_save_reports",
        CanGeoIp = "can_geo_ip",
        CanAsn = "can_asn",
        CanImpersonate = "can_impersonate",
        CanDebug = "can_debug",
        IsEnterprise = "is_enterprise",
        CanRequest = "can_request",
        CanAgentSelfService = "can_agent_self_service",
    }
}

response_object! {
    /// Configuration of the server.
    pub struct Config {
        pub error_reporting: ErrorReportingConfig = required("error_reporting", ErrorReportingConfig::SCHEMA),
        /// Optional capabilities of this server; always empty.
        pub capabilities: Vec<CapabilitiesEnum> = required("capabilities", List(CapabilitiesEnum::SCHEMA)),
        /// Lifetime of cached responses, in seconds.
        pub cache_timeout: i64 = required("cache_timeout", Integer),
        /// Lifetime of cached flows, in seconds.
        pub cache_timeout_flows: i64 = required("cache_timeout_flows", Integer),
        /// Lifetime of cached policies, in seconds.
        pub cache_timeout_policies: i64 = required("cache_timeout_policies", Integer),
        /// Lifetime of cached reputation, in seconds.
        pub cache_timeout_reputation: i64 = required("cache_timeout_reputation", Integer),
    }
}

response_object! {
    /// Error reporting to Sentry; always disabled on this server.
    pub struct ErrorReportingConfig {
        /// Whether error reporting is enabled.
        pub enabled: bool = required("enabled", Boolean).read_only(),
        /// Sentry DSN.
        pub sentry_dsn: String = required("sentry_dsn", Text::ANY).read_only(),
        /// Environment name.
        pub environment: String = required("environment", Text::ANY).read_only(),
        /// Whether personal data is reported.
        pub send_pii: bool = required("send_pii", Boolean).read_only(),
        /// Fraction of requests that are traced, from 0 to 1.
        pub traces_sample_rate: f64 = required("traces_sample_rate", Double).read_only(),
    }
}

response_object! {
    /// An error of the request as a whole.
    pub struct GenericError {
        /// Human-readable message.
        pub detail: String = required("detail", Text::ANY),
        /// Machine-readable code. This server does not send it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub code: Option<String> = optional("code", Text::ANY),
    }
}

response_object! {
    /// A group of users.
    pub struct Group {
        /// Unique id of the group.
        pub pk: Uuid = required("pk", IdRef).read_only().title("Group uuid"),
        /// Numeric id of the group, from 1 to 2^31 - 1. It never changes.
        pub num_pk: i64 = required("num_pk", Integer).read_only(),
        /// Unique name of the group.
        pub name: String = required("name", Text::ANY),
        /// Whether members of this group, and of every group below it, are superusers.
        pub is_superuser: bool = optional("is_superuser", Boolean),
        /// `pk` of the first of `parents`; null if there is none.
        pub parent: Option<Uuid> = optional_nullable("parent", IdRef),
        /// Name of the first of `parents`; null if there is none.
        pub parent_name: Option<String> = required_nullable("parent_name", Text::ANY).read_only(),
        /// Ids of the groups that this one is below, in the order in which they were sent.
        pub parents: Vec<Uuid> = optional("parents", List(IdRef)),
        /// The groups that this one is below, in the order of `parents`; null unless `include_parents` is `true`.
        pub parents_obj: Option<Vec<RelatedGroup>> =
            required_nullable("parents_obj", List(RelatedGroup::SCHEMA)).read_only(),
        /// Ids of the members, ascending.
        pub users: Vec<i64> = optional("users", List(Integer)),
        /// The members; null if `include_users` is `false`.
        pub users_obj: Option<Vec<GroupMember>> = required_nullable("users_obj", List(GroupMember::SCHEMA)).read_only(),
        /// Custom attributes.
        pub attributes: JsonObject = optional("attributes", FreeForm),
        /// Ids of the group's roles; always empty on this server.
        pub roles: Vec<Uuid> = optional("roles", List(IdRef)),
        /// The group's roles; always empty on this server.
        pub roles_obj: Vec<Role> = required("roles_obj", List(Role::SCHEMA)).read_only(),
        /// The roles of the groups above; null unless `include_inherited_roles` is `true`, and then empty, because this
        /// server has no roles.
        pub inherited_roles_obj: Option<Vec<Role>> =
            required_nullable("inherited_roles_obj", List(Role::SCHEMA)).read_only(),
        /// Ids of the groups directly below, in the order in which those were created.
        pub children: Vec<Uuid> = required("children", List(IdRef)).read_only(),
        /// The groups directly below, in the order of `children`; null unless `include_children` is `true`.
        pub children_obj: Option<Vec<RelatedGroup>> =
            required_nullable("children_obj", List(RelatedGroup::SCHEMA)).read_only(),
    }
}

response_object! {
    /// A user, embedded in a group.
    pub struct GroupMember {
        /// Unique id of the user.
        pub pk: i64 = required("pk", Integer).read_only().title("ID"),
        /// Unique username.
        pub username: String = required("username", Text::ANY.max_length(150)),
        /// Display name.
        pub name: String = required("name", Text::ANY),
        /// Whether the user is active. Tokens of inactive users are rejected.
        pub is_active: bool = optional("is_active", Boolean).title("Active"),
        /// Time of the last sign-in.
        pub last_login: Option<Timestamp> = optional_nullable("last_login", DateTimeText),
        /// Email address; may be empty.
        pub email: String = optional("email", Email(Text::ANY.max_length(254))).title("Email address"),
        /// Custom attributes.
        pub attributes: JsonObject = optional("attributes", FreeForm),
        /// Stable, opaque id of the user on this server: 64 hexadecimal digits.
        pub uid: String = required("uid", Text::ANY).read_only(),
    }
}

enumeration! {
    /// Purpose of a token. Keys of `api` tokens authenticate requests to this API; keys of `app_password` tokens do
    /// not, and are stored for the applications that use them. `verification` and `recovery` are for tokens that
    /// authentik creates for itself; requests with them are rejected.
    pub enum IntentEnum {
        Verification = "verification",
        Api = "api",
        Recovery = "recovery",
        AppPassword = "app_password",
    }
}

response_object! {
    /// A page of groups.
    pub struct PaginatedGroupList {
        pub pagination: Pagination = required("pagination", Pagination::SCHEMA),
        /// The groups on this page.
        pub results: Vec<Group> = required("results", List(Group::SCHEMA)),
        pub autocomplete: Autocomplete = required("autocomplete", Autocomplete::SCHEMA),
    }
}

response_object! {
    /// A page of tokens.
    pub struct PaginatedTokenList {
        pub pagination: Pagination = required("pagination", Pagination::SCHEMA),
        /// The tokens on this page.
        pub results: Vec<Token> = required("results", List(Token::SCHEMA)),
        pub autocomplete: Autocomplete = required("autocomplete", Autocomplete::SCHEMA),
    }
}

response_object! {
    /// A page of users.
    pub struct PaginatedUserList {
        pub pagination: Pagination = required("pagination", Pagination::SCHEMA),
        /// The users on this page.
        pub results: Vec<User> = required("results", List(User::SCHEMA)),
        pub autocomplete: Autocomplete = required("autocomplete", Autocomplete::SCHEMA),
    }
}

response_object! {
    /// Position of a page in its list.
    pub struct Pagination {
        /// Number of the next page; 0 on the last page.
        pub next: u64 = required("next", Count),
        /// Number of the previous page; 0 on the first page.
        pub previous: u64 = required("previous", Count),
        /// Number of objects that match the filters, on all pages.
        pub count: u64 = required("count", Count),
        /// Number of this page, starting at 1.
        pub current: u64 = required("current", Count),
        /// Number of pages, at least 1.
        pub total_pages: u64 = required("total_pages", Count),
        /// Position of the first object on this page, starting at 1; 0 if the page is empty.
        pub start_index: u64 = required("start_index", Count),
        /// Position of the last object on this page; 0 if the page is empty.
        pub end_index: u64 = required("end_index", Count),
    }
}

request_object! {
    /// The fields of a group to update.
    pub struct PatchedGroupRequest {
        /// Unique name of the group, at most 640 characters.
        pub name: Option<String> = optional("name", Text::ANY.min_length(1)),
        /// Whether members of this group, and of every group below it, are superusers.
        pub is_superuser: Option<bool> = optional("is_superuser", Boolean),
        /// `pk` of the only parent; null for none.
        pub parent: MaybeUndefined<UuidRef> = optional_nullable("parent", IdRef),
        /// Ids of the groups that this one is below. If `parent` is sent too, it must be the first of them.
        pub parents: Option<Vec<UuidRef>> = optional("parents", List(IdRef)),
        /// Ids of the members.
        pub users: Option<Vec<i64>> = optional("users", List(Id)),
        /// Custom attributes.
        pub attributes: Option<JsonObject> = optional("attributes", FreeForm),
        /// Ids of the group's roles. This server has no roles, so any id is unknown.
        pub roles: Option<Vec<UuidRef>> = optional("roles", List(IdRef)),
    }
}

request_object! {
    /// The fields of a token to update.
    pub struct PatchedTokenRequest {
        /// Unique name of what manages the token; null if nothing does.
        pub managed: MaybeUndefined<String> =
            optional_nullable("managed", Text::ANY.min_length(1)).title("Managed by authentik"),
        /// Unique name of the token in URLs.
        pub identifier: Option<String> = optional("identifier", Text::ANY.min_length(1).max_length(255).slug()),
        pub intent: Option<IntentEnum> = optional("intent", IntentEnum::SCHEMA),
        /// Id of the owner.
        pub user: Option<i64> = optional("user", Id),
        /// What the token is for.
        pub description: Option<String> = optional("description", Text::ANY),
        /// Expiry time.
        pub expires: MaybeUndefined<Timestamp> = optional_nullable("expires", DateTimeText),
        /// Whether the token expires.
        pub expiring: Option<bool> = optional("expiring", Boolean),
    }
}

request_object! {
    /// The fields of a user to update.
    pub struct PatchedUserRequest {
        /// Unique username.
        pub username: Option<String> = optional("username", Text::ANY.min_length(1).max_length(150)),
        /// Display name; may be blank.
        pub name: Option<String> = optional("name", Text::ANY),
        /// Whether the user is active. Tokens of inactive users are rejected.
        pub is_active: Option<bool> = optional("is_active", Boolean).title("Active"),
        /// Time of the last sign-in.
        pub last_login: MaybeUndefined<Timestamp> = optional_nullable("last_login", DateTimeText),
        /// Ids of the user's groups.
        pub groups: Option<Vec<UuidRef>> = optional("groups", List(IdRef)),
        /// Ids of the user's roles. This server has no roles, so any id is unknown.
        pub roles: Option<Vec<UuidRef>> = optional("roles", List(IdRef)),
        /// Email address; may be empty.
        pub email: Option<String> = optional("email", Email(Text::ANY.max_length(254))).title("Email address"),
        /// Custom attributes.
        pub attributes: Option<JsonObject> = optional("attributes", FreeForm),
        /// Path of the user in the directory's tree: segments separated by slashes, none of them empty, at most 640
        /// characters in all.
        pub path: Option<String> = optional("path", Text::ANY.min_length(1)),
        pub r#type: Option<UserTypeEnum> = optional("type", UserTypeEnum::SCHEMA),
    }
}

request_object! {
    /// A group to create or replace.
    pub struct GroupRequest {
        /// Unique name of the group, at most 640 characters.
        pub name: String = required("name", Text::ANY.min_length(1)),
        /// Whether members of this group, and of every group below it, are superusers; `false` by default.
        pub is_superuser: Option<bool> = optional("is_superuser", Boolean),
        /// `pk` of the only parent; null for none.
        pub parent: MaybeUndefined<UuidRef> = optional_nullable("parent", IdRef),
        /// Ids of the groups that this one is below. If `parent` is sent too, it must be the first of them.
        pub parents: Option<Vec<UuidRef>> = optional("parents", List(IdRef)),
        /// Ids of the members.
        pub users: Option<Vec<i64>> = optional("users", List(Id)),
        /// Custom attributes.
        pub attributes: Option<JsonObject> = optional("attributes", FreeForm),
        /// Ids of the group's roles. This server has no roles, so any id is unknown.
        pub roles: Option<Vec<UuidRef>> = optional("roles", List(IdRef)),
    }
}

request_object! {
    /// The user to add or remove.
    pub struct UserAccountRequest {
        /// Id of the user. As in authentik, it may also be a string.
        pub pk: i64 = required("pk", IdOrText),
    }
}

request_object! {
    /// A new password.
    pub struct UserPasswordSetRequest {
        /// The password. It is not trimmed. The minimum length is a setting of the server, 1 by default.
        pub password: Secret = required("password", Text::ANY.min_length(1).verbatim().secret()),
    }
}

request_object! {
    /// A password that was hashed elsewhere.
    pub struct UserPasswordHashSetRequest {
        /// The hash, made with `pbkdf2_sha256` or `argon2`. It is not trimmed.
        pub password: Secret = required("password", Text::ANY.min_length(1).verbatim().secret()),
    }
}

response_object! {
    /// Paths in use.
    pub struct UserPath {
        /// Distinct paths, sorted.
        pub paths: Vec<String> = required("paths", List(Text::ANY)).read_only(),
    }
}

response_object! {
    /// A group directly above or below another.
    pub struct RelatedGroup {
        /// Unique id of the group.
        pub pk: Uuid = required("pk", IdRef).read_only().title("Group uuid"),
        /// Unique name of the group.
        pub name: String = required("name", Text::ANY),
        /// Whether the group is a superuser group itself.
        pub is_superuser: bool = optional("is_superuser", Boolean),
        /// Custom attributes.
        pub attributes: JsonObject = optional("attributes", FreeForm),
        /// The same as `pk`.
        pub group_uuid: Uuid = required("group_uuid", IdRef).read_only(),
    }
}

response_object! {
    /// A role of a user or group.
    pub struct Role {
        /// Unique id of the role.
        pub pk: Uuid = required("pk", IdRef).read_only().title("Uuid"),
        /// Name of the role.
        pub name: String = required("name", Text::ANY.max_length(150)),
    }
}

response_object! {
    /// The current user.
    pub struct SessionUser {
        pub user: UserSelf = required("user", UserSelf::SCHEMA),
        #[serde(skip_serializing_if = "Option::is_none")]
        pub original: Option<UserSelf> = optional("original", UserSelf::SCHEMA),
        /// The users signed in in this browser; on this server only the current user.
        pub users: Vec<UserSelf> = required("users", List(UserSelf::SCHEMA)),
    }
}

response_object! {
    /// A token, without its key.
    pub struct Token {
        /// Unique id of the token.
        pub pk: Uuid = required("pk", IdRef).read_only().title("Token uuid"),
        /// Unique name of what manages the token; null if nothing does.
        pub managed: Option<String> = optional_nullable("managed", Text::ANY).title("Managed by authentik"),
        /// Unique name of the token in URLs.
        pub identifier: String = required("identifier", Text::ANY.max_length(255).slug()),
        pub intent: IntentEnum = optional("intent", IntentEnum::SCHEMA),
        /// Id of the owner.
        pub user: i64 = optional("user", Integer),
        pub user_obj: User = required("user_obj", AllOf(User::SCHEMA)).read_only(),
        /// What the token is for.
        pub description: String = optional("description", Text::ANY),
        /// Expiry time.
        pub expires: Option<Timestamp> = optional_nullable("expires", DateTimeText),
        /// Whether the token expires.
        pub expiring: bool = optional("expiring", Boolean),
    }
}

request_object! {
    /// A token to create or replace.
    pub struct TokenRequest {
        /// Unique name of what manages the token; null if nothing does.
        pub managed: MaybeUndefined<String> =
            optional_nullable("managed", Text::ANY.min_length(1)).title("Managed by authentik"),
        /// Unique name of the token in URLs.
        pub identifier: String = required("identifier", Text::ANY.min_length(1).max_length(255).slug()),
        pub intent: Option<IntentEnum> = optional("intent", IntentEnum::SCHEMA),
        /// Id of the owner.
        pub user: Option<i64> = optional("user", Id),
        /// What the token is for.
        pub description: Option<String> = optional("description", Text::ANY),
        /// Expiry time; one day after creation if absent or null. Set `expiring` to `false` for a token that does not
        /// expire.
        pub expires: MaybeUndefined<Timestamp> = optional_nullable("expires", DateTimeText),
        /// Whether the token expires; `true` by default.
        pub expiring: Option<bool> = optional("expiring", Boolean),
    }
}

request_object! {
    /// A new key.
    pub struct TokenSetKeyRequest {
        /// The key, unique among all tokens. It has to fit into the `Authorization` header: visible ASCII characters
        /// without spaces, at most 1,024. The minimum length is a setting of the server, 8 by default.
        pub key: Secret = required("key", Text::ANY.min_length(1).verbatim().secret()),
    }
}

response_object! {
    /// The key of a token.
    pub struct TokenView {
        /// The key.
        pub key: Secret = required("key", Text::ANY.secret()).read_only(),
    }
}

response_object! {
    /// An object that refers to another.
    pub struct UsedBy {
        /// Application of the object; always `authentik_core`.
        pub app: String = required("app", Text::ANY),
        /// Kind of the object: `group`, `token` or `user`.
        pub model_name: String = required("model_name", Text::ANY),
        /// Id of the object.
        pub pk: String = required("pk", Text::ANY),
        /// Name of the object.
        pub name: String = required("name", Text::ANY),
        pub action: UsedByActionEnum = required("action", UsedByActionEnum::SCHEMA),
    }
}

enumeration! {
    /// What happens to an object when the one it refers to is deleted: `cascade` deletes it, `cascade_many` ends the
    /// membership, `set_null` and `set_default` clear the reference, and `left_dangling` leaves it.
    pub enum UsedByActionEnum {
        Cascade = "cascade",
        CascadeMany = "cascade_many",
        SetNull = "set_null",
        SetDefault = "set_default",
        LeftDangling = "left_dangling",
    }
}

response_object! {
    /// A user of the directory.
    pub struct User {
        /// Unique id of the user, from 1 to 2^31 - 1.
        pub pk: i64 = required("pk", Integer).read_only().title("ID"),
        /// Unique username.
        pub username: String = required("username", Text::ANY.max_length(150)),
        /// Display name.
        pub name: String = required("name", Text::ANY),
        /// Whether the user is active. Tokens of inactive users are rejected.
        pub is_active: bool = optional("is_active", Boolean).title("Active"),
        /// Time of the last sign-in.
        pub last_login: Option<Timestamp> = optional_nullable("last_login", DateTimeText),
        /// Time of creation.
        pub date_joined: Timestamp = required("date_joined", DateTimeText).read_only(),
        /// Whether one of the user's groups, or an ancestor of one, is a superuser group.
        pub is_superuser: bool = required("is_superuser", Boolean).read_only(),
        /// Ids of the user's groups.
        pub groups: Vec<Uuid> = optional("groups", List(IdRef)),
        /// The user's groups, in the order of `groups`; null if `include_groups` is `false`.
        pub groups_obj: Option<Vec<UserGroup>> = required_nullable("groups_obj", List(UserGroup::SCHEMA)).read_only(),
        /// Ids of the user's roles; always empty on this server.
        pub roles: Vec<Uuid> = optional("roles", List(IdRef)),
        /// The user's roles, always empty on this server; null if `include_roles` is `false`.
        pub roles_obj: Option<Vec<Role>> = required_nullable("roles_obj", List(Role::SCHEMA)).read_only(),
        /// Email address; may be empty.
        pub email: String = optional("email", Email(Text::ANY.max_length(254))).title("Email address"),
        /// URL of the avatar: `http`, `https` or `data`.
        pub avatar: String = required("avatar", Text::ANY).read_only(),
        /// Custom attributes.
        pub attributes: JsonObject = optional("attributes", FreeForm),
        /// Stable, opaque id of the user on this server: 64 hexadecimal digits.
        pub uid: String = required("uid", Text::ANY).read_only(),
        /// Path of the user in the directory's tree, with segments separated by slashes.
        pub path: String = optional("path", Text::ANY),
        pub r#type: UserTypeEnum = optional("type", UserTypeEnum::SCHEMA),
        /// Universally unique id of the user.
        pub uuid: Uuid = required("uuid", IdRef).read_only(),
        /// Time of the last change of the password; that of creation if it was never changed.
        pub password_change_date: Timestamp = required("password_change_date", DateTimeText).read_only(),
        /// Time of the last change of the user: of a field, the password, or of which groups the user is a member of. A
        /// change of such a group itself is none of the user.
        pub last_updated: Timestamp = required("last_updated", DateTimeText).read_only(),
    }
}

response_object! {
    /// A group, embedded in a user.
    pub struct UserGroup {
        /// Unique id of the group.
        pub pk: Uuid = required("pk", IdRef).read_only().title("Group uuid"),
        /// Numeric id of the group, from 1 to 2^31 - 1. It never changes.
        pub num_pk: i64 = required("num_pk", Integer).read_only(),
        /// Unique name of the group.
        pub name: String = required("name", Text::ANY),
        /// Whether the group is a superuser group itself.
        pub is_superuser: bool = optional("is_superuser", Boolean),
        /// `pk` of the parent group.
        pub parent: Option<Uuid> = optional_nullable("parent", IdRef),
        /// Name of the parent group.
        pub parent_name: Option<String> = required_nullable("parent_name", Text::ANY).read_only(),
        /// Custom attributes.
        pub attributes: JsonObject = optional("attributes", FreeForm),
    }
}

request_object! {
    /// A user to create or replace.
    pub struct UserRequest {
        /// Unique username.
        pub username: String = required("username", Text::ANY.min_length(1).max_length(150)),
        /// Display name; may be blank.
        pub name: String = required("name", Text::ANY),
        /// Whether the user is active, `true` by default. Tokens of inactive users are rejected.
        pub is_active: Option<bool> = optional("is_active", Boolean).title("Active"),
        /// Time of the last sign-in.
        pub last_login: MaybeUndefined<Timestamp> = optional_nullable("last_login", DateTimeText),
        /// Ids of the user's groups.
        pub groups: Option<Vec<UuidRef>> = optional("groups", List(IdRef)),
        /// Ids of the user's roles. This server has no roles, so any id is unknown.
        pub roles: Option<Vec<UuidRef>> = optional("roles", List(IdRef)),
        /// Email address; may be empty.
        pub email: Option<String> = optional("email", Email(Text::ANY.max_length(254))).title("Email address"),
        /// Custom attributes.
        pub attributes: Option<JsonObject> = optional("attributes", FreeForm),
        /// Path of the user in the directory's tree: segments separated by slashes, none of them empty, at most 640
        /// characters in all; `users` by default.
        pub path: Option<String> = optional("path", Text::ANY.min_length(1)),
        pub r#type: Option<UserTypeEnum> = optional("type", UserTypeEnum::SCHEMA),
    }
}

response_object! {
    /// The current user, in their own view.
    pub struct UserSelf {
        /// Unique id of the user.
        pub pk: i64 = required("pk", Integer).read_only().title("ID"),
        /// Unique username.
        pub username: String = required("username", Text::ANY.max_length(150)),
        /// Display name.
        pub name: String = required("name", Text::ANY),
        /// Whether the user is active. Tokens of inactive users are rejected.
        pub is_active: bool = required("is_active", Boolean).read_only().title("Active"),
        /// Whether one of the user's groups, or an ancestor of one, is a superuser group.
        pub is_superuser: bool = required("is_superuser", Boolean).read_only(),
        /// Whether this is the user of the request.
        pub is_current: bool = required("is_current", Boolean).read_only(),
        /// The user's groups.
        pub groups: Vec<UserSelfGroups> = required("groups", List(UserSelfGroups::SCHEMA)).read_only(),
        /// The user's roles; always empty on this server.
        pub roles: Vec<UserSelfRoles> = required("roles", List(UserSelfRoles::SCHEMA)).read_only(),
        /// Email address; may be empty.
        pub email: String = optional("email", Email(Text::ANY.max_length(254))).title("Email address"),
        /// URL of the avatar: `http`, `https` or `data`.
        pub avatar: String = required("avatar", Text::ANY).read_only(),
        /// Stable, opaque id of the user on this server: 64 hexadecimal digits.
        pub uid: String = required("uid", Text::ANY).read_only(),
        /// Settings: the `settings` attribute of the user's groups, overridden by the user's own.
        pub settings: JsonObject = required("settings", FreeForm).read_only(),
        pub r#type: UserTypeEnum = optional("type", UserTypeEnum::SCHEMA),
        /// System-wide permissions; always empty on this server, where superusers may do everything.
        pub system_permissions: Vec<String> = required("system_permissions", List(Text::ANY)).read_only(),
    }
}

response_object! {
    /// A group, embedded in the current user.
    pub struct UserSelfGroups {
        /// Unique name of the group.
        pub name: String = required("name", Text::ANY).read_only(),
        /// Unique id of the group.
        pub pk: String = required("pk", Text::ANY).read_only(),
    }
}

response_object! {
    /// A role, embedded in the current user.
    pub struct UserSelfRoles {
        /// Name of the role.
        pub name: String = required("name", Text::ANY).read_only(),
        /// Unique id of the role.
        pub pk: String = required("pk", Text::ANY).read_only(),
    }
}

request_object! {
    /// A service account to create.
    pub struct UserServiceAccountRequest {
        /// Unique username, at most 150 characters. It is trimmed, as other usernames are.
        pub name: String = required("name", Text::ANY.min_length(1)),
        /// Whether to create a group of the same name, with the account as its member.
        pub create_group: bool = optional_or("create_group", Boolean, false),
        /// Whether the app password expires.
        pub expiring: bool = optional_or("expiring", Boolean, true),
        /// Expiry time of the app password; 360 days after creation by default.
        pub expires: Option<Timestamp> = optional("expires", DateTimeText),
    }
}

response_object! {
    /// A created service account.
    pub struct UserServiceAccountResponse {
        /// Username of the account.
        pub username: String = required("username", Text::ANY),
        /// The app password. Requests to this API that use it get 403.
        pub token: Secret = required("token", Text::ANY.secret()),
        /// `uid` of the user.
        pub user_uid: String = required("user_uid", Text::ANY),
        /// `pk` of the user.
        pub user_pk: i64 = required("user_pk", Integer),
        /// `pk` of the group, if one was created.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub group_pk: Option<String> = optional("group_pk", Text::ANY),
    }
}

enumeration! {
    /// Kind of user. `internal_service_account` is for accounts that the directory creates for itself; requests with it
    /// are rejected.
    pub enum UserTypeEnum {
        Internal = "internal",
        External = "external",
        ServiceAccount = "service_account",
        InternalServiceAccount = "internal_service_account",
    }
}

response_object! {
    /// Errors of a request by field: each invalid field has a list of messages. A body that is not valid JSON is
    /// reported in `detail`.
    pub struct ValidationError {
        /// Errors that belong to no single field.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub non_field_errors: Option<Vec<String>> = optional("non_field_errors", List(Text::ANY)),
        /// Machine-readable code. This server does not send it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub code: Option<String> = optional("code", Text::ANY),
        ..additional
    }
}

response_object! {
    /// The version that a server speaks.
    pub struct Version {
        /// The release of authentik whose API this server speaks by default.
        pub version_current: String = required("version_current", Text::ANY).read_only(),
        /// The same, because this server asks nobody for newer releases.
        pub version_latest: String = required("version_latest", Text::ANY).read_only(),
        /// Whether `version_latest` is known; always `true`.
        pub version_latest_valid: bool = required("version_latest_valid", Boolean).read_only(),
        /// Commit of a build between releases; always empty.
        pub build_hash: String = required("build_hash", Text::ANY).read_only(),
        /// Whether there is a newer release; always `false`.
        pub outdated: bool = required("outdated", Boolean).read_only(),
        /// Whether an outpost has another version; always `false`, because there are none.
        pub outpost_outdated: bool = required("outpost_outdated", Boolean).read_only(),
    }
}
