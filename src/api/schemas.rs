// Generated from openapi/rollcall.yaml; change that and run `cargo run -p codegen`.

//! The contract's schemas.

use poem_openapi::types::MaybeUndefined;
use uuid::Uuid;

use super::runtime::*;

enumeration! {
    /// Something an authentik server may be able to do.
    pub enum CapabilitiesEnum {
        CanSaveMedia = "can_save_media",
        CanGeoIp = "can_geo_ip",
        CanAsn = "can_asn",
        CanImpersonate = "can_impersonate",
        CanDebug = "can_debug",
        IsEnterprise = "is_enterprise",
    }
}

response_object! {
    /// What this server can do.
    pub struct Config {
        pub error_reporting: ErrorReportingConfig = required("error_reporting", ErrorReportingConfig::SCHEMA),
        /// What this server can do beyond the directory; nothing.
        pub capabilities: Vec<CapabilitiesEnum> = required("capabilities", List(CapabilitiesEnum::SCHEMA)),
        /// Seconds that answers are cached.
        pub cache_timeout: i64 = required("cache_timeout", Integer),
        /// Seconds that flows are cached.
        pub cache_timeout_flows: i64 = required("cache_timeout_flows", Integer),
        /// Seconds that policies are cached.
        pub cache_timeout_policies: i64 = required("cache_timeout_policies", Integer),
        /// Seconds that reputation is cached.
        pub cache_timeout_reputation: i64 = required("cache_timeout_reputation", Integer),
    }
}

response_object! {
    /// Whether errors are reported to somebody.
    pub struct ErrorReportingConfig {
        /// Whether they are.
        pub enabled: bool = required("enabled", Boolean).read_only(),
        /// To whom.
        pub sentry_dsn: String = required("sentry_dsn", Text::ANY).read_only(),
        /// From where.
        pub environment: String = required("environment", Text::ANY).read_only(),
        /// Whether with personal data.
        pub send_pii: bool = required("send_pii", Boolean).read_only(),
        /// Which part of the requests is traced.
        pub traces_sample_rate: f64 = required("traces_sample_rate", Double).read_only(),
    }
}

response_object! {
    /// Why a request was refused as a whole.
    pub struct GenericError {
        /// The reason, for people.
        pub detail: String = required("detail", Text::ANY),
        /// The reason, for programs; not always given.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub code: Option<String> = optional("code", Text::ANY),
    }
}

response_object! {
    /// A group of users.
    pub struct Group {
        /// The group's id.
        pub pk: Uuid = required("pk", IdRef).read_only().title("Group uuid"),
        /// A numerical id of the group, positive and below 2^31. It never changes.
        pub num_pk: i64 = required("num_pk", Integer).read_only(),
        /// The group's name, unique.
        pub name: String = required("name", Text::ANY),
        /// Whether the members of this group, and of every group below it, are superusers.
        pub is_superuser: bool = optional("is_superuser", Boolean),
        /// The id of the group that this one belongs to.
        pub parent: Option<Uuid> = optional_nullable("parent", IdRef),
        /// The name of the parent.
        pub parent_name: Option<String> = required_nullable("parent_name", Text::ANY).read_only(),
        /// The ids of the members, ascending.
        pub users: Vec<i64> = optional("users", List(Integer)),
        /// The members; null when they were not asked for.
        pub users_obj: Option<Vec<GroupMember>> = required_nullable("users_obj", List(GroupMember::SCHEMA)).read_only(),
        /// Free-form data about the group.
        pub attributes: JsonObject = optional("attributes", FreeForm),
        /// The roles of the group. This server keeps none, so the list is empty.
        pub roles: Vec<Uuid> = optional("roles", List(IdRef)),
        /// The roles of the group, described; empty.
        pub roles_obj: Vec<Role> = required("roles_obj", List(Role::SCHEMA)).read_only(),
    }
}

response_object! {
    /// A user as a member of a group.
    pub struct GroupMember {
        /// The user's id.
        pub pk: i64 = required("pk", Integer).read_only().title("ID"),
        /// The user's name for signing in. The pattern is the original's; the original stores other names too, and so
        /// does this server.
        pub username: String = required("username", Text::ANY.max_length(150).documented_pattern("^[\\w.@+-]+$")),
        /// The user's display name.
        pub name: String = required("name", Text::ANY),
        /// Whether the user may use the directory.
        pub is_active: bool = optional("is_active", Boolean).title("Active"),
        /// When the user last signed in.
        pub last_login: Option<Timestamp> = optional_nullable("last_login", DateTimeText),
        /// The user's email address, or an empty string.
        pub email: String = optional("email", Email(Text::ANY.max_length(254))).title("Email address"),
        /// Free-form data about the user.
        pub attributes: JsonObject = optional("attributes", FreeForm),
        /// A stable, opaque id of the user on this instance, 64 hexadecimal digits.
        pub uid: String = required("uid", Text::ANY).read_only(),
    }
}

