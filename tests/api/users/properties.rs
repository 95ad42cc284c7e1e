//! `GET /core/users/` with random filters and orderings, compared with a plain reading of the same data.
//!
//! The reading knows nothing of SQL, of indexes, or of the program's own code.

mod random;
mod reading;

use std::{cmp::Ordering, collections::HashMap, panic::AssertUnwindSafe};

use fastrand::Rng;
use futures_util::FutureExt;
use serde_json::{Value, json};

use self::{
    random::{part, pick, pick_text, piece, pool, random_object, random_path, random_value, spell},
    reading::{compare, compare_users, contains, equal, find, searched, string, text_passes, time_passes},
};
use crate::support::Server;

const SEED: u64 = 20_240_607;
const USERS: usize = 120;
const QUERIES: usize = 300;

/// Groups and users as the API returns them, but with the attributes as they were sent.
struct Directory {
    groups: Vec<Value>,
    users: Vec<Value>,
}

#[derive(Debug)]
struct Query {
    filters: Vec<(&'static str, String)>,
    tests: Vec<Test>,
    ordering: String,
}

/// An entry of the filter `attributes`.
#[derive(Debug)]
struct Test {
    path: Vec<String>,
    lookup: &'static str,
    value: Value,
    /// The entry as it is sent.
    json: String,
}

#[tokio::test]
async fn random_filters_find_what_a_plain_reading_finds() {
    let server = Server::start().await;
    let mut random = Rng::with_seed(SEED);
    let directory = Directory::create(&server, &mut random).await;
    let mut telling = 0;
    for number in 0..QUERIES {
        if number == QUERIES / 2 {
            // Until now, SQLite's search index may have lagged behind.
            server.app.store.index_users().await.unwrap();
        }
        let query = Query::random(&mut random, &directory);
        let expected = directory.find(&query);
        let path = query.path();
        let context = format!("seed {SEED}, query {number}: {path}\n{query:?}");
        let response = AssertUnwindSafe(server.get(&path)).catch_unwind().await;
        let body = response.unwrap_or_else(|_| panic!("no valid response: {context}")).body;
        let results = body["results"].as_array().unwrap_or_else(|| panic!("{body}: {context}"));
        let found: Vec<&str> = results.iter().map(|user| user["username"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{context}");
        assert_eq!(body["pagination"]["count"], json!(expected.len()), "{context}");
        telling += usize::from(!expected.is_empty() && expected.len() <= USERS);
    }
    assert!(telling > QUERIES / 6, "seed {SEED}: only {telling} queries found some users, but not all");
    server.stop().await;
}

#[tokio::test]
async fn filters_that_cannot_be_are_refused_by_name() {
    let server = Server::start().await;
    let get = async |name: &str, value: &str| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
        server.get(&format!("/core/users/?{query}")).await
    };
    let lookups = ["has_key", "regex", "iregex", "range", "contained_by", "has_keys", "has_any_keys"];
    let values = [json!("x"), json!("x"), json!("x"), json!([1, 2]), json!({}), json!([]), json!([])];
    for (lookup, value) in lookups.into_iter().zip(values) {
        let response = get("attributes", &format!("{{\"tags__{lookup}\":{value}}}")).await;
        let message = response.body["attributes"].to_string();
        assert!(response.status == 400 && message.contains(lookup), "{lookup}: {}", response.body);
    }
    let steps = |number: usize| format!("{{\"{}\":1}}", vec!["a"; number].join("__"));
    for (status, name, value) in [
        (400, "attributes", steps(128)),
        (200, "attributes", steps(127)),
        (200, "attributes", r#"{"a__+1":1}"#.to_owned()),
        (200, "ordering", "username,".repeat(2_000)),
    ] {
        let response = get(name, &value).await;
        let found = (response.status, response.body.get(name).is_some());
        assert_eq!(found, (status, status == 400), "{name}={value}: {}", response.body);
    }
    server.stop().await;
}

impl Directory {
    async fn create(server: &Server, random: &mut Rng) -> Self {
        let list = async |path: &str| {
            let body = server.get(&format!("{path}?page_size=1000")).await.body;
            body["results"].as_array().unwrap().clone()
        };
        let mut groups = list("/core/groups/").await;
        for name in ["staff", "Staff", "root", "wheel", "below wheel", "it's", "100%", "日本"] {
            let is_superuser = ["root", "wheel"].contains(&name);
            let parent = groups.last().filter(|_| name == "below wheel").map(|group| group["pk"].clone());
            let mut group = json!({"name": name, "is_superuser": is_superuser, "parent": parent});
            group["pk"] = server.group(group.clone()).await.into();
            groups.push(group);
        }
        let mut sent: HashMap<String, Value> = HashMap::new();
        for number in 0..USERS {
            let username = format!("{}{number}", pick_text(random, "username"));
            let (few, some) = (random.usize(..4), random.usize(2..7));
            let members = random.choose_multiple(&groups, few).into_iter().map(|group| &group["pk"]);
            let mut user = json!({"username": username, "groups": members.collect::<Vec<_>>()});
            for field in ["name", "email", "path", "type", "is_active", "last_login"] {
                user[field] = pick(random, field).clone();
            }
            let attributes = random_object(random, some, 3);
            let attributes = spell(random, &attributes);
            let user = user.to_string();
            let body = format!("{},\"attributes\":{attributes}}}", user.strip_suffix('}').unwrap());
            let response = server.post_bytes("/core/users/", body.as_str()).await;
            assert_eq!(response.status, 201, "seed {SEED}, {body}: {}", response.body);
            sent.insert(username, serde_json::from_str(&attributes).unwrap());
        }
        let mut users = list("/core/users/").await;
        assert_eq!(users.len(), USERS + 1);
        for user in &mut users {
            if let Some(attributes) = sent.remove(user["username"].as_str().unwrap()) {
                assert!(equal(&user["attributes"], &attributes), "seed {SEED}, not {attributes}: {user}");
                user["attributes"] = attributes;
            }
        }
        Self { groups, users }
    }

    /// The usernames of those that pass, in order.
    fn find(&self, query: &Query) -> Vec<&str> {
        let mut found: Vec<&Value> = self.users.iter().filter(|user| self.passes(user, query)).collect();
        found.sort_by(|a, b| {
            let by_field = query.ordering.split(',').chain(["username"]).map(|field| match field.strip_prefix('-') {
                Some(field) => compare_users(b, a, field),
                None => compare_users(a, b, field),
            });
            by_field.fold(Ordering::Equal, Ordering::then)
        });
        found.into_iter().map(|user| user["username"].as_str().unwrap()).collect()
    }

    fn passes(&self, user: &Value, query: &Query) -> bool {
        let is_member = |group: &&Value| user["groups"].as_array().unwrap().contains(&group["pk"]);
        let groups: Vec<&Value> = self.groups.iter().filter(is_member).collect();
        let passes = |(name, wanted): &(&'static str, String)| match *name {
            "path_startswith" => user["path"].as_str().unwrap().starts_with(wanted.as_str()),
            "is_superuser" => groups.iter().any(|group| group["is_superuser"] == json!(true)).to_string() == *wanted,
            // These may be repeated, and one of them has to fit.
            "type" => query.filters.contains(&("type", string(&user["type"]))),
            "groups_by_name" => groups.iter().any(|group| query.filters.contains(&(*name, string(&group["name"])))),
            "groups_by_pk" => groups.iter().any(|group| query.filters.contains(&(*name, string(&group["pk"])))),
            "last_login__isnull" => user["last_login"].is_null().to_string() == *wanted,
            _ if is_time(name) => time_passes(user, name, wanted),
            "search" => wanted.split(' ').all(|word| text_passes("icontains", &searched(user), word)),
            _ => string(&user[*name]) == *wanted,
        };
        query.filters.iter().all(passes) && query.tests.iter().all(|test| test.passes(user) == Some(true))
    }

    /// Random values of a filter that often finds this user.
    fn values(&self, random: &mut Rng, name: &str, sought: &Value) -> Vec<String> {
        let amount = random.usize(1..3);
        match name {
            "type" | "groups_by_name" | "groups_by_pk" => {
                let all = if name == "type" { &self.users } else { &self.groups };
                let some = random.choose_multiple(all, amount);
                some.iter().map(|one| string(&one[name.trim_start_matches("groups_by_")])).collect()
            }
            "is_superuser" | "last_login__isnull" => vec![random.bool().to_string()],
            _ if is_time(name) => {
                let field = name.split("__").next().unwrap();
                let found = Some(string(&sought[field])).filter(|_| !sought[field].is_null());
                vec![found.unwrap_or_else(|| "2024-05-06T07:08:09.25Z".to_owned())]
            }
            "path_startswith" => {
                let path = string(&sought["path"]);
                vec![path[..random.usize(1..=path.len())].to_owned()]
            }
            "search" => {
                let text = searched(sought);
                let words = random.choose_multiple(text.split_whitespace(), amount);
                vec![words.iter().map(|word| piece(random, word)).collect::<Vec<_>>().join(" ")]
            }
            // An empty one would count as absent.
            "email" if sought["email"] == "" => vec!["nobody@example.com".to_owned()],
            _ => vec![string(&sought[name])],
        }
    }
}

fn is_time(filter: &str) -> bool {
    filter.starts_with("date_") || filter.starts_with("last_")
}

impl Query {
    fn random(random: &mut Rng, directory: &Directory) -> Self {
        let sought = random.choice(&directory.users).unwrap();
        let (few, some) = (random.usize(..3), random.usize(..5));
        let mut filters = Vec::new();
        for name in random.choose_multiple(pool("filter"), few) {
            let name = name.as_str().unwrap();
            filters.extend(directory.values(random, name, sought).into_iter().map(|value| (name, value)));
        }
        let mut tests: Vec<Test> = Vec::new();
        for _ in 0..random.usize(..3) {
            let test = Test::random(random, sought);
            let is_defined = directory.users.iter().all(|user| test.passes(user).is_some());
            let is_new = tests.iter().all(|other| other.path != test.path || other.lookup != test.lookup);
            // Longer values are rejected.
            if is_defined && is_new && test.json.len() < 900 {
                tests.push(test);
            }
        }
        let field = |_| format!("{}{}", if random.bool() { "-" } else { "" }, pick_text(random, "order"));
        let ordering = (0..some).map(field).collect::<Vec<_>>().join(",");
        Self { filters, tests, ordering }
    }

    fn path(&self) -> String {
        let tests: Vec<&str> = self.tests.iter().map(|test| test.json.as_str()).collect();
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.filters)
            .append_pair("attributes", &format!("{{{}}}", tests.join(",")))
            .append_pair("ordering", &self.ordering)
            .finish();
        format!("/core/users/?page_size=1000&include_groups=false&{query}")
    }
}

impl Test {
    /// A random test that this user often passes.
    fn random(random: &mut Rng, user: &Value) -> Self {
        let is_for_text = random.u8(..3) == 0;
        let lookup = pick_text(random, if is_for_text { "text lookup" } else { "lookup" });
        let path = random_path(random, &user["attributes"], is_for_text);
        let found = find(&user["attributes"], &path).filter(|_| random.bool());
        let value = found.cloned().unwrap_or_else(|| random_value(random, 1));
        let value: Value = match lookup {
            "isnull" => random.bool().into(),
            "in" => (0..random.usize(..3)).map(|_| random_value(random, 1)).chain(found.cloned()).collect(),
            "contains" => part(random, &value),
            _ if is_for_text => piece(random, &string(&value)).into(),
            _ => value,
        };
        let suffix = if lookup == "exact" && random.bool() { String::new() } else { format!("__{lookup}") };
        let value = spell(random, &value);
        let json = format!("{}:{value}", Value::from(path.join("__") + &suffix));
        Self { path, lookup, value: serde_json::from_str(&value).unwrap(), json }
    }

    /// Whether this user passes; `None` for the text of a value that can be written in several ways.
    fn passes(&self, user: &Value) -> Option<bool> {
        let wanted = &self.value;
        let Some(found) = find(&user["attributes"], &self.path) else {
            return Some(self.lookup == "isnull" && wanted.as_bool() == Some(true));
        };
        let order = compare(found, wanted);
        Some(match self.lookup {
            "exact" => equal(found, wanted),
            "gt" => order.is_some_and(Ordering::is_gt),
            "gte" => order.is_some_and(Ordering::is_ge),
            "lt" => order.is_some_and(Ordering::is_lt),
            "lte" => order.is_some_and(Ordering::is_le),
            "in" => wanted.as_array().unwrap().iter().any(|wanted| equal(found, wanted)),
            "isnull" => wanted.as_bool() == Some(false),
            "contains" if wanted.is_array() || wanted.is_object() => contains(found, wanted),
            "contains" => found.as_array().map_or(equal(found, wanted), |all| all.iter().any(|one| equal(one, wanted))),
            _ if found.is_array() || found.is_object() || found.is_f64() => return None,
            lookup => !found.is_null() && text_passes(lookup, &string(found), wanted.as_str().unwrap()),
        })
    }
}
