//! A small contract: the code generated from it, and the errors when it is changed.

mod unsupported;

use std::path::PathBuf;

use crate::{generate, model::Contract};

/// A contract with one operation; `schemas` and the parts of the operation are filled in.
fn contract(operation: &str, schemas: &str) -> String {
    format!(
        "
openapi: 3.0.3
info:
  title: Small
  version: '1'
  description: |
    A small
      contract.

    - It has a list.
  contact: {{name: N}}
  license: {{name: MIT, url: https://example.com}}
servers: [{{url: /, description: Here}}]
tags: [{{name: things, description: Things.}}]
paths:
  /things/{{id}}/:
    post:
      operationId: things_create
      summary: Make a thing
      description: Makes a thing.
      tags: [things]
      security: [{{key: []}}]
{operation}
components:
  securitySchemes:
    key: {{type: http, scheme: bearer, description: A key.}}
  parameters:
    Word:
      {{name: word, in: query, style: form, description: A word., schema: {{type: array, items: {{type: string}}}}}}
  responses:
    Busy:
      description: Too busy.
      headers:
        Retry-After: {{description: Seconds., required: true, schema: {{type: integer}}, example: 1}}
      content:
        application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}
        application/yaml: {{schema: {{type: object, additionalProperties: {{}}}}}}
  schemas:
{schemas}
"
    )
}

const OPERATION: &str = "
      parameters:
        - {name: id, in: path, required: true, description: The id., schema: {type: integer}}
        - {name: deep, in: query, description: All of it., schema: {type: boolean, default: true}}
        - $ref: '#/components/parameters/Word'
        - {name: colour, in: query, description: Its colour., schema: {type: string, enum: [red, blue]}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/ThingRequest'}}}
      responses:
        '201':
          description: The thing.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '204':
          description: Nothing.
        '503':
          $ref: '#/components/responses/Busy'";

const SCHEMAS: &str = "
    ThingRequest:
      type: object
      description: A thing to make.
      properties:
        name: {type: string, minLength: 1, maxLength: 9, description: Its name.}
        seen: {type: string, format: date-time, nullable: true, description: When the client saw it.}
        owners: {type: array, items: {type: string, format: uuid}, description: Whose it is.}
        kind: {$ref: '#/components/schemas/KindEnum'}
        loud: {type: boolean, default: true, description: Whether it is loud.}
        place: {type: integer, x-or-text: true, description: The id of its place.}
      required: [name]
    Thing:
      type: object
      description: A thing.
      properties:
        pk: {type: integer, readOnly: true, title: ID, description: Its id.}
        seen: {type: string, format: date-time, nullable: true, description: When it was seen.}
        note: {type: string, description: A note.}
        twin: {allOf: [{$ref: '#/components/schemas/Twin'}], readOnly: true}
      required: [pk, twin]
      x-sometimes-absent: [note]
    Twin:
      type: object
      description: Another thing.
      properties:
        name: {type: string, description: The name of the twin.}
      required: [name]
    KindEnum:
      type: string
      description: A kind.
      enum: [plain, very_odd]";

fn generate_from(text: &str) -> anyhow::Result<Vec<(PathBuf, String)>> {
    generate(&Contract::load(text)?.0)
}

/// The generated file `name`, folded.
fn generated(name: &str) -> String {
    generated_from(&contract(OPERATION, SCHEMAS), name)
}

fn generated_from(text: &str, name: &str) -> String {
    let files = generate_from(text).unwrap();
    let (_, code) = files.iter().find(|(path, _)| path.ends_with(format!("{name}.rs"))).unwrap();
    fold(code)
}

/// Without white space and the commas that rustfmt adds, so that tests don't depend on line breaks.
fn fold(text: &str) -> String {
    let text: String = text.split_whitespace().collect();
    [",}", ",)", ",]"].iter().fold(text, |text, end| text.replace(end, &end[1..]))
}

fn assert_has(code: &str, part: &str) {
    assert!(code.contains(fold(part).trim_end_matches(',')), "no\n{part}\nin\n{code}");
}

#[test]
fn a_request_schema_becomes_a_type_with_its_limits() {
    let code = generated("schemas");
    assert_has(
        &code,
        "request_object! { /// A thing to make. pub struct ThingRequest { /// Its name. \
         pub name: String = required(\"name\", Text::ANY.min_length(1).max_length(9)),",
    );
    assert_has(&code, "pub seen: MaybeUndefined<Timestamp> = optional_nullable(\"seen\", DateTimeText),");
    assert_has(&code, "pub owners: Option<Vec<UuidRef>> = optional(\"owners\", List(IdRef)),");
    assert_has(&code, "pub kind: Option<KindEnum> = optional(\"kind\", KindEnum::SCHEMA),");
    assert_has(&code, "pub loud: bool = optional_or(\"loud\", Boolean, true),");
    assert_has(&code, "pub place: Option<i64> = optional(\"place\", IdOrText),");
}

#[test]
fn a_response_schema_always_has_what_is_not_marked() {
    let code = generated("schemas");
    assert_has(
        &code,
        "response_object! { /// A thing. pub struct Thing { /// Its id. \
         pub pk: i64 = required(\"pk\", Integer).read_only().title(\"ID\"),",
    );
    assert_has(&code, "pub seen: Option<Timestamp> = optional_nullable(\"seen\", DateTimeText),");
    assert_has(
        &code,
        "#[serde(skip_serializing_if = \"Option::is_none\")] pub note: Option<String> = optional(\"note\", Text::ANY),",
    );
    assert_has(&code, "pub twin: Twin = required(\"twin\", AllOf(Twin::SCHEMA)).read_only(),");
}

#[test]
fn an_enumeration_becomes_an_enum() {
    let code = generated("schemas");
    assert_has(&code, "enumeration! { /// A kind. pub enum KindEnum { Plain = \"plain\", VeryOdd = \"very_odd\",");
}

#[test]
fn an_operation_becomes_a_trait_with_its_parameters_and_responses() {
    let code = generated("operations");
    assert_has(
        &code,
        "operation! { /// Make a thing /// /// Makes a thing. #[operation(POST \"/things/{id}/\", \
         tags = [\"things\"], security = \"key\", callers = Superusers, body_required = true)] \
         pub trait ThingsCreate { \
         async fn things_create( &self, caller: Self::Caller, params: ThingsCreateParams, body: Body<ThingRequest>, \
         ) -> Result<ThingsCreateResponse, Failure>; } }",
    );
    assert_has(
        &code,
        "parameters! { pub struct ThingsCreateParams { /// The id. pub id: i64 = path(\"id\", Integer), \
         /// All of it. pub deep: bool = query_or(\"deep\", Flag, true), pub word: Vec<String> = WORD, \
         /// Its colour. pub colour: Option<ThingsCreateColour> = query(\"colour\", ThingsCreateColour::INLINE), } }",
    );
    assert_has(&code, "enumeration! { pub enum ThingsCreateColour { Red = \"red\", Blue = \"blue\",");
    assert_has(
        &code,
        "responses! { pub enum ThingsCreateResponse { /// The thing. Created(body: Thing) = 201 => \
         json(&Thing::SCHEMA), /// Nothing. NoContent = 204 => no_content(), } 503 => BUSY, }",
    );
}

#[test]
fn only_superusers_may_call_an_operation_unless_any_user_may() {
    let any_user = contract(OPERATION, SCHEMAS).replace("tags: [things]\n", "tags: [things]\n      x-any-user: true\n");
    let code = generated_from(&any_user, "operations");
    assert_has(&code, "tags = [\"things\"], security = \"key\", callers = Users, body_required = true)]");
    let anyone = any_user.replace("security: [{key: []}]", "security: []");
    let error = format!("{:#}", generate_from(&anyone).unwrap_err());
    assert_eq!(error, "paths./things/{id}/.post: x-any-user has no effect without security");
    let open = generated_from(&anyone.replace("      x-any-user: true\n", ""), "operations");
    assert_has(&open, "tags = [\"things\"], body_required = true)]");
}

#[test]
fn an_inline_enumeration_with_the_values_of_a_component_has_its_type() {
    let operation = OPERATION.replace("enum: [red, blue]", "enum: [plain, very_odd]");
    let code = generated_from(&contract(&operation, SCHEMAS), "operations");
    assert_has(&code, "pub colour: Option<KindEnum> = query(\"colour\", KindEnum::INLINE), } }");
    assert!(!code.contains("enumeration!"), "{code}");
}

#[test]
fn components_become_constants() {
    let code = generated("operations");
    assert_has(&code, "/// A word. const WORD: Parameter<Repeated<Text>> = repeated(\"word\", Text::ANY);");
    assert_has(
        &code,
        "/// Too busy. const BUSY: ResponseDoc = one_of(&[ (\"application/json\", &Thing::SCHEMA), \
         (\"application/yaml\", &FreeForm), ]).headers(&[ HeaderDoc { name: \"Retry-After\", \
         description: \"Seconds.\", required: true, schema: &Integer }, ]);",
    );
}

#[test]
fn every_operation_is_listed() {
    assert_has(&generated("routes"), "api! { ThingsCreate: things_create, }");
}

#[test]
fn literals_hold_texts_exactly() {
    for text in ["", "plain", "Two\n\nparagraphs.\n", "A list:\n\n- one\n  - \"two\"\n", &"long ".repeat(60), "  a  b "]
    {
        let literal = crate::rust::literal(text);
        // What follows a backslash at the end of a line is not part of the literal until the next word.
        let mut lines = literal.split("\\\n");
        let first = lines.next().unwrap_or_default().to_owned();
        let joined = lines.fold(first, |joined, line| joined + line.trim_start());
        assert_eq!(serde_json::from_str::<String>(&joined).unwrap(), text);
    }
}

#[test]
fn doc_comments_hold_descriptions_exactly() {
    let text = "word ".repeat(60) + "end";
    let code = crate::rust::doc(8, &text).unwrap();
    let lines: Vec<&str> = code.lines().collect();
    assert!(lines.len() > 1 && lines.iter().all(|line| line.len() <= 120));
    let joined: String = lines.iter().map(|line| line.trim_start().trim_start_matches("///")).collect();
    assert_eq!(joined.trim_start(), text);
}

#[test]
fn the_same_contract_gives_the_same_code() {
    assert_eq!(
        generate_from(&contract(OPERATION, SCHEMAS)).unwrap(),
        generate_from(&contract(OPERATION, SCHEMAS)).unwrap()
    );
}
