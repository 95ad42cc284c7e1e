// Generated from openapi/rollcall.yaml; change that and run `cargo run -p codegen`.

//! The contract's operations: for each its trait, its parameters and its responses.

use uuid::Uuid;

use super::{runtime::*, schemas::*};

components! {
    /// `pk` of the group.
    const GROUP_UUID: Parameter<Path<IdRef>> = path("group_uuid", IdRef);
    /// `pk` of the user.
    const ID: Parameter<Path<Integer>> = path("id", Integer);
    /// `identifier` of the token.
    const IDENTIFIER: Parameter<Path<Text>> = path("identifier", Text::ANY);
    /// Whether to include `children_obj`; if `false`, it is null.
    const INCLUDE_CHILDREN: Parameter<QueryOr<Flag>> = query_or("include_children", Flag, false);
    /// Whether to include `inherited_roles_obj`; if `false`, it is null.
    const INCLUDE_INHERITED_ROLES: Parameter<QueryOr<Flag>> = query_or("include_inherited_roles", Flag, false);
    /// Whether to include `parents_obj`; if `false`, it is null.
    const INCLUDE_PARENTS: Parameter<QueryOr<Flag>> = query_or("include_parents", Flag, false);
    /// Whether to include `groups_obj`; if `false`, it is null and the response smaller.
    const INCLUDE_GROUPS: Parameter<QueryOr<Flag>> = query_or("include_groups", Flag, true);
    /// Whether to include `roles_obj`; if `false`, it is null.
    const INCLUDE_ROLES: Parameter<QueryOr<Flag>> = query_or("include_roles", Flag, true);
    /// Whether to include `users_obj`; if `false`, it is null, which is faster for large groups.
    const INCLUDE_USERS: Parameter<QueryOr<Flag>> = query_or("include_users", Flag, true);
    /// Fields to sort by, comma-separated; prefix a field with `-` for descending order. Unknown fields are ignored,
    /// and so are further mentions of a field. A null counts as less than any value.
    const ORDERING: Parameter<Query<Text>> = query("ordering", Text::ANY);
    /// Page number, starting at 1.
    const PAGE: Parameter<Query<Ordinal>> = query("page", Ordinal);
    /// Objects per page: 100 if absent or 0, at most 1,000.
    const PAGE_SIZE: Parameter<Query<Ordinal>> = query("page_size", Ordinal);
    /// Only objects in which every one of these words occurs, ignoring case: in the username, name or email address of
    /// users, the name of groups, or the identifier, description, intent or owner's username of tokens. Put quotes
    /// around words that belong together; a quote that begins or ends no word is a letter, as in `'t Hooft`.
    const SEARCH: Parameter<Query<Text>> = query("search", Text::ANY);
    /// The `edition` is unknown.
    const EDITION_UNKNOWN: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The token is missing or invalid, or its user is not a superuser.
    const FORBIDDEN: ResponseDoc = json(&GenericError::SCHEMA);
    /// The `format` is unknown.
    const FORMAT_NOT_FOUND: ResponseDoc = json(&GenericError::SCHEMA);
    /// No group has this `pk`.
    const GROUP_NOT_FOUND: ResponseDoc = json(&GenericError::SCHEMA);
    /// No group has the `pk` in the path, or no user the `pk` in the body, which may also be missing or malformed.
    const GROUP_OR_USER_NOT_FOUND: ResponseDoc = json(&GenericError::SCHEMA);
    /// The body is not valid JSON, or some fields are invalid. All errors are returned together, by field.
    const INVALID_GROUP: ResponseDoc = json(&ValidationError::SCHEMA);
    /// Some filters are invalid. All errors are returned together, by parameter.
    const INVALID_GROUP_FILTER: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The body is not valid JSON, the path is not UTF-8, some fields are invalid, or no active superuser would be
    /// left. All errors are returned together, by field.
    const INVALID_GROUP_UPDATE: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The key is missing, too short, doesn't fit into a header, or is that of another token; or the body is not valid
    /// JSON, or the path not UTF-8.
    const INVALID_KEY: ResponseDoc = json(&ValidationError::SCHEMA);
    /// No active superuser would be left; or `pk` is no id, the body is not valid JSON, or the path not UTF-8.
    const INVALID_MEMBER: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The password is missing or too short; or the body is not valid JSON, or the path not UTF-8.
    const INVALID_PASSWORD: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The hash is missing, malformed, or made in a way that is not supported; or the body is not valid JSON, or the
    /// path not UTF-8.
    const INVALID_PASSWORD_HASH: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The search text is invalid.
    const INVALID_SEARCH: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The body is not valid JSON, or some fields are invalid. All errors are returned together, by field.
    const INVALID_SERVICE_ACCOUNT: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The body is not valid JSON, or some fields are invalid. All errors are returned together, by field.
    const INVALID_TOKEN: ResponseDoc = json(&ValidationError::SCHEMA);
    /// Some filters are invalid. All errors are returned together, by parameter.
    const INVALID_TOKEN_FILTER: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The body is not valid JSON, or some fields are invalid. All errors are returned together, by field.
    const INVALID_USER: ResponseDoc = json(&ValidationError::SCHEMA);
    /// Some filters are invalid. All errors are returned together, by parameter.
    const INVALID_USER_FILTER: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The body is not valid JSON, the path is not UTF-8, some fields are invalid, or no active superuser would be
    /// left. All errors are returned together, by field.
    const INVALID_USER_UPDATE: ResponseDoc = json(&ValidationError::SCHEMA);
    /// No active superuser would be left, or the path is not UTF-8.
    const LAST_SUPERUSER: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The body is not valid JSON, `pk` is no id, or the path is not UTF-8.
    const MALFORMED_BODY: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The path is not UTF-8.
    const MALFORMED_PATH: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The `Accept` header allows none of the media types.
    const NOT_ACCEPTABLE: ResponseDoc = json(&GenericError::SCHEMA);
    /// The list has no such page.
    const PAGE_NOT_FOUND: ResponseDoc = json(&GenericError::SCHEMA);
    /// The token does not exist, or the caller may not see it.
    const TOKEN_NOT_FOUND: ResponseDoc = json(&GenericError::SCHEMA);
    /// The body is larger than the server accepts, 1 MiB by default.
    const TOO_LARGE: ResponseDoc = json(&GenericError::SCHEMA);
    /// The token is missing or invalid.
    const UNAUTHENTICATED: ResponseDoc = json(&GenericError::SCHEMA);
    /// The database cannot be reached, the server is overloaded, or a list took too long, which `detail` says. Nothing
    /// was changed; try again later.
    const UNAVAILABLE: ResponseDoc = json(&GenericError::SCHEMA).headers(&[
        HeaderDoc {
            name: "Retry-After",
            description: "Seconds to wait before trying again.",
            required: false,
            schema: &Integer,
        },
    ]);
    /// The body is not declared as `application/json`.
    const UNSUPPORTED_MEDIA_TYPE: ResponseDoc = json(&GenericError::SCHEMA);
    /// No user has this `pk`.
    const USER_NOT_FOUND: ResponseDoc = json(&GenericError::SCHEMA);
}

