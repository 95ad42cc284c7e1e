//! `GET /core/users/`

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{NOBODY, Server};

/// Updates SQLite's search index, which the program does in the background.
async fn index(server: &Server) {
    server.app.store.index_users().await.unwrap();
}

/// A server with six users besides the administrator, some in a superuser group. SQLite's search index has half of
/// them.
async fn directory() -> Server {
    let server = Server::start().await;
    let plain = server.group(json!({"name": "plain"})).await;
    let admins = server.group(json!({"name": "admins", "is_superuser": true})).await;
    let below = server.group(json!({"name": "below", "parent": admins})).await;
    for (username, fields) in [
        (
            "u1",
            json!({
                "name": "Alpha One", "email": "alpha@x.org", "path": "staff/a", "groups": [plain],
                "attributes": {"colour": "red", "n": 1, "nested": {"a": [1, {"k": "v"}]}, "flag": true, "null": null}
            }),
        ),
        (
            "u2",
            json!({
                "name": "Bravo Two", "path": "staff/a", "type": "external", "is_active": false, "groups": [plain, admins],
                "attributes": {"colour": "Blue%", "n": 2.5}
            }),
        ),
        ("u3", json!({"name": "Charlie Three", "path": "staff/b", "type": "service_account", "groups": [below]})),
        ("u4", json!({"name": "alpha four", "path": "staff_", "attributes": {"n": "2", "colour": "blue"}})),
        ("u6", json!({"name": "Zoë Weißstraße ﬁn", "path": "z"})),
        ("u5", json!({"name": "100%", "last_login": "2024-05-06T07:08:09Z"})),
    ] {
        assert_eq!(server.user(username, fields).await.status, 201);
        if username == "u3" {
            index(&server).await;
        }
    }
    server
}

