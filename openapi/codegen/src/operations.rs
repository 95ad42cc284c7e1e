//! Writes `operations.rs`: for each operation its trait, its parameters and its responses.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};

use crate::{
    model::{Contract, Operation, RefOr},
    parameters, responses,
    rust::{WIDTH, doc, literal, pascal_case},
};

pub fn emit(contract: &Contract) -> Result<String> {
    let mut out = String::from(
        "//! The contract's operations: for each its trait, its parameters and its responses.\n\n\
         use uuid::Uuid;\n\nuse super::{runtime::*, schemas::*};\n",
    );
    out += &components(contract)?;
    for (path, method, operation) in contract.operations() {
        let place = || format!("paths.{path}.{}", method.to_lowercase());
        out += &declaration(contract, path, method, operation).with_context(place)?;
        out += &parameters::of_operation(contract, operation).with_context(place)?;
        out += &responses::of_operation(contract, operation).with_context(place)?;
    }
    Ok(out)
}

/// The parameters and responses that operations share.
fn components(contract: &Contract) -> Result<String> {
    let (mut used_parameters, mut used_responses) = (BTreeSet::new(), BTreeSet::new());
    for (.., operation) in contract.operations() {
        used_parameters.extend(operation.parameters.iter().filter_map(RefOr::name));
        used_responses.extend(operation.responses.values().filter_map(RefOr::name));
    }
    let (mut enumerations, mut constants) = (String::new(), String::new());
    for (name, parameter) in &contract.components.parameters {
        let place = || format!("components.parameters.{name}");
        ensure!(used_parameters.contains(name.as_str()), "{}: no operation uses it", place());
        let (enumeration, constant) = parameters::component(contract, name, parameter).with_context(place)?;
        enumerations += &enumeration;
        constants += &constant;
    }
    for (name, response) in &contract.components.responses {
        let place = || format!("components.responses.{name}");
        ensure!(used_responses.contains(name.as_str()), "{}: no operation uses it", place());
        constants += &responses::component(contract, name, response).with_context(place)?;
    }
    let constants = if constants.is_empty() { constants } else { format!("\ncomponents! {{\n{constants}}}\n") };
    Ok(enumerations + &constants)
}

fn declaration(contract: &Contract, path: &str, method: &str, operation: &Operation) -> Result<String> {
    let Operation { operation_id: id, summary, .. } = operation;
    let name = pascal_case(id);
    let mut arguments = vec!["&self".to_owned()];
    let mut notes = vec![format!("tags = [{}]", list(&operation.tags))];
    if let Some(scheme) = operation.scheme() {
        arguments.push("caller: Self::Caller".into());
        let callers = if operation.any_user { "Users" } else { "Superusers" };
        notes.push(format!("security = {}, callers = {callers}", literal(scheme)));
    } else {
        ensure!(!operation.any_user, "x-any-user has no effect without security");
    }
    if !operation.parameters.is_empty() {
        arguments.push(format!("params: {name}Params"));
    }
    if responses::is_negotiated(contract, operation)? {
        arguments.push("media_type: &'static str".into());
    }
    if let Some(body) = contract.body(operation)? {
        arguments.push(format!("body: Body<{body}>"));
    }
    if operation.request_body.as_ref().is_some_and(|body| body.required) {
        notes.push("body_required = true".into());
    }
    let start = format!("async fn {id}(");
    let end = format!(") -> Result<{name}Response, Failure>;");
    let mut signature = format!("        {start}{}{end}\n", arguments.join(", "));
    if signature.chars().count() > WIDTH + 1 {
        let arguments: String = arguments.iter().map(|argument| format!("            {argument},\n")).collect();
        signature = format!("        {start}\n{arguments}        {end}\n");
    }
    let summary = doc(4, summary).context("summary")?;
    ensure!(summary.lines().count() == 1, "summary: must fit on a line");
    Ok(format!(
        "\noperation! {{\n{summary}    ///\n{}{}    pub trait {name} {{\n{signature}    }}\n}}\n",
        doc(4, &operation.description)?,
        attribute(method, path, &notes)
    ))
}

/// `#[operation(GET "/core/users/", tags = ["users"])]`
fn attribute(method: &str, path: &str, notes: &[String]) -> String {
    let line = format!("    #[operation({method} {}, {})]\n", literal(path), notes.join(", "));
    if line.chars().count() <= WIDTH + 1 {
        return line;
    }
    let notes = notes.join(",\n        ");
    format!("    #[operation(\n        {method} {},\n        {notes}\n    )]\n", literal(path))
}

fn list(texts: &[String]) -> String {
    texts.iter().map(|text| literal(text)).collect::<Vec<_>>().join(", ")
}
