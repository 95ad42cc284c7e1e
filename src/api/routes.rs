// Generated from openapi/rollcall.yaml; change that and run `cargo run -p codegen`.

//! The contract's operations as poem-openapi describes and routes them.

use std::{collections::HashMap, sync::Arc};

use poem::{IntoResponse, endpoint::BoxEndpoint, http::Method};
use poem_openapi::{
    ApiResponse, ContactObject, LicenseObject, OpenApi, OpenApiService, ServerObject,
    registry::{MetaApi, MetaMediaType, MetaOperation, MetaPath, MetaRequest, MetaSecurityScheme, MetaTag, Registry},
    types::Type,
};

use super::{operations::*, runtime::*, samples::code_samples, schemas::*};

/// The operations of `api` as poem-openapi serves them.
#[derive(Debug)]
pub struct Routes<A> {
    pub api: Arc<A>,
    pub limits: Limits,
}

/// The service that emits the document.
pub fn service<A: Api>(routes: Routes<A>) -> OpenApiService<Routes<A>, ()> {
    OpenApiService::new(routes, "Rollcall API", "2024.8.3")
        .description(
            "A user directory that speaks version 3 of authentik's API for users, groups and \
             tokens. The version given here is the authentik release whose API is spoken. Send \
             an API token as `Authorization: Bearer <token>` with every request, and \
             `Content-Type: application/json` with every body. All times are RFC 3339 in UTC. \
             Unknown keys in a body and unknown query parameters are ignored.",
        )
        .contact(ContactObject::new().name("Rollcall developers").url("https://github.com/rollcall-directory/rollcall"))
        .license(LicenseObject::new("MIT").url("https://opensource.org/license/mit"))
        .server(ServerObject::new("/api/v3/").description("This server"))
}