enumeration! {
    /// What a token is for. Keys of `api` tokens authenticate here; the others are kept for applications.
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
        /// The groups of the page.
        pub results: Vec<Group> = required("results", List(Group::SCHEMA)),
    }
}

response_object! {
    /// A page of tokens.
    pub struct PaginatedTokenList {
        pub pagination: Pagination = required("pagination", Pagination::SCHEMA),
        /// The tokens of the page.
        pub results: Vec<Token> = required("results", List(Token::SCHEMA)),
    }
}

response_object! {
    /// A page of users.
    pub struct PaginatedUserList {
        pub pagination: Pagination = required("pagination", Pagination::SCHEMA),
        /// The users of the page.
        pub results: Vec<User> = required("results", List(User::SCHEMA)),
    }
}

response_object! {
    /// Where a page stands among all.
    pub struct Pagination {
        /// The next page, or 0 on the last.
        pub next: u64 = required("next", Count),
        /// The page before, or 0 on the first.
        pub previous: u64 = required("previous", Count),
        /// How many objects fit the filters.
        pub count: u64 = required("count", Count),
        /// This page, from 1.
        pub current: u64 = required("current", Count),
        /// How many pages there are, 1 at least.
        pub total_pages: u64 = required("total_pages", Count),
        /// The number of the first object of this page, from 1; 0 if there is none.
        pub start_index: u64 = required("start_index", Count),
        /// The number of the last object of this page; 0 if there is none.
        pub end_index: u64 = required("end_index", Count),
    }
}

request_object! {
    /// What to change of a group.
    pub struct PatchedGroupRequest {
        /// The group's name, unique; at most 640 characters.
        pub name: Option<String> = optional("name", Text::ANY.min_length(1)),
        /// Whether the members of this group, and of every group below it, are superusers.
        pub is_superuser: Option<bool> = optional("is_superuser", Boolean),
        /// The id of the group that this one belongs to.
        pub parent: MaybeUndefined<UuidRef> = optional_nullable("parent", IdRef),
        /// The ids of the members.
        pub users: Option<Vec<i64>> = optional("users", List(Id)),
        /// Free-form data about the group.
        pub attributes: Option<JsonObject> = optional("attributes", FreeForm),
        /// The roles of the group. This server keeps none, so any id is unknown.
        pub roles: Option<Vec<UuidRef>> = optional("roles", List(IdRef)),
    }
}

request_object! {
    /// What to change of a token.
    pub struct PatchedTokenRequest {
        /// What manages the token, unique; null if nothing does.
        pub managed: MaybeUndefined<String> =
            optional_nullable("managed", Text::ANY.min_length(1)).title("Managed by authentik"),
        /// The token's name in the API, unique.
        pub identifier: Option<String> = optional("identifier", Text::ANY.min_length(1).max_length(255).slug()),
        pub intent: Option<IntentEnum> = optional("intent", IntentEnum::SCHEMA),
        /// The id of the token's owner.
        pub user: Option<i64> = optional("user", Id),
        /// What the token is for, in words.
        pub description: Option<String> = optional("description", Text::ANY),
        /// When the token expires.
        pub expires: MaybeUndefined<Timestamp> = optional_nullable("expires", DateTimeText),
        /// Whether the token expires.
        pub expiring: Option<bool> = optional("expiring", Boolean),
    }
}

request_object! {
    /// What to change of a user.
    pub struct PatchedUserRequest {
        /// The user's name for signing in, unique.
        pub username: Option<String> = optional("username", Text::ANY.min_length(1).max_length(150)),
        /// The user's display name; may be blank.
        pub name: Option<String> = optional("name", Text::ANY),
        /// Whether the user may use the directory.
        pub is_active: Option<bool> = optional("is_active", Boolean).title("Active"),
        /// When the user last signed in.
        pub last_login: MaybeUndefined<Timestamp> = optional_nullable("last_login", DateTimeText),
        /// The ids of the user's groups.
        pub groups: Option<Vec<UuidRef>> = optional("groups", List(IdRef)),
        /// The user's email address, or an empty string.
        pub email: Option<String> = optional("email", Email(Text::ANY.max_length(254))).title("Email address"),
        /// Free-form data about the user.
        pub attributes: Option<JsonObject> = optional("attributes", FreeForm),
        /// Where the user stands in the tree of users; segments separated by slashes, none of them empty, 640
        /// characters at most.
        pub path: Option<String> = optional("path", Text::ANY.min_length(1)),
        pub r#type: Option<UserTypeEnum> = optional("type", UserTypeEnum::SCHEMA),
    }
}

