// Generated from openapi/rollcall.yaml; change that and run `cargo run -p codegen`.

//! The contract's operations: for each its trait, its parameters and its responses.

use uuid::Uuid;

use super::{runtime::*, schemas::*};

components! {
    /// The group's `pk`.
    const GROUP_UUID: Parameter<Path<IdRef>> = path("group_uuid", IdRef);
    /// The user's `pk`.
    const ID: Parameter<Path<Integer>> = path("id", Integer);
    /// The token's `identifier`.
    const IDENTIFIER: Parameter<Path<Text>> = path("identifier", Text::ANY);
    /// Whether `groups_obj` describes the groups. With `false` it is null, and the answer smaller.
    const INCLUDE_GROUPS: Parameter<QueryOr<Flag>> = query_or("include_groups", Flag, true);
    /// Whether `users_obj` describes the members. With `false` it is null, which makes large groups cheaper.
    const INCLUDE_USERS: Parameter<QueryOr<Flag>> = query_or("include_users", Flag, true);
    /// Fields to order by, separated by commas; a `-` before one turns it around. Unknown fields are ignored.
    const ORDERING: Parameter<Query<Text>> = query("ordering", Text::ANY);
    /// Which page to answer, from 1.
    const PAGE: Parameter<Query<Ordinal>> = query("page", Ordinal);
    /// How many objects a page has. 100 if left out or 0; never more than 1,000.
    const PAGE_SIZE: Parameter<Query<Ordinal>> = query("page_size", Ordinal);
    /// Words, each of which has to be in one of the names or addresses, whatever the letter case; quotes keep words
    /// together.
    const SEARCH: Parameter<Query<Text>> = query("search", Text::ANY);
    /// The request is malformed.
    const BAD_REQUEST: ResponseDoc = json(&ValidationError::SCHEMA);
    /// The token is missing or not valid, or its user may not do this.
    const FORBIDDEN: ResponseDoc = json(&GenericError::SCHEMA);
    /// The body is larger than the server accepts.
    const TOO_LARGE: ResponseDoc = json(&GenericError::SCHEMA);
    /// The body is not declared as `application/json`.
    const UNSUPPORTED_MEDIA_TYPE: ResponseDoc = json(&GenericError::SCHEMA);
}

operation! {
    /// List users
    ///
    /// Answers a page of the users that fit all filters. Only superusers see others; to other callers the list is
    /// empty. Without `ordering` it goes by `username`.
    #[operation(GET "/core/users/", tags = ["users"], security = "authentik")]
    pub trait CoreUsersList {
        async fn core_users_list(
            &self,
            caller: Self::Caller,
            params: CoreUsersListParams,
        ) -> Result<CoreUsersListResponse, Failure>;
    }
}

enumeration! {
    pub enum CoreUsersListType {
        External = "external",
        Internal = "internal",
        InternalServiceAccount = "internal_service_account",
        ServiceAccount = "service_account",
    }
}

parameters! {
    pub struct CoreUsersListParams {
        /// Attributes that users have, as a JSON object. A key may go into objects and lists by `__`, and may end in a
        /// comparison: `{"floor__gte": 3, "address__city": "Łódź"}`. Known are `gt`, `gte`, `lt`, `lte`, `in`,
        /// `isnull`, `icontains`, `startswith`, `istartswith`, `endswith`, `iendswith` and `iexact`.
        pub attributes: Option<String> = query("attributes", Text::ANY),
        /// The exact email address.
        pub email: Option<String> = query("email", Text::ANY),
        /// Names of groups, of which the users are in any.
        pub groups_by_name: Vec<String> = repeated("groups_by_name", Text::ANY),
        /// Ids of groups, of which the users are in any.
        pub groups_by_pk: Vec<Uuid> = repeated("groups_by_pk", IdRef),
        pub include_groups: bool = INCLUDE_GROUPS,
        /// Whether the users are active.
        pub is_active: Option<bool> = query("is_active", Boolean),
        /// Whether the users are direct members of a superuser group.
        pub is_superuser: Option<bool> = query("is_superuser", Boolean),
        /// The exact display name.
        pub name: Option<String> = query("name", Text::ANY),
        pub ordering: Option<String> = ORDERING,
        pub page: Option<i64> = PAGE,
        pub page_size: Option<i64> = PAGE_SIZE,
        /// The exact path.
        pub path: Option<String> = query("path", Text::ANY),
        /// How the path starts.
        pub path_startswith: Option<String> = query("path_startswith", Text::ANY),
        pub search: Option<String> = SEARCH,
        /// Types, of which the users have any.
        pub r#type: Vec<CoreUsersListType> = repeated("type", CoreUsersListType::INLINE),
        /// The exact username.
        pub username: Option<String> = query("username", Text::ANY),
        /// The user's `uuid`.
        pub uuid: Option<Uuid> = query("uuid", IdRef),
    }
}

