//! `GET /core/groups/`

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Server;

async fn directory() -> Server {
    let server = Server::start().await;
    let ada = server.user("ada", json!({})).await.body["pk"].clone();
    let bob = server.user("bob", json!({})).await.body["pk"].clone();
    let top = server.group(json!({"name": "Top", "is_superuser": true, "attributes": {"floor": 3}})).await;
    server.group(json!({"name": "low", "parent": top, "users": [ada, bob], "attributes": {"floor": 1}})).await;
    server.group(json!({"name": "empty"})).await;
    server
}

async fn names(server: &Server, query: &str) -> Vec<String> {
    let response = server.get(&format!("/core/groups/?{query}")).await;
    assert_eq!(response.status, 200, "{query}: {}", response.body);
    let results = response.body["results"].as_array().unwrap();
    results.iter().map(|group| group["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn filters_search_and_order_work_as_for_users() {
    let server = directory().await;
    let pk = |name: &'static str| {
        let server = &server;
        async move { server.get(&format!("/core/users/?username={name}")).await.body["results"][0]["pk"].clone() }
    };
    let (ada, bob) = (pk("ada").await, pk("bob").await);
    for (query, mut expected) in [
        ("name=low".to_owned(), vec!["low"]),
        ("name=LOW".to_owned(), vec![]),
        ("is_superuser=true".to_owned(), vec!["Top", "authentik Admins"]),
        ("is_superuser=false".to_owned(), vec!["empty", "low"]),
        (format!("members_by_pk={ada}&members_by_pk={bob}"), vec!["low"]),
        ("members_by_username=ada&members_by_username=akadmin".to_owned(), vec!["authentik Admins", "low"]),
        ("search=O".to_owned(), vec!["Top", "low"]),
        ("search=t+p".to_owned(), vec!["Top", "empty"]),
        ("attributes=%7B%22floor__gte%22%3A2%7D".to_owned(), vec!["Top"]),
    ] {
        // Engines sort upper case differently.
        let mut found = names(&server, &query).await;
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{query}");
    }
    assert_eq!(names(&server, "ordering=-num_pk").await, ["empty", "low", "Top", "authentik Admins"]);
    let second = server.get("/core/groups/?ordering=num_pk&page_size=3&page=2").await.body;
    assert_eq!((&second["pagination"]["previous"], &second["results"][0]["name"]), (&json!(1), &json!("empty")));
    assert_eq!(server.get("/core/groups/?page=0").await.both(), (404, json!({"detail": "Invalid page."})));
    let choice = |value: &str| json!([format!("Select a valid choice. {value} is not one of the available choices.")]);
    for (query, expected) in [
        ("members_by_pk=x", json!({"members_by_pk": ["“x” is not a valid value."]})),
        ("members_by_pk=777", json!({"members_by_pk": choice("777")})),
        ("members_by_username=nobody", json!({"members_by_username": choice("nobody")})),
    ] {
        assert_eq!(server.get(&format!("/core/groups/?{query}")).await.both(), (400, expected), "{query}");
    }
    server.stop().await;
}

#[tokio::test]
async fn groups_in_a_list_equal_groups_retrieved_alone() {
    let server = directory().await;
    for query in ["", "?include_users=false"] {
        let groups = server.get(&format!("/core/groups/{query}")).await.body["results"].clone();
        assert_eq!(groups.as_array().unwrap().len(), 4);
        for group in groups.as_array().unwrap() {
            let path = format!("/core/groups/{}/{query}", group["pk"].as_str().unwrap());
            assert_eq!(server.get(&path).await.body, *group);
            assert_eq!(group["users_obj"] == Value::Null, !query.is_empty());
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn only_superusers_may_list_groups_whatever_the_query() {
    let server = directory().await;
    let token = server.plain_token().await;
    let denied = json!({"detail": "You do not have permission to perform this action."});
    for query in ["", "?page=2", "?is_superuser=maybe", "?members_by_username=ada", "?members_by_username=nobody"] {
        let request = server.request(Method::GET, &format!("/core/groups/{query}")).bearer_auth(&token);
        assert_eq!(server.send(request).await.both(), (403, denied.clone()), "{query}");
    }
    server.stop().await;
}

/// Statements: one for the page, one for the count, then memberships, members, parents and children.
#[tokio::test]
async fn the_number_of_statements_does_not_grow_with_the_groups() {
    let server = directory().await;
    for number in 0..30 {
        server.group(json!({"name": format!("g{number}"), "users": [1]})).await;
    }
    let (few, _) = server.count_statements(server.get("/core/groups/?page_size=2")).await;
    let (many, _) = server.count_statements(server.get("/core/groups/")).await;
    // The last page needs no count.
    assert_eq!((few, many), (6, 5));
    server.stop().await;
}
