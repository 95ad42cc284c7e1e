//! A generated request, and the response that the contract demands.

use serde_json::Value;

use super::contract::Operation;

/// The code points of a value that a case's name shows.
pub const SAMPLE: usize = 60;

pub struct Case {
    pub operation: &'static Operation,
    /// What is malformed, or valid but at a limit: `body username`, `query page`, `path id`, or `body` as a whole.
    pub place: String,
    /// The violated constraint: a keyword of the schema, or `json`, `content type`, `size` or `example`.
    pub keyword: &'static str,
    /// The value sent, abbreviated.
    pub sample: String,
    pub request: Request,
    pub expected: Expected,
}

/// What differs from a valid request without query parameters.
#[derive(Default)]
pub struct Request {
    /// A path parameter with another value.
    pub segment: Option<(&'static str, String)>,
    pub query: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub content_type: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// The operation's success. If the response has these properties, they have the values sent.
    Accepted(Vec<(&'static str, Value)>),
    /// An error whose body has exactly these properties, sorted.
    Rejected(u16, Vec<String>),
}

impl Case {
    /// `core_users_create body username maxLength "aaaa…"`
    pub fn name(&self) -> String {
        format!("{} {} {} {}", self.operation.id, self.place, self.keyword, self.sample)
    }

    pub fn is_rejected(&self) -> bool {
        matches!(self.expected, Expected::Rejected(..))
    }
}

impl Request {
    pub fn json(body: &Value) -> Self {
        Self::bytes(body.to_string())
    }

    pub fn bytes(body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), content_type: Some("application/json"), ..Self::default() }
    }

    /// A valid request, without path and query.
    pub fn valid(operation: &Operation) -> Self {
        operation.valid_body().map_or_else(Self::default, Self::json)
    }
}

impl Expected {
    pub fn success() -> Self {
        Self::Accepted(Vec::new())
    }

    pub fn rejected(status: u16, property: &str) -> Self {
        Self::Rejected(status, vec![property.to_owned()])
    }
}

/// Shortens a text of more than `limit` code points, stating its length.
pub fn abbreviate(text: &str, limit: usize) -> String {
    let length = text.chars().count();
    if length <= limit {
        text.to_owned()
    } else {
        format!("{}… ({length})", text.chars().take(limit).collect::<String>())
    }
}