impl<A: Api> OpenApi for Routes<A> {
    fn meta() -> Vec<MetaApi> {
        vec![MetaApi {
            paths: vec![
                MetaPath {
                    path: "/core/users/".into(),
                    operations: vec![
                        MetaOperation {
                            method: Method::GET,
                            tags: vec!["users"],
                            summary: Some("List users"),
                            description: Some(
                                "Answers a page of the users that fit all filters. Only superusers see others; to \
             other callers the list is empty. Without `ordering` it goes by `username`.",
                            ),
                            external_docs: None,
                            params: CoreUsersListParams::meta(),
                            request: None,
                            responses: CoreUsersListResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_users_list"),
                            code_samples: code_samples("core_users_list"),
                        },
                        MetaOperation {
                            method: Method::POST,
                            tags: vec!["users"],
                            summary: Some("Create a user"),
                            description: Some(
                                "Creates a user and its group memberships in one transaction: either all of it is \
             stored, or nothing. `username` and `name` are required, `name` may be blank; text \
             is trimmed of surrounding white space before it is checked. Usernames are unique \
             and compared exactly, letter case included; of several requests for one name \
             exactly one succeeds. A user is a superuser when any of its groups, or an ancestor \
             of one, is a superuser group. Only superusers may create users.",
                            ),
                            external_docs: None,
                            params: CoreUsersCreateParams::meta(),
                            request: Some(MetaRequest {
                                description: None,
                                content: vec![MetaMediaType {
                                    content_type: "application/json",
                                    schema: UserRequest::schema_ref(),
                                }],
                                required: true,
                            }),
                            responses: CoreUsersCreateResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_users_create"),
                            code_samples: code_samples("core_users_create"),
                        },
                    ],
                },
                MetaPath {
                    path: "/core/users/me/".into(),
                    operations: vec![MetaOperation {
                        method: Method::GET,
                        tags: vec!["users"],
                        summary: Some("Read the caller"),
                        description: Some(
                            "Answers the user whose token is used, in `user`. Every user may call it. `original` \
             is left out: this server has no impersonation.",
                        ),
                        external_docs: None,
                        params: vec![],
                        request: None,
                        responses: CoreUsersMeRetrieveResponse::meta(),
                        deprecated: false,
                        security: vec![HashMap::from([("authentik", vec![])])],
                        operation_id: Some("core_users_me_retrieve"),
                        code_samples: code_samples("core_users_me_retrieve"),
                    }],
                },
                MetaPath {
                    path: "/core/users/{id}/".into(),
                    operations: vec![
                        MetaOperation {
                            method: Method::GET,
                            tags: vec!["users"],
                            summary: Some("Read a user"),
                            description: Some(
                                "Answers one user with its groups. Only superusers may read other users.",
                            ),
                            external_docs: None,
                            params: CoreUsersRetrieveParams::meta(),
                            request: None,
                            responses: CoreUsersRetrieveResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_users_retrieve"),
                            code_samples: code_samples("core_users_retrieve"),
                        },
                        MetaOperation {
                            method: Method::PUT,
                            tags: vec!["users"],
                            summary: Some("Replace a user"),
                            description: Some(
                                "Stores `username`, `name` and what else is given. Of the optional fields that are \
             left out, `groups` is emptied, and the others stay as they are, as in authentik. \
             Only superusers may change users. What would leave the directory without an active \
             superuser is refused.",
                            ),
                            external_docs: None,
                            params: CoreUsersUpdateParams::meta(),
                            request: Some(MetaRequest {
                                description: None,
                                content: vec![MetaMediaType {
                                    content_type: "application/json",
                                    schema: UserRequest::schema_ref(),
                                }],
                                required: true,
                            }),
                            responses: CoreUsersUpdateResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_users_update"),
                            code_samples: code_samples("core_users_update"),
                        },
                        MetaOperation {
                            method: Method::DELETE,
                            tags: vec!["users"],
                            summary: Some("Delete a user"),
                            description: Some(
                                "Deletes a user with its memberships and tokens, and nothing else. Only superusers \
             may delete users. What would leave the directory without an active superuser is \
             refused.",
                            ),
                            external_docs: None,
                            params: CoreUsersDestroyParams::meta(),
                            request: None,
                            responses: CoreUsersDestroyResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_users_destroy"),
                            code_samples: code_samples("core_users_destroy"),
                        },
                        MetaOperation {
                            method: Method::PATCH,
                            tags: vec!["users"],
                            summary: Some("Change a user"),
                            description: Some(
                                "Stores what is given and leaves the rest as it is. Only superusers may change \
             users. What would leave the directory without an active superuser is refused.",
                            ),
                            external_docs: None,
                            params: CoreUsersPartialUpdateParams::meta(),
                            request: Some(MetaRequest {
                                description: None,
                                content: vec![MetaMediaType {
                                    content_type: "application/json",
                                    schema: PatchedUserRequest::schema_ref(),
                                }],
                                required: false,
                            }),
                            responses: CoreUsersPartialUpdateResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_users_partial_update"),
                            code_samples: code_samples("core_users_partial_update"),
                        },
                    ],
                },
                MetaPath {
                    path: "/core/users/{id}/set_password/".into(),
                    operations: vec![MetaOperation {
                        method: Method::POST,
                        tags: vec!["users"],
                        summary: Some("Set a user's password"),
                        description: Some(
                            "Stores a password, hashed with Argon2id. Only superusers may set passwords.",
                        ),
                        external_docs: None,
                        params: CoreUsersSetPasswordCreateParams::meta(),
                        request: Some(MetaRequest {
                            description: None,
                            content: vec![MetaMediaType {
                                content_type: "application/json",
                                schema: UserPasswordSetRequest::schema_ref(),
                            }],
                            required: true,
                        }),
                        responses: CoreUsersSetPasswordCreateResponse::meta(),
                        deprecated: false,
                        security: vec![HashMap::from([("authentik", vec![])])],
                        operation_id: Some("core_users_set_password_create"),
                        code_samples: code_samples("core_users_set_password_create"),
                    }],
                },
                MetaPath {
                    path: "/core/users/{id}/used_by/".into(),
                    operations: vec![MetaOperation {
                        method: Method::GET,
                        tags: vec!["users"],
                        summary: Some("List what refers to a user"),
                        description: Some(
                            "Answers the objects that refer to the user, and what becomes of each reference when \
             the user is deleted.",
                        ),
                        external_docs: None,
                        params: CoreUsersUsedByListParams::meta(),
                        request: None,
                        responses: CoreUsersUsedByListResponse::meta(),
                        deprecated: false,
                        security: vec![HashMap::from([("authentik", vec![])])],
                        operation_id: Some("core_users_used_by_list"),
                        code_samples: code_samples("core_users_used_by_list"),
                    }],
                },
                MetaPath {
                    path: "/core/users/service_account/".into(),
                    operations: vec![MetaOperation {
                        method: Method::POST,
                        tags: vec!["users"],
                        summary: Some("Create a service account"),
                        description: Some(
                            "Creates a user of the type `service_account`, an app password for it and, if \
             wanted, a group of the same name with it as a member, in one transaction. \
             `view_key` shows the app password again. It expires after 360 days, unless \
             `expires` or `expiring` says otherwise. Only superusers may create service accounts.",
                        ),
                        external_docs: None,
                        params: vec![],
                        request: Some(MetaRequest {
                            description: None,
                            content: vec![MetaMediaType {
                                content_type: "application/json",
                                schema: UserServiceAccountRequest::schema_ref(),
                            }],
                            required: true,
                        }),
                        responses: CoreUsersServiceAccountCreateResponse::meta(),
                        deprecated: false,
                        security: vec![HashMap::from([("authentik", vec![])])],
                        operation_id: Some("core_users_service_account_create"),
                        code_samples: code_samples("core_users_service_account_create"),
                    }],
                },
                MetaPath {
                    path: "/core/users/paths/".into(),
                    operations: vec![MetaOperation {
                        method: Method::GET,
                        tags: vec!["users"],
                        summary: Some("List paths"),
                        description: Some(
                            "Answers the different paths of the users that fit, in order. Only superusers see \
             users; to other callers the list is empty.",
                        ),
                        external_docs: None,
                        params: CoreUsersPathsRetrieveParams::meta(),
                        request: None,
                        responses: CoreUsersPathsRetrieveResponse::meta(),
                        deprecated: false,
                        security: vec![HashMap::from([("authentik", vec![])])],
                        operation_id: Some("core_users_paths_retrieve"),
                        code_samples: code_samples("core_users_paths_retrieve"),
                    }],
                },
                MetaPath {
                    path: "/core/groups/".into(),
                    operations: vec![
                        MetaOperation {
                            method: Method::GET,
                            tags: vec!["groups"],
                            summary: Some("List groups"),
                            description: Some(
                                "Answers a page of the groups that fit all filters. Only superusers see groups; to \
             other callers the list is empty. Without `ordering` it goes by `name`.",
                            ),
                            external_docs: None,
                            params: CoreGroupsListParams::meta(),
                            request: None,
                            responses: CoreGroupsListResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_groups_list"),
                            code_samples: code_samples("core_groups_list"),
                        },
                        MetaOperation {
                            method: Method::POST,
                            tags: vec!["groups"],
                            summary: Some("Create a group"),
                            description: Some(
                                "Creates a group, with its members if `users` is given, in one transaction. Names \
             are unique and compared exactly, letter case included. A group inherits \
             `is_superuser` from its ancestors: a member of the child of a superuser group is a \
             superuser too. Only superusers may create groups.",
                            ),
                            external_docs: None,
                            params: CoreGroupsCreateParams::meta(),
                            request: Some(MetaRequest {
                                description: None,
                                content: vec![MetaMediaType {
                                    content_type: "application/json",
                                    schema: GroupRequest::schema_ref(),
                                }],
                                required: true,
                            }),
                            responses: CoreGroupsCreateResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_groups_create"),
                            code_samples: code_samples("core_groups_create"),
                        },
                    ],
                },
                MetaPath {
                    path: "/core/groups/{group_uuid}/".into(),
                    operations: vec![
                        MetaOperation {
                            method: Method::GET,
                            tags: vec!["groups"],
                            summary: Some("Read a group"),
                            description: Some(
                                "Answers one group with its members. `users` always lists the members' ids; \
             `users_obj` describes them unless `include_users` is `false`. Only superusers may \
             read groups.",
                            ),
                            external_docs: None,
                            params: CoreGroupsRetrieveParams::meta(),
                            request: None,
                            responses: CoreGroupsRetrieveResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_groups_retrieve"),
                            code_samples: code_samples("core_groups_retrieve"),
                        },
                        MetaOperation {
                            method: Method::PUT,
                            tags: vec!["groups"],
                            summary: Some("Replace a group"),
                            description: Some(
                                "Stores `name` and what else is given. Of the optional fields that are left out, \
             `parent`, `users` and `roles` are emptied, and the others stay as they are, as in \
             authentik. A group can stand neither below itself nor below a group that stands \
             below it. Only superusers may change groups. What would leave the directory without \
             an active superuser is refused.",
                            ),
                            external_docs: None,
                            params: CoreGroupsUpdateParams::meta(),
                            request: Some(MetaRequest {
                                description: None,
                                content: vec![MetaMediaType {
                                    content_type: "application/json",
                                    schema: GroupRequest::schema_ref(),
                                }],
                                required: true,
                            }),
                            responses: CoreGroupsUpdateResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_groups_update"),
                            code_samples: code_samples("core_groups_update"),
                        },
                        MetaOperation {
                            method: Method::DELETE,
                            tags: vec!["groups"],
                            summary: Some("Delete a group"),
                            description: Some(
                                "Deletes a group with its memberships; its members stay, and groups below it lose \
             their parent. Only superusers may delete groups. What would leave the directory \
             without an active superuser is refused.",
                            ),
                            external_docs: None,
                            params: CoreGroupsDestroyParams::meta(),
                            request: None,
                            responses: CoreGroupsDestroyResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_groups_destroy"),
                            code_samples: code_samples("core_groups_destroy"),
                        },
                        MetaOperation {
                            method: Method::PATCH,
                            tags: vec!["groups"],
                            summary: Some("Change a group"),
                            description: Some(
                                "Stores what is given and leaves the rest as it is. A group can stand neither below \
             itself nor below a group that stands below it. Only superusers may change groups. \
             What would leave the directory without an active superuser is refused.",
                            ),
                            external_docs: None,
                            params: CoreGroupsPartialUpdateParams::meta(),
                            request: Some(MetaRequest {
                                description: None,
                                content: vec![MetaMediaType {
                                    content_type: "application/json",
                                    schema: PatchedGroupRequest::schema_ref(),
                                }],
                                required: false,
                            }),
                            responses: CoreGroupsPartialUpdateResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_groups_partial_update"),
                            code_samples: code_samples("core_groups_partial_update"),
                        },
                    ],
                },
                MetaPath {
                    path: "/core/groups/{group_uuid}/add_user/".into(),
                    operations: vec![MetaOperation {
                        method: Method::POST,
                        tags: vec!["groups"],
                        summary: Some("Add a member"),
                        description: Some(
                            "Makes a user a member of the group; nothing changes when it is one already. Only \
             superusers may change groups.",
                        ),
                        external_docs: None,
                        params: CoreGroupsAddUserCreateParams::meta(),
                        request: Some(MetaRequest {
                            description: None,
                            content: vec![MetaMediaType {
                                content_type: "application/json",
                                schema: UserAccountRequest::schema_ref(),
                            }],
                            required: true,
                        }),
                        responses: CoreGroupsAddUserCreateResponse::meta(),
                        deprecated: false,
                        security: vec![HashMap::from([("authentik", vec![])])],
                        operation_id: Some("core_groups_add_user_create"),
                        code_samples: code_samples("core_groups_add_user_create"),
                    }],
                },
                MetaPath {
                    path: "/core/groups/{group_uuid}/remove_user/".into(),
                    operations: vec![MetaOperation {
                        method: Method::POST,
                        tags: vec!["groups"],
                        summary: Some("Remove a member"),
                        description: Some(
                            "Ends a membership; nothing changes when there is none. Only superusers may change \
             groups. What would leave the directory without an active superuser is refused.",
                        ),
                        external_docs: None,
                        params: CoreGroupsRemoveUserCreateParams::meta(),
                        request: Some(MetaRequest {
                            description: None,
                            content: vec![MetaMediaType {
                                content_type: "application/json",
                                schema: UserAccountRequest::schema_ref(),
                            }],
                            required: true,
                        }),
                        responses: CoreGroupsRemoveUserCreateResponse::meta(),
                        deprecated: false,
                        security: vec![HashMap::from([("authentik", vec![])])],
                        operation_id: Some("core_groups_remove_user_create"),
                        code_samples: code_samples("core_groups_remove_user_create"),
                    }],
                },
                MetaPath {
                    path: "/core/groups/{group_uuid}/used_by/".into(),
                    operations: vec![MetaOperation {
                        method: Method::GET,
                        tags: vec!["groups"],
                        summary: Some("List what refers to a group"),
                        description: Some(
                            "Answers the objects that refer to the group, and what becomes of each reference \
             when the group is deleted.",
                        ),
                        external_docs: None,
                        params: CoreGroupsUsedByListParams::meta(),
                        request: None,
                        responses: CoreGroupsUsedByListResponse::meta(),
                        deprecated: false,
                        security: vec![HashMap::from([("authentik", vec![])])],
                        operation_id: Some("core_groups_used_by_list"),
                        code_samples: code_samples("core_groups_used_by_list"),
                    }],
                },
                MetaPath {
                    path: "/core/tokens/".into(),
                    operations: vec![
                        MetaOperation {
                            method: Method::GET,
                            tags: vec!["tokens"],
                            summary: Some("List tokens"),
                            description: Some(
                                "Answers a page of the tokens that fit all filters, without their keys. Superusers \
             see all, other callers their own. Without `ordering` it goes by `identifier`.",
                            ),
                            external_docs: None,
                            params: CoreTokensListParams::meta(),
                            request: None,
                            responses: CoreTokensListResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_tokens_list"),
                            code_samples: code_samples("core_tokens_list"),
                        },
                        MetaOperation {
                            method: Method::POST,
                            tags: vec!["tokens"],
                            summary: Some("Create a token"),
                            description: Some(
                                "Creates a token with a random key, which `view_key` shows. It belongs to the \
             caller; only superusers may name another `user`. A token expires after a day, \
             unless `expires` or `expiring` says otherwise.",
                            ),
                            external_docs: None,
                            params: vec![],
                            request: Some(MetaRequest {
                                description: None,
                                content: vec![MetaMediaType {
                                    content_type: "application/json",
                                    schema: TokenRequest::schema_ref(),
                                }],
                                required: true,
                            }),
                            responses: CoreTokensCreateResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_tokens_create"),
                            code_samples: code_samples("core_tokens_create"),
                        },
                    ],
                },
                MetaPath {
                    path: "/core/tokens/{identifier}/".into(),
                    operations: vec![
                        MetaOperation {
                            method: Method::GET,
                            tags: vec!["tokens"],
                            summary: Some("Read a token"),
                            description: Some(
                                "Answers one token, without its key. Superusers see all, other callers their own.",
                            ),
                            external_docs: None,
                            params: CoreTokensRetrieveParams::meta(),
                            request: None,
                            responses: CoreTokensRetrieveResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_tokens_retrieve"),
                            code_samples: code_samples("core_tokens_retrieve"),
                        },
                        MetaOperation {
                            method: Method::PUT,
                            tags: vec!["tokens"],
                            summary: Some("Replace a token"),
                            description: Some(
                                "Stores `identifier` and what else is given; optional fields that are left out stay \
             as they are. Superusers may change all tokens, other callers their own; only \
             superusers may give a token to another user.",
                            ),
                            external_docs: None,
                            params: CoreTokensUpdateParams::meta(),
                            request: Some(MetaRequest {
                                description: None,
                                content: vec![MetaMediaType {
                                    content_type: "application/json",
                                    schema: TokenRequest::schema_ref(),
                                }],
                                required: true,
                            }),
                            responses: CoreTokensUpdateResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_tokens_update"),
                            code_samples: code_samples("core_tokens_update"),
                        },
                        MetaOperation {
                            method: Method::DELETE,
                            tags: vec!["tokens"],
                            summary: Some("Delete a token"),
                            description: Some(
                                "Deletes a token; its key stops working at once. Superusers may delete all tokens, \
             other callers their own.",
                            ),
                            external_docs: None,
                            params: CoreTokensDestroyParams::meta(),
                            request: None,
                            responses: CoreTokensDestroyResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_tokens_destroy"),
                            code_samples: code_samples("core_tokens_destroy"),
                        },
                        MetaOperation {
                            method: Method::PATCH,
                            tags: vec!["tokens"],
                            summary: Some("Change a token"),
                            description: Some(
                                "Stores what is given and leaves the rest as it is. Superusers may change all \
             tokens, other callers their own; only superusers may give a token to another user.",
                            ),
                            external_docs: None,
                            params: CoreTokensPartialUpdateParams::meta(),
                            request: Some(MetaRequest {
                                description: None,
                                content: vec![MetaMediaType {
                                    content_type: "application/json",
                                    schema: PatchedTokenRequest::schema_ref(),
                                }],
                                required: false,
                            }),
                            responses: CoreTokensPartialUpdateResponse::meta(),
                            deprecated: false,
                            security: vec![HashMap::from([("authentik", vec![])])],
                            operation_id: Some("core_tokens_partial_update"),
                            code_samples: code_samples("core_tokens_partial_update"),
                        },
                    ],
                },
                MetaPath {
                    path: "/core/tokens/{identifier}/set_key/".into(),
                    operations: vec![MetaOperation {
                        method: Method::POST,
                        tags: vec!["tokens"],
                        summary: Some("Set a token's key"),
                        description: Some(
                            "Replaces the key of a token; the old one stops working at once. Superusers may do \
             so for all tokens, other callers for their own.",
                        ),
                        external_docs: None,
                        params: CoreTokensSetKeyCreateParams::meta(),
                        request: Some(MetaRequest {
                            description: None,
                            content: vec![MetaMediaType {
                                content_type: "application/json",
                                schema: TokenSetKeyRequest::schema_ref(),
                            }],
                            required: true,
                        }),
                        responses: CoreTokensSetKeyCreateResponse::meta(),
                        deprecated: false,
                        security: vec![HashMap::from([("authentik", vec![])])],
                        operation_id: Some("core_tokens_set_key_create"),
                        code_samples: code_samples("core_tokens_set_key_create"),
                    }],
                },
                MetaPath {
                    path: "/core/tokens/{identifier}/used_by/".into(),
                    operations: vec![MetaOperation {
                        method: Method::GET,
                        tags: vec!["tokens"],
                        summary: Some("List what refers to a token"),
                        description: Some(
                            "Answers the objects that refer to the token, and what becomes of each reference \
             when the token is deleted.",
                        ),
                        external_docs: None,
                        params: CoreTokensUsedByListParams::meta(),
                        request: None,
                        responses: CoreTokensUsedByListResponse::meta(),
                        deprecated: false,
                        security: vec![HashMap::from([("authentik", vec![])])],
                        operation_id: Some("core_tokens_used_by_list"),
                        code_samples: code_samples("core_tokens_used_by_list"),
                    }],
                },
                MetaPath {
                    path: "/core/tokens/{identifier}/view_key/".into(),
                    operations: vec![MetaOperation {
                        method: Method::GET,
                        tags: vec!["tokens"],
                        summary: Some("View a token's key"),
                        description: Some(
                            "Answers the key of a token. Superusers may view all keys, other callers those of \
             their own tokens.",
                        ),
                        external_docs: None,
                        params: CoreTokensViewKeyRetrieveParams::meta(),
                        request: None,
                        responses: CoreTokensViewKeyRetrieveResponse::meta(),
                        deprecated: false,
                        security: vec![HashMap::from([("authentik", vec![])])],
                        operation_id: Some("core_tokens_view_key_retrieve"),
                        code_samples: code_samples("core_tokens_view_key_retrieve"),
                    }],
                },
                MetaPath {
                    path: "/root/config/".into(),
                    operations: vec![MetaOperation {
                        method: Method::GET,
                        tags: vec!["root"],
                        summary: Some("Read the configuration"),
                        description: Some(
                            "Answers what tools ask an authentik server for when they start. The values are \
             those of this server: it has none of the capabilities, caches nothing, and reports \
             errors to nobody. No token is needed.",
                        ),
                        external_docs: None,
                        params: vec![],
                        request: None,
                        responses: RootConfigRetrieveResponse::meta(),
                        deprecated: false,
                        security: vec![],
                        operation_id: Some("root_config_retrieve"),
                        code_samples: code_samples("root_config_retrieve"),
                    }],
                },
                MetaPath {
                    path: "/schema/".into(),
                    operations: vec![MetaOperation {
                        method: Method::GET,
                        tags: vec!["schema"],
                        summary: Some("Read this document"),
                        description: Some(
                            "Answers this OpenAPI 3.0.3 document, as YAML (`application/vnd.oai.openapi`, \
             `application/yaml`) or as JSON (`application/vnd.oai.openapi+json`, \
             `application/json`), by content negotiation or by `format`. Without either it is \
             YAML. No token is needed. The same document as OpenAPI 3.1 is at \
             `/api/v3/schema/openapi-3.1.json`.",
                        ),
                        external_docs: None,
                        params: SchemaRetrieveParams::meta(),
                        request: None,
                        responses: SchemaRetrieveResponse::meta(),
                        deprecated: false,
                        security: vec![],
                        operation_id: Some("schema_retrieve"),
                        code_samples: code_samples("schema_retrieve"),
                    }],
                },
            ],
        }]
    }

