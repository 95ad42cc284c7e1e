//! `GET /core/users/` with random filters and orderings, compared with a plain reading of the same data.
//!
//! The reading knows nothing of SQL, of indexes, or of the program's own code.

use std::{cmp::Ordering, collections::HashMap, panic::AssertUnwindSafe, sync::LazyLock};

use chrono::DateTime;
use fastrand::Rng;
use futures_util::FutureExt;
use serde_json::{Map, Number, Value, json};

use crate::support::Server;

const SEED: u64 = 20_240_607;
const USERS: usize = 120;
const QUERIES: usize = 300;

/// What random values are drawn from. Attributes under a `text key` are of `text`, which doesn't depend on the spelling
/// of a number. No letter beyond ASCII occurs in two cases, and nothing searched has quotes or commas.
static POOLS: LazyLock<Value> = LazyLock::new(|| {
    let pools = r#"{
        "username": ["ada", "Bob", "zoë", "x_y", "50%"],
        "name": ["Ada Lovelace", "ada lovelace", "Zoë Łuk", "100% Sure", "under_score Name", "日本 太郎"],
        "email": ["", "ada@example.com", "ADA@example.com", "bob_1@example.org", "zed@example.net"],
        "path": ["users", "staff", "staff/a", "staff/a/deep", "Staff/a", "staff_", "staffx"],
        "type": ["internal", "external", "service_account"],
        "is_active": [true, false],
        "last_login": [null, "2024-05-06T07:08:09Z", "2024-05-06T09:08:09+02:00", "2024-05-06T07:08:09.5Z",
            "1999-12-31T23:59:59Z"],
        "key": ["a", "b", "0", "1", "team", "+1", "-1", "01", "a.b", "it's", "quo\"te", "", " 1", "4294967296"],
        "text key": ["team", "it's", "+1"],
        "text": [null, true, false, 0, -1, 1, 2, 100, 9007199254740993, 9007199254740992, 9223372036854775807,
            18446744073709551615, 18446744073709551614, "", "1", "true", "red", "Red", "blue sky", " edge ", "100%",
            "a_b", "axb", "it's", "say \"hi\"", "back\\slash", "Zoë", "日本語", "🙂"],
        "real": [1.5, 0.1, 1e22, 1.5e-7, 100.0, -0.5, 9007199254740992.0, 0.0, -0.0],
        "filter": ["username", "email", "name", "path", "path_startswith", "is_active", "is_superuser", "uuid", "type",
            "groups_by_name", "groups_by_pk", "search"],
        "order": ["pk", "uuid", "username", "name", "email", "is_active", "last_login", "path", "type", "colour", ""],
        "lookup": ["exact", "gt", "gte", "lt", "lte", "in", "isnull", "contains"],
        "text lookup": ["icontains", "startswith", "istartswith", "endswith", "iendswith", "iexact"]
    }"#;
    let mut pools: Value = serde_json::from_str(pools).unwrap();
    // Longer than the strings in SQLite's index.
    let long = ["a", "b"].map(|end| json!("x".repeat(100) + end));
    pools["text"].as_array_mut().unwrap().extend(long);
    pools
});

fn pool(name: &str) -> &'static [Value] {
    POOLS[name].as_array().unwrap()
}

fn pick(random: &mut Rng, name: &str) -> &'static Value {
    random.choice(pool(name)).unwrap()
}

fn pick_text(random: &mut Rng, name: &str) -> &'static str {
    pick(random, name).as_str().unwrap()
}

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
            "is_superuser" => vec![random.bool().to_string()],
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

/// The text of a scalar.
fn string(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn searched(user: &Value) -> String {
    ["username", "name", "email"].map(|field| string(&user[field])).join("\n")
}

fn compare_users(a: &Value, b: &Value, field: &str) -> Ordering {
    let (a, b) = (&a[field], &b[field]);
    if field == "last_login" {
        let moment = |value: &Value| value.as_str().map(|text| DateTime::parse_from_rfc3339(text).unwrap());
        return moment(a).cmp(&moment(b));
    }
    (a.as_bool(), a.as_i64(), a.as_str()).cmp(&(b.as_bool(), b.as_i64(), b.as_str()))
}

fn find<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Array(items) => (0..items.len()).find(|index| index.to_string() == *step).map(|index| &items[index]),
        _ => value.get(step),
    })
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    // What is before the point, and what is behind it.
    let parts = |number: &Number| match number.as_i128() {
        Some(whole) => Some((whole, 0.0)),
        None => number.as_f64().map(|real| (real.trunc() as i128, real.fract())),
    };
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => parts(a).partial_cmp(&parts(b)),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(_), Value::Number(_)) => compare(a, b) == Some(Ordering::Equal),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

