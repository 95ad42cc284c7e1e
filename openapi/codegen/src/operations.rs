//! Writes `operations.rs`: for each operation its parameters, its answers and its trait.

use std::{collections::BTreeSet, fmt::Write};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    kind::{self, Kind, Use},
    model::{Contract, Location, MediaType, Operation, Parameter, RefOr, Response, Schema, SchemaType},
    rust::{constant_case, doc, field, literal, pascal_case},
};

pub fn emit(contract: &Contract) -> Result<String> {
    let mut out = String::from(
        "//! The contract's operations: a trait each, with its parameters and its answers.\n\n\
         use poem::{IntoResponse, Response, http::StatusCode};\nuse poem_openapi::{ApiResponse, \
         registry::{MetaOperationParam, MetaResponses, Registry}, types::Type};\nuse uuid::Uuid;\n\n\
         use super::{runtime::*, schemas::*};\n",
    );
    for (path, method, operation) in contract.operations() {
        let place = || format!("paths.{path}.{}", method.to_lowercase());
        parameters(&mut out, contract, operation).with_context(place)?;
        responses(&mut out, contract, operation).with_context(place)?;
        operation_trait(&mut out, contract, path, method, operation).with_context(place)?;
    }
    let bundle: Vec<String> =
        contract.operations().map(|(.., operation)| pascal_case(&operation.operation_id)).collect();
    let bundle = bundle.join(" + ");
    write!(
        out,
        "\n/// Every operation of the contract.\npub trait Api: {bundle} {{}}\n\nimpl<T: {bundle}> Api for T {{}}\n"
    )?;
    Ok(out)
}

/// Whether the operation may answer in several media types.
pub fn is_negotiated(contract: &Contract, operation: &Operation) -> Result<bool> {
    Ok(produces(contract, operation)?.len() > 1)
}

fn parameters(out: &mut String, contract: &Contract, operation: &Operation) -> Result<()> {
    if operation.parameters.is_empty() {
        return Ok(());
    }
    let name = format!("{}Params", pascal_case(&operation.operation_id));
    let all: Vec<(&Parameter, Kind)> = operation
        .parameters
        .iter()
        .map(|parameter| {
            let parameter = contract.parameter(parameter)?;
            let enumeration = format!("{}_{}", operation.operation_id, parameter.name);
            let (schema, used) = match &parameter.schema {
                RefOr::Here(Schema { kind: Some(SchemaType::Array), items: Some(items), .. }) => (&**items, Use::Item),
                schema if parameter.location == Location::Path => (schema, Use::Path),
                schema => (schema, Use::Query),
            };
            let kind = kind::kind(contract, schema, used, &enumeration)
                .with_context(|| format!("parameters.{}", parameter.name))?;
            ensure!(
                parameter.required == (parameter.location == Location::Path),
                "parameters.{}: path parameters are required, query parameters are not",
                parameter.name
            );
            ensure!(
                parameter.explode != Some(false),
                "parameters.{}: only repeated keys are supported",
                parameter.name
            );
            if let Some(schema) = enumerated(&parameter.schema) {
                write!(out, "\n/// The values of [`{name}::{}`].\n", parameter.name)?;
                out.push_str(&kind::enumeration(&pascal_case(&enumeration), &schema.choices, None));
            }
            Ok((parameter, kind))
        })
        .collect::<Result<_>>()?;

    write!(
        out,
        "\n/// The parameters of [`{}`].\n#[derive(Clone, Debug)]\npub struct {name} {{\n",
        pascal_case(&operation.operation_id)
    )?;
    for (parameter, kind) in &all {
        let value = match take(parameter) {
            Take::Optional => format!("Option<{}>", kind.value),
            Take::All => format!("Vec<{}>", kind.value),
            Take::Path | Take::OrDefault(_) => kind.value.clone(),
        };
        writeln!(out, "{}    pub {}: {value},", doc(4, &parameter.description), field(&parameter.name))?;
    }
    write!(out, "}}\n\nimpl {name} {{\n")?;
    for (parameter, kind) in &all {
        let location = if parameter.location == Location::Path { "path" } else { "query" };
        write!(
            out,
            "    pub const {}: Parameter<{}> = Parameter::{location}({}, {}).description({})",
            constant_case(&parameter.name),
            kind.name,
            literal(&parameter.name),
            kind.expression,
            literal(&parameter.description)
        )?;
        match take(parameter) {
            Take::OrDefault(default) => write!(out, ".default({default})")?,
            Take::All => out.push_str(".repeated()"),
            Take::Path | Take::Optional => {}
        }
        out.push_str(";\n");
    }
    let has_query = all.iter().any(|(parameter, _)| parameter.location == Location::Query);
    let (mutable, start, end) = if has_query {
        ("mut ", "let read = Self {", "};\n        parameters.finish()?;\n        Ok(read)")
    } else {
        ("", "Ok(Self {", "})")
    };
    write!(
        out,
        "\n    pub(super) fn read(call: &Call) -> Result<Self, Failure> {{\n        \
         let {mutable}parameters = call.parameters();\n        {start}\n"
    )?;
    for (parameter, _) in &all {
        let constant = constant_case(&parameter.name);
        let take = match take(parameter) {
            Take::Path => format!("path(&Self::{constant})?"),
            Take::Optional => format!("query(&Self::{constant})"),
            Take::OrDefault(default) => format!("query(&Self::{constant}).unwrap_or({default})"),
            Take::All => format!("all(&Self::{constant})"),
        };
        writeln!(out, "            {}: parameters.{take},", field(&parameter.name))?;
    }
    writeln!(out, "        {end}\n    }}")?;
    let metas: Vec<String> =
        all.iter().map(|(parameter, _)| format!("Self::{}.meta()", constant_case(&parameter.name))).collect();
    let metas = metas.join(", ");
    write!(out, "\n    pub(super) fn meta() -> Vec<MetaOperationParam> {{\n        vec![{metas}]\n    }}\n}}\n")?;
    Ok(())
}

