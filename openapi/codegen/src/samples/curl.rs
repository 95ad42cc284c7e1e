//! A command line for curl.

use super::{
    literal::{self, Json},
    request::Request,
};

pub fn sample(request: &Request) -> String {
    let method = match (request.method.as_str(), &request.body) {
        // What curl takes by itself.
        ("get", None) | ("post", Some(_)) => String::new(),
        _ => format!("-X {} ", request.upper_case_method()),
    };
    let mut parts = vec![format!("curl --fail-with-body -sS {method}{}", word(&request.url))];
    if request.needs_token {
        parts.push(r#"-H "Authorization: Bearer $ROLLCALL_TOKEN""#.into());
    }
    if let Some(body) = &request.body {
        parts.push(r#"-H "Content-Type: application/json""#.into());
        parts.push(format!("-d {}", quoted(&literal::write::<Json>(body, ""))));
    }
    parts.join(" \\\n  ") + "\n"
}

/// A URL, in quotes where the shell would take it apart.
fn word(url: &str) -> String {
    if url.contains(['?', '&']) { quoted(url) } else { url.to_owned() }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