request_object! {
    /// A group to store.
    pub struct GroupRequest {
        /// The group's name, unique; at most 640 characters.
        pub name: String = required("name", Text::ANY.min_length(1)),
        /// Whether the members of this group, and of every group below it, are superusers. No, if left out.
        pub is_superuser: Option<bool> = optional("is_superuser", Boolean),
        /// The id of the group that this one belongs to.
        pub parent: MaybeUndefined<UuidRef> = optional_nullable("parent", IdRef),
        /// The ids of the members.
        pub users: Option<Vec<i64>> = optional("users", List(Id)),
        /// Free-form data about the group.
        pub attributes: Option<JsonObject> = optional("attributes", FreeForm),
        /// The roles of the group. This server keeps none, so any id is unknown.
        pub roles: Option<Vec<UuidRef>> = optional("roles", List(IdRef)),
    }
}

request_object! {
    /// Who is to be a member, or no longer.
    pub struct UserAccountRequest {
        /// The user's id.
        pub pk: i64 = required("pk", Id),
    }
}

request_object! {
    /// A new password.
    pub struct UserPasswordSetRequest {
        /// The password, taken as it is.
        pub password: String = required("password", Text::ANY.min_length(1).verbatim()),
    }
}

response_object! {
    /// Where users stand.
    pub struct UserPath {
        /// The different paths, in order.
        pub paths: Vec<String> = required("paths", List(Text::ANY)).read_only(),
    }
}

response_object! {
    /// A role.
    pub struct Role {
        /// The role's id.
        pub pk: Uuid = required("pk", IdRef).read_only().title("Uuid"),
        /// The role's name.
        pub name: String = required("name", Text::ANY.max_length(150)),
    }
}

response_object! {
    /// Who is calling.
    pub struct SessionUser {
        pub user: UserSelf = required("user", UserSelf::SCHEMA),
        #[serde(skip_serializing_if = "Option::is_none")]
        pub original: Option<UserSelf> = optional("original", UserSelf::SCHEMA),
    }
}

response_object! {
    /// A token, without its key.
    pub struct Token {
        /// The token's id.
        pub pk: Uuid = required("pk", IdRef).read_only().title("Token uuid"),
        /// What manages the token, unique; null if nothing does.
        pub managed: Option<String> = optional_nullable("managed", Text::ANY).title("Managed by authentik"),
        /// The token's name in the API, unique.
        pub identifier: String = required("identifier", Text::ANY.max_length(255).slug()),
        pub intent: IntentEnum = optional("intent", IntentEnum::SCHEMA),
        /// The id of the token's owner.
        pub user: i64 = optional("user", Integer),
        pub user_obj: User = required("user_obj", AllOf(User::SCHEMA)).read_only(),
        /// What the token is for, in words.
        pub description: String = optional("description", Text::ANY),
        /// When the token expires.
        pub expires: Option<Timestamp> = optional_nullable("expires", DateTimeText),
        /// Whether the token expires.
        pub expiring: bool = optional("expiring", Boolean),
    }
}

request_object! {
    /// A token to store.
    pub struct TokenRequest {
        /// What manages the token, unique; null if nothing does.
        pub managed: MaybeUndefined<String> =
            optional_nullable("managed", Text::ANY.min_length(1)).title("Managed by authentik"),
        /// The token's name in the API, unique.
        pub identifier: String = required("identifier", Text::ANY.min_length(1).max_length(255).slug()),
        pub intent: Option<IntentEnum> = optional("intent", IntentEnum::SCHEMA),
        /// The id of the token's owner.
        pub user: Option<i64> = optional("user", Id),
        /// What the token is for, in words.
        pub description: Option<String> = optional("description", Text::ANY),
        /// When the token expires.
        pub expires: MaybeUndefined<Timestamp> = optional_nullable("expires", DateTimeText),
        /// Whether the token expires.
        pub expiring: Option<bool> = optional("expiring", Boolean),
    }
}

request_object! {
    /// A new key.
    pub struct TokenSetKeyRequest {
        /// The key, kept as it is.
        pub key: String = required("key", Text::ANY.min_length(1).verbatim()),
    }
}