responses! {
    pub enum CoreUsersListResponse {
        /// The page.
        Ok(body: PaginatedUserList) = 200 => json(&PaginatedUserList::SCHEMA),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    /// There is no such page.
    404 => json(&GenericError::SCHEMA),
}

operation! {
    /// Create a user
    ///
    /// Creates a user and its group memberships in one transaction: either all of it is stored, or nothing. `username`
    /// and `name` are required, `name` may be blank; text is trimmed of surrounding white space before it is checked.
    /// Usernames are unique and compared exactly, letter case included; of several requests for one name exactly one
    /// succeeds. A user is a superuser when any of its groups, or an ancestor of one, is a superuser group. Only
    /// superusers may create users.
    #[operation(POST "/core/users/", tags = ["users"], security = "authentik", body_required = true)]
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
    }
}

responses! {
    pub enum CoreUsersCreateResponse {
        /// The user as it was stored, with the id it was given.
        Created(body: User) = 201 => json(&User::SCHEMA),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// Read the caller
    ///
    /// Answers the user whose token is used, in `user`. Every user may call it. `original` is left out: this server has
    /// no impersonation.
    #[operation(GET "/core/users/me/", tags = ["users"], security = "authentik")]
    pub trait CoreUsersMeRetrieve {
        async fn core_users_me_retrieve(&self, caller: Self::Caller) -> Result<CoreUsersMeRetrieveResponse, Failure>;
    }
}

responses! {
    pub enum CoreUsersMeRetrieveResponse {
        /// The caller.
        Ok(body: SessionUser) = 200 => json(&SessionUser::SCHEMA),
    }
    400 => BAD_REQUEST,
    403 => FORBIDDEN,
}

operation! {
    /// Read a user
    ///
    /// Answers one user with its groups. Only superusers may read other users.
    #[operation(GET "/core/users/{id}/", tags = ["users"], security = "authentik")]
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
    }
}

responses! {
    pub enum CoreUsersRetrieveResponse {
        /// The user.
        Ok(body: User) = 200 => json(&User::SCHEMA),
    }
    400 => BAD_REQUEST,
    403 => FORBIDDEN,
    /// There is no such user.
    404 => json(&GenericError::SCHEMA),
}

operation! {
    /// Replace a user
    ///
    /// Stores `username`, `name` and what else is given. Of the optional fields that are left out, `groups` is emptied,
    /// and the others stay as they are, as in authentik. Only superusers may change users. What would leave the
    /// directory without an active superuser is refused.
    #[operation(PUT "/core/users/{id}/", tags = ["users"], security = "authentik", body_required = true)]
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
    }
}

responses! {
    pub enum CoreUsersUpdateResponse {
        /// The user as it is stored now.
        Ok(body: User) = 200 => json(&User::SCHEMA),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    /// There is no such user.
    404 => json(&GenericError::SCHEMA),
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// Delete a user
    ///
    /// Deletes a user with its memberships and tokens, and nothing else. Only superusers may delete users. What would
    /// leave the directory without an active superuser is refused.
    #[operation(DELETE "/core/users/{id}/", tags = ["users"], security = "authentik")]
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
        /// The user is gone.
        NoContent = 204 => no_content(),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    /// There is no such user.
    404 => json(&GenericError::SCHEMA),
}

operation! {
    /// Change a user
    ///
    /// Stores what is given and leaves the rest as it is. Only superusers may change users. What would leave the
    /// directory without an active superuser is refused.
    #[operation(PATCH "/core/users/{id}/", tags = ["users"], security = "authentik")]
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
    }
}