operation! {
    /// List users
    ///
    /// Returns a page of the users that match all filters, sorted by `username` by default. Only superusers may list
    /// users.
    #[operation(GET "/core/users/", tags = ["users"], security = "authentik", callers = Superusers)]
    pub trait CoreUsersList {
        async fn core_users_list(
            &self,
            caller: Self::Caller,
            params: CoreUsersListParams,
        ) -> Result<CoreUsersListResponse, Failure>;
    }
}

parameters! {
    pub struct CoreUsersListParams {
        /// Only users whose attributes match every entry of this JSON object. Use `__` for nested keys and for indexes
        /// of lists, at most 127, optionally ending in a lookup: `{"floor__gte": 3, "address__city": "Łódź", "tags__0":
        /// "vpn"}`. Supported lookups: `exact` (the default), `gt`, `gte`, `lt`, `lte`, `in`, `isnull`, `contains` (the
        /// object or list has these members), `icontains`, `startswith`, `istartswith`, `endswith`, `iendswith` and
        /// `iexact`. Values are compared as JSON: `1` equals `1.0`, and the order of keys doesn't matter.
        pub attributes: Option<String> = query("attributes", Text::ANY),
        /// Only users created at exactly this time.
        pub date_joined: Option<Timestamp> = query("date_joined", DateTimeText),
        /// Only users created after this time.
        pub date_joined_gt: Option<Timestamp> = query("date_joined__gt", DateTimeText),
        /// Only users created before this time.
        pub date_joined_lt: Option<Timestamp> = query("date_joined__lt", DateTimeText),
        /// Only users with exactly this email address.
        pub email: Option<String> = query("email", Text::ANY),
        /// Only members of at least one of these groups, by `name`.
        pub groups_by_name: Vec<String> = repeated("groups_by_name", Text::ANY),
        /// Only members of at least one of these groups, by `pk`.
        pub groups_by_pk: Vec<Uuid> = repeated("groups_by_pk", IdRef),
        pub include_groups: bool = INCLUDE_GROUPS,
        pub include_roles: bool = INCLUDE_ROLES,
        /// Only active users, or only inactive users.
        pub is_active: Option<bool> = query("is_active", Boolean),
        /// Only direct members of superuser groups; if `false`, all other users, with or without groups.
        pub is_superuser: Option<bool> = query("is_superuser", Boolean),
        /// Only users who last signed in at exactly this time.
        pub last_login: Option<Timestamp> = query("last_login", DateTimeText),
        /// Only users who last signed in after this time.
        pub last_login_gt: Option<Timestamp> = query("last_login__gt", DateTimeText),
        /// Only users without a `last_login`, or only users with one.
        pub last_login_isnull: Option<bool> = query("last_login__isnull", Boolean),
        /// Only users who last signed in before this time.
        pub last_login_lt: Option<Timestamp> = query("last_login__lt", DateTimeText),
        /// Only users last changed at exactly this time.
        pub last_updated: Option<Timestamp> = query("last_updated", DateTimeText),
        /// Only users changed after this time. To copy a directory piece by piece, ask for what changed since some
        /// seconds before the newest `last_updated` that was read: writes that run side by side may end in another
        /// order than that of their times. Deleted users are not listed.
        pub last_updated_gt: Option<Timestamp> = query("last_updated__gt", DateTimeText),
        /// Only users last changed before this time.
        pub last_updated_lt: Option<Timestamp> = query("last_updated__lt", DateTimeText),
        /// Only users with exactly this display name.
        pub name: Option<String> = query("name", Text::ANY),
        pub ordering: Option<String> = ORDERING,
        pub page: Option<i64> = PAGE,
        pub page_size: Option<i64> = PAGE_SIZE,
        /// Only users with exactly this path.
        pub path: Option<String> = query("path", Text::ANY),
        /// Only users whose path starts with this text.
        pub path_startswith: Option<String> = query("path_startswith", Text::ANY),
        /// Only users with at least one of these roles, by `name`. This server has no roles, so any name is unknown.
        pub roles_by_name: Vec<String> = repeated("roles_by_name", Text::ANY),
        /// Only users with at least one of these roles, by `pk`. This server has no roles, so any id is unknown.
        pub roles_by_pk: Vec<Uuid> = repeated("roles_by_pk", IdRef),
        pub search: Option<String> = SEARCH,
        /// Only users of one of these types.
        pub r#type: Vec<UserTypeEnum> = repeated("type", UserTypeEnum::SCHEMA),
        /// Only the user with exactly this username.
        pub username: Option<String> = query("username", Text::ANY),
        /// Only the user with this `uuid`.
        pub uuid: Option<Uuid> = query("uuid", IdRef),
    }
}

responses! {
    pub enum CoreUsersListResponse {
        /// A page of users.
        Ok(body: PaginatedUserList) = 200 => json(&PaginatedUserList::SCHEMA),
    }
    400 => INVALID_USER_FILTER,
    403 => FORBIDDEN,
    404 => PAGE_NOT_FOUND,
    503 => UNAVAILABLE,
}

