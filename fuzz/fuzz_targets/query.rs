//! The input is a byte that chooses a list, and a query string.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use poem::http::{HeaderValue, Uri};
use rollcall_fuzz::{ADMIN, Server};
use serde_json::Value;

/// All users but one are in the search index.
static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let server = Server::start();
    server.index();
    server.post("/core/users/", r#"{"username": "new", "name": "New", "attributes": {"floor": 3}}"#).expect(&[201]);
    server
});

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((choice, query)) = input.split_first() else { return Corpus::Reject };
    let list = ["users/", "groups/", "tokens/", "users/paths/"][usize::from(choice % 4)];
    let uri = [format!("/api/v3/core/{list}?").into_bytes(), SERVER.with_ids(query)].concat();
    let Ok(uri) = Uri::try_from(uri) else { return Corpus::Reject };
    let administrator = HeaderValue::try_from(format!("Bearer {ADMIN}")).unwrap();
    let answer = SERVER.get_as(administrator, uri).expect(&[200, 400, 404, 414]);
    match (answer.status, list) {
        (200, "users/paths/") => assert!(answer.body["paths"].is_array(), "{}", answer.body),
        (200, _) => check_page(&answer.body),
        _ => {}
    }
    Corpus::Keep
});

/// Checks that there is a page, and that its numbers agree with what is on it.
fn check_page(body: &Value) {
    let length = body["results"].as_array().expect("a list has results").len() as u64;
    let number = |name: &str| body["pagination"][name].as_u64().unwrap_or_else(|| panic!("no {name} in {body}"));
    let (start, end, current, pages) =
        (number("start_index"), number("end_index"), number("current"), number("total_pages"));
    assert_eq!(if end == 0 { 0 } else { end + 1 - start }, length, "{body}");
    assert!(number("count") >= end && current >= 1 && current <= pages, "{body}");
    assert_eq!(number("previous"), current - 1, "{body}");
    assert_eq!(number("next"), if current < pages { current + 1 } else { 0 }, "{body}");
}
