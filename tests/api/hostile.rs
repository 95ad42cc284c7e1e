//! Strings that mean something to a database, a pattern, a search or a parser: every filter, search and ordering takes
//! them for themselves.

use std::slice;

use reqwest::{Method, Url};
use serde_json::{Value, json};

use crate::support::{ADMIN, Response, Server};

/// None is blank, and none has a null character.
const HOSTILE: [&str; 64] = [
    "'",
    "\"",
    "''",
    "\\",
    "\\\\",
    "%",
    "_",
    "%%",
    "a%b",
    "a_b",
    "a\\_b",
    "' OR 1=1 --",
    "'; DROP TABLE users; --",
    "{}",
    "[]",
    "null",
    "true",
    "false",
    "0",
    "-1",
    "NaN",
    "1e400",
    "é",
    "É",
    "ß",
    "ẞ",
    "İ",
    "ı",
    "ﬁ",
    "Σς",
    "😀",
    "🏳️‍🌈",
    "\u{200b}",
    "\u{202e}abc",
    "a\u{a0}b",
    "ǆ",
    "a\tb",
    "a\nb",
    "\u{7f}",
    "\u{1}",
    "(",
    "*",
    "?",
    "[a]",
    "^$",
    ".*",
    "AND",
    "OR NOT x",
    "NEAR(a b)",
    "a\"b",
    "a'b",
    "'t Hooft",
    "--",
    "/*",
    "$1",
    ":x",
    "@v",
    "日本語",
    "\u{10ffff}",
    "\u{feff}",
    "a,b",
    "x__y",
    "e\u{301}",
    "%00",
];

struct Asked<'s> {
    server: &'s Server,
}

impl Asked<'_> {
    /// Gets a list by these parameters of the query.
    async fn list(&self, path: &str, query: &[(&str, &str)]) -> Response {
        let url = Url::parse_with_params(&format!("{}/api/v3{path}", self.server.url), query).unwrap();
        let path = format!("{}?{}", path, url.query().unwrap());
        self.server.send(self.server.request(Method::GET, &path).bearer_auth(ADMIN)).await
    }

    /// The names in a list.
    async fn names(&self, path: &str, query: &[(&str, &str)]) -> Vec<String> {
        let response = self.list(path, &[query, &[("page_size", "200")]].concat()).await;
        assert_eq!(response.status, 200, "{path} {query:?}: {}", response.body);
        let name =
            |item: &Value| ["username", "identifier", "name"].iter().find_map(|key| item[key].as_str()).unwrap().into();
        response.body["results"].as_array().unwrap().iter().map(name).collect()
    }
}

#[tokio::test]
async fn filters_and_searches_take_hostile_strings_for_themselves() {
    let server = Server::start().await;
    for (number, text) in HOSTILE.iter().enumerate() {
        let attributes = json!({"text": text, *text: "value", "list": [text]});
        let user = json!({"name": text, "path": path(text), "attributes": attributes});
        let created = server.user(&format!("{number}.{text}"), user).await;
        assert_eq!(created.status, 201, "{text:?}: {}", created.body);
        server.group(json!({"name": format!("{number}.{text}"), "attributes": attributes})).await;
        let token =
            json!({"identifier": format!("t{number}"), "description": text, "managed": format!("{number}.{text}")});
        assert_eq!(server.post("/core/tokens/", token).await.status, 201, "{text:?}");
    }
    let asked = Asked { server: &server };
    for (number, text) in HOSTILE.iter().enumerate() {
        let (numbered, path) = (format!("{number}.{text}"), path(text));
        let (token, own) = (format!("t{number}"), slice::from_ref(&numbered));
        for (list, field, value, expected) in [
            ("users", "username", numbered.as_str(), own),
            ("users", "name", text, own),
            ("users", "path", &path, own),
            ("users", "groups_by_name", &numbered, &[]),
            ("groups", "name", &numbered, own),
            ("groups", "members_by_username", &numbered, &[]),
            ("tokens", "description", text, slice::from_ref(&token)),
            ("tokens", "managed", &numbered, slice::from_ref(&token)),
            ("tokens", "user__username", &numbered, &[]),
        ] {
            let found = asked.names(&format!("/core/{list}/"), &[(field, value)]).await;
            assert_eq!(found, expected, "{list} {field}={value:?}");
        }
        for filter in [json!({"text": text}), json!({*text: "value"}), json!({"list__contains": [text]})] {
            // Two underscores separate keys.
            for list in ["users", "groups"].iter().filter(|_| filter.get("x__y").is_none()) {
                let found = asked.names(&format!("/core/{list}/"), &[("attributes", &filter.to_string())]).await;
                assert_eq!(found, own, "{list} {filter}");
            }
        }
        // Others may have the text too.
        for (list, field, value, name) in [
            ("users", "search", *text, &numbered),
            ("groups", "search", text, &numbered),
            ("tokens", "search", text, &token),
            ("users", "path_startswith", &path, &numbered),
        ] {
            let found = asked.names(&format!("/core/{list}/"), &[(field, value)]).await;
            assert!(found.contains(name), "{list} {field}={value:?}: {found:?}");
        }
        let paths = asked.list("/core/users/paths/", &[("search", text)]).await.body;
        assert!(paths["paths"].as_array().unwrap().contains(&json!(path)), "{text:?}: {paths}");
    }
    server.stop().await;
}

