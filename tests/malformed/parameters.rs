//! Derives malformed parameters, and the contract's examples of them, which are valid.

use serde_json::Value;

use super::{
    case::{Case, Expected, Request, SAMPLE, abbreviate},
    contract::{Operation, Parameter, list, resolve},
    values::malformed_texts,
};

pub fn cases(operation: &'static Operation) -> Vec<Case> {
    let derive = |parameter: &'static Parameter| match parameter.is_in_path {
        true => in_path(operation, parameter),
        false => in_query(operation, parameter),
    };
    operation.parameters.iter().flat_map(derive).collect()
}

/// No object can have a malformed id.
fn in_path(operation: &'static Operation, parameter: &'static Parameter) -> Vec<Case> {
    // Empty ones belong to another path.
    let texts = malformed(parameter.schema).into_iter().filter(|(_, text)| !text.is_empty());
    let case = |(keyword, text): (_, String)| Case {
        operation,
        place: format!("path {}", parameter.name),
        keyword,
        sample: text.clone(),
        request: Request { segment: Some((parameter.name, text)), ..Request::valid(operation) },
        expected: Expected::rejected(404, "detail"),
    };
    texts.map(case).collect()
}

fn in_query(operation: &'static Operation, parameter: &'static Parameter) -> Vec<Case> {
    let name = parameter.name;
    let case = |keyword, texts: Vec<String>, expected| Case {
        operation,
        place: format!("query {name}"),
        keyword,
        sample: abbreviate(&texts.join(", "), SAMPLE),
        request: Request { query: texts.into_iter().map(|text| (name, text)).collect(), ..Request::valid(operation) },
        expected,
    };
    let (is_array, schema) = match parameter.schema["type"] == "array" {
        true => (true, resolve(&parameter.schema["items"])),
        false => (false, parameter.schema),
    };
    let example: Vec<String> = match parameter.example {
        Value::Array(items) => items.iter().map(plain).collect(),
        other => vec![plain(other)],
    };

    let mut cases = vec![case("example", example.clone(), Expected::success())];
    for (keyword, text) in malformed(schema) {
        if is_array {
            let texts = [&example[..], std::slice::from_ref(&text)].concat();
            cases.push(case("items", texts, Expected::rejected(400, name)));
        }
        cases.push(case(keyword, vec![text], Expected::rejected(400, name)));
    }
    for choice in list(&schema["enum"]) {
        cases.push(case("enum", vec![plain(choice)], Expected::success()));
    }
    if schema["type"] == "boolean" {
        for text in ["true", "false"] {
            cases.push(case("type", vec![text.into()], Expected::success()));
        }
    }
    cases
}

/// Texts that violate the schema of a parameter, with the keyword violated.
fn malformed(schema: &'static Value) -> Vec<(&'static str, String)> {
    const KNOWN: [&str; 5] = ["type", "format", "enum", "default", "description"];
    let unknown = schema.as_object().unwrap().keys().find(|keyword| !KNOWN.contains(&keyword.as_str()));
    assert_eq!(unknown, None, "no cases are derived from this keyword of a parameter: {schema}");
    let first = list(&schema["enum"]).map(plain).next();
    match (schema["type"].as_str().unwrap(), schema["format"].as_str(), first) {
        ("integer", None, None) => ["text", "1.5", "1x", ""].map(|text| ("type", text.to_owned())).into(),
        ("boolean", None, None) => ["text", "5", ""].map(|text| ("type", text.to_owned())).into(),
        ("string", Some(format), None) => {
            let texts = malformed_texts(format).into_iter().chain([""].into_iter().filter(|_| format == "uuid"));
            texts.map(|text| ("format", text.to_owned())).collect()
        }
        ("string", None, Some(first)) => {
            let others = ["text".into(), first.to_uppercase(), format!("{first}s"), String::new()];
            others.into_iter().filter(|text| *text != first).map(|text| ("enum", text)).collect()
        }
        // Any text is a string.
        ("string", None, None) => Vec::new(),
        _ => panic!("no cases are derived from such a parameter: {schema}"),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
