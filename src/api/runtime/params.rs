//! Parameters in the path and the query string.

use std::borrow::Cow;

use poem::Request;
use poem_openapi::{
    ParameterStyle,
    registry::{MetaOperationParam, MetaParamIn, MetaSchema, MetaSchemaRef},
};

use super::{Failure, FieldErrors, ParseItem, ParseParameter};

/// A parameter, stated once for the document and the parser.
#[derive(Debug)]
pub struct Parameter<K> {
    name: &'static str,
    location: MetaParamIn,
    kind: K,
    description: Option<&'static str>,
    default: Option<bool>,
    repeated: bool,
}

impl<K> Parameter<K> {
    /// A part of the path; always required.
    pub const fn path(name: &'static str, kind: K) -> Self {
        Self { name, location: MetaParamIn::Path, kind, description: None, default: None, repeated: false }
    }

    /// A key of the query string; never required.
    pub const fn query(name: &'static str, kind: K) -> Self {
        Self { name, location: MetaParamIn::Query, kind, description: None, default: None, repeated: false }
    }

    pub const fn description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    /// It may be sent more than once; each time is a value.
    pub const fn repeated(mut self) -> Self {
        self.repeated = true;
        self
    }

    /// The value taken when it is left out.
    pub const fn default(mut self, default: bool) -> Self {
        self.default = Some(default);
        self
    }
}

impl<K: ParseParameter> Parameter<K> {
    /// How the document shows it.
    pub fn meta(&self) -> MetaOperationParam {
        let schema = match self.kind.schema_ref() {
            MetaSchemaRef::Inline(schema) => {
                MetaSchemaRef::Inline(Box::new(MetaSchema { default: self.default.map(Into::into), ..*schema }))
            }
            reference => reference,
        };
        let schema = if self.repeated {
            let items = Some(Box::new(schema));
            MetaSchemaRef::Inline(Box::new(MetaSchema { ty: "array", items, ..MetaSchema::ANY }))
        } else {
            schema
        };
        MetaOperationParam {
            name: self.name.into(),
            schema,
            in_type: self.location,
            description: self.description.map(Into::into),
            required: self.location == MetaParamIn::Path,
            deprecated: false,
            explode: true,
            style: self.repeated.then_some(ParameterStyle::Form),
        }
    }
}

/// The parameters of one request.
pub struct Parameters<'a> {
    request: &'a Request,
    query: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    errors: FieldErrors,
}

impl<'a> Parameters<'a> {
    pub(super) fn new(request: &'a Request) -> Self {
        let query = request.uri().query().unwrap_or_default();
        Self { request, query: form_urlencoded::parse(query.as_bytes()).collect(), errors: FieldErrors::default() }
    }

    /// A part of the path.
    ///
    /// # Errors
    ///
    /// 404 when it is not of its kind: nothing can have such an id.
    pub fn path<K: ParseParameter>(&self, parameter: &Parameter<K>) -> Result<K::Value, Failure> {
        let text = self.request.raw_path_param(parameter.name);
        text.and_then(|text| parameter.kind.parse_parameter(text).ok().flatten()).ok_or(Failure::NoRoute)
    }

    /// A key of the query string; the last one, if it was sent more than once.
    pub fn query<K: ParseParameter>(&mut self, parameter: &Parameter<K>) -> Option<K::Value> {
        let (_, text) = self.query.iter().rev().find(|(name, _)| name == parameter.name)?;
        match parameter.kind.parse_parameter(text) {
            Ok(value) => value,
            Err(message) => {
                self.errors.add(parameter.name, message);
                None
            }
        }
    }

    /// Every value of a key of the query string.
    pub fn all<K: ParseItem>(&mut self, parameter: &Parameter<K>) -> Vec<K::Value> {
        let values = self.query.iter().filter(|(name, _)| name == parameter.name);
        match values.map(|(_, text)| parameter.kind.parse_item(text)).collect() {
            Ok(values) => values,
            Err(message) => {
                self.errors.add(parameter.name, message);
                Vec::new()
            }
        }
    }

    /// Tells what was wrong with the query string.
    ///
    /// # Errors
    ///
    /// 400 with every wrong parameter.
    pub fn finish(self) -> Result<(), Failure> {
        if self.errors.is_empty() { Ok(()) } else { Err(Failure::Invalid(self.errors)) }
    }
}