/// Both were found by fuzzing.
#[tokio::test]
async fn filters_find_numbers_of_any_size_and_values_of_any_depth() {
    let server = Server::start().await;
    let deep = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    let numbers: Vec<f64> = (-320_i32..308)
        .step_by(11)
        .map(|power| format!("1.7{}e{power}", power.unsigned_abs()).parse().unwrap())
        .collect();
    let mut attributes: serde_json::Map<String, Value> =
        numbers.iter().enumerate().map(|(place, number)| (format!("n{place}"), json!(number))).collect();
    attributes.insert("deep".into(), deep(120));
    assert_eq!(server.user("ada", json!({"attributes": attributes})).await.status, 201);
    let asked = Asked { server: &server };
    for is_indexed in [false, true] {
        for (place, number) in numbers.iter().enumerate() {
            for key in
                [format!("n{place}"), format!("n{place}__in"), format!("n{place}__gte"), format!("n{place}__lte")]
            {
                let value = if key.ends_with("__in") { json!([number]) } else { json!(number) };
                let filter = json!({key: value}).to_string();
                let found = asked.names("/core/users/", &[("attributes", &filter)]).await;
                assert_eq!(found, ["ada"], "{filter}, indexed: {is_indexed}");
            }
        }
        for levels in [100, 120, 123, 124, 125, 126] {
            let filter = json!({"deep": deep(levels)}).to_string();
            let found = asked.names("/core/users/", &[("attributes", &filter)]).await;
            assert_eq!(found.len(), usize::from(levels == 120), "{levels}");
        }
        server.app.store.index_users().await.unwrap();
    }
    let too_deep = json!({"deep": deep(127)}).to_string();
    let refused = asked.list("/core/users/", &[("attributes", &too_deep)]).await;
    assert_eq!(refused.both(), (400, json!({"attributes": ["filter: failed to parse JSON"]})));
    server.stop().await;
}

#[tokio::test]
async fn orderings_take_anything_and_have_a_place_for_everybody() {
    let server = Server::start().await;
    for (number, text) in HOSTILE.iter().enumerate() {
        let login = (number % 3 != 0).then(|| format!("20{:02}-01-01T00:00:00Z", number % 30));
        assert_eq!(
            server.user(&format!("{number}.{text}"), json!({"name": text, "last_login": login})).await.status,
            201
        );
        let expires = (number % 2 == 0).then_some("2099-01-01T00:00:00Z");
        let managed = (number % 3 == 0).then(|| format!("{number}.{text}"));
        let token = json!({"identifier": format!("t{number}"), "expiring": expires.is_some(), "expires": expires, "managed": managed});
        assert_eq!(server.post("/core/tokens/", token).await.status, 201);
    }
    let asked = Asked { server: &server };
    let users = [
        "pk",
        "uuid",
        "username",
        "name",
        "email",
        "is_active",
        "last_login",
        "date_joined",
        "last_updated",
        "path",
        "type",
    ];
    let tokens = ["pk", "identifier", "intent", "user", "description", "expires", "expiring", "managed"];
    for (list, fields) in [("users", &users[..]), ("tokens", &tokens[..])] {
        let path = format!("/core/{list}/");
        let mut all = asked.names(&path, &[]).await;
        all.sort_unstable();
        for field in fields {
            // Both directions list everybody, in pages too.
            for ordering in [(*field).to_owned(), format!("-{field}"), format!("-{field},{field},nonsense")] {
                let whole = asked.names(&path, &[("ordering", &ordering)]).await;
                let mut sorted = whole.clone();
                sorted.sort_unstable();
                assert_eq!(sorted, all, "{list} {ordering}");
                let mut paged = Vec::new();
                for page in 1..=whole.len().div_ceil(25) {
                    let query = [("ordering", ordering.as_str()), ("page", &page.to_string()), ("page_size", "25")];
                    let response = asked.list(&path, &query).await;
                    let name =
                        |item: &Value| item["username"].as_str().or(item["identifier"].as_str()).unwrap().to_owned();
                    paged.extend(response.body["results"].as_array().unwrap().iter().map(name));
                }
                assert_eq!(paged, whole, "{list} {ordering}");
            }
        }
        for text in HOSTILE {
            assert_eq!(asked.list(&path, &[("ordering", text)]).await.status, 200, "{text:?}");
        }
    }
    // Never is before all times, and no expiry after all.
    let by_login = asked.names("/core/users/", &[("ordering", "last_login")]).await;
    let never = by_login.iter().position(|name| name != "akadmin" && !is_every(name, 3)).unwrap();
    assert_eq!(never, HOSTILE.len().div_ceil(3) + 1, "{by_login:?}");
    for (ordering, first) in [("expires", 0), ("-expires", 1)] {
        let by_expiry = asked.names("/core/tokens/", &[("ordering", ordering)]).await;
        let number = |name: &String| name.trim_start_matches('t').parse::<usize>().ok();
        let turn = by_expiry.iter().filter_map(number).map(|number| number % 2).collect::<Vec<_>>();
        let expected = [[first; HOSTILE.len() / 2], [1 - first; HOSTILE.len() / 2]].concat();
        assert_eq!(turn, expected, "{ordering}: {by_expiry:?}");
    }
    server.stop().await;
}

fn path(text: &str) -> String {
    format!("p/{}", text.replace('/', "|"))
}

/// Whether the number at the beginning of a name is a multiple.
fn is_every(name: &str, of: usize) -> bool {
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    digits.parse::<usize>().is_ok_and(|number| number % of == 0)
}