responses! {
    pub enum CoreUsersPartialUpdateResponse {
        /// The user as it is stored now.
        Ok(body: User) = 200 => json(&User::SCHEMA),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    /// There is no such user.
    404 => json(&GenericError::SCHEMA),
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// Set a user's password
    ///
    /// Stores a password, hashed with Argon2id. Only superusers may set passwords.
    #[operation(POST "/core/users/{id}/set_password/", tags = ["users"], security = "authentik", body_required = true)]
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
        /// The password is set.
        NoContent = 204 => no_content(),
    }
    /// The password is missing or too short.
    400 => no_content(),
    403 => FORBIDDEN,
    /// There is no such user.
    404 => json(&GenericError::SCHEMA),
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// List what refers to a user
    ///
    /// Answers the objects that refer to the user, and what becomes of each reference when the user is deleted.
    #[operation(GET "/core/users/{id}/used_by/", tags = ["users"], security = "authentik")]
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
        /// The objects.
        Ok(body: Vec<UsedBy>) = 200 => json(&List(UsedBy::SCHEMA)),
    }
    400 => BAD_REQUEST,
    403 => FORBIDDEN,
    /// There is no such user.
    404 => json(&GenericError::SCHEMA),
}

operation! {
    /// Create a service account
    ///
    /// Creates a user of the type `service_account`, an app password for it and, if wanted, a group of the same name
    /// with it as a member, in one transaction. `view_key` shows the app password again. It expires after 360 days,
    /// unless `expires` or `expiring` says otherwise. Only superusers may create service accounts.
    #[operation(POST "/core/users/service_account/", tags = ["users"], security = "authentik", body_required = true)]
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
        /// The account.
        Ok(body: UserServiceAccountResponse) = 200 => json(&UserServiceAccountResponse::SCHEMA),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// List paths
    ///
    /// Answers the different paths of the users that fit, in order. Only superusers see users; to other callers the
    /// list is empty.
    #[operation(GET "/core/users/paths/", tags = ["users"], security = "authentik")]
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
    400 => BAD_REQUEST,
    403 => FORBIDDEN,
}

operation! {
    /// List groups
    ///
    /// Answers a page of the groups that fit all filters. Only superusers see groups; to other callers the list is
    /// empty. Without `ordering` it goes by `name`.
    #[operation(GET "/core/groups/", tags = ["groups"], security = "authentik")]
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
        /// Attributes that groups have, as a JSON object, as for users.
        pub attributes: Option<String> = query("attributes", Text::ANY),
        pub include_users: bool = INCLUDE_USERS,
        /// Whether the groups themselves make their members superusers.
        pub is_superuser: Option<bool> = query("is_superuser", Boolean),
        /// Ids of users, of which the groups have any as a member.
        pub members_by_pk: Vec<i64> = repeated("members_by_pk", Id),
        /// Names of users, of which the groups have any as a member.
        pub members_by_username: Vec<String> = repeated("members_by_username", Text::ANY),
        /// The exact name.
        pub name: Option<String> = query("name", Text::ANY),
        pub ordering: Option<String> = ORDERING,
        pub page: Option<i64> = PAGE,
        pub page_size: Option<i64> = PAGE_SIZE,
        pub search: Option<String> = SEARCH,
    }
}