operation! {
    /// Create a user
    ///
    /// Creates a user and its group memberships in one transaction: either everything is stored or nothing. `username`
    /// and `name` are required; `name` may be blank. Text is trimmed of surrounding white space before it is validated.
    /// Usernames are unique and case-sensitive; when requests race for a username, exactly one gets 201. A user is a
    /// superuser if one of its groups, or an ancestor of one, is a superuser group. Only superusers may create users.
    #[operation(
        POST "/core/users/",
        tags = ["users"],
        security = "authentik", callers = Superusers,
        body_required = true
    )]
    pub trait CoreUsersCreate {
        async fn core_users_create(
            &self,
            caller: Self::Caller,
            params: CoreUsersCreateParams,
            body: Body<UserRequest>,
        ) -> Result<CoreUsersCreateResponse, Failure>;
    }
}

parameters! {
    pub struct CoreUsersCreateParams {
        pub include_groups: bool = INCLUDE_GROUPS,
        pub include_roles: bool = INCLUDE_ROLES,
    }
}

responses! {
    pub enum CoreUsersCreateResponse {
        /// The created user.
        Created(body: User) = 201 => json(&User::SCHEMA),
    }
    400 => INVALID_USER,
    403 => FORBIDDEN,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// Get the current user
    ///
    /// Returns the user to whom the token belongs. Any user may call this. `original` is absent, because this server
    /// has no impersonation, and `users` has no other user, because it has no sessions.
    #[operation(GET "/core/users/me/", tags = ["users"], security = "authentik", callers = Users)]
    pub trait CoreUsersMeRetrieve {
        async fn core_users_me_retrieve(&self, caller: Self::Caller) -> Result<CoreUsersMeRetrieveResponse, Failure>;
    }
}

responses! {
    pub enum CoreUsersMeRetrieveResponse {
        /// The current user.
        Ok(body: SessionUser) = 200 => json(&SessionUser::SCHEMA),
    }
    403 => UNAUTHENTICATED,
    503 => UNAVAILABLE,
}

operation! {
    /// Get a user
    ///
    /// Returns a user with its groups. Only superusers may read users; other callers can use `/core/users/me/`.
    #[operation(GET "/core/users/{id}/", tags = ["users"], security = "authentik", callers = Superusers)]
    pub trait CoreUsersRetrieve {
        async fn core_users_retrieve(
            &self,
            caller: Self::Caller,
            params: CoreUsersRetrieveParams,
        ) -> Result<CoreUsersRetrieveResponse, Failure>;
    }
}

parameters! {
    pub struct CoreUsersRetrieveParams {
        pub id: i64 = ID,
        pub include_groups: bool = INCLUDE_GROUPS,
        pub include_roles: bool = INCLUDE_ROLES,
    }
}

responses! {
    pub enum CoreUsersRetrieveResponse {
        /// The user.
        Ok(body: User) = 200 => json(&User::SCHEMA),
    }
    400 => MALFORMED_PATH,
    403 => FORBIDDEN,
    404 => USER_NOT_FOUND,
    503 => UNAVAILABLE,
}

operation! {
    /// Replace a user
    ///
    /// Replaces `username`, `name` and the optional fields sent. Of the optional fields left out, `groups` is emptied
    /// and the others keep their values, as in authentik. Only superusers may update users. Changes that would leave no
    /// active superuser are rejected.
    #[operation(
        PUT "/core/users/{id}/",
        tags = ["users"],
        security = "authentik", callers = Superusers,
        body_required = true
    )]
    pub trait CoreUsersUpdate {
        async fn core_users_update(
            &self,
            caller: Self::Caller,
            params: CoreUsersUpdateParams,
            body: Body<UserRequest>,
        ) -> Result<CoreUsersUpdateResponse, Failure>;
    }
}

parameters! {
    pub struct CoreUsersUpdateParams {
        pub id: i64 = ID,
        pub include_groups: bool = INCLUDE_GROUPS,
        pub include_roles: bool = INCLUDE_ROLES,
    }
}

responses! {
    pub enum CoreUsersUpdateResponse {
        /// The updated user.
        Ok(body: User) = 200 => json(&User::SCHEMA),
    }
    400 => INVALID_USER_UPDATE,
    403 => FORBIDDEN,
    404 => USER_NOT_FOUND,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// Delete a user
    ///
    /// Deletes a user with its memberships and tokens. Only superusers may delete users. Changes that would leave no
    /// active superuser are rejected.
    #[operation(DELETE "/core/users/{id}/", tags = ["users"], security = "authentik", callers = Superusers)]
    pub trait CoreUsersDestroy {
        async fn core_users_destroy(
            &self,
            caller: Self::Caller,
            params: CoreUsersDestroyParams,
        ) -> Result<CoreUsersDestroyResponse, Failure>;
    }
}

parameters! {
    pub struct CoreUsersDestroyParams {
        pub id: i64 = ID,
    }
}

responses! {
    pub enum CoreUsersDestroyResponse {
        /// The user was deleted.
        NoContent = 204 => no_content(),
    }
    400 => LAST_SUPERUSER,
    403 => FORBIDDEN,
    404 => USER_NOT_FOUND,
    503 => UNAVAILABLE,
}

operation! {
    /// Update a user
    ///
    /// Updates the fields sent and keeps the others. Only superusers may update users. Changes that would leave no
    /// active superuser are rejected.
    #[operation(PATCH "/core/users/{id}/", tags = ["users"], security = "authentik", callers = Superusers)]
    pub trait CoreUsersPartialUpdate {
        async fn core_users_partial_update(
            &self,
            caller: Self::Caller,
            params: CoreUsersPartialUpdateParams,
            body: Body<PatchedUserRequest>,
        ) -> Result<CoreUsersPartialUpdateResponse, Failure>;
    }
}

parameters! {
    pub struct CoreUsersPartialUpdateParams {
        pub id: i64 = ID,
        pub include_groups: bool = INCLUDE_GROUPS,
        pub include_roles: bool = INCLUDE_ROLES,
    }
}

responses! {
    pub enum CoreUsersPartialUpdateResponse {
        /// The updated user.
        Ok(body: User) = 200 => json(&User::SCHEMA),
    }
    400 => INVALID_USER_UPDATE,
    403 => FORBIDDEN,
    404 => USER_NOT_FOUND,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// Set a user's password
    ///
    /// Stores a new password, hashed with Argon2id. Only superusers may set passwords.
    #[operation(
        POST "/core/users/{id}/set_password/",
        tags = ["users"],
        security = "authentik", callers = Superusers,
        body_required = true
    )]
    pub trait CoreUsersSetPasswordCreate {
        async fn core_users_set_password_create(
            &self,
            caller: Self::Caller,
            params: CoreUsersSetPasswordCreateParams,
            body: Body<UserPasswordSetRequest>,
        ) -> Result<CoreUsersSetPasswordCreateResponse, Failure>;
    }
}