/// PostgreSQL's `outer @> inner`, except that a list also contains its scalars.
fn contains(outer: &Value, inner: &Value) -> bool {
    match (outer, inner) {
        (Value::Array(outer), Value::Array(inner)) => inner.iter().all(|b| outer.iter().any(|a| contains(a, b))),
        (Value::Object(outer), Value::Object(inner)) => {
            inner.iter().all(|(key, b)| outer.get(key).is_some_and(|a| contains(a, b)))
        }
        _ => equal(outer, inner),
    }
}

fn text_passes(lookup: &str, text: &str, wanted: &str) -> bool {
    match lookup {
        "contains" => text.contains(wanted),
        "startswith" => text.starts_with(wanted),
        "endswith" => text.ends_with(wanted),
        "exact" => text == wanted,
        _ => text_passes(&lookup[1..], &text.to_ascii_lowercase(), &wanted.to_ascii_lowercase()),
    }
}

/// A random value with up to so many levels of lists and objects.
fn random_value(random: &mut Rng, depth: usize) -> Value {
    let (kind, amount) = (random.u8(..if depth > 0 { 6 } else { 4 }), random.usize(..4));
    match kind {
        0 => pick(random, "real").clone(),
        1..=3 => pick(random, "text").clone(),
        4 => (0..amount).map(|_| random_value(random, depth - 1)).collect(),
        _ => random_object(random, amount, depth),
    }
}

/// A random object with up to so many members.
fn random_object(random: &mut Rng, amount: usize, depth: usize) -> Value {
    let mut members = Map::new();
    for _ in 0..amount {
        let key = pick(random, "key");
        let is_text = pool("text key").contains(key);
        let value = if is_text { pick(random, "text").clone() } else { random_value(random, depth - 1) };
        members.insert(string(key), value);
    }
    members.into()
}

/// A random path that often leads somewhere, to a text if it is for one.
fn random_path(random: &mut Rng, attributes: &Value, is_for_text: bool) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    for _ in 0..random.usize(1..4) {
        let steps: Vec<String> = match find(attributes, &path) {
            Some(Value::Object(members)) => members.keys().cloned().collect(),
            Some(Value::Array(items)) => (0..items.len()).map(|index| index.to_string()).collect(),
            _ => Vec::new(),
        };
        path.extend(random.choice(steps));
    }
    if is_for_text || path.is_empty() || random.u8(..4) == 0 {
        path.pop();
        path.push(pick_text(random, if is_for_text { "text key" } else { "key" }).to_owned());
    }
    path
}

/// A random value that is often contained in this one.
fn part(random: &mut Rng, value: &Value) -> Value {
    match value {
        Value::Array(items) if !items.is_empty() && random.u8(..3) == 0 => random.choice(items).unwrap().clone(),
        Value::Array(items) => items.iter().filter_map(|item| random.bool().then(|| part(random, item))).collect(),
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| random.bool().then(|| (key.clone(), part(random, value)));
            members.iter().filter_map(member).collect()
        }
        scalar => scalar.clone(),
    }
}

/// A random piece of a text, sometimes in another case.
fn piece(random: &mut Rng, text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let start = if random.bool() { 0 } else { random.usize(..=characters.len()) };
    let end = if random.bool() { characters.len() } else { random.usize(start..=characters.len()) };
    let piece: String = characters[start..end].iter().collect();
    match random.u8(..6) {
        0 => piece.to_ascii_uppercase(),
        1 => piece.to_ascii_lowercase(),
        _ => piece,
    }
}

/// A value as JSON, some of its numbers with an exponent. Integers under a `text key` stay integers.
fn spell(random: &mut Rng, value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(real) if random.u8(..3) == 0 && (number.is_f64() || real.abs() < 1e15) => format!("{real:e}"),
            _ => number.to_string(),
        },
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| spell(random, item)).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                let key = Value::from(key.as_str());
                let is_fixed = value.is_number() && pool("text key").contains(&key);
                format!("{key}:{}", if is_fixed { value.to_string() } else { spell(random, value) })
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
        }
        _ => value.to_string(),
    }
}
