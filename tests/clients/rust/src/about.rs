//! What the server says about itself and the caller.

use authentik_client::apis::{admin_api, core_api, root_api};
use serde_json::json;

use crate::checks::{check, check_refused, connect, Test};

async fn caller(test: &Test) {
    let me = core_api::core_users_me_retrieve(&test.api).await.unwrap();
    check("the users of the session", &me.users, &vec![me.user.clone()]);
    check("the original user", me.original, None);
    let user = core_api::core_users_retrieve(&test.api, me.user.pk).await.unwrap();
    check("the username of the caller", me.user.username, user.username);
    check("the uid of the caller", me.user.uid, user.uid);
    check("whether the caller is the current user", me.user.is_current, true);
    check("the roles of the caller", me.user.roles, vec![]);
}

async fn version(test: &Test) {
    let found = admin_api::admin_version_retrieve(&test.api).await.unwrap();
    check("the latest version", &found.version_latest, &found.version_current);
    check("whether something is outdated", (found.outdated, found.outpost_outdated), (false, false));
    let stranger = admin_api::admin_version_retrieve(&connect(None)).await;
    let body = json!({"detail": "Authentication credentials were not provided."});
    check_refused("the version without a token", stranger, 403, body);
}

async fn configuration() {
    let found = root_api::root_config_retrieve(&connect(None)).await.unwrap();
    check("the capabilities", found.capabilities, vec![]);
    check("whether errors are reported", found.error_reporting.enabled, false);
}

pub async fn run(test: &Test) {
    caller(test).await;
    version(test).await;
    configuration().await;
}
