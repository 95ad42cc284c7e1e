//! A contract of a few operations: its samples, and the errors when it lacks an example.

use serde_json::{Value, json};

use super::{LANGUAGES, literal, literal::Json};
use crate::model::Contract;

/// Characters that are special in one of the languages.
const SIGNS: &str = "\"'`\\ $a #{b} \u{2019}\n\u{e9}\u{1f600}\u{7}";

fn document() -> Value {
    let schema = json!({"$ref": "#/components/schemas/Thing"});
    let any = json!({"schema": {"type": "object", "additionalProperties": {}}});
    let operation = |id: &str, security: Value, parameters: Value, responses: Value| {
        json!({
            "operationId": id, "summary": "S", "description": "D", "tags": [],
            "security": security, "parameters": parameters, "responses": responses,
        })
    };
    let protected = json!([{"key": []}]);
    let id = json!([{"$ref": "#/components/parameters/id"}]);
    let changed = json!({"400": {"description": "D"}, "200": {
        "description": "D", "content": {"application/json": {"schema": schema}},
    }});
    let mut patch = operation("things_patch", protected.clone(), id.clone(), changed);
    patch["parameters"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "page", "in": "query", "description": "D", "schema": {"type": "integer"}, "example": 3}));
    patch["requestBody"] = json!({"content": {"application/json": {"schema": schema, "examples": {
        "signs": {"$ref": "#/components/examples/Signs"},
        "second": {"value": {"second": true}},
    }}}});
    let delete = operation("things_delete", protected, id, json!({"204": {"description": "D"}}));
    let rendered = json!({"200": {"description": "D", "content": {"application/yaml": any, "application/json": any}}});
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "T", "version": "1", "description": "D",
            "contact": {"name": "N"}, "license": {"name": "N", "url": "/"},
        },
        "servers": [{"url": "/api/", "description": "D"}],
        "tags": [],
        "paths": {
            "/things/{id}/": {"patch": patch, "delete": delete},
            "/": {"get": operation("root", json!([]), json!([]), rendered)},
        },
        "components": {
            "schemas": {"Thing": {"type": "object", "description": "D"}},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "D"}},
            "parameters": {"id": {
                "name": "id", "in": "path", "required": true, "description": "D",
                "schema": {"type": "string"}, "example": "a b/c",
            }},
            "examples": {"Signs": {"value":
                {"signs": SIGNS, "0": {}, "none": [], "one": [null, true, 1.5], "two": [[]]}}},
        },
    })
}

fn add(document: &mut Value) -> anyhow::Result<()> {
    super::add(&Contract::from_json(document)?, document)
}

/// The sample of an operation in the language with this label.
fn sample(path: &str, method: &str, label: &str) -> String {
    let mut document = document();
    add(&mut document).unwrap();
    let samples = document["paths"][path][method]["x-codeSamples"].as_array().unwrap();
    let sample = samples.iter().find(|sample| sample["label"] == label).unwrap();
    sample["source"].as_str().unwrap().to_owned()
}

/// The error after a change at `pointer`.
fn error(pointer: &str, value: Value) -> String {
    let mut document = document();
    *document.pointer_mut(pointer).unwrap() = value;
    format!("{:#}", add(&mut document).unwrap_err())
}

#[test]
fn every_operation_gets_all_samples_as_its_last_key() {
    let mut document = document();
    add(&mut document).unwrap();
    for (path, method) in [("/things/{id}/", "patch"), ("/things/{id}/", "delete"), ("/", "get")] {
        let operation = document["paths"][path][method].as_object().unwrap();
        assert_eq!(operation.keys().next_back().unwrap(), "x-codeSamples");
        let samples = operation["x-codeSamples"].as_array().unwrap();
        let labels: Vec<&str> = samples.iter().map(|sample| sample["label"].as_str().unwrap()).collect();
        assert_eq!(labels, ["curl", "Python", "Go", "Node.js", "Ruby", "C#", "PHP", "Java", "PowerShell"]);
    }
}

#[test]
fn urls_hold_the_examples_of_path_parameters() {
    let url = "http://127.0.0.1:8000/api/things/a%20b%2Fc/";
    for language in LANGUAGES {
        let sample = sample("/things/{id}/", "patch", language.label);
        assert!(sample.contains(url), "{sample}");
    }
}

#[test]
fn the_token_is_read_only_where_it_is_required() {
    for language in LANGUAGES {
        assert!(sample("/things/{id}/", "delete", language.label).contains("ROLLCALL_TOKEN"), "{}", language.label);
        assert!(!sample("/", "get", language.label).contains("ROLLCALL_TOKEN"), "{}", language.label);
    }
}

