//! Changes of the small contract that the generator rejects, each with the place of the error.

use super::{OPERATION, SCHEMAS, contract, generate_from};

/// The error for a contract that is not supported.
fn error(text: &str) -> String {
    format!("{:#}", generate_from(text).map(|_| "nothing").unwrap_err())
}

#[test]
fn what_is_not_supported_is_an_error_with_its_place() {
    for (from, to, message) in [
        ("type: string, minLength: 1", "type: file, minLength: 1", "unknown variant `file`"),
        ("items: {type: string, format: uuid}", "items: {type: string, format: ipv4}", "unknown variant `ipv4`"),
        ("required: [name]", "required: [title]", "components.schemas.ThingRequest: there is no property title"),
        (
            "description: When the client saw it.",
            "title: Seen",
            "components.schemas.ThingRequest: properties.seen: a property needs a description",
        ),
        ("ref: '#/components/schemas/KindEnum'", "ref: '#/components/schemas/No'", "#/components/schemas/No does not"),
        ("ref: '#/components/schemas/KindEnum'", "ref: 'other.yaml#/Kind'", "must stand alone and point into #/comp"),
        ("type: string, minLength: 1", "type: string, pattern: a, minLength: 1", "the only supported pattern is"),
        ("in: query", "in: header", "paths./things/{id}/.post.parameters[1]: in: unknown variant `header`"),
        ("tags: [things]", "tags: [stuff]", "paths./things/{id}/.post.tags: stuff is not described"),
        ("security: [{key: []}]", "security: [{lock: []}]", "paths./things/{id}/.post.security: lock is unknown"),
        ("security: [{key: []}]", "security: [{key: [read]}]", ".post.security: scopes are not supported"),
        ("security: [{key: []}]", "security: [{key: []}, {}]", ".post.security: only one scheme is supported"),
        ("openapi: 3.0.3", "openapi: 3.1.0", "openapi: 3.1.0 is not 3.0.3"),
        ("description: Makes a thing.", "description: |-\n        Two.\n\n        Paragraphs.", "only one paragraph"),
        (
            "description: The id.",
            "description: 'The  id.'",
            "parameters.id: description: only one paragraph with singl",
        ),
    ] {
        assert_error(from, to, message);
    }
}

