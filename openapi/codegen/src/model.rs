//! The part of OpenAPI 3.0.3 that the generator understands, read strictly.
//!
//! A key that is not here is an error naming its place: nothing of the contract is dropped in silence.

use std::fmt;

use indexmap::IndexMap;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    pub openapi: String,
    pub info: Info,
    pub servers: Vec<Server>,
    pub tags: Vec<Tag>,
    pub paths: IndexMap<String, PathItem>,
    pub components: Components,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Info {
    pub title: String,
    pub version: String,
    pub description: String,
    pub contact: Contact,
    pub license: License,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    pub name: String,
    pub url: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct License {
    pub name: String,
    pub url: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub url: String,
    pub description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    pub name: String,
    pub description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathItem {
    pub get: Option<Operation>,
    pub put: Option<Operation>,
    pub post: Option<Operation>,
    pub delete: Option<Operation>,
    pub patch: Option<Operation>,
}

impl PathItem {
    /// Its operations with the names of their methods in [`poem::http::Method`].
    pub fn operations(&self) -> impl Iterator<Item = (&'static str, &Operation)> {
        [("GET", &self.get), ("PUT", &self.put), ("POST", &self.post), ("DELETE", &self.delete), ("PATCH", &self.patch)]
            .into_iter()
            .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Operation {
    pub operation_id: String,
    pub summary: String,
    pub description: String,
    pub tags: Vec<String>,
    /// The alternatives, of one scheme each; none, or an empty one, where anybody may call.
    pub security: Vec<IndexMap<String, Vec<String>>>,
    #[serde(default)]
    pub parameters: Vec<RefOr<Parameter>>,
    pub request_body: Option<RequestBody>,
    pub responses: IndexMap<String, RefOr<Response>>,
}

impl Operation {
    /// Whether a token is needed.
    pub fn is_protected(&self) -> bool {
        !self.security.is_empty() && self.security.iter().all(|alternative| !alternative.is_empty())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    pub name: String,
    #[serde(rename = "in")]
    pub location: Location,
    #[serde(default)]
    pub required: bool,
    pub description: String,
    pub schema: RefOr<Schema>,
    /// Arrays are always sent as repeated keys, which is what these say.
    #[serde(rename = "style")]
    _style: Option<Style>,
    pub explode: Option<bool>,
    /// For readers of the published document, and the code samples.
    #[serde(default, rename = "example")]
    _example: Value,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    Form,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    Path,
    Query,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestBody {
    #[serde(default)]
    pub required: bool,
    pub content: IndexMap<String, MediaType>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    pub description: String,
    #[serde(default)]
    pub content: IndexMap<String, MediaType>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaType {
    pub schema: RefOr<Schema>,
    /// For readers of the published document only.
    #[serde(default, rename = "examples")]
    _examples: IndexMap<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Components {
    pub schemas: IndexMap<String, Schema>,
    pub security_schemes: IndexMap<String, SecurityScheme>,
    #[serde(default)]
    pub parameters: IndexMap<String, Parameter>,
    #[serde(default)]
    pub responses: IndexMap<String, Response>,
    /// For readers of the published document only.
    #[serde(default, rename = "examples")]
    _examples: IndexMap<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityScheme {
    #[serde(rename = "type")]
    _kind: HttpScheme,
    #[serde(rename = "scheme")]
    _scheme: BearerScheme,
    pub description: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HttpScheme {
    Http,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BearerScheme {
    Bearer,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum SchemaType {
    Array,
    Boolean,
    Integer,
    Number,
    Object,
    String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Schema {
    #[serde(rename = "type")]
    pub kind: Option<SchemaType>,
    /// One reference, to say more about what it refers to.
    #[serde(default)]
    pub all_of: Vec<RefOr<Schema>>,
    pub format: Option<Format>,
    pub title: Option<String>,
    pub description: Option<String>,
    #[serde(default)]
    pub nullable: bool,
    #[serde(default)]
    pub read_only: bool,
    #[serde(default, rename = "enum")]
    pub choices: Vec<String>,
    pub min_length: Option<usize>,
    pub max_length: Option<usize>,
    pub pattern: Option<String>,
    pub default: Option<bool>,
    pub items: Option<Box<RefOr<Schema>>>,
    #[serde(default)]
    pub properties: IndexMap<String, RefOr<Schema>>,
    #[serde(default)]
    pub required: Vec<String>,
    pub additional_properties: Option<Anything>,
    /// Text that is taken as it is, where other text is trimmed.
    #[serde(default, rename = "x-verbatim")]
    pub verbatim: bool,
    /// Properties that answers may leave out; all others are always sent.
    #[serde(default, rename = "x-sometimes-absent")]
    pub sometimes_absent: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    DateTime,
    Double,
    Email,
    Uuid,
}

/// `{}`: a schema that allows everything.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anything {}

/// Something in place, or the name of a component.
#[derive(Debug)]
pub enum RefOr<T> {
    Ref(Name),
    Here(T),
}

/// The last part of a `$ref`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(pub String);

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for RefOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let Some(reference) = value.get("$ref") else {
            // The path inside is lost to the outer reader, so it goes into the message.
            return serde_path_to_error::deserialize(value).map(Self::Here).map_err(|error| {
                let path = error.path().to_string();
                D::Error::custom(format!("{path}: {}", error.into_inner()))
            });
        };
        match (reference.as_str(), value.as_object().map(serde_json::Map::len)) {
            (Some(reference), Some(1)) if reference.starts_with("#/components/") => {
                let name = reference.rsplit('/').next().unwrap_or_default();
                Ok(Self::Ref(Name(name.to_owned())))
            }
            _ => Err(D::Error::custom(format!("{reference} must stand alone and point into #/components/"))),
        }
    }
}
