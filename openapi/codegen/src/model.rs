//! The part of OpenAPI 3.0.3 that the generator understands, read strictly.
//!
//! Unknown keywords are errors that name their place, and so are known ones where they have no effect: nothing in the
//! contract is silently ignored.

use std::fmt;

use anyhow::{Result, ensure};
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
    /// Its operations with the names of their methods in `poem::http::Method`.
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
    /// One alternative with one scheme, or none if no token is required.
    pub security: Vec<IndexMap<String, Vec<String>>>,
    #[serde(default)]
    pub parameters: Vec<RefOr<Parameter>>,
    pub request_body: Option<RequestBody>,
    /// Whether every user may call the operation, not only superusers.
    #[serde(default, rename = "x-any-user")]
    pub any_user: bool,
    pub responses: IndexMap<String, RefOr<Response>>,
}

impl Operation {
    /// The security scheme, if a token is required.
    pub fn scheme(&self) -> Option<&str> {
        self.security.first()?.keys().next().map(String::as_str)
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
    /// Required for arrays, which are always sent as repeated keys.
    pub style: Option<Style>,
    pub explode: Option<bool>,
    /// Only for readers of the published document, and for the code samples.
    #[serde(default)]
    pub example: Value,
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
    pub headers: IndexMap<String, Header>,
    #[serde(default)]
    pub content: IndexMap<String, MediaType>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    pub description: String,
    #[serde(default)]
    pub required: bool,
    pub schema: RefOr<Schema>,
    /// Only for readers of the published document.
    #[serde(default, rename = "example")]
    _example: Value,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaType {
    pub schema: RefOr<Schema>,
    /// Only for readers of the published document, and for the code samples.
    #[serde(default)]
    pub examples: IndexMap<String, RefOr<Example>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    #[serde(rename = "summary")]
    _summary: Option<String>,
    #[serde(rename = "description")]
    _description: Option<String>,
    pub value: Value,
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
    /// Only for readers of the published document, and for the code samples.
    #[serde(default)]
    pub examples: IndexMap<String, Example>,
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
    /// One reference, to add keywords to the component.
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
    /// Whether the string is not trimmed, as others are.
    #[serde(default, rename = "x-verbatim")]
    pub verbatim: bool,
    /// Whether the string is a password or a key, which logs must not show.
    #[serde(default, rename = "x-secret")]
    pub secret: bool,
    /// Whether the integer may also be sent as a string.
    #[serde(default, rename = "x-or-text")]
    pub or_text: bool,
    /// Properties that a response may omit; all others are always sent.
    #[serde(default, rename = "x-sometimes-absent")]
    pub sometimes_absent: Vec<String>,
}

impl Schema {
    /// Checks that every keyword of the schema has an effect: it is one of `effective`.
    ///
    /// # Errors
    ///
    /// Names the first keyword that would be ignored.
    pub fn only(&self, effective: &[&str]) -> Result<()> {
        let keywords = [
            ("type", self.kind.is_some()),
            ("allOf", !self.all_of.is_empty()),
            ("format", self.format.is_some()),
            ("title", self.title.is_some()),
            ("description", self.description.is_some()),
            ("nullable", self.nullable),
            ("readOnly", self.read_only),
            ("enum", !self.choices.is_empty()),
            ("minLength", self.min_length.is_some()),
            ("maxLength", self.max_length.is_some()),
            ("pattern", self.pattern.is_some()),
            ("default", self.default.is_some()),
            ("items", self.items.is_some()),
            ("properties", !self.properties.is_empty()),
            ("required", !self.required.is_empty()),
            ("additionalProperties", self.additional_properties.is_some()),
            ("x-verbatim", self.verbatim),
            ("x-secret", self.secret),
            ("x-or-text", self.or_text),
            ("x-sometimes-absent", !self.sometimes_absent.is_empty()),
        ];
        for (keyword, is_present) in keywords {
            ensure!(!is_present || effective.contains(&keyword), "{keyword} is not supported here");
        }
        Ok(())
    }
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

/// An inline value, or the name of a component.
#[derive(Debug)]
pub enum RefOr<T> {
    Ref(Name),
    Here(T),
}

impl<T> RefOr<T> {
    /// The name of the component.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Ref(name) => Some(&name.0),
            Self::Here(_) => None,
        }
    }
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
            // The outer deserializer does not know the path inside, so it goes into the message.
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