parameters! {
    pub struct CoreUsersSetPasswordCreateParams {
        pub id: i64 = ID,
    }
}

responses! {
    pub enum CoreUsersSetPasswordCreateResponse {
        /// The password was set.
        NoContent = 204 => no_content(),
    }
    400 => INVALID_PASSWORD,
    403 => FORBIDDEN,
    404 => USER_NOT_FOUND,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// Set a user's password by its hash
    ///
    /// Stores a password that was hashed elsewhere, so that a directory can move in with its passwords. Accepts the
    /// hashes that Django makes with PBKDF2 and SHA-256 (`pbkdf2_sha256$iterations$salt$digest`) or Argon2
    /// (`argon2$argon2id$...`), and Argon2 hashes as PHC strings (`$argon2id$...`). Only superusers may set passwords.
    #[operation(
        POST "/core/users/{id}/set_password_hash/",
        tags = ["users"],
        security = "authentik", callers = Superusers,
        body_required = true
    )]
    pub trait CoreUsersSetPasswordHashCreate {
        async fn core_users_set_password_hash_create(
            &self,
            caller: Self::Caller,
            params: CoreUsersSetPasswordHashCreateParams,
            body: Body<UserPasswordHashSetRequest>,
        ) -> Result<CoreUsersSetPasswordHashCreateResponse, Failure>;
    }
}

parameters! {
    pub struct CoreUsersSetPasswordHashCreateParams {
        pub id: i64 = ID,
    }
}

responses! {
    pub enum CoreUsersSetPasswordHashCreateResponse {
        /// The password was set.
        NoContent = 204 => no_content(),
    }
    400 => INVALID_PASSWORD_HASH,
    403 => FORBIDDEN,
    404 => USER_NOT_FOUND,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// List references to a user
    ///
    /// Returns the objects that refer to the user, and what happens to each of them when the user is deleted. Only
    /// superusers may read users.
    #[operation(GET "/core/users/{id}/used_by/", tags = ["users"], security = "authentik", callers = Superusers)]
    pub trait CoreUsersUsedByList {
        async fn core_users_used_by_list(
            &self,
            caller: Self::Caller,
            params: CoreUsersUsedByListParams,
        ) -> Result<CoreUsersUsedByListResponse, Failure>;
    }
}

parameters! {
    pub struct CoreUsersUsedByListParams {
        pub id: i64 = ID,
    }
}

responses! {
    pub enum CoreUsersUsedByListResponse {
        /// The objects that refer to the user.
        Ok(body: Vec<UsedBy>) = 200 => json(&List(UsedBy::SCHEMA)),
    }
    400 => MALFORMED_PATH,
    403 => FORBIDDEN,
    404 => USER_NOT_FOUND,
    503 => UNAVAILABLE,
}

operation! {
    /// Create a service account
    ///
    /// Creates a user of type `service_account`, an app password for it and, if requested, a group of the same name
    /// with the account as its member, in one transaction. The app password is in the response;
    /// `/core/tokens/{identifier}/view_key/` returns it again. It is for applications that sign users in, and does not
    /// authenticate requests to this API, which would get 403: for those, create a token with the intent `api` for the
    /// account. The app password expires after 360 days unless `expires` or `expiring` says otherwise. Only superusers
    /// may create service accounts.
    #[operation(
        POST "/core/users/service_account/",
        tags = ["users"],
        security = "authentik", callers = Superusers,
        body_required = true
    )]
    pub trait CoreUsersServiceAccountCreate {
        async fn core_users_service_account_create(
            &self,
            caller: Self::Caller,
            body: Body<UserServiceAccountRequest>,
        ) -> Result<CoreUsersServiceAccountCreateResponse, Failure>;
    }
}

responses! {
    pub enum CoreUsersServiceAccountCreateResponse {
        /// The created service account.
        Ok(body: UserServiceAccountResponse) = 200 => json(&UserServiceAccountResponse::SCHEMA),
    }
    400 => INVALID_SERVICE_ACCOUNT,
    403 => FORBIDDEN,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// List paths
    ///
    /// Returns the distinct paths of matching users, sorted. Only superusers may list paths.
    #[operation(GET "/core/users/paths/", tags = ["users"], security = "authentik", callers = Superusers)]
    pub trait CoreUsersPathsRetrieve {
        async fn core_users_paths_retrieve(
            &self,
            caller: Self::Caller,
            params: CoreUsersPathsRetrieveParams,
        ) -> Result<CoreUsersPathsRetrieveResponse, Failure>;
    }
}

parameters! {
    pub struct CoreUsersPathsRetrieveParams {
        pub search: Option<String> = SEARCH,
    }
}

responses! {
    pub enum CoreUsersPathsRetrieveResponse {
        /// The paths.
        Ok(body: UserPath) = 200 => json(&UserPath::SCHEMA),
    }
    400 => INVALID_SEARCH,
    403 => FORBIDDEN,
    503 => UNAVAILABLE,
}

operation! {
    /// List groups
    ///
    /// Returns a page of the groups that match all filters, sorted by `name` by default. Only superusers may list
    /// groups.
    #[operation(GET "/core/groups/", tags = ["groups"], security = "authentik", callers = Superusers)]
    pub trait CoreGroupsList {
        async fn core_groups_list(
            &self,
            caller: Self::Caller,
            params: CoreGroupsListParams,
        ) -> Result<CoreGroupsListResponse, Failure>;
    }
}