    fn register(registry: &mut Registry) {
        registry.create_tag(MetaTag {
            name: "users",
            description: Some("People and service accounts, their passwords, and the groups they belong to."),
            external_docs: None,
        });
        registry.create_tag(MetaTag {
            name: "groups",
            description: Some("Groups, their members, and the rights that members inherit from them."),
            external_docs: None,
        });
        registry.create_tag(MetaTag {
            name: "tokens",
            description: Some("Tokens and their keys. Keys of `api` tokens authenticate requests to this API."),
            external_docs: None,
        });
        registry.create_tag(MetaTag {
            name: "root",
            description: Some("The configuration of this server. No token is needed."),
            external_docs: None,
        });
        registry.create_tag(MetaTag {
            name: "schema",
            description: Some("The OpenAPI document of this API, for tools. No token is needed."),
            external_docs: None,
        });
        registry.create_security_scheme(
            "authentik",
            MetaSecurityScheme {
                ty: "http",
                description: Some(
                    "An API token. The first start of the server shows one for the administrator; \
             `rollcall token create --user NAME` makes more.",
                ),
                name: None,
                key_in: None,
                scheme: Some("bearer"),
                bearer_format: None,
                flows: None,
                openid_connect_url: None,
            },
        );
        CoreUsersListResponse::register(registry);
        <UserRequest as Type>::register(registry);
        CoreUsersCreateResponse::register(registry);
        CoreUsersMeRetrieveResponse::register(registry);
        CoreUsersRetrieveResponse::register(registry);
        <UserRequest as Type>::register(registry);
        CoreUsersUpdateResponse::register(registry);
        CoreUsersDestroyResponse::register(registry);
        <PatchedUserRequest as Type>::register(registry);
        CoreUsersPartialUpdateResponse::register(registry);
        <UserPasswordSetRequest as Type>::register(registry);
        CoreUsersSetPasswordCreateResponse::register(registry);
        CoreUsersUsedByListResponse::register(registry);
        <UserServiceAccountRequest as Type>::register(registry);
        CoreUsersServiceAccountCreateResponse::register(registry);
        CoreUsersPathsRetrieveResponse::register(registry);
        CoreGroupsListResponse::register(registry);
        <GroupRequest as Type>::register(registry);
        CoreGroupsCreateResponse::register(registry);
        CoreGroupsRetrieveResponse::register(registry);
        <GroupRequest as Type>::register(registry);
        CoreGroupsUpdateResponse::register(registry);
        CoreGroupsDestroyResponse::register(registry);
        <PatchedGroupRequest as Type>::register(registry);
        CoreGroupsPartialUpdateResponse::register(registry);
        <UserAccountRequest as Type>::register(registry);
        CoreGroupsAddUserCreateResponse::register(registry);
        <UserAccountRequest as Type>::register(registry);
        CoreGroupsRemoveUserCreateResponse::register(registry);
        CoreGroupsUsedByListResponse::register(registry);
        CoreTokensListResponse::register(registry);
        <TokenRequest as Type>::register(registry);
        CoreTokensCreateResponse::register(registry);
        CoreTokensRetrieveResponse::register(registry);
        <TokenRequest as Type>::register(registry);
        CoreTokensUpdateResponse::register(registry);
        CoreTokensDestroyResponse::register(registry);
        <PatchedTokenRequest as Type>::register(registry);
        CoreTokensPartialUpdateResponse::register(registry);
        <TokenSetKeyRequest as Type>::register(registry);
        CoreTokensSetKeyCreateResponse::register(registry);
        CoreTokensUsedByListResponse::register(registry);
        CoreTokensViewKeyRetrieveResponse::register(registry);
        RootConfigRetrieveResponse::register(registry);
        SchemaRetrieveResponse::register(registry);
    }

