//! The input is the header `Authorization`.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use poem::http::{HeaderValue, Uri};
use rollcall_fuzz::{ADMIN, FIXED_KEY, PLAIN, Server};
use serde_json::json;

static SERVER: LazyLock<Server> = LazyLock::new(Server::start);

fuzz_target!(|header: &[u8]| -> Corpus {
    let Ok(authorization) = HeaderValue::from_bytes(header) else { return Corpus::Reject };
    let answer = SERVER.get_as(authorization, Uri::from_static("/api/v3/core/users/me/")).expect(&[200, 403]);
    let caller = if is_bearer(header, ADMIN) {
        json!("akadmin")
    } else if is_bearer(header, PLAIN) || is_bearer(header, FIXED_KEY) {
        json!("ada")
    } else {
        json!(null)
    };
    assert_eq!(answer.body["user"]["username"], caller, "{}", answer.body);
    Corpus::Keep
});

/// Whether a header is `bearer` in any case, one space, and `token`, with space around it or not.
fn is_bearer(header: &[u8], token: &str) -> bool {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let Some(start) = header.iter().position(|byte| !is_space(byte)) else { return false };
    let end = header.iter().rposition(|byte| !is_space(byte)).map_or(0, |last| last + 1);
    let Some((scheme, rest)) = header[start..end].split_at_checked("bearer ".len()) else { return false };
    scheme.eq_ignore_ascii_case(b"bearer ") && rest == token.as_bytes()
}
