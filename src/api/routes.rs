// Generated from openapi/rollcall.yaml; change that and run `cargo run -p codegen`.

//! The contract's operations as poem-openapi describes and routes them.

use std::{collections::HashMap, sync::Arc};

use poem::{endpoint::BoxEndpoint, http::Method};
use poem_openapi::{
    ContactObject, LicenseObject, OpenApi, OpenApiService, ServerObject,
    registry::{MetaApi, Registry},
};

use super::{operations::*, runtime::*};

/// The operations of `api`, for poem-openapi.
#[derive(Debug)]
pub struct Routes<A> {
    pub api: Arc<A>,
    pub limits: Limits,
}

/// The version of the contract: the authentik release whose API it is.
pub const VERSION: &str = "2026.8.5";

/// The service that emits the document.
pub fn service<A: Api>(routes: Routes<A>) -> OpenApiService<Routes<A>, ()> {
    OpenApiService::new(routes, "Rollcall API", VERSION)
        .description(
            "A user directory that speaks version 3 of authentik's API for users, groups and tokens, \
             as its releases 2024.8 and 2026.8 do. Responses have the fields of both, and requests may \
             use the fields of either.\n\
             \n\
             Requests: send an API token as `Authorization: Bearer <token>` with every request, and \
             `Content-Type: application/json` with every body. Unknown properties of a body and \
             unknown query parameters are ignored.\n\
             \n\
             Responses: times are RFC 3339 in UTC. Invalid fields are reported all at once, each with \
             a list of messages; other errors have a `detail`. Any request may also get 404 for an \
             unknown path, 405 for a method that the path does not have, 406 if its `Accept` header \
             excludes JSON, 408 if its body takes too long to arrive, 414 if its URL is too long, 417 \
             for an unknown expectation, 429 with `Retry-After` if too many invalid tokens came from \
             its address, 431 if its headers are too large, 500 for an error of the server, 501 for an \
             unknown transfer coding, and 503 with `Retry-After` if it takes too long or the server is \
             busy. The `X-Request-Id` header of a response identifies the request in the server's log.\n\
             \n\
             Versions: the API is version 3, hence the path `/api/v3/`. The version of a document is \
             the authentik release whose API it describes; `/openapi.json` describes everything, and \
             has the version of the newest. The program has a version of its own, shown at `/` and by \
             `rollcall --version`.\n",
        )
        .contact(ContactObject::new().name("Rollcall developers"))
        .license(LicenseObject::new("MIT").url("https://opensource.org/license/mit"))
        .server(ServerObject::new("/api/v3/").description("This server"))
}

impl<A: Api> OpenApi for Routes<A> {
    fn meta() -> Vec<MetaApi> {
        vec![MetaApi { paths: paths(docs()) }]
    }

    fn register(registry: &mut Registry) {
        registry
            .create_tag(tag("users", "People and service accounts: their profiles, passwords and group memberships."));
        registry.create_tag(tag("groups", "Groups, their members, and the superuser rights that members inherit."));
        registry.create_tag(tag(
            "tokens",
            "Tokens and their keys. The key of an `api` token authenticates requests to this API; \
             other tokens are only stored.",
        ));
        registry.create_tag(tag("root", "Configuration of this server. Needs no token."));
        registry.create_tag(tag("admin", "What authentik's tools ask of a server before they work with it."));
        registry.create_tag(tag("schema", "The OpenAPI document of this API. Needs no token."));
        registry.create_security_scheme(
            "authentik",
            bearer(
                "An API token. The first start of the server prints one for the administrator; `rollcall \
             token create --user NAME` creates more.",
            ),
        );
        register(&docs(), registry);
    }

    fn add_routes(self, table: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {
        add_routes(&mut RouteTable { api: self.api, limits: self.limits, table });
    }
}

api! {
    CoreUsersList: core_users_list,
    CoreUsersCreate: core_users_create,
    CoreUsersMeRetrieve: core_users_me_retrieve,
    CoreUsersRetrieve: core_users_retrieve,
    CoreUsersUpdate: core_users_update,
    CoreUsersDestroy: core_users_destroy,
    CoreUsersPartialUpdate: core_users_partial_update,
    CoreUsersSetPasswordCreate: core_users_set_password_create,
    CoreUsersSetPasswordHashCreate: core_users_set_password_hash_create,
    CoreUsersUsedByList: core_users_used_by_list,
    CoreUsersServiceAccountCreate: core_users_service_account_create,
    CoreUsersPathsRetrieve: core_users_paths_retrieve,
    CoreGroupsList: core_groups_list,
    CoreGroupsCreate: core_groups_create,
    CoreGroupsRetrieve: core_groups_retrieve,
    CoreGroupsUpdate: core_groups_update,
    CoreGroupsDestroy: core_groups_destroy,
    CoreGroupsPartialUpdate: core_groups_partial_update,
    CoreGroupsAddUserCreate: core_groups_add_user_create,
    CoreGroupsRemoveUserCreate: core_groups_remove_user_create,
    CoreGroupsUsedByList: core_groups_used_by_list,
    CoreTokensList: core_tokens_list,
    CoreTokensCreate: core_tokens_create,
    CoreTokensRetrieve: core_tokens_retrieve,
    CoreTokensUpdate: core_tokens_update,
    CoreTokensDestroy: core_tokens_destroy,
    CoreTokensPartialUpdate: core_tokens_partial_update,
    CoreTokensSetKeyCreate: core_tokens_set_key_create,
    CoreTokensUsedByList: core_tokens_used_by_list,
    CoreTokensViewKeyRetrieve: core_tokens_view_key_retrieve,
    RootConfigRetrieve: root_config_retrieve,
    AdminVersionRetrieve: admin_version_retrieve,
    SchemaRetrieve: schema_retrieve,
}