/// How a parameter is taken from the request.
enum Take {
    Path,
    Optional,
    OrDefault(bool),
    All,
}

fn take(parameter: &Parameter) -> Take {
    match (&parameter.schema, parameter.location) {
        (_, Location::Path) => Take::Path,
        (RefOr::Here(schema), _) if schema.kind == Some(SchemaType::Array) => Take::All,
        (RefOr::Here(schema), _) => schema.default.map_or(Take::Optional, Take::OrDefault),
        (RefOr::Ref(_), _) => Take::Optional,
    }
}

/// The schema that lists the values of a parameter, or of the items of one.
fn enumerated(schema: &RefOr<Schema>) -> Option<&Schema> {
    let RefOr::Here(schema) = schema else { return None };
    match &schema.items {
        Some(items) => enumerated(items),
        None => Some(schema).filter(|schema| !schema.choices.is_empty()),
    }
}

/// An answer to a request that went well.
struct Success {
    status: u16,
    variant: &'static str,
    code: &'static str,
    content: Content,
}

enum Content {
    Nothing,
    Json(String),
    Rendered,
}

fn success(status: u16, response: &Response) -> Result<Success> {
    let (variant, code) = match status {
        200 => ("Ok", "OK"),
        201 => ("Created", "CREATED"),
        204 => ("NoContent", "NO_CONTENT"),
        _ => bail!("status {status} is not supported"),
    };
    let content = match response.content.first() {
        None => Content::Nothing,
        Some(_) if response.content.len() > 1 => Content::Rendered,
        Some((media, content)) => {
            ensure!(media == "application/json", "{media} is only supported beside other media types");
            Content::Json(json_type(content)?)
        }
    };
    Ok(Success { status, variant, code, content })
}

/// The Rust type of a JSON answer.
fn json_type(content: &MediaType) -> Result<String> {
    match &content.schema {
        RefOr::Ref(name) => Ok(name.0.clone()),
        RefOr::Here(schema) => match (schema.kind, schema.items.as_deref()) {
            (Some(SchemaType::Array), Some(RefOr::Ref(item))) => Ok(format!("Vec<{item}>")),
            _ => bail!("an answer has to be a $ref or an array of one"),
        },
    }
}

/// How the document shows a media type of an answer.
fn media(media: &str, content: &MediaType) -> Result<String> {
    match &content.schema {
        RefOr::Here(schema) if schema.kind == Some(SchemaType::Object) && schema.properties.is_empty() => {
            Ok(format!("free_form_media({})", literal(media)))
        }
        _ => Ok(format!("media::<{}>({})", json_type(content)?, literal(media))),
    }
}

