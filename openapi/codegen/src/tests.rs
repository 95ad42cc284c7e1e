//! Small contracts: what comes out of them, and what is refused.

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
  description: A small contract.
  contact: {{name: N, url: https://example.com}}
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
  schemas:
{schemas}
"
    )
}

const OPERATION: &str = "
      parameters:
        - {name: id, in: path, required: true, description: The id., schema: {type: integer}}
        - {name: deep, in: query, description: All of it., schema: {type: boolean, default: true}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/ThingRequest'}}}
      responses:
        '201':
          description: The thing.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '204':
          description: Nothing.";

const SCHEMAS: &str = "
    ThingRequest:
      type: object
      description: A thing to make.
      properties:
        name: {type: string, minLength: 1, maxLength: 9, description: Its name.}
        seen: {type: string, format: date-time, nullable: true, description: When it was seen.}
        owners: {type: array, items: {type: string, format: uuid}, description: Whose it is.}
        kind: {$ref: '#/components/schemas/KindEnum'}
      required: [name]
    Thing:
      type: object
      description: A thing.
      properties:
        pk: {type: integer, readOnly: true, title: ID, description: Its id.}
        seen: {type: string, format: date-time, nullable: true, description: When it was seen.}
        note: {type: string, description: A note.}
      required: [pk]
      x-sometimes-absent: [note]
    KindEnum:
      type: string
      description: A kind.
      enum: [plain, very_odd]";

fn generate_from(text: &str) -> anyhow::Result<Vec<(PathBuf, String)>> {
    generate(&Contract::load(text)?.0)
}

/// The generated file `name`, folded.
fn generated(name: &str) -> String {
    let files = generate_from(&contract(OPERATION, SCHEMAS)).unwrap();
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

/// What the generator says of a contract it refuses.
fn refusal(text: &str) -> String {
    format!("{:#}", generate_from(text).map(|_| "nothing").unwrap_err())
}

#[test]
fn a_request_schema_becomes_a_type_with_its_limits_and_a_parser() {
    let code = generated("schemas");
    assert_has(&code, "pub struct ThingRequest { /// Its name. pub name: String,");
    assert_has(&code, "pub seen: MaybeUndefined<Timestamp>,");
    assert_has(&code, "pub owners: Option<Vec<UuidRef>>,");
    assert_has(&code, "pub kind: Option<KindEnum>,");
    assert_has(
        &code,
        "pub const NAME: Property<Text> = Property::new(\"name\", Text::ANY.min_length(1).max_length(9)) .required() \
         .description(\"Its name.\");",
    );
    assert_has(&code, "name: fields.required(&Self::NAME), seen: fields.optional_nullable(&Self::SEEN),");
    assert_has(&code, "owners: fields.optional(&Self::OWNERS),");
}

#[test]
fn an_answer_schema_always_sends_what_is_not_marked() {
    let code = generated("schemas");
    assert_has(&code, "pub pk: i64,");
    assert_has(&code, "pub seen: Option<Timestamp>,");
    assert_has(&code, "#[serde(skip_serializing_if = \"Option::is_none\")] pub note: Option<String>,");
    assert!(!code.contains("implFromObjectforThing{"), "only requests are parsed");
}

#[test]
fn an_enumeration_becomes_an_enum() {
    let code = generated("schemas");
    assert_has(&code, "pub enum KindEnum { Plain, VeryOdd, }");
    assert_has(&code, "(\"very_odd\", Self::VeryOdd),");
}

#[test]
fn an_operation_becomes_a_trait_with_its_parameters_and_answers() {
    let code = generated("operations");
    assert_has(
        &code,
        "fn things_create( &self, caller: Self::Caller, params: ThingsCreateParams, body: Body<ThingRequest>, ) -> \
         impl Future<Output = Result<ThingsCreateResponse, Failure>> + Send;",
    );
    assert_has(
        &code,
        "pub enum ThingsCreateResponse { /// 201: The thing. Created(Thing), /// 204: Nothing. NoContent, }",
    );
    assert_has(&code, "id: parameters.path(&Self::ID)?, deep: parameters.query(&Self::DEEP).unwrap_or(true),");
    assert_has(&code, "pub trait Api: ThingsCreate {}");
}

#[test]
fn an_operation_is_routed_with_its_caller() {
    let code = generated("routes");
    assert_has(&code, "routes.add(Method::POST, \"/things/:id/\", ThingsCreateResponse::PRODUCES,");
    assert_has(
        &code,
        "let caller = call.caller(&*api).await?; let params = ThingsCreateParams::read(&call)?; let body = \
         call.body().await?; Ok(api.things_create(caller, params, body).await?.into_response())",
    );
}

#[test]
fn the_same_contract_gives_the_same_code() {
    assert_eq!(
        generate_from(&contract(OPERATION, SCHEMAS)).unwrap(),
        generate_from(&contract(OPERATION, SCHEMAS)).unwrap()
    );
}

#[test]
fn what_is_not_understood_is_refused_by_its_place() {
    for (from, to, told) in [
        (
            "maxLength: 9",
            "maxLength: 9, multipleOf: 2",
            "components.schemas.ThingRequest.properties.name: multipleOf: unknown field `multipleOf`",
        ),
        ("type: string, minLength: 1", "type: file, minLength: 1", "unknown variant `file`"),
        (
            "{type: integer, readOnly",
            "{type: integer, minLength: 1, readOnly",
            "components.schemas.Thing: properties.pk: format, lengths",
        ),
        ("items: {type: string, format: uuid}", "items: {type: string, format: ipv4}", "unknown variant `ipv4`"),
        ("required: [name]", "required: [title]", "components.schemas.ThingRequest: there is no property title"),
        (
            "format: date-time, nullable: true, description: When it was seen.}\n        owners",
            "format: date-time, nullable: true}\n        owners",
            "properties.seen: a property needs a description",
        ),
        (
            "$ref: '#/components/schemas/KindEnum'",
            "$ref: '#/components/schemas/Nothing'",
            "#/components/schemas/Nothing does not exist",
        ),
        (
            "$ref: '#/components/schemas/KindEnum'",
            "$ref: 'other.yaml#/Kind'",
            "must stand alone and point into #/components/",
        ),
        (
            "type: string, minLength: 1",
            "type: string, pattern: a, minLength: 1",
            "this pattern is only supported in answers",
        ),
        ("in: query", "in: header", "paths./things/{id}/.post.parameters[1]"),
        (
            "type: boolean, default: true",
            "type: array, items: {type: array, items: {type: string}}",
            "parameters.deep: arrays of arrays are not supported",
        ),
        ("tags: [things]", "tags: [stuff]", "paths./things/{id}/.post.tags: stuff is not described"),
        ("security: [{key: []}]", "security: [{lock: []}]", "paths./things/{id}/.post.security: lock is unknown"),
        ("'201':", "'302':", "responses: there has to be one below 300"),
        ("openapi: 3.0.3", "openapi: 3.1.0", "openapi: 3.1.0 is not 3.0.3"),
        (
            "summary: Make a thing",
            "summary: Make a thing\n      callbacks: {}",
            "paths./things/{id}/.post.callbacks: unknown field",
        ),
    ] {
        let good = contract(OPERATION.replace("        '204':\n          description: Nothing.", "").as_str(), SCHEMAS);
        let bad = good.replacen(from, to, 1);
        assert_ne!(good, bad, "{from} is not in the contract");
        let refused = refusal(&bad);
        assert!(refused.contains(told), "{to}: {refused}");
    }
}

#[test]
fn a_good_contract_loads() {
    assert!(Contract::load(&contract(OPERATION, SCHEMAS)).is_ok());
}