responses! {
    pub enum CoreGroupsListResponse {
        /// The page.
        Ok(body: PaginatedGroupList) = 200 => json(&PaginatedGroupList::SCHEMA),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    /// There is no such page.
    404 => json(&GenericError::SCHEMA),
}

operation! {
    /// Create a group
    ///
    /// Creates a group, with its members if `users` is given, in one transaction. Names are unique and compared
    /// exactly, letter case included. A group inherits `is_superuser` from its ancestors: a member of the child of a
    /// superuser group is a superuser too. Only superusers may create groups.
    #[operation(POST "/core/groups/", tags = ["groups"], security = "authentik", body_required = true)]
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
        pub include_users: bool = INCLUDE_USERS,
    }
}

responses! {
    pub enum CoreGroupsCreateResponse {
        /// The group as it was stored.
        Created(body: Group) = 201 => json(&Group::SCHEMA),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// Read a group
    ///
    /// Answers one group with its members. `users` always lists the members' ids; `users_obj` describes them unless
    /// `include_users` is `false`. Only superusers may read groups.
    #[operation(GET "/core/groups/{group_uuid}/", tags = ["groups"], security = "authentik")]
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
        pub include_users: bool = INCLUDE_USERS,
    }
}

responses! {
    pub enum CoreGroupsRetrieveResponse {
        /// The group.
        Ok(body: Group) = 200 => json(&Group::SCHEMA),
    }
    400 => BAD_REQUEST,
    403 => FORBIDDEN,
    /// There is no such group.
    404 => json(&GenericError::SCHEMA),
}

operation! {
    /// Replace a group
    ///
    /// Stores `name` and what else is given. Of the optional fields that are left out, `parent`, `users` and `roles`
    /// are emptied, and the others stay as they are, as in authentik. A group can stand neither below itself nor below
    /// a group that stands below it. Only superusers may change groups. What would leave the directory without an
    /// active superuser is refused.
    #[operation(PUT "/core/groups/{group_uuid}/", tags = ["groups"], security = "authentik", body_required = true)]
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
        pub include_users: bool = INCLUDE_USERS,
    }
}

responses! {
    pub enum CoreGroupsUpdateResponse {
        /// The group as it is stored now.
        Ok(body: Group) = 200 => json(&Group::SCHEMA),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    /// There is no such group.
    404 => json(&GenericError::SCHEMA),
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// Delete a group
    ///
    /// Deletes a group with its memberships; its members stay, and groups below it lose their parent. Only superusers
    /// may delete groups. What would leave the directory without an active superuser is refused.
    #[operation(DELETE "/core/groups/{group_uuid}/", tags = ["groups"], security = "authentik")]
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
        /// The group is gone.
        NoContent = 204 => no_content(),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    /// There is no such group.
    404 => json(&GenericError::SCHEMA),
}

operation! {
    /// Change a group
    ///
    /// Stores what is given and leaves the rest as it is. A group can stand neither below itself nor below a group that
    /// stands below it. Only superusers may change groups. What would leave the directory without an active superuser
    /// is refused.
    #[operation(PATCH "/core/groups/{group_uuid}/", tags = ["groups"], security = "authentik")]
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
        pub include_users: bool = INCLUDE_USERS,
    }
}

responses! {
    pub enum CoreGroupsPartialUpdateResponse {
        /// The group as it is stored now.
        Ok(body: Group) = 200 => json(&Group::SCHEMA),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    /// There is no such group.
    404 => json(&GenericError::SCHEMA),
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// Add a member
    ///
    /// Makes a user a member of the group; nothing changes when it is one already. Only superusers may change groups.
    #[operation(
        POST "/core/groups/{group_uuid}/add_user/",
        tags = ["groups"],
        security = "authentik",
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
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    /// There is no such user or group.
    404 => no_content(),
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// Remove a member
    ///
    /// Ends a membership; nothing changes when there is none. Only superusers may change groups. What would leave the
    /// directory without an active superuser is refused.
    #[operation(
        POST "/core/groups/{group_uuid}/remove_user/",
        tags = ["groups"],
        security = "authentik",
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
        /// The user is no member.
        NoContent = 204 => no_content(),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    /// There is no such user or group.
    404 => no_content(),
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// List what refers to a group
    ///
    /// Answers the objects that refer to the group, and what becomes of each reference when the group is deleted.
    #[operation(GET "/core/groups/{group_uuid}/used_by/", tags = ["groups"], security = "authentik")]
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
        /// The objects.
        Ok(body: Vec<UsedBy>) = 200 => json(&List(UsedBy::SCHEMA)),
    }
    400 => BAD_REQUEST,
    403 => FORBIDDEN,
    /// There is no such group.
    404 => json(&GenericError::SCHEMA),
}

