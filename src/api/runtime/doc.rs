//! Descriptions of operations and their responses, for the document that poem-openapi emits. The server itself uses
//! only the media types and the callers.

use std::collections::HashMap;

use poem::http::Method;
use poem_openapi::registry::{
    MetaHeader, MetaMediaType, MetaOperation, MetaOperationParam, MetaPath, MetaRequest, MetaResponse, MetaResponses,
    MetaSecurityScheme, MetaTag, Registry,
};

use super::{Callers, Describe};
use crate::api::samples::code_samples;

const JSON: &str = "application/json";

/// A response of an operation.
#[derive(Clone, Copy)]
pub struct ResponseDoc {
    description: &'static str,
    content: Content,
    headers: &'static [HeaderDoc],
}

/// The schemas of a response, by media type.
#[derive(Clone, Copy)]
enum Content {
    Empty,
    Json(&'static dyn Describe),
    Several(&'static [(&'static str, &'static dyn Describe)]),
}

/// A response without a body.
pub const fn no_content() -> ResponseDoc {
    ResponseDoc { description: "", content: Content::Empty, headers: &[] }
}

/// A response in JSON.
pub const fn json(schema: &'static dyn Describe) -> ResponseDoc {
    ResponseDoc { content: Content::Json(schema), ..no_content() }
}

/// A response in one of several media types.
pub const fn one_of(content: &'static [(&'static str, &'static dyn Describe)]) -> ResponseDoc {
    ResponseDoc { content: Content::Several(content), ..no_content() }
}

impl ResponseDoc {
    /// Sets the description; an empty one leaves the response as it is.
    pub const fn description(mut self, description: &'static str) -> Self {
        if !description.is_empty() {
            self.description = description;
        }
        self
    }

    pub const fn headers(self, headers: &'static [HeaderDoc]) -> Self {
        Self { headers, ..self }
    }

    fn content(&self) -> Vec<(&'static str, &'static dyn Describe)> {
        match self.content {
            Content::Empty => vec![],
            Content::Json(schema) => vec![(JSON, schema)],
            Content::Several(content) => content.to_vec(),
        }
    }

    fn meta(&self, status: u16) -> MetaResponse {
        MetaResponse {
            description: self.description,
            status: Some(status),
            status_range: None,
            content: self.content().into_iter().map(|(media_type, schema)| meta(media_type, schema)).collect(),
            headers: self.headers.iter().map(HeaderDoc::meta).collect(),
        }
    }
}

fn meta(content_type: &'static str, schema: &'static dyn Describe) -> MetaMediaType {
    MetaMediaType { content_type, schema: schema.schema_ref() }
}

/// A header of a response.
pub struct HeaderDoc {
    pub name: &'static str,
    pub description: &'static str,
    pub required: bool,
    pub schema: &'static dyn Describe,
}

impl HeaderDoc {
    fn meta(&self) -> MetaHeader {
        MetaHeader {
            name: self.name.into(),
            description: Some(self.description.into()),
            required: self.required,
            deprecated: false,
            schema: self.schema.schema_ref(),
        }
    }
}

/// An operation.
pub struct OperationDoc {
    method: Method,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    description: &'static str,
    tags: &'static [&'static str],
    security: Option<(&'static str, Callers)>,
    parameters: Vec<MetaOperationParam>,
    body: Option<&'static dyn Describe>,
    body_required: bool,
    responses: &'static [(u16, ResponseDoc)],
}

impl OperationDoc {
    pub fn new(method: Method, path: &'static str, id: &'static str, responses: &'static [(u16, ResponseDoc)]) -> Self {
        Self {
            method,
            path,
            id,
            summary: "",
            description: "",
            tags: &[],
            security: None,
            parameters: vec![],
            body: None,
            body_required: false,
            responses,
        }
    }

    pub fn summary(self, summary: &'static str) -> Self {
        Self { summary, ..self }
    }

    pub fn description(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    pub fn tags(self, tags: &'static [&'static str]) -> Self {
        Self { tags, ..self }
    }

    /// Requires a token of one of the `callers`; `scheme` is the name of the security scheme.
    pub fn security(self, scheme: &'static str, callers: Callers) -> Self {
        Self { security: Some((scheme, callers)), ..self }
    }

    pub fn parameters(self, parameters: Vec<MetaOperationParam>) -> Self {
        Self { parameters, ..self }
    }

    pub fn body(self, schema: &'static dyn Describe) -> Self {
        Self { body: Some(schema), ..self }
    }

    pub fn body_required(self, body_required: bool) -> Self {
        Self { body_required, ..self }
    }

    /// The `operationId`.
    pub fn id(&self) -> &'static str {
        self.id
    }

    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path as in the contract.
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// Who may call it; `None` if it needs no token.
    pub fn callers(&self) -> Option<Callers> {
        self.security.map(|(_, callers)| callers)
    }

    /// The status of its successful responses; `None` if the contract has none.
    pub fn success(&self) -> Option<u16> {
        self.successful().next().map(|(status, _)| *status)
    }

    fn successful(&self) -> impl Iterator<Item = &(u16, ResponseDoc)> {
        self.responses.iter().filter(|(status, _)| *status < 300)
    }

    /// The media types of its successful responses.
    pub fn media_types(&self) -> Vec<&'static str> {
        let types: Vec<_> =
            self.successful().flat_map(|(_, response)| response.content()).map(|(media, _)| media).collect();
        if types.is_empty() { vec![JSON] } else { types }
    }

