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
pub struct Parameter<S> {
    name: &'static str,
    source: S,
    description: &'static str,
}

impl<S> Parameter<S> {
    const fn new(name: &'static str, source: S) -> Self {
        Self { name, source, description: "" }
    }

    /// Sets the description; an empty one leaves the parameter as it is.
    pub const fn description(mut self, description: &'static str) -> Self {
        if !description.is_empty() {
            self.description = description;
        }
        self
    }
}

/// A parameter that is a segment of the path.
pub const fn path<K>(name: &'static str, kind: K) -> Parameter<Path<K>> {
    Parameter::new(name, Path(kind))
}

/// A parameter of the query string; if sent more than once, the last one counts.
pub const fn query<K>(name: &'static str, kind: K) -> Parameter<Query<K>> {
    Parameter::new(name, Query(kind))
}

/// A parameter of the query string whose absence means `default`.
pub const fn query_or<K>(name: &'static str, kind: K, default: bool) -> Parameter<QueryOr<K>> {
    Parameter::new(name, QueryOr(Query(kind), default))
}

/// A parameter of the query string that may be repeated.
pub const fn repeated<K>(name: &'static str, kind: K) -> Parameter<Repeated<K>> {
    Parameter::new(name, Repeated(kind))
}

#[derive(Debug)]
pub struct Path<K>(K);

#[derive(Debug)]
pub struct Query<K>(K);

#[derive(Debug)]
pub struct QueryOr<K>(Query<K>, bool);

#[derive(Debug)]
pub struct Repeated<K>(K);

/// Where a parameter comes from, and how many values it has.
pub trait Source {
    type Value;

    /// Reads the parameter `name`. An invalid query parameter counts as absent, and its error is collected.
    ///
    /// # Errors
    ///
    /// 404 if a segment of the path is invalid: no object can have such an id.
    fn read(&self, name: &'static str, parameters: &mut Parameters<'_>) -> Result<Self::Value, Failure>;

    fn schema(&self) -> MetaSchemaRef;

    const IN: MetaParamIn = MetaParamIn::Query;
    const STYLE: Option<ParameterStyle> = None;
}

impl<K: ParseParameter> Source for Path<K> {
    type Value = K::Value;
    fn read(&self, name: &'static str, parameters: &mut Parameters<'_>) -> Result<K::Value, Failure> {
        let text = parameters.request.raw_path_param(name);
        text.and_then(|text| self.0.parse_parameter(text).ok().flatten()).ok_or(Failure::NoRoute)
    }
    fn schema(&self) -> MetaSchemaRef {
        self.0.schema_ref()
    }
    const IN: MetaParamIn = MetaParamIn::Path;
}

impl<K: ParseParameter> Source for Query<K> {
    type Value = Option<K::Value>;
    fn read(&self, name: &'static str, parameters: &mut Parameters<'_>) -> Result<Self::Value, Failure> {
        let Some((_, text)) = parameters.query.iter().rev().find(|(key, _)| key == name) else { return Ok(None) };
        Ok(self.0.parse_parameter(text).unwrap_or_else(|message| {
            parameters.errors.add(name, message);
            None
        }))
    }
    fn schema(&self) -> MetaSchemaRef {
        self.0.schema_ref()
    }
}

impl<K: ParseParameter<Value = bool>> Source for QueryOr<K> {
    type Value = bool;
    fn read(&self, name: &'static str, parameters: &mut Parameters<'_>) -> Result<bool, Failure> {
        Ok(self.0.read(name, parameters)?.unwrap_or(self.1))
    }
    fn schema(&self) -> MetaSchemaRef {
        self.0.schema().merge(MetaSchema { default: Some(self.1.into()), ..MetaSchema::ANY })
    }
}

impl<K: ParseItem> Source for Repeated<K> {
    type Value = Vec<K::Value>;
    fn read(&self, name: &'static str, parameters: &mut Parameters<'_>) -> Result<Self::Value, Failure> {
        let values = parameters.query.iter().filter(|(key, _)| key == name);
        let values = values.map(|(_, text)| self.0.parse_item(text)).collect::<Result<_, _>>();
        Ok(values.unwrap_or_else(|message| {
            parameters.errors.add(name, message);
            Vec::new()
        }))
    }
    fn schema(&self) -> MetaSchemaRef {
        let items = Some(Box::new(self.0.schema_ref()));
        MetaSchemaRef::Inline(Box::new(MetaSchema { ty: "array", items, ..MetaSchema::ANY }))
    }
    const STYLE: Option<ParameterStyle> = Some(ParameterStyle::Form);
}

impl<S: Source> Parameter<S> {
    /// The parameter as poem-openapi describes it.
    pub fn meta(&self) -> MetaOperationParam {
        MetaOperationParam {
            name: self.name.into(),
            schema: self.source.schema(),
            in_type: S::IN,
            description: Some(self.description.into()),
            required: S::IN == MetaParamIn::Path,
            deprecated: false,
            explode: true,
            style: S::STYLE,
        }
    }
}

/// The parameters of one request, and the errors found in them so far.
pub struct Parameters<'a> {
    request: &'a Request,
    query: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    errors: FieldErrors,
}

impl<'a> Parameters<'a> {
    pub(super) fn new(request: &'a Request, limit: usize) -> Result<Self, Failure> {
        let query = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
        let query: Vec<_> = query.take(limit.saturating_add(1)).collect();
        if query.len() > limit {
            return Err(Failure::TooManyParameters { limit });
        }
        Ok(Self { request, query, errors: FieldErrors::default() })
    }

    /// Reads a parameter.
    ///
    /// # Errors
    ///
    /// See [`Source::read`].
    pub fn read<S: Source>(&mut self, parameter: &Parameter<S>) -> Result<S::Value, Failure> {
        parameter.source.read(parameter.name, self)
    }

    /// Reports the errors of the query string.
    ///
    /// # Errors
    ///
    /// 400 with every invalid parameter.
    pub fn finish(self) -> Result<(), Failure> {
        if self.errors.is_empty() { Ok(()) } else { Err(Failure::Invalid(self.errors)) }
    }
}