operation! {
    /// List tokens
    ///
    /// Answers a page of the tokens that fit all filters, without their keys. Superusers see all, other callers their
    /// own. Without `ordering` it goes by `identifier`.
    #[operation(GET "/core/tokens/", tags = ["tokens"], security = "authentik")]
    pub trait CoreTokensList {
        async fn core_tokens_list(
            &self,
            caller: Self::Caller,
            params: CoreTokensListParams,
        ) -> Result<CoreTokensListResponse, Failure>;
    }
}

enumeration! {
    pub enum CoreTokensListIntent {
        Api = "api",
        AppPassword = "app_password",
        Recovery = "recovery",
        Verification = "verification",
    }
}

parameters! {
    pub struct CoreTokensListParams {
        /// The exact description.
        pub description: Option<String> = query("description", Text::ANY),
        /// The exact time of expiry.
        pub expires: Option<Timestamp> = query("expires", DateTimeText),
        /// Whether the tokens expire.
        pub expiring: Option<bool> = query("expiring", Boolean),
        /// The exact identifier.
        pub identifier: Option<String> = query("identifier", Text::ANY),
        /// What the tokens are for.
        pub intent: Option<CoreTokensListIntent> = query("intent", CoreTokensListIntent::INLINE),
        /// What manages the tokens, exactly.
        pub managed: Option<String> = query("managed", Text::ANY),
        pub ordering: Option<String> = ORDERING,
        pub page: Option<i64> = PAGE,
        pub page_size: Option<i64> = PAGE_SIZE,
        pub search: Option<String> = SEARCH,
        /// The exact username of the tokens' owner.
        pub user_username: Option<String> = query("user__username", Text::ANY),
    }
}

responses! {
    pub enum CoreTokensListResponse {
        /// The page.
        Ok(body: PaginatedTokenList) = 200 => json(&PaginatedTokenList::SCHEMA),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    /// There is no such page.
    404 => json(&GenericError::SCHEMA),
}

operation! {
    /// Create a token
    ///
    /// Creates a token with a random key, which `view_key` shows. It belongs to the caller; only superusers may name
    /// another `user`. A token expires after a day, unless `expires` or `expiring` says otherwise.
    #[operation(POST "/core/tokens/", tags = ["tokens"], security = "authentik", body_required = true)]
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
        /// The token as it was stored.
        Created(body: Token) = 201 => json(&Token::SCHEMA),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// Read a token
    ///
    /// Answers one token, without its key. Superusers see all, other callers their own.
    #[operation(GET "/core/tokens/{identifier}/", tags = ["tokens"], security = "authentik")]
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
    400 => BAD_REQUEST,
    403 => FORBIDDEN,
    /// There is no such token that the caller may see.
    404 => json(&GenericError::SCHEMA),
}

operation! {
    /// Replace a token
    ///
    /// Stores `identifier` and what else is given; optional fields that are left out stay as they are. Superusers may
    /// change all tokens, other callers their own; only superusers may give a token to another user.
    #[operation(PUT "/core/tokens/{identifier}/", tags = ["tokens"], security = "authentik", body_required = true)]
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
        /// The token as it is stored now.
        Ok(body: Token) = 200 => json(&Token::SCHEMA),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    /// There is no such token that the caller may see.
    404 => json(&GenericError::SCHEMA),
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// Delete a token
    ///
    /// Deletes a token; its key stops working at once. Superusers may delete all tokens, other callers their own.
    #[operation(DELETE "/core/tokens/{identifier}/", tags = ["tokens"], security = "authentik")]
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
        /// The token is gone.
        NoContent = 204 => no_content(),
    }
    400 => BAD_REQUEST,
    403 => FORBIDDEN,
    /// There is no such token that the caller may see.
    404 => json(&GenericError::SCHEMA),
}