    fn register(&self, registry: &mut Registry) {
        let responses = self.responses.iter();
        let content = responses.flat_map(|(_, response)| response.content()).map(|(_, schema)| schema);
        let headers = self.responses.iter().flat_map(|(_, response)| response.headers).map(|header| header.schema);
        self.body.into_iter().chain(content).chain(headers).for_each(|schema| schema.register(registry));
    }

    fn meta(self) -> MetaOperation {
        let body =
            |schema| MetaRequest { description: None, content: vec![meta(JSON, schema)], required: self.body_required };
        MetaOperation {
            method: self.method,
            tags: self.tags.to_vec(),
            summary: Some(self.summary),
            description: Some(self.description),
            external_docs: None,
            params: self.parameters,
            request: self.body.map(body),
            responses: MetaResponses {
                responses: self.responses.iter().map(|(status, response)| response.meta(*status)).collect(),
            },
            deprecated: false,
            security: self.security.map(|(scheme, _)| HashMap::from([(scheme, vec![])])).into_iter().collect(),
            operation_id: Some(self.id),
            code_samples: code_samples(self.id),
        }
    }
}

/// Describes operations, those of one path together.
pub fn paths(operations: Vec<OperationDoc>) -> Vec<MetaPath> {
    let mut paths: Vec<MetaPath> = vec![];
    for operation in operations {
        let path = operation.path;
        match paths.last_mut() {
            Some(last) if last.path == path => last.operations.push(operation.meta()),
            _ => paths.push(MetaPath { path: path.into(), operations: vec![operation.meta()] }),
        }
    }
    paths
}

/// Registers the schemas that operations use.
pub fn register(operations: &[OperationDoc], registry: &mut Registry) {
    operations.iter().for_each(|operation| operation.register(registry));
}

/// A tag of operations.
pub fn tag(name: &'static str, description: &'static str) -> MetaTag {
    MetaTag { name, description: Some(description), external_docs: None }
}

/// A security scheme of bearer tokens.
pub fn bearer(description: &'static str) -> MetaSecurityScheme {
    MetaSecurityScheme {
        ty: "http",
        description: Some(description),
        name: None,
        key_in: None,
        scheme: Some("bearer"),
        bearer_format: None,
        flows: None,
        openid_connect_url: None,
    }
}