async fn names(server: &Server, query: &str) -> Vec<String> {
    let response = server.get(&format!("/core/users/?{query}")).await;
    assert_eq!(response.status, 200, "{query}: {}", response.body);
    let results = response.body["results"].as_array().unwrap();
    assert_eq!(response.body["pagination"]["count"], json!(results.len()), "{query}");
    results.iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn filters_work() {
    let server = directory().await;
    let uuid = server.get("/core/users/?username=u3").await.body["results"][0]["uuid"].as_str().unwrap().to_owned();
    let plain = server.get("/core/groups/?name=plain").await.body["results"][0]["pk"].as_str().unwrap().to_owned();
    let table = [
        ("username=u1", "u1"),
        ("username=+u1+", "u1"),
        ("username=U1", ""),
        ("username=", "akadmin u1 u2 u3 u4 u5 u6"),
        ("email=alpha@x.org", "u1"),
        ("name=Bravo+Two", "u2"),
        ("path=staff/a", "u1 u2"),
        ("path=nowhere&path=staff/a", "u1 u2"),
        ("path_startswith=staff/", "u1 u2 u3"),
        ("path_startswith=staff_", "u4"),
        ("is_active=false", "u2"),
        ("is_active=True&path=staff/a", "u1"),
        ("is_active=YES&path=staff/a", "u1"),
        ("is_active=maybe&is_active=off", "u2"),
        ("last_login__isnull=no", "u5"),
        ("is_superuser=true", "akadmin u2"),
        ("is_superuser=false", "u1 u3 u4 u5 u6"),
        ("type=external&type=service_account", "u2 u3"),
        (&format!("uuid={uuid}"), "u3"),
        (&format!("uuid={NOBODY}"), ""),
        ("groups_by_name=plain", "u1 u2"),
        ("groups_by_name=plain&groups_by_name=admins&groups_by_name=below", "u1 u2 u3"),
        (&format!("groups_by_pk={plain}"), "u1 u2"),
        ("search=u", "u1 u2 u3 u4 u5 u6"),
        ("search=ALPHA", "u1 u4"),
        ("search=alpha+one", "u1"),
        ("search=%22alpha+four%22", "u4"),
        ("search=%22four+alpha%22", ""),
        ("search=%22alpha+four", ""),
        ("search='alpha+four'", "u4"),
        ("search=X.ORG", "u1"),
        ("search=%25", "u5"),
        ("search=_", ""),
        (&format!("search={uuid}"), "u3"),
        ("search=Zo%C3%AB", "u6"),
        ("search=WEI%C3%9FSTRA%C3%9FE", "u6"),
        ("search=%EF%AC%81n", "u6"),
        ("search=red", ""),
        ("uuid=+&search=u1", "u1"),
        ("unknown=x&search=u1", "u1"),
    ];
    for is_indexed in [false, true] {
        if is_indexed {
            index(&server).await;
        }
        for (query, expected) in &table {
            assert_eq!(names(&server, query).await.join(" "), *expected, "{query}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn nested_attributes_are_compared() {
    let server = directory().await;
    let table = [
        (json!({}), "akadmin u1 u2 u3 u4 u5 u6"),
        (json!({"colour": "red"}), "u1"),
        (json!({"colour": "red", "n": 2.5}), ""),
        (json!({"n": 1}), "u1"),
        (json!({"n": 1.0}), "u1"),
        (json!({"n": "2"}), "u4"),
        (json!({"n": true}), ""),
        (json!({"flag": true}), "u1"),
        (json!({"flag": 1}), ""),
        (json!({"null": null}), "u1"),
        (json!({"nested": {"a": [1, {"k": "v"}]}}), "u1"),
        (json!({"nested__a": [1, {"k": "v"}]}), "u1"),
        (json!({"nested__a__0": 1}), "u1"),
        (json!({"nested__a__1__k": "v"}), "u1"),
        (json!({"nested__a__k": "v"}), ""),
        (json!({"n__gte": 1}), "u1 u2"),
        (json!({"n__gt": 1}), "u2"),
        (json!({"n__lte": 2.5}), "u1 u2"),
        (json!({"n__lt": "3"}), "u4"),
        (json!({"n__in": [1, "2", 7]}), "u1 u4"),
        (json!({"n__in": []}), ""),
        (json!({"n__isnull": false}), "u1 u2 u4"),
        (json!({"colour__isnull": true}), "akadmin u3 u5 u6"),
        (json!({"colour__iexact": "BLUE"}), "u4"),
        (json!({"colour__icontains": "LU"}), "u2 u4"),
        (json!({"colour__startswith": "B"}), "u2"),
        (json!({"colour__istartswith": "b"}), "u2 u4"),
        (json!({"colour__endswith": "%"}), "u2"),
        (json!({"colour__iendswith": "E"}), "u4"),
        (json!({"colour' OR 1=1 --": 1}), ""),
        (json!({"a\"b__c'd": "\"'"}), ""),
        (json!({"": 1}), ""),
    ];
    for is_indexed in [false, true] {
        if is_indexed {
            index(&server).await;
        }
        for (attributes, expected) in &table {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("attributes", &attributes.to_string())
                .finish();
            assert_eq!(names(&server, &query).await.join(" "), *expected, "{attributes}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn an_invalid_filter_is_reported() {
    let server = directory().await;
    let not_boolean = "Must be a valid boolean.";
    let choice = |value: &str| json!([format!("Select a valid choice. {value} is not one of the available choices.")]);
    for (query, expected) in [
        ("uuid=x", json!({"uuid": ["Enter a valid UUID."]})),
        ("is_active=maybe", json!({"is_active": [not_boolean]})),
        ("is_superuser=", json!({"is_superuser": [not_boolean]})),
        ("last_login__isnull=+no+", json!({"last_login__isnull": [not_boolean]})),
        ("type=internal&type=robot", json!({"type": choice("robot")})),
        ("type=&type=internal", json!({"type": choice("")})),
        ("groups_by_name=", json!({"groups_by_name": choice("")})),
        ("type=external,internal", json!({"type": choice("external,internal")})),
        ("groups_by_name=plain,admins", json!({"groups_by_name": choice("plain,admins")})),
        ("groups_by_pk=x", json!({"groups_by_pk": ["“x” is not a valid UUID."]})),
        (&format!("groups_by_pk={NOBODY}"), json!({"groups_by_pk": choice(NOBODY)})),
        ("username=a%00b", json!({"username": ["Null characters are not allowed."]})),
        ("search=a%00b", json!({"search": ["Null characters are not allowed."]})),
        ("attributes=x", json!({"attributes": ["filter: failed to parse JSON"]})),
        ("attributes=[]", json!({"attributes": ["filter: value must be key:value mapping"]})),
        ("attributes=%7B%22a%22%3A%22%5Cu0000%22%7D", json!({"attributes": ["Null characters are not allowed."]})),
        (
            "uuid=x&type=robot&groups_by_pk=x",
            json!({
                "uuid": ["Enter a valid UUID."], "type": choice("robot"), "groups_by_pk": ["“x” is not a valid UUID."]
            }),
        ),
    ] {
        assert_eq!(server.get(&format!("/core/users/?{query}")).await.both(), (400, expected), "{query}");
    }
    server.stop().await;
}

#[tokio::test]
async fn filters_too_complex_for_an_engine_are_rejected() {
    let server = Server::start().await;
    let long = "x".repeat(20_000);
    let words = "a+".repeat(2_000);
    let many: Vec<u32> = (0..3_000).collect();
    for (query, field) in [
        (format!("search={long}"), "search"),
        (format!("search={words}"), "search"),
        (format!("attributes={{\"a__icontains\":\"{long}\"}}"), "attributes"),
        (format!("attributes={{\"{long}\":1}}"), "attributes"),
        (format!("attributes={}", json!({"a__in": many})), "attributes"),
    ] {
        let response = server.get(&format!("/core/users/?{query}")).await;
        assert!(response.status == 400 && response.body.get(field).is_some(), "{field}: {}", response.body);
    }
    // Filters within the limits work.
    let words = "a+".repeat(50);
    let values: Vec<u32> = (0..50).collect();
    let names: String = (0..900).map(|number| format!("&username={number}")).collect();
    for query in [format!("search={words}"), format!("attributes={}", json!({"a__in": values})), names] {
        assert_eq!(server.get(&format!("/core/users/?{query}")).await.status, 200);
    }
    server.stop().await;
}

#[tokio::test]
async fn the_order_is_as_requested_and_stable() {
    let server = directory().await;
    for (ordering, expected) in [
        ("", "akadmin u1 u2 u3 u4 u5 u6"),
        ("-username", "u6 u5 u4 u3 u2 u1 akadmin"),
        ("+type+,+-username+", "u2 u6 u5 u4 u1 akadmin u3"),
        ("path,-pk", "u2 u1 u3 u4 u5 akadmin u6"),
        ("colour,-username", "u6 u5 u4 u3 u2 u1 akadmin"),
        ("-id,password", "akadmin u1 u2 u3 u4 u5 u6"),
        ("username;drop table users", "akadmin u1 u2 u3 u4 u5 u6"),
    ] {
        assert_eq!(names(&server, &format!("ordering={ordering}")).await.join(" "), expected, "{ordering}");
    }
    server.stop().await;
}

#[tokio::test]
async fn pagination_works_as_in_authentik() {
    let server = directory().await;
    let page = async |query: &str| server.get(&format!("/core/users/{query}")).await;
    for (query, numbers, usernames) in [
        ("?page_size=4", [2, 0, 7, 1, 2, 1, 4], json!(["akadmin", "u1", "u2", "u3"])),
        ("?page_size=4&page=2", [0, 1, 7, 2, 2, 5, 7], json!(["u4", "u5", "u6"])),
        ("?page_size=2&page=%2B2", [3, 1, 7, 2, 4, 3, 4], json!(["u2", "u3"])),
        ("?page_size=0&username=u1", [0, 0, 1, 1, 1, 1, 1], json!(["u1"])),
        ("?page_size=1000000&username=u1", [0, 0, 1, 1, 1, 1, 1], json!(["u1"])),
        ("?page_size=x&username=nobody", [0, 0, 0, 1, 1, 0, 0], json!([])),
    ] {
        let body = page(query).await.body;
        let keys = ["next", "previous", "count", "current", "total_pages", "start_index", "end_index"];
        assert_eq!(keys.map(|key| body["pagination"][key].clone()), numbers.map(|number| json!(number)), "{query}");
        let shown: Vec<Value> =
            body["results"].as_array().unwrap().iter().map(|user| user["username"].clone()).collect();
        assert_eq!(json!(shown), usernames, "{query}");
    }
    for query in [
        "?page=0",
        "?page=-1",
        "?page=x",
        "?page=2",
        "?page=92233720368547758",
        "?page=9223372036854775807",
        "?page=99999999999999999999",
        "?username=nobody&page=2",
    ] {
        assert_eq!(page(query).await.both(), (404, json!({"detail": "Invalid page."})), "{query}");
    }
    server.stop().await;
}

#[tokio::test]
async fn users_in_a_list_equal_users_retrieved_alone() {
    let server = directory().await;
    let users = server.get("/core/users/").await.body["results"].as_array().unwrap().clone();
    assert!(users.len() > 1);
    for user in &users {
        assert_eq!(server.get(&format!("/core/users/{}/", user["pk"])).await.body, *user);
    }
    let heir = &server.get("/core/users/?username=u3").await.body["results"][0];
    assert_eq!((&heir["is_superuser"], &heir["groups_obj"][0]["parent_name"]), (&json!(true), &json!("admins")));
    for declined in ["false", ""] {
        let body = server.get(&format!("/core/users/?username=u3&include_groups={declined}")).await.body;
        assert_eq!(body["results"][0]["groups_obj"], Value::Null);
        assert_eq!(body["results"][0]["groups"].as_array().unwrap().len(), 1);
    }
    server.stop().await;
}

#[tokio::test]
async fn only_superusers_may_list_users_whatever_the_query() {
    let server = Server::start().await;
    let token = server.plain_token().await;
    server.group(json!({"name": "g"})).await;
    let denied = json!({"detail": "You do not have permission to perform this action."});
    for query in ["", "?username=plain", "?page=2", "?is_active=maybe", "?groups_by_name=g", "?groups_by_name=h"] {
        let request = server.request(Method::GET, &format!("/core/users/{query}")).bearer_auth(&token);
        assert_eq!(server.send(request).await.both(), (403, denied.clone()), "{query}");
    }
    server.stop().await;
}

/// Adds 100,000 users. Those whose name starts with `a1` are in all groups of the test.
async fn add_hundred_thousand_users(server: &Server) {
    server.add_users(1..=100_000, &json!({})).await;
    server
        .execute(
            "INSERT INTO user_groups (user_id, group_id) SELECT users.id, groups.id FROM users CROSS JOIN groups
                WHERE users.username LIKE 'a1%' AND groups.name LIKE 'g_'",
        )
        .await;
}

/// Statements: one each for users with their number, memberships and groups.
#[tokio::test]
async fn the_number_of_statements_does_not_grow_with_the_users() {
    let server = directory().await;
    let (few, _) = server.count_statements(server.get("/core/users/?page_size=3")).await;
    let mut groups = Vec::new();
    for number in 0..5 {
        let parent = groups.last().cloned();
        groups.push(server.group(json!({"name": format!("g{number}"), "parent": parent})).await);
    }
    for number in 0..60 {
        server.user(&format!("more{number}"), json!({"groups": groups[number % 5..]})).await;
    }
    let (many, response) = server.count_statements(server.get("/core/users/?page_size=100")).await;
    assert_eq!(response.body["results"].as_array().unwrap().len(), 67);
    assert_eq!((few, many), (3, 3));
    add_hundred_thousand_users(&server).await;
    let (of_very_many, response) = server.count_statements(server.get("/core/users/")).await;
    assert_eq!(response.body["results"].as_array().unwrap().len(), 100);
    assert_eq!(response.body["pagination"]["count"], 100_067);
    assert_eq!(response.body["results"][99]["groups"].as_array().unwrap().len(), 5);
    assert_eq!(of_very_many, few);
    server.stop().await;
}

/// Before and after SQLite's search index has followed the changes.
#[tokio::test]
async fn changed_and_deleted_users_are_found_by_their_current_values() {
    let server = directory().await;
    index(&server).await;
    let user = server.get("/core/users/?username=u1").await.body["results"][0]["pk"].clone();
    let change = json!({"name": "Renamed", "attributes": {"colour": "green", "nested": {"deep": ["x"]}}});
    let path = format!("/core/users/{user}/");
    let request = server.request(Method::PATCH, &path).bearer_auth(crate::support::ADMIN).json(&change);
    assert_eq!(server.send(request).await.status, 200);
    let attributes = |wanted: Value| format!("attributes={}", wanted.to_string().replace('"', "%22"));
    let (red, deep) = (attributes(json!({"colour": "red"})), attributes(json!({"nested__deep__0": "x"})));
    for is_indexed in [false, true] {
        if is_indexed {
            index(&server).await;
        }
        for (query, expected) in [
            ("search=one", ""),
            ("search=renamed", "u1"),
            ("search=alpha", "u1 u4"),
            (&red, ""),
            (&attributes(json!({"colour": "green"})), "u1"),
            (&deep, "u1"),
        ] {
            assert_eq!(names(&server, query).await.join(" "), expected, "{query}, indexed: {is_indexed}");
        }
    }
    let request = server.request(Method::DELETE, &path).bearer_auth(crate::support::ADMIN);
    assert_eq!(server.send(request).await.status, 204);
    for is_indexed in [false, true] {
        if is_indexed {
            index(&server).await;
        }
        assert_eq!(names(&server, "search=alpha").await, ["u4"], "indexed: {is_indexed}");
        assert!(names(&server, &deep).await.is_empty(), "indexed: {is_indexed}");
    }
    server.stop().await;
}
