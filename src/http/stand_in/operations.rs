//! Which operation of the contract a request calls.

use poem::http::Method;

use crate::api::docs;

/// Where the paths of the contract begin.
const BASE: &str = "/api/v3";

/// A path whose segments in braces stand for any text, such as `/core/users/{id}/`.
#[derive(Debug)]
pub struct Pattern(Vec<Segment>);

#[derive(Debug, PartialEq, Eq)]
enum Segment {
    Text(String),
    Any,
}

impl Pattern {
    pub fn new(path: &str) -> Self {
        let segment = |text: &str| match text {
            _ if text.starts_with('{') && text.ends_with('}') => Segment::Any,
            _ => Segment::Text(text.to_owned()),
        };
        Self(segments(path).map(segment).collect())
    }

    /// Whether it is the pattern of a path, with or without its last slash.
    pub fn matches(&self, path: &str) -> bool {
        let matches = |(segment, text): (&Segment, &str)| match segment {
            Segment::Text(expected) => expected == text,
            Segment::Any => !text.is_empty(),
        };
        segments(path).count() == self.0.len() && self.0.iter().zip(segments(path)).all(matches)
    }

    /// The number of segments that stand for any text.
    fn freedom(&self) -> usize {
        self.0.iter().filter(|segment| **segment == Segment::Any).count()
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_suffix('/').unwrap_or(path).split('/')
}

/// Whether a request with this method reaches what is there for another one: HEAD is answered like GET.
pub fn is_method(of_request: &Method, expected: &Method) -> bool {
    of_request == expected || (of_request == Method::HEAD && expected == Method::GET)
}

/// The operations of the contract.
#[derive(Debug)]
pub struct Operations(Vec<(&'static str, Method, Pattern)>);

impl Operations {
    pub fn of_contract() -> Self {
        let operations = docs().into_iter();
        let operations =
            operations.map(|doc| (doc.id(), doc.method().clone(), Pattern::new(&format!("{BASE}{}", doc.path()))));
        let mut operations: Vec<_> = operations.collect();
        // `/core/users/me/` also has the form of `/core/users/{id}/`.
        operations.sort_by_key(|(_, _, pattern)| pattern.freedom());
        Self(operations)
    }

    /// The id of the operation that a request calls.
    pub fn of_request(&self, method: &Method, path: &str) -> Option<&'static str> {
        let is_it =
            |(_, expected, pattern): &&(_, Method, Pattern)| is_method(method, expected) && pattern.matches(path);
        self.0.iter().find(is_it).map(|(id, _, _)| *id)
    }

    /// The operation with this id.
    ///
    /// # Errors
    ///
    /// A message that names it if there is none.
    pub fn named(&self, id: &str) -> Result<&'static str, String> {
        let found = self.0.iter().map(|(known, _, _)| *known).find(|known| *known == id);
        found.ok_or_else(|| format!("There is no operation {id:?}."))
    }

    /// Whether a path is one of the API.
    pub fn is_api(path: &str) -> bool {
        path.strip_prefix(BASE).is_some_and(|rest| rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_told_apart_as_the_router_does() {
        let operations = Operations::of_contract();
        for (method, path, expected) in [
            (Method::GET, "/api/v3/core/users/", Some("core_users_list")),
            (Method::POST, "/api/v3/core/users", Some("core_users_create")),
            (Method::GET, "/api/v3/core/users/me/", Some("core_users_me_retrieve")),
            (Method::HEAD, "/api/v3/core/users/7/", Some("core_users_retrieve")),
            (Method::DELETE, "/api/v3/core/users/7/", Some("core_users_destroy")),
            (Method::POST, "/api/v3/core/users/7/set_password/", Some("core_users_set_password_create")),
            (Method::GET, "/api/v3/core/users//", None),
            (Method::GET, "/api/v3/core/users/7/8/", None),
            (Method::DELETE, "/api/v3/core/users/", None),
            (Method::GET, "/core/users/", None),
            (Method::GET, "/", None),
        ] {
            assert_eq!(operations.of_request(&method, path), expected, "{method} {path}");
        }
        assert_eq!(operations.named("core_users_list"), Ok("core_users_list"));
        assert_eq!(operations.named("nothing"), Err("There is no operation \"nothing\".".to_owned()));
    }
}
