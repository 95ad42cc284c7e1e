//! Writes the parameters of operations.

use anyhow::{Context, Result, ensure};

use crate::{
    kind::{self, Kind, Use},
    model::{Contract, Location, Operation, Parameter, RefOr, Schema, SchemaType, Style},
    rust::{assignment, constant_case, doc, field, literal, pascal_case},
};

/// A parameter in Rust.
struct Source {
    /// The declaration of its enumeration, if it has one of its own.
    enumeration: String,
    /// An expression for the parameter, such as `query("name", Text::ANY)`.
    expression: String,
    /// The type of that expression.
    name: String,
    /// The type of its values.
    value: String,
}

/// The parameter as a constant that operations share, preceded by its enumeration.
pub fn component(contract: &Contract, name: &str, parameter: &Parameter) -> Result<(String, String)> {
    let source = source(contract, parameter, name)?;
    let start = format!("const {}: {} =", constant_case(name), source.name);
    let constant = assignment(4, &start, &source.expression, &[]).replace(",\n", ";\n");
    Ok((source.enumeration, doc(4, &parameter.description)? + &constant))
}

/// The parameters of an operation; empty if it has none.
pub fn of_operation(contract: &Contract, operation: &Operation) -> Result<String> {
    if operation.parameters.is_empty() {
        return Ok(String::new());
    }
    let (mut enumerations, mut fields) = (String::new(), String::new());
    for reference in &operation.parameters {
        let parameter = contract.parameter(reference)?;
        let place = || format!("parameters.{}", parameter.name);
        let (about, source) = match reference {
            RefOr::Ref(name) => {
                let source = source(contract, parameter, &name.0).with_context(place)?;
                (String::new(), Source { expression: constant_case(&name.0), enumeration: String::new(), ..source })
            }
            RefOr::Here(_) => {
                let enumeration = format!("{}_{}", operation.operation_id, parameter.name);
                let source = source(contract, parameter, &enumeration).with_context(place)?;
                (doc(8, &parameter.description).with_context(place)?, source)
            }
        };
        enumerations += &source.enumeration;
        let start = format!("pub {}: {} =", field(&parameter.name), source.value);
        fields += &(about + &assignment(8, &start, &source.expression, &[]));
    }
    let name = pascal_case(&operation.operation_id);
    Ok(format!("{enumerations}\nparameters! {{\n    pub struct {name}Params {{\n{fields}    }}\n}}\n"))
}

fn source(contract: &Contract, parameter: &Parameter, enumeration: &str) -> Result<Source> {
    let is_path = parameter.location == Location::Path;
    ensure!(parameter.required == is_path, "path parameters are required, query parameters are not");
    let inline = match &parameter.schema {
        RefOr::Here(schema) => Some(schema),
        RefOr::Ref(_) => None,
    };
    let (schema, used) = match inline.filter(|schema| schema.kind == Some(SchemaType::Array)) {
        _ if is_path => (&parameter.schema, Use::Path),
        None => (&parameter.schema, Use::Query),
        Some(array) => {
            array.only(&["type", "items"])?;
            (array.items.as_deref().context("an array needs items")?, Use::Item)
        }
    };
    if used == Use::Item {
        ensure!(parameter.style == Some(Style::Form), "an array needs `style: form`");
        ensure!(parameter.explode != Some(false), "only repeated keys are supported, which is `explode: true`");
    } else {
        ensure!(parameter.style.is_none() && parameter.explode.is_none(), "style and explode are only for arrays");
    }
    let context: &[&str] = if used == Use::Query { &["default"] } else { &[] };
    let kind = kind::kind(contract, schema, used, context, enumeration);
    let Kind { expression, name, value } = if used == Use::Item { kind.context("items")? } else { kind? };
    let default = inline.and_then(|schema| schema.default);
    let (function, source, value) = match used {
        Use::Path => ("path", "Path", value),
        Use::Item => ("repeated", "Repeated", format!("Vec<{value}>")),
        _ if default.is_some() => ("query_or", "QueryOr", value),
        _ => ("query", "Query", format!("Option<{value}>")),
    };
    let default = default.map(|default| format!(", {default}")).unwrap_or_default();
    let enumeration = match choices(schema) {
        choices if choices.is_empty() || contract.enumeration(choices).is_some() => String::new(),
        choices => kind::enumeration(&pascal_case(enumeration), choices, None)?,
    };
    let expression = format!("{function}({}, {expression}{default})", literal(&parameter.name));
    Ok(Source { enumeration, expression, name: format!("Parameter<{source}<{name}>>"), value })
}

/// The values of an inline enumeration.
fn choices(schema: &RefOr<Schema>) -> &[String] {
    match schema {
        RefOr::Here(schema) => &schema.choices,
        RefOr::Ref(_) => &[],
    }
}