    fn add_routes(self, table: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {
        let mut routes = RouteTable { api: self.api, limits: self.limits, table };
        routes.add(Method::GET, "/core/users/", CoreUsersListResponse::PRODUCES, |api, call| async move {
            let caller = call.caller(&*api).await?;
            let params = CoreUsersListParams::read(&call)?;
            Ok(api.core_users_list(caller, params).await?.into_response())
        });
        routes.add(Method::POST, "/core/users/", CoreUsersCreateResponse::PRODUCES, |api, call| async move {
            let caller = call.caller(&*api).await?;
            let params = CoreUsersCreateParams::read(&call)?;
            let body = call.body().await?;
            Ok(api.core_users_create(caller, params, body).await?.into_response())
        });
        routes.add(Method::GET, "/core/users/me/", CoreUsersMeRetrieveResponse::PRODUCES, |api, call| async move {
            let caller = call.caller(&*api).await?;
            Ok(api.core_users_me_retrieve(caller).await?.into_response())
        });
        routes.add(Method::GET, "/core/users/:id/", CoreUsersRetrieveResponse::PRODUCES, |api, call| async move {
            let caller = call.caller(&*api).await?;
            let params = CoreUsersRetrieveParams::read(&call)?;
            Ok(api.core_users_retrieve(caller, params).await?.into_response())
        });
        routes.add(Method::PUT, "/core/users/:id/", CoreUsersUpdateResponse::PRODUCES, |api, call| async move {
            let caller = call.caller(&*api).await?;
            let params = CoreUsersUpdateParams::read(&call)?;
            let body = call.body().await?;
            Ok(api.core_users_update(caller, params, body).await?.into_response())
        });
        routes.add(Method::DELETE, "/core/users/:id/", CoreUsersDestroyResponse::PRODUCES, |api, call| async move {
            let caller = call.caller(&*api).await?;
            let params = CoreUsersDestroyParams::read(&call)?;
            Ok(api.core_users_destroy(caller, params).await?.into_response())
        });
        routes.add(
            Method::PATCH,
            "/core/users/:id/",
            CoreUsersPartialUpdateResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreUsersPartialUpdateParams::read(&call)?;
                let body = call.body().await?;
                Ok(api.core_users_partial_update(caller, params, body).await?.into_response())
            },
        );
        routes.add(
            Method::POST,
            "/core/users/:id/set_password/",
            CoreUsersSetPasswordCreateResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreUsersSetPasswordCreateParams::read(&call)?;
                let body = call.body().await?;
                Ok(api.core_users_set_password_create(caller, params, body).await?.into_response())
            },
        );
        routes.add(
            Method::GET,
            "/core/users/:id/used_by/",
            CoreUsersUsedByListResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreUsersUsedByListParams::read(&call)?;
                Ok(api.core_users_used_by_list(caller, params).await?.into_response())
            },
        );
        routes.add(
            Method::POST,
            "/core/users/service_account/",
            CoreUsersServiceAccountCreateResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let body = call.body().await?;
                Ok(api.core_users_service_account_create(caller, body).await?.into_response())
            },
        );
        routes.add(
            Method::GET,
            "/core/users/paths/",
            CoreUsersPathsRetrieveResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreUsersPathsRetrieveParams::read(&call)?;
                Ok(api.core_users_paths_retrieve(caller, params).await?.into_response())
            },
        );
        routes.add(Method::GET, "/core/groups/", CoreGroupsListResponse::PRODUCES, |api, call| async move {
            let caller = call.caller(&*api).await?;
            let params = CoreGroupsListParams::read(&call)?;
            Ok(api.core_groups_list(caller, params).await?.into_response())
        });
        routes.add(Method::POST, "/core/groups/", CoreGroupsCreateResponse::PRODUCES, |api, call| async move {
            let caller = call.caller(&*api).await?;
            let params = CoreGroupsCreateParams::read(&call)?;
            let body = call.body().await?;
            Ok(api.core_groups_create(caller, params, body).await?.into_response())
        });
        routes.add(
            Method::GET,
            "/core/groups/:group_uuid/",
            CoreGroupsRetrieveResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreGroupsRetrieveParams::read(&call)?;
                Ok(api.core_groups_retrieve(caller, params).await?.into_response())
            },
        );
        routes.add(
            Method::PUT,
            "/core/groups/:group_uuid/",
            CoreGroupsUpdateResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreGroupsUpdateParams::read(&call)?;
                let body = call.body().await?;
                Ok(api.core_groups_update(caller, params, body).await?.into_response())
            },
        );
        routes.add(
            Method::DELETE,
            "/core/groups/:group_uuid/",
            CoreGroupsDestroyResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreGroupsDestroyParams::read(&call)?;
                Ok(api.core_groups_destroy(caller, params).await?.into_response())
            },
        );
        routes.add(
            Method::PATCH,
            "/core/groups/:group_uuid/",
            CoreGroupsPartialUpdateResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreGroupsPartialUpdateParams::read(&call)?;
                let body = call.body().await?;
                Ok(api.core_groups_partial_update(caller, params, body).await?.into_response())
            },
        );
        routes.add(
            Method::POST,
            "/core/groups/:group_uuid/add_user/",
            CoreGroupsAddUserCreateResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreGroupsAddUserCreateParams::read(&call)?;
                let body = call.body().await?;
                Ok(api.core_groups_add_user_create(caller, params, body).await?.into_response())
            },
        );
        routes.add(
            Method::POST,
            "/core/groups/:group_uuid/remove_user/",
            CoreGroupsRemoveUserCreateResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreGroupsRemoveUserCreateParams::read(&call)?;
                let body = call.body().await?;
                Ok(api.core_groups_remove_user_create(caller, params, body).await?.into_response())
            },
        );
        routes.add(
            Method::GET,
            "/core/groups/:group_uuid/used_by/",
            CoreGroupsUsedByListResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreGroupsUsedByListParams::read(&call)?;
                Ok(api.core_groups_used_by_list(caller, params).await?.into_response())
            },
        );
        routes.add(Method::GET, "/core/tokens/", CoreTokensListResponse::PRODUCES, |api, call| async move {
            let caller = call.caller(&*api).await?;
            let params = CoreTokensListParams::read(&call)?;
            Ok(api.core_tokens_list(caller, params).await?.into_response())
        });
        routes.add(Method::POST, "/core/tokens/", CoreTokensCreateResponse::PRODUCES, |api, call| async move {
            let caller = call.caller(&*api).await?;
            let body = call.body().await?;
            Ok(api.core_tokens_create(caller, body).await?.into_response())
        });
        routes.add(
            Method::GET,
            "/core/tokens/:identifier/",
            CoreTokensRetrieveResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreTokensRetrieveParams::read(&call)?;
                Ok(api.core_tokens_retrieve(caller, params).await?.into_response())
            },
        );
        routes.add(
            Method::PUT,
            "/core/tokens/:identifier/",
            CoreTokensUpdateResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreTokensUpdateParams::read(&call)?;
                let body = call.body().await?;
                Ok(api.core_tokens_update(caller, params, body).await?.into_response())
            },
        );
        routes.add(
            Method::DELETE,
            "/core/tokens/:identifier/",
            CoreTokensDestroyResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreTokensDestroyParams::read(&call)?;
                Ok(api.core_tokens_destroy(caller, params).await?.into_response())
            },
        );
        routes.add(
            Method::PATCH,
            "/core/tokens/:identifier/",
            CoreTokensPartialUpdateResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreTokensPartialUpdateParams::read(&call)?;
                let body = call.body().await?;
                Ok(api.core_tokens_partial_update(caller, params, body).await?.into_response())
            },
        );
        routes.add(
            Method::POST,
            "/core/tokens/:identifier/set_key/",
            CoreTokensSetKeyCreateResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreTokensSetKeyCreateParams::read(&call)?;
                let body = call.body().await?;
                Ok(api.core_tokens_set_key_create(caller, params, body).await?.into_response())
            },
        );
        routes.add(
            Method::GET,
            "/core/tokens/:identifier/used_by/",
            CoreTokensUsedByListResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreTokensUsedByListParams::read(&call)?;
                Ok(api.core_tokens_used_by_list(caller, params).await?.into_response())
            },
        );
        routes.add(
            Method::GET,
            "/core/tokens/:identifier/view_key/",
            CoreTokensViewKeyRetrieveResponse::PRODUCES,
            |api, call| async move {
                let caller = call.caller(&*api).await?;
                let params = CoreTokensViewKeyRetrieveParams::read(&call)?;
                Ok(api.core_tokens_view_key_retrieve(caller, params).await?.into_response())
            },
        );
        routes.add(Method::GET, "/root/config/", RootConfigRetrieveResponse::PRODUCES, |api, _call| async move {
            Ok(api.root_config_retrieve().await?.into_response())
        });
        routes.add(Method::GET, "/schema/", SchemaRetrieveResponse::PRODUCES, |api, call| async move {
            let params = SchemaRetrieveParams::read(&call)?;
            let media_type = call.media_type();
            Ok(api.schema_retrieve(params, media_type).await?.into_response())
        });
    }
}