#[test]
fn a_server_may_be_relative_to_the_document() {
    for (url, want) in [("api/v3/", "/api/v3/"), ("/api/v3", "/api/v3/"), ("/", "/")] {
        let mut document = document();
        document["servers"][0]["url"] = url.into();
        add(&mut document).unwrap();
        let source = document["paths"]["/"]["get"]["x-codeSamples"][0]["source"].as_str().unwrap();
        assert_eq!(source, format!("curl --fail-with-body -sS http://127.0.0.1:8000{want}\n"));
    }
}

#[test]
fn texts_are_escaped() {
    for (label, want) in [
        ("curl", r##""\"'\''`\\ $a #{b} ’\né😀\u0007""##),
        ("Python", r##""\"'`\\ $a #{b} ’\né😀\U00000007""##),
        ("Go", r##""\"'` + "`" + `\\ $a #{b} ’\né😀\u0007""##),
        ("Node.js", r##""\"'`\\ $a #{b} ’\né😀\u0007""##),
        ("Ruby", r##""\"'`\\ $a \#{b} ’\né😀\u{7}""##),
        ("C#", r##"""\""'`\\ $a #{b} ’\né😀\u0007"""##),
        ("PHP", r##""\"'`\\ \$a #{b} ’\né😀\u{7}""##),
        ("Java", r##""\\"'`\\\\ $a #{b} \u2019\\n\u00e9\ud83d\ude00\\u0007""##),
        ("PowerShell", r##""`"'``\ `$a #{b} ’`né😀`u{7}""##),
    ] {
        let sample = sample("/things/{id}/", "patch", label);
        assert!(sample.contains(want), "{label} lacks {want}:\n{sample}");
    }
}

#[test]
fn empty_objects_and_lists_stay_what_they_are() {
    for (label, want) in [
        ("Python", ["\"0\": {}", "\"none\": []", "[None, True, 1.5]"]),
        ("Node.js", ["\"0\": {}", "none: []", "[null, true, 1.5]"]),
        ("Ruby", ["\"0\" => {}", "none: []", "[nil, true, 1.5]"]),
        ("PHP", ["'0' => new stdClass()", "'none' => []", "[null, true, 1.5]"]),
        ("PowerShell", ["'0' = [ordered]@{}", "two = @(, @())", "@($null, $true, 1.5)"]),
    ] {
        let sample = sample("/things/{id}/", "patch", label);
        for want in want {
            assert!(sample.contains(want), "{label} lacks {want}:\n{sample}");
        }
    }
}

#[test]
fn short_literals_stay_on_one_line() {
    let short = json!({"name": "Ada", "groups": [1]});
    assert_eq!(literal::write::<Json>(&short, ""), r#"{"name": "Ada", "groups": [1]}"#);
    let long = json!({"name": "A".repeat(60), "groups": [1]});
    let name = "A".repeat(60);
    let want = format!("{{\n    \"name\": \"{name}\",\n    \"groups\": [1]\n  }}");
    assert_eq!(literal::write::<Json>(&long, "  "), want);
}

#[test]
fn an_empty_response_is_not_printed() {
    for (label, print) in [
        ("Python", "print(response.json"),
        ("Go", "fmt"),
        ("Node.js", "console"),
        ("Ruby", "puts"),
        ("C#", "Console.Write"),
        ("PHP", "var_dump"),
        ("Java", "println"),
    ] {
        assert!(sample("/things/{id}/", "patch", label).contains(print), "{label}");
        let quiet = sample("/things/{id}/", "delete", label).replace("Console.Error.Write", "");
        assert!(!quiet.contains(print), "{label}");
    }
    assert!(sample("/things/{id}/", "delete", "PowerShell").contains("Out-Null"));
}

#[test]
fn a_response_in_one_of_several_types_is_text() {
    assert!(sample("/", "get", "Python").contains("print(response.text)\n"));
    assert!(sample("/", "get", "PHP").contains("echo $response"));
}

#[test]
fn a_missing_example_is_an_error_with_its_place() {
    let patch = "paths./things/{id}/.patch";
    let delete = "paths./things/{id}/.delete";
    for (pointer, value, message) in [
        ("/components/parameters/id/example", json!(null), format!("{delete}: parameters.id: has no example")),
        (
            "/components/parameters/id/example",
            json!([]),
            format!("{delete}: parameters.id: the example is not a single value"),
        ),
        (
            "/paths/~1things~1{id}~1/patch/parameters",
            json!([]),
            format!("{patch}: parameters: one of the path is missing"),
        ),
        (
            "/paths/~1things~1{id}~1/patch/requestBody/content/application~1json/examples",
            json!({}),
            format!("{patch}: requestBody.content.application/json: has no example"),
        ),
        ("/components/examples", json!({}), format!("{patch}: #/components/examples/Signs does not exist")),
        (
            "/paths/~1/get/responses",
            json!({"404": {"description": "D"}}),
            "paths./.get: responses: none is successful".into(),
        ),
        (
            "/servers/0/url",
            json!("https://example.com/"),
            format!("{delete}: servers: https://example.com is not relative"),
        ),
    ] {
        assert_eq!(error(pointer, value), message);
    }
}
