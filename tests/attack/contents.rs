//! What the server has stored, compared with what the clients know.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    client::Client,
    installation::{Installation, check_file},
    ledger::{Group, Ledger, User},
    program::http_client,
};

/// The number of objects of a round that are looked up one by one.
const SAMPLE: usize = 4;

/// Compares everything that a round wrote. Returns how many changes were not acknowledged, but are stored.
pub async fn check_round(client: &Client, round: &str, ledger: &Ledger) -> usize {
    let mut tokens = BTreeMap::new();
    for token in client.list(&format!("/core/tokens/?description={round}")).await {
        tokens.insert(text(&token["identifier"]), token["user"].clone());
    }
    let mut users = BTreeMap::new();
    for user in client.list(&format!("/core/users/?path={round}")).await {
        let username = text(&user["username"]);
        let token = tokens.remove(&username);
        assert!(token.iter().all(|owner| *owner == user["pk"]), "{user} doesn't have its token");
        let groups = user["groups"].as_array().unwrap().iter().map(text).collect();
        let (name, attributes) = (text(&user["name"]), user["attributes"].clone());
        users.insert(username, User { name, groups, attributes, has_token: token.is_some() });
    }
    assert!(tokens.is_empty(), "tokens without their users: {tokens:?}");
    let mut groups = BTreeMap::new();
    for group in client.list(&format!("/core/groups/?search={round}-&include_users=false")).await {
        let parents = group["parents"].as_array().unwrap().iter().map(text).collect();
        groups.insert(text(&group["name"]), Group { parents });
    }
    ledger.users.check(&users) + ledger.groups.check(&groups)
}

/// Looks up some of the users of a round, and authenticates as some.
pub async fn check_sample(client: &Client, url: &str, ledger: &Ledger) {
    let is_found = async |parameters: &str, name: &str| {
        let list = client.get(&format!("/core/users/?{parameters}")).await;
        list["results"].as_array().unwrap().iter().any(|user| user["username"] == name)
    };
    for is_there in [true, false] {
        for name in sample(ledger.users.names(is_there)) {
            assert_eq!(is_found(&format!("search={name}&page_size=500"), name).await, is_there, "{name}");
            let attributes: String =
                form_urlencoded::byte_serialize(json!({"of": name}).to_string().as_bytes()).collect();
            assert_eq!(is_found(&format!("attributes={attributes}"), name).await, is_there, "{name}");
        }
    }
    let mut owners = ledger.users.names(true);
    owners.retain(|name| ledger.users.get(name).unwrap().has_token);
    for name in sample(owners) {
        let key = client.get(&format!("/core/tokens/{name}/view_key/")).await;
        let me = http_client().build().unwrap().get(format!("{url}/api/v3/core/users/me/"));
        let response = me.bearer_auth(key["key"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(response.status(), 200, "{name}");
        assert_eq!(response.json::<Value>().await.unwrap()["user"]["username"], name);
    }
}

fn sample(mut names: Vec<&str>) -> Vec<&str> {
    fastrand::shuffle(&mut names);
    names.truncate(SAMPLE);
    names
}

/// Compares the numbers that lists state with the numbers of rows, and checks the file on SQLite.
pub async fn check_database(client: &Client, installation: &Installation) {
    for (path, rows) in [
        ("/core/users/?", "users"),
        ("/core/users/?is_active=true&", "users WHERE is_active = TRUE"),
        ("/core/users/?type=internal&", "users WHERE type = 'internal'"),
        ("/core/users/?path_startswith=r&", "users WHERE path LIKE 'r%'"),
        ("/core/groups/?", "groups"),
        ("/core/tokens/?", "tokens"),
    ] {
        let rows = installation.number(&format!("SELECT count(*) AS number FROM {rows}")).await;
        assert_eq!(client.count(&format!("{path}page_size=1")).await, rows, "{path}");
    }
    let counted = "SELECT CAST(sum(users) AS bigint) AS number FROM user_counts";
    assert_eq!(installation.number(counted).await, installation.number("SELECT count(*) AS number FROM users").await);
    if let Some(file) = installation.file() {
        check_file(&file);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