parameters! {
    pub struct CoreGroupsListParams {
        /// Only groups whose attributes match every entry of this JSON object; see the same filter for users.
        pub attributes: Option<String> = query("attributes", Text::ANY),
        pub include_children: bool = INCLUDE_CHILDREN,
        pub include_inherited_roles: bool = INCLUDE_INHERITED_ROLES,
        pub include_parents: bool = INCLUDE_PARENTS,
        pub include_users: bool = INCLUDE_USERS,
        /// Only superuser groups, or only other groups.
        pub is_superuser: Option<bool> = query("is_superuser", Boolean),
        /// Only groups with at least one of these users, by `pk`.
        pub members_by_pk: Vec<i64> = repeated("members_by_pk", Id),
        /// Only groups with at least one of these users, by `username`.
        pub members_by_username: Vec<String> = repeated("members_by_username", Text::ANY),
        /// Only the group with exactly this name.
        pub name: Option<String> = query("name", Text::ANY),
        pub ordering: Option<String> = ORDERING,
        pub page: Option<i64> = PAGE,
        pub page_size: Option<i64> = PAGE_SIZE,
        pub search: Option<String> = SEARCH,
    }
}

responses! {
    pub enum CoreGroupsListResponse {
        /// A page of groups.
        Ok(body: PaginatedGroupList) = 200 => json(&PaginatedGroupList::SCHEMA),
    }
    400 => INVALID_GROUP_FILTER,
    403 => FORBIDDEN,
    404 => PAGE_NOT_FOUND,
    503 => UNAVAILABLE,
}

operation! {
    /// Create a group
    ///
    /// Creates a group and, if `users` is sent, its memberships in one transaction. Names are unique and
    /// case-sensitive. Superuser rights are inherited: members of a group below a superuser group, by whichever of its
    /// parents, are superusers too. Send `parent` for a group with one parent, or `parents` for any number; if both are
    /// sent, `parent` must be the first of `parents`. Only superusers may create groups.
    #[operation(
        POST "/core/groups/",
        tags = ["groups"],
        security = "authentik", callers = Superusers,
        body_required = true
    )]
    pub trait CoreGroupsCreate {
        async fn core_groups_create(
            &self,
            caller: Self::Caller,
            params: CoreGroupsCreateParams,
            body: Body<GroupRequest>,
        ) -> Result<CoreGroupsCreateResponse, Failure>;
    }
}

parameters! {
    pub struct CoreGroupsCreateParams {
        pub include_children: bool = INCLUDE_CHILDREN,
        pub include_inherited_roles: bool = INCLUDE_INHERITED_ROLES,
        pub include_parents: bool = INCLUDE_PARENTS,
        pub include_users: bool = INCLUDE_USERS,
    }
}

responses! {
    pub enum CoreGroupsCreateResponse {
        /// The created group.
        Created(body: Group) = 201 => json(&Group::SCHEMA),
    }
    400 => INVALID_GROUP,
    403 => FORBIDDEN,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// Get a group
    ///
    /// Returns a group with its members. `users` always lists the members' ids; `users_obj` is null if `include_users`
    /// is `false`. Only superusers may read groups.
    #[operation(GET "/core/groups/{group_uuid}/", tags = ["groups"], security = "authentik", callers = Superusers)]
    pub trait CoreGroupsRetrieve {
        async fn core_groups_retrieve(
            &self,
            caller: Self::Caller,
            params: CoreGroupsRetrieveParams,
        ) -> Result<CoreGroupsRetrieveResponse, Failure>;
    }
}

parameters! {
    pub struct CoreGroupsRetrieveParams {
        pub group_uuid: Uuid = GROUP_UUID,
        pub include_children: bool = INCLUDE_CHILDREN,
        pub include_inherited_roles: bool = INCLUDE_INHERITED_ROLES,
        pub include_parents: bool = INCLUDE_PARENTS,
        pub include_users: bool = INCLUDE_USERS,
    }
}

responses! {
    pub enum CoreGroupsRetrieveResponse {
        /// The group.
        Ok(body: Group) = 200 => json(&Group::SCHEMA),
    }
    400 => MALFORMED_PATH,
    403 => FORBIDDEN,
    404 => GROUP_NOT_FOUND,
    503 => UNAVAILABLE,
}

operation! {
    /// Replace a group
    ///
    /// Replaces `name` and the optional fields sent. Of the optional fields left out, the parents, `users` and `roles`
    /// are emptied and the others keep their values, as in authentik. `parent` makes that group the only parent,
    /// `parents` replaces all; if both are sent, `parent` must be the first of `parents`. A group cannot be its own
    /// ancestor. Only superusers may update groups. Changes that would leave no active superuser are rejected.
    #[operation(
        PUT "/core/groups/{group_uuid}/",
        tags = ["groups"],
        security = "authentik", callers = Superusers,
        body_required = true
    )]
    pub trait CoreGroupsUpdate {
        async fn core_groups_update(
            &self,
            caller: Self::Caller,
            params: CoreGroupsUpdateParams,
            body: Body<GroupRequest>,
        ) -> Result<CoreGroupsUpdateResponse, Failure>;
    }
}

parameters! {
    pub struct CoreGroupsUpdateParams {
        pub group_uuid: Uuid = GROUP_UUID,
        pub include_children: bool = INCLUDE_CHILDREN,
        pub include_inherited_roles: bool = INCLUDE_INHERITED_ROLES,
        pub include_parents: bool = INCLUDE_PARENTS,
        pub include_users: bool = INCLUDE_USERS,
    }
}

responses! {
    pub enum CoreGroupsUpdateResponse {
        /// The updated group.
        Ok(body: Group) = 200 => json(&Group::SCHEMA),
    }
    400 => INVALID_GROUP_UPDATE,
    403 => FORBIDDEN,
    404 => GROUP_NOT_FOUND,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// Delete a group
    ///
    /// Deletes a group and its memberships. Its members remain, and the groups below it lose this parent. Only
    /// superusers may delete groups. Changes that would leave no active superuser are rejected.
    #[operation(DELETE "/core/groups/{group_uuid}/", tags = ["groups"], security = "authentik", callers = Superusers)]
    pub trait CoreGroupsDestroy {
        async fn core_groups_destroy(
            &self,
            caller: Self::Caller,
            params: CoreGroupsDestroyParams,
        ) -> Result<CoreGroupsDestroyResponse, Failure>;
    }
}

parameters! {
    pub struct CoreGroupsDestroyParams {
        pub group_uuid: Uuid = GROUP_UUID,
    }
}

responses! {
    pub enum CoreGroupsDestroyResponse {
        /// The group was deleted.
        NoContent = 204 => no_content(),
    }
    400 => LAST_SUPERUSER,
    403 => FORBIDDEN,
    404 => GROUP_NOT_FOUND,
    503 => UNAVAILABLE,
}