/// Each keyword stands in a place where the generator would ignore it.
#[test]
fn a_keyword_without_effect_is_an_error_with_its_place() {
    let name = "type: string, minLength: 1, maxLength: 9";
    let request = "components.schemas.ThingRequest";
    for (from, to, place, message) in [
        // Unknown keywords and extensions, everywhere.
        ("title: Small", "title: Small\n  termsOfService: /", "info.termsOfService", "unknown field"),
        ("url: /,", "url: /, variables: {},", "servers[0].variables", "unknown field"),
        ("name: things,", "name: things, externalDocs: {},", "tags[0].externalDocs", "unknown field"),
        ("paths:", "x-note: 1\npaths:", "x-note", "unknown field"),
        ("    post:", "    parameters: []\n    post:", "paths./things/{id}/.parameters", "unknown field"),
        ("summary:", "callbacks: {}\n      summary:", "callbacks", "unknown field"),
        ("summary:", "x-note: 1\n      summary:", "x-note", "unknown field"),
        ("summary:", "deprecated: false\n      summary:", "deprecated", "unknown field"),
        ("in: path,", "in: path, allowReserved: true,", "allowReserved", "unknown field"),
        ("in: path,", "in: path, x-note: 1,", "x-note", "unknown field"),
        (
            "required: true\n        content",
            "description: It.\n        content",
            "requestBody.description",
            "unknown field",
        ),
        ("description: Nothing.", "description: Nothing.\n          links: {}", "links", "unknown field"),
        (
            "description: Seconds.,",
            "description: Seconds., style: simple,",
            "headers.Retry-After.style",
            "unknown field",
        ),
        ("scheme: bearer,", "scheme: bearer, bearerFormat: JWT,", "securitySchemes.key.bearerFormat", "unknown field"),
        ("components:", "components:\n  links: {}", "components.links", "unknown field"),
        (name, "multipleOf: 2, type: string", "properties.name: multipleOf", "unknown field"),
        (name, "minItems: 1, type: string", "properties.name: minItems", "unknown field"),
        (name, "maxItems: 1, type: string", "properties.name: maxItems", "unknown field"),
        (name, "minimum: 1, type: string", "properties.name: minimum", "unknown field"),
        (name, "maximum: 1, type: string", "properties.name: maximum", "unknown field"),
        (name, "example: a, type: string", "properties.name: example", "unknown field"),
        (name, "writeOnly: true, type: string", "properties.name: writeOnly", "unknown field"),
        (name, "x-note: 1, type: string", "properties.name: x-note", "unknown field"),
        // Known keywords on the wrong type.
        (name, "default: true, type: string", "properties.name", "default is only supported on booleans"),
        (name, "default: a, type: string", "properties.name: default", "invalid type: string"),
        (name, "items: {type: string}, type: string", "properties.name", "items is not supported here"),
        (name, "additionalProperties: {}, type: string", "properties.name", "additionalProperties is not supported"),
        (name, "minLength: 1, type: integer", "properties.name", "minLength is not supported here"),
        (name, "maxLength: 1, type: boolean", "properties.name", "maxLength is not supported here"),
        (name, "pattern: a, type: integer", "properties.name", "pattern is not supported here"),
        (name, "format: date-time, type: integer", "properties.name", "format is not supported here"),
        (name, "minLength: 1, format: uuid, type: string", "properties.name", "minLength is not supported here"),
        (name, "x-verbatim: true, type: integer", "properties.name", "x-verbatim is not supported here"),
        (name, "x-secret: true, type: integer", "properties.name", "x-secret is not supported here"),
        (name, "x-secret: true, type: string, format: email", "properties.name", "x-secret is only supported without"),
        (name, "enum: [a], type: string", "properties.name", "an enum must be a component"),
        (
            "type: array, items: {type: string, format: uuid}",
            "type: array",
            "properties.owners",
            "an array needs items",
        ),
        // Known keywords that have no effect in a request, or in a response.
        (name, "readOnly: true, type: string", "properties.name", "readOnly is not supported here"),
        (name, "nullable: true, type: string", "properties.name", "nullable is not supported on required"),
        ("required: [name]", "x-sometimes-absent: [kind]", request, "x-sometimes-absent is not supported here"),
        ("required: [name]", "additionalProperties: {}", request, "additionalProperties is not supported here"),
        ("required: [name]", "nullable: true", request, "nullable is not supported here"),
        ("required: [name]", "title: T", request, "title is not supported here"),
        ("description: A note.", "description: A note., default: true", "properties.note", "default is only supported"),
        (
            "description: A note.",
            "description: A note., x-verbatim: true",
            "properties.note",
            "x-verbatim is only supp",
        ),
        ("description: A note.", "description: A note., nullable: true", "properties.note", "both absent and null"),
        ("enum: [plain, very_odd]", "enum: [plain]\n      maxLength: 5", "KindEnum", "maxLength is not supported here"),
        (
            "enum: [plain, very_odd]",
            "enum: [plain]\n      nullable: true",
            "KindEnum",
            "nullable is not supported here",
        ),
        // Known keywords in parameters, headers, items and content.
        ("type: integer}}", "type: integer, nullable: true}}", "parameters.id", "nullable is not supported here"),
        ("type: integer}}", "type: integer, title: T}}", "parameters.id", "title is not supported here"),
        ("type: integer}}", "type: boolean, default: true}}", "parameters.id", "default is not supported here"),
        ("in: path,", "in: path, style: form,", "parameters.id", "style and explode are only for arrays"),
        ("in: query,", "in: query, explode: true,", "parameters.deep", "style and explode are only for arrays"),
        ("in: query,", "in: query, required: true,", "parameters.deep", "query parameters are not"),
        ("style: form,", "", "parameters.Word", "an array needs `style: form`"),
        ("style: form,", "style: form, explode: false,", "parameters.Word", "only repeated keys are supported"),
        ("{type: string}}}", "{type: string, nullable: true}}}", "parameters.Word: items", "nullable is not supported"),
        ("{type: string}}}", "{type: string, maxLength: 1}}}", "parameters.Word: items", "maxLength is not supported"),
        ("{type: string}}}", "{type: array, items: {type: string}}}}", "parameters.Word", "arrays of arrays"),
        (
            "items: {type: string, format",
            "nullable: true, items: {title: T, type: string, format",
            "items",
            "title is not",
        ),
        (
            "schema: {type: integer}, ex",
            "schema: {type: integer, title: T}, ex",
            "headers.Retry-After",
            "title is not supp",
        ),
        ("{type: object, addi", "{nullable: true, type: object, addi", "content.application/yaml", "nullable is not"),
    ] {
        let error = assert_error(from, to, message);
        assert!(error.contains(place), "{to}: {error} does not name {place}");
    }
}

/// Checks the error after a change of the contract, and returns it.
fn assert_error(from: &str, to: &str, message: &str) -> String {
    let good = contract(OPERATION, SCHEMAS);
    let bad = good.replacen(from, to, 1);
    assert_ne!(good, bad, "{from} is not in the contract");
    let error = error(&bad);
    assert!(error.contains(message), "{to}: {error}");
    error
}

#[test]
fn components_have_to_be_used() {
    assert_error(
        "        - $ref: '#/components/parameters/Word'\n",
        "",
        "components.parameters.Word: no operation uses it",
    );
}
