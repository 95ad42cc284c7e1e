//! Writes the responses of operations.

use anyhow::{Context, Result, bail, ensure};

use crate::{
    kind::{self, Use},
    model::{Contract, Header, Operation, RefOr, Response},
    rust::{assignment, constant_case, doc, literal, pascal_case},
};

/// The response as a constant that operations share.
pub fn component(contract: &Contract, name: &str, response: &Response) -> Result<String> {
    let start = format!("const {}: ResponseDoc =", constant_case(name));
    let (content, calls) = content(contract, response, 4)?;
    let constant = assignment(4, &start, &content, &calls);
    Ok(doc(4, &response.description)? + constant.trim_end_matches(",\n") + ";\n")
}

/// The responses of an operation.
pub fn of_operation(contract: &Contract, operation: &Operation) -> Result<String> {
    let (mut successes, mut errors) = (String::new(), String::new());
    for (text, response) in &operation.responses {
        let place = || format!("responses.{text}");
        let status: u16 = text.parse().ok().with_context(place).context("is not a status")?;
        if status < 300 {
            successes += &entry(contract, &success(contract, status, response).with_context(place)?, 8, response)
                .with_context(place)?;
        } else {
            errors += &entry(contract, text, 4, response).with_context(place)?;
        }
    }
    ensure!(!successes.is_empty(), "responses: one must be below 300");
    let name = pascal_case(&operation.operation_id);
    Ok(format!("\nresponses! {{\n    pub enum {name}Response {{\n{successes}    }}\n{errors}}}\n"))
}

/// Whether the media type of the operation's response is negotiated.
pub fn is_negotiated(contract: &Contract, operation: &Operation) -> Result<bool> {
    for (status, response) in &operation.responses {
        if status.starts_with('2') && contract.response(response)?.content.len() > 1 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `404 => json(&GenericError::SCHEMA),`, with its doc comment.
fn entry(contract: &Contract, start: &str, indent: usize, response: &RefOr<Response>) -> Result<String> {
    let (about, (content, calls)) = match response {
        RefOr::Ref(name) => (String::new(), (constant_case(&name.0), vec![])),
        RefOr::Here(response) => (doc(indent, &response.description)?, content(contract, response, indent)?),
    };
    Ok(about + &assignment(indent, &format!("{start} =>"), &content, &calls))
}

/// `Ok(body: User) = 200`
fn success(contract: &Contract, status: u16, response: &RefOr<Response>) -> Result<String> {
    let variant = match status {
        200 => "Ok",
        201 => "Created",
        204 => "NoContent",
        _ => bail!("this status is not supported"),
    };
    let response = contract.response(response)?;
    let body = match response.content.first() {
        None => String::new(),
        Some(_) if response.content.len() > 1 => "(body: Rendered)".into(),
        Some((media_type, content)) => {
            ensure!(media_type == "application/json", "{media_type} is only supported beside other media types");
            let kind = kind::kind(contract, &content.schema, Use::Response, &[], "")?;
            format!("(body: {})", kind.value)
        }
    };
    Ok(format!("{variant}{body} = {status}"))
}

/// An expression for the content, and calls for the headers.
fn content(contract: &Contract, response: &Response, indent: usize) -> Result<(String, Vec<String>)> {
    let margin = " ".repeat(indent);
    let mut schemas = Vec::new();
    for (media_type, content) in &response.content {
        let kind = kind::kind(contract, &content.schema, Use::Response, &[], "");
        schemas.push((media_type, kind.with_context(|| format!("content.{media_type}"))?.expression));
    }
    let content = match schemas.as_slice() {
        [] => "no_content()".to_owned(),
        [(media_type, schema)] if *media_type == "application/json" => format!("json(&{schema})"),
        schemas => {
            let schema = |(media_type, schema): &(&String, String)| {
                format!("{margin}    ({}, &{schema}),\n", literal(media_type))
            };
            format!("one_of(&[\n{}{margin}])", schemas.iter().map(schema).collect::<String>())
        }
    };
    let mut headers = String::new();
    for (name, described) in &response.headers {
        headers += &header(contract, name, described, indent + 4).with_context(|| format!("headers.{name}"))?;
    }
    let calls = if headers.is_empty() { vec![] } else { vec![format!(".headers(&[\n{headers}{margin}])")] };
    Ok((content, calls))
}

fn header(contract: &Contract, name: &str, header: &Header, indent: usize) -> Result<String> {
    let kind = kind::kind(contract, &header.schema, Use::Response, &[], "")?;
    let margin = " ".repeat(indent);
    let (name, description) = (literal(name), literal(&header.description));
    Ok(format!(
        "{margin}HeaderDoc {{\n{margin}    name: {name},\n{margin}    description: {description},\n\
         {margin}    required: {},\n{margin}    schema: &{},\n{margin}}},\n",
        header.required, kind.expression
    ))
}