fn status(text: &str) -> Result<u16> {
    text.parse().with_context(|| format!("responses.{text}: is not a status"))
}

/// The media types of the answers to requests that went well.
fn produces(contract: &Contract, operation: &Operation) -> Result<Vec<String>> {
    let mut produced: Vec<String> = Vec::new();
    for (code, response) in &operation.responses {
        if status(code)? < 300 {
            produced.extend(contract.response(response)?.content.keys().cloned());
        }
    }
    Ok(if produced.is_empty() { vec!["application/json".into()] } else { produced })
}

fn responses(out: &mut String, contract: &Contract, operation: &Operation) -> Result<()> {
    let name = format!("{}Response", pascal_case(&operation.operation_id));
    let (mut variants, mut arms, mut metas) = (String::new(), String::new(), String::new());
    let mut types = BTreeSet::new();
    for (text, response) in &operation.responses {
        let (code, response) = (status(text)?, contract.response(response)?);
        let place = || format!("responses.{text}");
        let mut medias = Vec::new();
        for (name, content) in &response.content {
            medias.push(media(name, content).with_context(place)?);
            types.extend(json_type(content).ok());
        }
        writeln!(
            metas,
            "                describe_response({code}, {}, vec![{}]),",
            literal(&response.description),
            medias.join(", ")
        )?;
        if code >= 300 {
            continue;
        }
        let Success { status, variant, code, content } = success(code, response).with_context(place)?;
        variants += &doc(4, &format!("{status}: {}", response.description));
        match content {
            Content::Nothing => {
                writeln!(variants, "    {variant},")?;
                writeln!(arms, "            Self::{variant} => empty(StatusCode::{code}),")?;
            }
            Content::Json(body) => {
                writeln!(variants, "    {variant}({body}),")?;
                writeln!(arms, "            Self::{variant}(body) => json_response(StatusCode::{code}, &body),")?;
            }
            Content::Rendered => {
                writeln!(variants, "    {variant}(Rendered),")?;
                writeln!(arms, "            Self::{variant}(document) => rendered(StatusCode::{code}, document),")?;
            }
        }
    }
    ensure!(!variants.is_empty(), "responses: there has to be one below 300");
    let produced: Vec<String> = produces(contract, operation)?.iter().map(|media| literal(media)).collect();
    let registered: String = types
        .iter()
        .map(|name| {
            format!(
                "        {}::register(registry);\n",
                if name.contains('<') { format!("<{name}>") } else { name.clone() }
            )
        })
        .collect();
    write!(
        out,
        "\n/// What [`{}`] answers when all is well.\n#[derive(Clone, Debug)]\npub enum {name} {{\n{variants}}}\n\n\
         impl {name} {{\n    pub(super) const PRODUCES: &'static [&'static str] = &[{}];\n}}\n\n\
         impl IntoResponse for {name} {{\n    fn into_response(self) -> Response {{\n        match self {{\n{arms}        }}\n    }}\n}}\n\n\
         impl ApiResponse for {name} {{\n    fn meta() -> MetaResponses {{\n        MetaResponses {{\n            responses: vec![\n{metas}            ],\n        }}\n    }}\n\n    \
         fn register(registry: &mut Registry) {{\n{registered}    }}\n}}\n",
        pascal_case(&operation.operation_id),
        produced.join(", ")
    )?;
    Ok(())
}

fn operation_trait(
    out: &mut String,
    contract: &Contract,
    path: &str,
    method: &str,
    operation: &Operation,
) -> Result<()> {
    let name = pascal_case(&operation.operation_id);
    let mut arguments = String::from("&self");
    if operation.is_protected() {
        arguments += ", caller: Self::Caller";
    }
    if !operation.parameters.is_empty() {
        write!(arguments, ", params: {name}Params")?;
    }
    if is_negotiated(contract, operation)? {
        arguments += ", media_type: &'static str";
    }
    if let Some(body) = contract.body(operation)? {
        write!(arguments, ", body: Body<{body}>")?;
    }
    write!(
        out,
        "\n/// `{method} {path}`: {}.\n///\n{}pub trait {name}: Authenticate {{\n    fn {}({arguments}) \
         -> impl Future<Output = Result<{name}Response, Failure>> + Send;\n}}\n",
        operation.summary,
        doc(0, &operation.description),
        operation.operation_id
    )?;
    Ok(())
}