response_object! {
    /// A key.
    pub struct TokenView {
        /// The key.
        pub key: String = required("key", Text::ANY).read_only(),
    }
}

response_object! {
    /// An object that refers to another.
    pub struct UsedBy {
        /// The part of the directory that the object belongs to.
        pub app: String = required("app", Text::ANY),
        /// What kind of object it is.
        pub model_name: String = required("model_name", Text::ANY),
        /// The object's id.
        pub pk: String = required("pk", Text::ANY),
        /// The object's name.
        pub name: String = required("name", Text::ANY),
        pub action: UsedByActionEnum = required("action", UsedByActionEnum::SCHEMA),
    }
}

enumeration! {
    /// What becomes of a reference when its object is deleted. `cascade` deletes what refers to it, `cascade_many` ends
    /// a membership, `set_null` and `set_default` empty a field.
    pub enum UsedByActionEnum {
        Cascade = "cascade",
        CascadeMany = "cascade_many",
        SetNull = "set_null",
        SetDefault = "set_default",
    }
}

response_object! {
    /// A user of the directory.
    pub struct User {
        /// The user's id, positive and below 2^31.
        pub pk: i64 = required("pk", Integer).read_only().title("ID"),
        /// The user's name for signing in, unique.
        pub username: String = required("username", Text::ANY.max_length(150)),
        /// The user's display name.
        pub name: String = required("name", Text::ANY),
        /// Whether the user may use the directory. Turn this off instead of deleting a user.
        pub is_active: bool = optional("is_active", Boolean).title("Active"),
        /// When the user last signed in.
        pub last_login: Option<Timestamp> = optional_nullable("last_login", DateTimeText),
        /// Whether one of the user's groups, or an ancestor of one, is a superuser group.
        pub is_superuser: bool = required("is_superuser", Boolean).read_only(),
        /// The ids of the user's groups.
        pub groups: Vec<Uuid> = optional("groups", List(IdRef)),
        /// The user's groups, in the order of `groups`; null when they were not asked for.
        pub groups_obj: Option<Vec<UserGroup>> = required_nullable("groups_obj", List(UserGroup::SCHEMA)).read_only(),
        /// The user's email address, or an empty string.
        pub email: String = optional("email", Email(Text::ANY.max_length(254))).title("Email address"),
        /// The user's picture, an http or https URL or a data URI.
        pub avatar: String = required("avatar", Text::ANY).read_only(),
        /// Free-form data about the user.
        pub attributes: JsonObject = optional("attributes", FreeForm),
        /// A stable, opaque id of the user on this instance, 64 hexadecimal digits.
        pub uid: String = required("uid", Text::ANY).read_only(),
        /// Where the user stands in the tree of users; segments separated by slashes.
        pub path: String = optional("path", Text::ANY),
        pub r#type: UserTypeEnum = optional("type", UserTypeEnum::SCHEMA),
        /// The user's universally unique id.
        pub uuid: Uuid = required("uuid", IdRef).read_only(),
    }
}

response_object! {
    /// A group as a user's.
    pub struct UserGroup {
        /// The group's id.
        pub pk: Uuid = required("pk", IdRef).read_only().title("Group uuid"),
        /// A numerical id of the group, positive and below 2^31. It never changes.
        pub num_pk: i64 = required("num_pk", Integer).read_only(),
        /// The group's name.
        pub name: String = required("name", Text::ANY),
        /// Whether the group itself makes its members superusers.
        pub is_superuser: bool = optional("is_superuser", Boolean),
        /// The id of the group that this one belongs to.
        pub parent: Option<Uuid> = optional_nullable("parent", IdRef),
        /// The name of the parent.
        pub parent_name: Option<String> = required_nullable("parent_name", Text::ANY).read_only(),
        /// Free-form data about the group.
        pub attributes: JsonObject = optional("attributes", FreeForm),
    }
}