operation! {
    /// Update a group
    ///
    /// Updates the fields sent and keeps the others. `parent` makes that group the only parent, `parents` replaces all;
    /// if both are sent, `parent` must be the first of `parents`. A group cannot be its own ancestor. Only superusers
    /// may update groups. Changes that would leave no active superuser are rejected.
    #[operation(PATCH "/core/groups/{group_uuid}/", tags = ["groups"], security = "authentik", callers = Superusers)]
    pub trait CoreGroupsPartialUpdate {
        async fn core_groups_partial_update(
            &self,
            caller: Self::Caller,
            params: CoreGroupsPartialUpdateParams,
            body: Body<PatchedGroupRequest>,
        ) -> Result<CoreGroupsPartialUpdateResponse, Failure>;
    }
}

parameters! {
    pub struct CoreGroupsPartialUpdateParams {
        pub group_uuid: Uuid = GROUP_UUID,
        pub include_children: bool = INCLUDE_CHILDREN,
        pub include_inherited_roles: bool = INCLUDE_INHERITED_ROLES,
        pub include_parents: bool = INCLUDE_PARENTS,
        pub include_users: bool = INCLUDE_USERS,
    }
}

responses! {
    pub enum CoreGroupsPartialUpdateResponse {
        /// The updated group.
        Ok(body: Group) = 200 => json(&Group::SCHEMA),
    }
    400 => INVALID_GROUP_UPDATE,
    403 => FORBIDDEN,
    404 => GROUP_NOT_FOUND,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// Add a user to a group
    ///
    /// Adds a user to a group; adding a member again changes nothing. Only superusers may update groups.
    #[operation(
        POST "/core/groups/{group_uuid}/add_user/",
        tags = ["groups"],
        security = "authentik", callers = Superusers,
        body_required = true
    )]
    pub trait CoreGroupsAddUserCreate {
        async fn core_groups_add_user_create(
            &self,
            caller: Self::Caller,
            params: CoreGroupsAddUserCreateParams,
            body: Body<UserAccountRequest>,
        ) -> Result<CoreGroupsAddUserCreateResponse, Failure>;
    }
}

parameters! {
    pub struct CoreGroupsAddUserCreateParams {
        pub group_uuid: Uuid = GROUP_UUID,
    }
}

responses! {
    pub enum CoreGroupsAddUserCreateResponse {
        /// The user is a member.
        NoContent = 204 => no_content(),
    }
    400 => MALFORMED_BODY,
    403 => FORBIDDEN,
    404 => GROUP_OR_USER_NOT_FOUND,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// Remove a user from a group
    ///
    /// Removes a user from a group; removing a user who is not a member changes nothing. Only superusers may update
    /// groups. Changes that would leave no active superuser are rejected.
    #[operation(
        POST "/core/groups/{group_uuid}/remove_user/",
        tags = ["groups"],
        security = "authentik", callers = Superusers,
        body_required = true
    )]
    pub trait CoreGroupsRemoveUserCreate {
        async fn core_groups_remove_user_create(
            &self,
            caller: Self::Caller,
            params: CoreGroupsRemoveUserCreateParams,
            body: Body<UserAccountRequest>,
        ) -> Result<CoreGroupsRemoveUserCreateResponse, Failure>;
    }
}

parameters! {
    pub struct CoreGroupsRemoveUserCreateParams {
        pub group_uuid: Uuid = GROUP_UUID,
    }
}

responses! {
    pub enum CoreGroupsRemoveUserCreateResponse {
        /// The user is no longer a member.
        NoContent = 204 => no_content(),
    }
    400 => INVALID_MEMBER,
    403 => FORBIDDEN,
    404 => GROUP_OR_USER_NOT_FOUND,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// List references to a group
    ///
    /// Returns the objects that refer to the group, and what happens to each of them when the group is deleted. Only
    /// superusers may read groups.
    #[operation(
        GET "/core/groups/{group_uuid}/used_by/",
        tags = ["groups"],
        security = "authentik", callers = Superusers
    )]
    pub trait CoreGroupsUsedByList {
        async fn core_groups_used_by_list(
            &self,
            caller: Self::Caller,
            params: CoreGroupsUsedByListParams,
        ) -> Result<CoreGroupsUsedByListResponse, Failure>;
    }
}

parameters! {
    pub struct CoreGroupsUsedByListParams {
        pub group_uuid: Uuid = GROUP_UUID,
    }
}

responses! {
    pub enum CoreGroupsUsedByListResponse {
        /// The objects that refer to the group.
        Ok(body: Vec<UsedBy>) = 200 => json(&List(UsedBy::SCHEMA)),
    }
    400 => MALFORMED_PATH,
    403 => FORBIDDEN,
    404 => GROUP_NOT_FOUND,
    503 => UNAVAILABLE,
}

operation! {
    /// List tokens
    ///
    /// Returns a page of the tokens that match all filters, without their keys, sorted by `identifier` by default.
    /// Superusers get all tokens, other callers only their own.
    #[operation(GET "/core/tokens/", tags = ["tokens"], security = "authentik", callers = Users)]
    pub trait CoreTokensList {
        async fn core_tokens_list(
            &self,
            caller: Self::Caller,
            params: CoreTokensListParams,
        ) -> Result<CoreTokensListResponse, Failure>;
    }
}

parameters! {
    pub struct CoreTokensListParams {
        /// Only tokens with exactly this description.
        pub description: Option<String> = query("description", Text::ANY),
        /// Only tokens that expire at exactly this time.
        pub expires: Option<Timestamp> = query("expires", DateTimeText),
        /// Only tokens that expire, or only tokens that do not.
        pub expiring: Option<bool> = query("expiring", Boolean),
        /// Only the token with exactly this identifier.
        pub identifier: Option<String> = query("identifier", Text::ANY),
        /// Only tokens with this intent.
        pub intent: Option<IntentEnum> = query("intent", IntentEnum::SCHEMA),
        /// Only the token with exactly this `managed` value.
        pub managed: Option<String> = query("managed", Text::ANY),
        pub ordering: Option<String> = ORDERING,
        pub page: Option<i64> = PAGE,
        pub page_size: Option<i64> = PAGE_SIZE,
        pub search: Option<String> = SEARCH,
        /// Only tokens of the user with exactly this username.
        pub user_username: Option<String> = query("user__username", Text::ANY),
    }
}