operation! {
    /// Change a token
    ///
    /// Stores what is given and leaves the rest as it is. Superusers may change all tokens, other callers their own;
    /// only superusers may give a token to another user.
    #[operation(PATCH "/core/tokens/{identifier}/", tags = ["tokens"], security = "authentik")]
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
        /// The token as it is stored now.
        Ok(body: Token) = 200 => json(&Token::SCHEMA),
    }
    /// The body is malformed, or some fields are wrong. Every wrong field is named, each with all its errors.
    400 => json(&ValidationError::SCHEMA),
    403 => FORBIDDEN,
    /// There is no such token that the caller may see.
    404 => json(&GenericError::SCHEMA),
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// Set a token's key
    ///
    /// Replaces the key of a token; the old one stops working at once. Superusers may do so for all tokens, other
    /// callers for their own.
    #[operation(
        POST "/core/tokens/{identifier}/set_key/",
        tags = ["tokens"],
        security = "authentik",
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
        /// The key is set.
        NoContent = 204 => no_content(),
    }
    /// The key is missing, or another token has it.
    400 => no_content(),
    403 => FORBIDDEN,
    /// There is no such token that the caller may see, or it has expired.
    404 => no_content(),
    413 => TOO_LARGE,
    415 => UNSUPPORTED_MEDIA_TYPE,
}

operation! {
    /// List what refers to a token
    ///
    /// Answers the objects that refer to the token, and what becomes of each reference when the token is deleted.
    #[operation(GET "/core/tokens/{identifier}/used_by/", tags = ["tokens"], security = "authentik")]
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
        /// The objects.
        Ok(body: Vec<UsedBy>) = 200 => json(&List(UsedBy::SCHEMA)),
    }
    400 => BAD_REQUEST,
    403 => FORBIDDEN,
    /// There is no such token that the caller may see.
    404 => json(&GenericError::SCHEMA),
}

operation! {
    /// View a token's key
    ///
    /// Answers the key of a token. Superusers may view all keys, other callers those of their own tokens.
    #[operation(GET "/core/tokens/{identifier}/view_key/", tags = ["tokens"], security = "authentik")]
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
    400 => BAD_REQUEST,
    403 => FORBIDDEN,
    /// There is no such token that the caller may see, or it has expired.
    404 => no_content(),
}

operation! {
    /// Read the configuration
    ///
    /// Answers what tools ask an authentik server for when they start. The values are those of this server: it has none
    /// of the capabilities, caches nothing, and reports errors to nobody. No token is needed.
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
    400 => BAD_REQUEST,
    403 => FORBIDDEN,
}

operation! {
    /// Read this document
    ///
    /// Answers this OpenAPI 3.0.3 document, as YAML (`application/vnd.oai.openapi`, `application/yaml`) or as JSON
    /// (`application/vnd.oai.openapi+json`, `application/json`), by content negotiation or by `format`. Without either
    /// it is YAML. No token is needed. The same document as OpenAPI 3.1 is at `/api/v3/schema/openapi-3.1.json`.
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
    pub enum SchemaRetrieveFormat {
        Json = "json",
        Yaml = "yaml",
    }
}

parameters! {
    pub struct SchemaRetrieveParams {
        /// The form of the document; overrides the Accept header.
        pub format: Option<SchemaRetrieveFormat> = query("format", SchemaRetrieveFormat::INLINE),
    }
}

responses! {
    pub enum SchemaRetrieveResponse {
        /// The document.
        Ok(body: Rendered) = 200 => one_of(&[
            ("application/vnd.oai.openapi", &FreeForm),
            ("application/yaml", &FreeForm),
            ("application/vnd.oai.openapi+json", &FreeForm),
            ("application/json", &FreeForm),
        ]),
    }
    400 => BAD_REQUEST,
    /// The Accept header allows none of the forms.
    406 => json(&GenericError::SCHEMA),
}
