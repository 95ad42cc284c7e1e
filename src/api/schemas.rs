// Generated from openapi/rollcall.yaml; change that and run `cargo run -p codegen`.

//! The contract's schemas.

use poem_openapi::types::MaybeUndefined;
use serde::Serialize;
use uuid::Uuid;

use super::runtime::*;

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
    /// Where the user stands in the tree of users; segments separated by slashes, none of them empty.
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
             them empty.",
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
    /// Where the user stands in the tree of users; segments separated by slashes, none of them empty. `users`, if
    /// left out.
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
             them empty. `users`, if left out.",
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