request_object! {
    /// A user to store.
    pub struct UserRequest {
        /// The user's name for signing in, unique.
        pub username: String = required("username", Text::ANY.min_length(1).max_length(150)),
        /// The user's display name; may be blank.
        pub name: String = required("name", Text::ANY),
        /// Whether the user may use the directory. Yes, if left out.
        pub is_active: Option<bool> = optional("is_active", Boolean).title("Active"),
        /// When the user last signed in.
        pub last_login: MaybeUndefined<Timestamp> = optional_nullable("last_login", DateTimeText),
        /// The ids of the user's groups.
        pub groups: Option<Vec<UuidRef>> = optional("groups", List(IdRef)),
        /// The user's email address, or an empty string.
        pub email: Option<String> = optional("email", Email(Text::ANY.max_length(254))).title("Email address"),
        /// Free-form data about the user.
        pub attributes: Option<JsonObject> = optional("attributes", FreeForm),
        /// Where the user stands in the tree of users; segments separated by slashes, none of them empty, 640
        /// characters at most. `users`, if left out.
        pub path: Option<String> = optional("path", Text::ANY.min_length(1)),
        pub r#type: Option<UserTypeEnum> = optional("type", UserTypeEnum::SCHEMA),
    }
}

response_object! {
    /// A user as it sees itself.
    pub struct UserSelf {
        /// The user's id.
        pub pk: i64 = required("pk", Integer).read_only().title("ID"),
        /// The user's name for signing in. The pattern is the original's; the original stores other names too, and so
        /// does this server.
        pub username: String = required("username", Text::ANY.max_length(150).documented_pattern("^[\\w.@+-]+$")),
        /// The user's display name.
        pub name: String = required("name", Text::ANY),
        /// Whether the user may use the directory.
        pub is_active: bool = required("is_active", Boolean).read_only().title("Active"),
        /// Whether one of the user's groups, or an ancestor of one, is a superuser group.
        pub is_superuser: bool = required("is_superuser", Boolean).read_only(),
        /// The user's groups.
        pub groups: Vec<UserSelfGroups> = required("groups", List(UserSelfGroups::SCHEMA)).read_only(),
        /// The user's email address, or an empty string.
        pub email: String = optional("email", Email(Text::ANY.max_length(254))).title("Email address"),
        /// The user's picture, an http or https URL or a data URI.
        pub avatar: String = required("avatar", Text::ANY).read_only(),
        /// A stable, opaque id of the user on this instance, 64 hexadecimal digits.
        pub uid: String = required("uid", Text::ANY).read_only(),
        /// The user's settings, from the `settings` attribute of its groups and, over them, its own.
        pub settings: JsonObject = required("settings", FreeForm).read_only(),
        pub r#type: UserTypeEnum = optional("type", UserTypeEnum::SCHEMA),
        /// System-wide permissions; this server has none beyond `is_superuser`, so the list is empty.
        pub system_permissions: Vec<String> = required("system_permissions", List(Text::ANY)).read_only(),
    }
}

response_object! {
    /// A group as its member sees it.
    pub struct UserSelfGroups {
        /// The group's name.
        pub name: String = required("name", Text::ANY).read_only(),
        /// The group's id.
        pub pk: String = required("pk", Text::ANY).read_only(),
    }
}

request_object! {
    /// A service account to create.
    pub struct UserServiceAccountRequest {
        /// The username, taken as it is; at most 150 characters.
        pub name: String = required("name", Text::ANY.min_length(1).verbatim()),
        /// Whether to create a group of the same name.
        pub create_group: bool = optional_or("create_group", Boolean, false),
        /// Whether the app password expires.
        pub expiring: bool = optional_or("expiring", Boolean, true),
        /// When the app password expires. After 360 days, if left out.
        pub expires: Option<Timestamp> = optional("expires", DateTimeText),
    }
}

response_object! {
    /// A service account.
    pub struct UserServiceAccountResponse {
        /// The username.
        pub username: String = required("username", Text::ANY),
        /// The app password.
        pub token: String = required("token", Text::ANY),
        /// The user's `uid`.
        pub user_uid: String = required("user_uid", Text::ANY),
        /// The user's id.
        pub user_pk: i64 = required("user_pk", Integer),
        /// The id of the group, if one was created.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub group_pk: Option<String> = optional("group_pk", Text::ANY),
    }
}

enumeration! {
    /// What kind of user this is. `internal_service_account` is for accounts that the directory itself makes; requests
    /// can't choose it.
    pub enum UserTypeEnum {
        Internal = "internal",
        External = "external",
        ServiceAccount = "service_account",
        InternalServiceAccount = "internal_service_account",
    }
}

response_object! {
    /// What is wrong with a request: each wrong field with the list of its errors. Errors that belong to no field are
    /// under `non_field_errors`; a body that is not JSON is told in `detail`.
    pub struct ValidationError {
        /// Errors that belong to no single field.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub non_field_errors: Option<Vec<String>> = optional("non_field_errors", List(Text::ANY)),
        /// The reason, for programs; not always given.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub code: Option<String> = optional("code", Text::ANY),
        ..additional
    }
}
