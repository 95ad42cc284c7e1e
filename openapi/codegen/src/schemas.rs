//! Writes `schemas.rs`: a type for each schema.

use std::fmt::Write;

use anyhow::{Context, Result, ensure};

use crate::{
    kind::{self, Kind, Use},
    model::{Contract, RefOr, Schema, SchemaType},
    rust::{assignment, doc, field, literal},
};

pub fn emit(contract: &Contract) -> Result<String> {
    let mut out = String::from(
        "//! The contract's schemas.\n\nuse poem_openapi::types::MaybeUndefined;\nuse uuid::Uuid;\n\n\
         use super::runtime::*;\n",
    );
    let requests = contract.request_schemas()?;
    for (name, schema) in &contract.components.schemas {
        let used = if requests.contains(name.as_str()) { Use::Request } else { Use::Response };
        out += &component(contract, name, schema, used).with_context(|| format!("components.schemas.{name}"))?;
    }
    Ok(out)
}

fn component(contract: &Contract, name: &str, schema: &Schema, used: Use) -> Result<String> {
    let description = schema.description.as_deref().context("a schema needs a description")?;
    if !schema.choices.is_empty() {
        ensure!(schema.kind == Some(SchemaType::String), "enum is only supported on strings");
        schema.only(&["type", "description", "enum"])?;
        return kind::enumeration(name, &schema.choices, Some(description));
    }
    ensure!(schema.kind == Some(SchemaType::Object), "only objects and enumerations can be components");
    schema.only(match used {
        Use::Request => &["type", "description", "properties", "required"],
        _ => &["type", "description", "properties", "required", "additionalProperties", "x-sometimes-absent"],
    })?;
    for listed in schema.required.iter().chain(&schema.sometimes_absent) {
        ensure!(schema.properties.contains_key(listed), "there is no property {listed}");
    }
    let in_order = schema.properties.keys().filter(|name| schema.required.contains(name));
    ensure!(schema.required.iter().eq(in_order), "required: must be in the order of the properties");

    let what = if used == Use::Request { "request_object" } else { "response_object" };
    let mut out = format!("\n{what}! {{\n{}    pub struct {name} {{\n", doc(4, description)?);
    for (name, property_schema) in &schema.properties {
        let place = || format!("properties.{name}");
        out += &property(contract, schema, name, property_schema, used).with_context(place)?;
    }
    if schema.additional_properties.is_some() {
        out += "        ..additional\n";
    }
    Ok(out + "    }\n}\n")
}

/// `pub username: String = required("username", Text::ANY),`, with its doc comment.
fn property(contract: &Contract, owner: &Schema, name: &str, schema: &RefOr<Schema>, used: Use) -> Result<String> {
    ensure!(
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'),
        "unsupported name"
    );
    ensure!(!name.contains("__"), "unsupported name");
    let context: &[&str] = match used {
        Use::Request => &["description", "title", "nullable", "default"],
        _ => &["description", "title", "nullable", "readOnly"],
    };
    let Kind { expression, value, .. } = kind::kind(contract, schema, used, context, name)?;
    let inline = match schema {
        RefOr::Here(schema) => Some(schema),
        RefOr::Ref(_) => None,
    };
    let is_required = owner.required.iter().any(|required| required == name);
    let is_sometimes_absent = owner.sometimes_absent.iter().any(|absent| absent == name);
    let is_nullable = inline.is_some_and(|schema| schema.nullable);
    let default = inline.and_then(|schema| schema.default);
    ensure!(!(is_required && is_sometimes_absent), "a required property can't be absent");
    ensure!(!(is_sometimes_absent && is_nullable), "a property can't be both absent and null");
    ensure!(default.is_none() || !(is_required || is_nullable), "default is only supported on optional properties");
    ensure!(!(used == Use::Request && is_required && is_nullable), "nullable is not supported on required properties");

    let mut out = String::new();
    if let Some(schema) = inline {
        let is_described = schema.description.is_some() || !schema.all_of.is_empty();
        ensure!(is_described, "a property needs a description");
        out += &schema.description.as_deref().map(|text| doc(8, text)).transpose()?.unwrap_or_default();
    }
    if is_sometimes_absent {
        out += "        #[serde(skip_serializing_if = \"Option::is_none\")]\n";
    }
    let type_of_field = match used {
        Use::Request if is_required || default.is_some() => value,
        Use::Request if is_nullable => format!("MaybeUndefined<{value}>"),
        Use::Request => format!("Option<{value}>"),
        _ if is_sometimes_absent || is_nullable => format!("Option<{value}>"),
        _ => value,
    };
    let presence = match (is_required, is_nullable) {
        (true, false) => "required",
        (true, true) => "required_nullable",
        (false, true) => "optional_nullable",
        (false, false) if default.is_some() => "optional_or",
        (false, false) => "optional",
    };
    let default = default.map(|default| format!(", {default}")).unwrap_or_default();
    let mut calls = Vec::new();
    if let Some(schema) = inline {
        calls.extend(schema.read_only.then(|| ".read_only()".to_owned()));
        calls.extend(schema.title.as_deref().map(|title| format!(".title({})", literal(title))));
    }
    let start = format!("pub {}: {type_of_field} =", field(name));
    write!(out, "{}", assignment(8, &start, &format!("{presence}({}, {expression}{default})", literal(name)), &calls))?;
    Ok(out)
}
