//! The input is the value of the filter `attributes`, for users and for groups.

#![no_main]

use std::{collections::BTreeSet, sync::LazyLock};

use libfuzzer_sys::fuzz_target;
use rollcall_fuzz::{Server, members};
use serde_json::{Map, Value};

/// With all users in the search index.
static INDEXED: LazyLock<Server> = LazyLock::new(|| {
    let server = Server::start();
    server.index();
    server
});

/// With the same users, none of them in the index.
static SCANNED: LazyLock<Server> = LazyLock::new(Server::start);

/// The most members of a filter that are tried one by one.
const FEW: usize = 4;

fuzz_target!(|filter: &[u8]| {
    for (list, name) in [("/core/users/", "username"), ("/core/groups/", "name")] {
        let find = |server: &Server, filter: &[u8]| {
            let answer = server.list(list, "attributes", filter).expect(&[200, 400, 404, 414]);
            (answer.status == 200).then(|| names(&answer.body, name))
        };
        let Some(found) = find(&INDEXED, filter) else { continue };
        assert_eq!(find(&INDEXED, filter).as_ref(), Some(&found), "the same filter finds others");
        assert_eq!(find(&SCANNED, filter).as_ref(), Some(&found), "without the index the filter finds others");
        let members = members(filter);
        if members.is_empty() {
            continue;
        }
        let same = Value::from(members.clone()).to_string();
        assert_eq!(find(&INDEXED, same.as_bytes()).as_ref(), Some(&found), "{same}, the same JSON, finds others");
        if (2..=FEW).contains(&members.len()) {
            let each = members.into_iter().map(|member| Value::from(Map::from_iter([member])).to_string());
            let each = each.map(|one| find(&INDEXED, one.as_bytes()).unwrap_or_else(|| panic!("{one} is rejected")));
            let all = each.reduce(|a, b| a.intersection(&b).cloned().collect());
            assert_eq!(all, Some(found), "the filters one by one find others");
        }
    }
});

fn names(body: &Value, name: &str) -> BTreeSet<String> {
    assert!(body["pagination"].is_object(), "{body}");
    let results = body["results"].as_array().expect("a list has results");
    results.iter().map(|object| object[name].as_str().unwrap().to_owned()).collect()
}