responses! {
    pub enum CoreTokensListResponse {
        /// A page of tokens.
        Ok(body: PaginatedTokenList) = 200 => json(&PaginatedTokenList::SCHEMA),
    }
    400 => INVALID_TOKEN_FILTER,
    403 => UNAUTHENTICATED,
    404 => PAGE_NOT_FOUND,
    503 => UNAVAILABLE,
}

operation! {
    /// Create a token
    ///
    /// Creates a token with a random key, which `/core/tokens/{identifier}/view_key/` returns. The token belongs to
    /// `user`, by default to the caller; if the caller is not a superuser, `user` is ignored. The token expires after
    /// one day unless `expires` or `expiring` says otherwise.
    #[operation(POST "/core/tokens/", tags = ["tokens"], security = "authentik", callers = Users, body_required = true)]
    pub trait CoreTokensCreate {
        async fn core_tokens_create(
            &self,
            caller: Self::Caller,
            body: Body<TokenRequest>,
        ) -> Result<CoreTokensCreateResponse, Failure>;
    }
}

responses! {
    pub enum CoreTokensCreateResponse {
        /// The created token.
        Created(body: Token) = 201 => json(&Token::SCHEMA),
    }
    400 => INVALID_TOKEN,
    403 => UNAUTHENTICATED,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// Get a token
    ///
    /// Returns a token, without its key. Superusers may read any token, other callers only their own.
    #[operation(GET "/core/tokens/{identifier}/", tags = ["tokens"], security = "authentik", callers = Users)]
    pub trait CoreTokensRetrieve {
        async fn core_tokens_retrieve(
            &self,
            caller: Self::Caller,
            params: CoreTokensRetrieveParams,
        ) -> Result<CoreTokensRetrieveResponse, Failure>;
    }
}

parameters! {
    pub struct CoreTokensRetrieveParams {
        pub identifier: String = IDENTIFIER,
    }
}

responses! {
    pub enum CoreTokensRetrieveResponse {
        /// The token.
        Ok(body: Token) = 200 => json(&Token::SCHEMA),
    }
    400 => MALFORMED_PATH,
    403 => UNAUTHENTICATED,
    404 => TOKEN_NOT_FOUND,
    503 => UNAVAILABLE,
}

operation! {
    /// Replace a token
    ///
    /// Replaces `identifier` and the optional fields sent; those left out keep their values, and what results follows
    /// the rules for new tokens. Superusers may update any token, other callers only their own. If the caller is not a
    /// superuser, `user` is ignored.
    #[operation(
        PUT "/core/tokens/{identifier}/",
        tags = ["tokens"],
        security = "authentik", callers = Users,
        body_required = true
    )]
    pub trait CoreTokensUpdate {
        async fn core_tokens_update(
            &self,
            caller: Self::Caller,
            params: CoreTokensUpdateParams,
            body: Body<TokenRequest>,
        ) -> Result<CoreTokensUpdateResponse, Failure>;
    }
}

parameters! {
    pub struct CoreTokensUpdateParams {
        pub identifier: String = IDENTIFIER,
    }
}

responses! {
    pub enum CoreTokensUpdateResponse {
        /// The updated token.
        Ok(body: Token) = 200 => json(&Token::SCHEMA),
    }
    400 => INVALID_TOKEN,
    403 => UNAUTHENTICATED,
    404 => TOKEN_NOT_FOUND,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// Delete a token
    ///
    /// Deletes a token. Its key stops working at once; further servers on the same database notice within one second.
    /// Superusers may delete any token, other callers only their own.
    #[operation(DELETE "/core/tokens/{identifier}/", tags = ["tokens"], security = "authentik", callers = Users)]
    pub trait CoreTokensDestroy {
        async fn core_tokens_destroy(
            &self,
            caller: Self::Caller,
            params: CoreTokensDestroyParams,
        ) -> Result<CoreTokensDestroyResponse, Failure>;
    }
}

parameters! {
    pub struct CoreTokensDestroyParams {
        pub identifier: String = IDENTIFIER,
    }
}

responses! {
    pub enum CoreTokensDestroyResponse {
        /// The token was deleted.
        NoContent = 204 => no_content(),
    }
    400 => MALFORMED_PATH,
    403 => UNAUTHENTICATED,
    404 => TOKEN_NOT_FOUND,
    503 => UNAVAILABLE,
}

operation! {
    /// Update a token
    ///
    /// Updates the fields sent and keeps the others. What results follows the rules for new tokens: a token that begins
    /// to expire, or whose `expires` becomes null, expires after one day; a token that does not expire has no
    /// `expires`. Superusers may update any token, other callers only their own. If the caller is not a superuser,
    /// `user` is ignored.
    #[operation(PATCH "/core/tokens/{identifier}/", tags = ["tokens"], security = "authentik", callers = Users)]
    pub trait CoreTokensPartialUpdate {
        async fn core_tokens_partial_update(
            &self,
            caller: Self::Caller,
            params: CoreTokensPartialUpdateParams,
            body: Body<PatchedTokenRequest>,
        ) -> Result<CoreTokensPartialUpdateResponse, Failure>;
    }
}

parameters! {
    pub struct CoreTokensPartialUpdateParams {
        pub identifier: String = IDENTIFIER,
    }
}

responses! {
    pub enum CoreTokensPartialUpdateResponse {
        /// The updated token.
        Ok(body: Token) = 200 => json(&Token::SCHEMA),
    }
    400 => INVALID_TOKEN,
    403 => UNAUTHENTICATED,
    404 => TOKEN_NOT_FOUND,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// Set a token's key
    ///
    /// Replaces the key of a token; an expired token counts as missing. The old key stops working at once; further
    /// servers on the same database notice within one second. Superusers may set the key of any token, other callers
    /// only of their own.
    #[operation(
        POST "/core/tokens/{identifier}/set_key/",
        tags = ["tokens"],
        security = "authentik", callers = Users,
        body_required = true
    )]
    pub trait CoreTokensSetKeyCreate {
        async fn core_tokens_set_key_create(
            &self,
            caller: Self::Caller,
            params: CoreTokensSetKeyCreateParams,
            body: Body<TokenSetKeyRequest>,
        ) -> Result<CoreTokensSetKeyCreateResponse, Failure>;
    }
}

