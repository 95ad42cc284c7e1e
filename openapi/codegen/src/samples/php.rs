//! A PHP program; the curl extension is what comes with most installations.

use serde_json::{Map, Value};

use super::{
    literal::{self, Notation, Separator},
    request::{Request, ResponseBody},
};

struct Php;

impl Notation for Php {
    const INDENT: &'static str = "    ";
    const ELEMENTS: Separator = literal::TRAILING_COMMAS;
    const ENTRIES: Separator = literal::TRAILING_COMMAS;

    fn text(text: &str) -> String {
        if text.chars().all(literal::is_visible) {
            return format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"));
        }
        literal::double_quoted(text, &['$'], |character| format!("\\u{{{:x}}}", u32::from(character)))
    }

    fn key(key: &str) -> String {
        Self::text(key) + " => "
    }

    /// An array is a list for `json_encode` if it is empty, and may be if its keys are numbers.
    fn around_object(object: &Map<String, Value>) -> [&'static str; 2] {
        let is_number = |key: &String| key.bytes().all(|byte| byte.is_ascii_digit());
        match object.keys().any(is_number) {
            _ if object.is_empty() => ["new stdClass(", ")"],
            true => ["(object) [", "]"],
            false => ["[", "]"],
        }
    }
}

pub fn sample(request: &Request) -> String {
    let (mut headers, mut options) = (Vec::new(), Vec::new());
    if request.needs_token {
        headers.push("'Authorization: Bearer ' . getenv('ROLLCALL_TOKEN')");
    }
    if request.body.is_some() {
        headers.push("'Content-Type: application/json'");
    }
    if request.method != "get" {
        options.push(format!("CURLOPT_CUSTOMREQUEST => '{}'", request.upper_case_method()));
    }
    match headers.as_slice() {
        [] => {}
        [header] => options.push(format!("CURLOPT_HTTPHEADER => [{header}]")),
        _ => options.push(format!("CURLOPT_HTTPHEADER => [\n        {},\n    ]", headers.join(",\n        "))),
    }
    if let Some(body) = &request.body {
        let body = literal::write::<Php>(body, "    ");
        options.push(format!("CURLOPT_POSTFIELDS => json_encode({body}, JSON_THROW_ON_ERROR)"));
    }
    options.push("CURLOPT_RETURNTRANSFER => true".into());
    let print = match request.response {
        ResponseBody::Json => "var_dump(json_decode($response, flags: JSON_THROW_ON_ERROR));\n",
        ResponseBody::Text => "echo $response, PHP_EOL;\n",
        ResponseBody::Nothing => "",
    };
    format!(
        r#"<?php

$request = curl_init({});
curl_setopt_array($request, [
    {},
]);
$response = curl_exec($request);
if ($response === false) {{
    throw new RuntimeException(curl_error($request));
}}
$status = curl_getinfo($request, CURLINFO_RESPONSE_CODE);
if ($status < 200 || $status > 299) {{
    throw new RuntimeException("$status $response");
}}
{print}"#,
        Php::text(&request.url),
        options.join(",\n    ")
    )
}