parameters! {
    pub struct CoreTokensSetKeyCreateParams {
        pub identifier: String = IDENTIFIER,
    }
}

responses! {
    pub enum CoreTokensSetKeyCreateResponse {
        /// The key was set.
        NoContent = 204 => no_content(),
    }
    400 => INVALID_KEY,
    403 => UNAUTHENTICATED,
    404 => TOKEN_NOT_FOUND,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
    503 => UNAVAILABLE,
}

operation! {
    /// List references to a token
    ///
    /// Returns the objects that refer to the token: none, because nothing refers to tokens. Superusers may read any
    /// token, other callers only their own.
    #[operation(GET "/core/tokens/{identifier}/used_by/", tags = ["tokens"], security = "authentik", callers = Users)]
    pub trait CoreTokensUsedByList {
        async fn core_tokens_used_by_list(
            &self,
            caller: Self::Caller,
            params: CoreTokensUsedByListParams,
        ) -> Result<CoreTokensUsedByListResponse, Failure>;
    }
}

parameters! {
    pub struct CoreTokensUsedByListParams {
        pub identifier: String = IDENTIFIER,
    }
}

responses! {
    pub enum CoreTokensUsedByListResponse {
        /// An empty list.
        Ok(body: Vec<UsedBy>) = 200 => json(&List(UsedBy::SCHEMA)),
    }
    400 => MALFORMED_PATH,
    403 => UNAUTHENTICATED,
    404 => TOKEN_NOT_FOUND,
    503 => UNAVAILABLE,
}

operation! {
    /// View a token's key
    ///
    /// Returns the key of a token; an expired token counts as missing. Superusers may view the key of any token, other
    /// callers only of their own.
    #[operation(GET "/core/tokens/{identifier}/view_key/", tags = ["tokens"], security = "authentik", callers = Users)]
    pub trait CoreTokensViewKeyRetrieve {
        async fn core_tokens_view_key_retrieve(
            &self,
            caller: Self::Caller,
            params: CoreTokensViewKeyRetrieveParams,
        ) -> Result<CoreTokensViewKeyRetrieveResponse, Failure>;
    }
}

parameters! {
    pub struct CoreTokensViewKeyRetrieveParams {
        pub identifier: String = IDENTIFIER,
    }
}

responses! {
    pub enum CoreTokensViewKeyRetrieveResponse {
        /// The key.
        Ok(body: TokenView) = 200 => json(&TokenView::SCHEMA),
    }
    400 => MALFORMED_PATH,
    403 => UNAUTHENTICATED,
    404 => TOKEN_NOT_FOUND,
    503 => UNAVAILABLE,
}

operation! {
    /// Get the configuration
    ///
    /// Returns the configuration that authentik's tools request when they start. This server has none of the optional
    /// capabilities, caches no responses and reports no errors.
    #[operation(GET "/root/config/", tags = ["root"])]
    pub trait RootConfigRetrieve {
        async fn root_config_retrieve(&self) -> Result<RootConfigRetrieveResponse, Failure>;
    }
}

responses! {
    pub enum RootConfigRetrieveResponse {
        /// The configuration.
        Ok(body: Config) = 200 => json(&Config::SCHEMA),
    }
    406 => NOT_ACCEPTABLE,
}

operation! {
    /// Get the version
    ///
    /// Returns the version of authentik that this server speaks by default, so that tools know what to expect. The
    /// server asks nobody for newer ones. Any user may call this.
    #[operation(GET "/admin/version/", tags = ["admin"], security = "authentik", callers = Users)]
    pub trait AdminVersionRetrieve {
        async fn admin_version_retrieve(&self, caller: Self::Caller) -> Result<AdminVersionRetrieveResponse, Failure>;
    }
}

responses! {
    pub enum AdminVersionRetrieveResponse {
        /// The version.
        Ok(body: Version) = 200 => json(&Version::SCHEMA),
    }
    403 => UNAUTHENTICATED,
    503 => UNAVAILABLE,
}

operation! {
    /// Get the OpenAPI document
    ///
    /// Returns this API as authentik's document has it, for client generators: as OpenAPI 3.0.3, in YAML or JSON by
    /// content negotiation or by `format`; in YAML by default. `/api/v3/schema/openapi-3.1.json` has it as OpenAPI 3.1,
    /// also with `edition`.
    #[operation(GET "/schema/", tags = ["schema"])]
    pub trait SchemaRetrieve {
        async fn schema_retrieve(
            &self,
            params: SchemaRetrieveParams,
            media_type: &'static str,
        ) -> Result<SchemaRetrieveResponse, Failure>;
    }
}

enumeration! {
    pub enum SchemaRetrieveEdition {
        V2024_8 = "2024.8",
        V2026_8 = "2026.8",
    }
}

enumeration! {
    pub enum SchemaRetrieveFormat {
        Json = "json",
        Yaml = "yaml",
    }
}

parameters! {
    pub struct SchemaRetrieveParams {
        /// The release of authentik whose API the document describes; by default the one that the server is set to,
        /// which is 2024.8 unless told otherwise.
        pub edition: Option<SchemaRetrieveEdition> = query("edition", SchemaRetrieveEdition::INLINE),
        /// Format of the document. Overrides the `Accept` header.
        pub format: Option<SchemaRetrieveFormat> = query("format", SchemaRetrieveFormat::INLINE),
    }
}

responses! {
    pub enum SchemaRetrieveResponse {
        /// The document.
        Ok(body: Rendered) = 200 => one_of(&[
            ("application/vnd.oai.openapi", &FreeForm),
            ("application/yaml", &FreeForm),
            ("application/x-yaml", &FreeForm),
            ("text/yaml", &FreeForm),
            ("application/vnd.oai.openapi+json", &FreeForm),
            ("application/json", &FreeForm),
        ]),
    }
    400 => EDITION_UNKNOWN,
    404 => FORMAT_NOT_FOUND,
    406 => NOT_ACCEPTABLE,
}
