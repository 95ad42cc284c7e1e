//! Changes of a small edition, and what its readers could trip over.

use serde_json::json;

use super::*;

const LIST: &str = "/paths/~1things~1/get";
const CREATE: &str = "/paths/~1things~1/post";
const STATUS: &str = "/paths/~1status~1/get";
const SENT: &str = "/components/schemas/ThingRequest";
const GOT: &str = "/components/schemas/Thing";

const EDITION: &str = "
paths:
  /things/:
    get:
      operationId: things_list
      summary: List things
      tags: [core, things]
      security: [{key: []}]
      parameters:
        - $ref: '#/components/parameters/page'
        - {name: kind, in: query, required: true, schema: {$ref: '#/components/schemas/KindEnum'}}
        - {name: id, in: query, schema: {type: array, items: {type: integer}}}
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/ThingList'}}}}
        '404': {$ref: '#/components/responses/Missing'}
    post:
      operationId: things_create
      tags: [core]
      security: [{key: []}, {cookie: []}]
      parameters: [{$ref: '#/components/parameters/page'}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/ThingRequest'}}}}
      responses:
        '201': {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        '404': {$ref: '#/components/responses/Missing'}
  /status/:
    get:
      operationId: status_list
      tags: [core]
      security: []
      responses:
        '200':
          content:
            application/json:
              schema:
                type: array
                items: {type: object, properties: {name: {type: string}}, required: [name]}
components:
  parameters:
    page: {name: page, in: query, schema: {type: integer, maximum: 9, default: 1}}
  responses:
    Missing:
      content:
        application/json:
          schema:
            type: object
            properties: {detail: {type: string}}
            additionalProperties: {type: array, items: {type: string}}
  schemas:
    ThingRequest:
      type: object
      properties:
        name: {type: string, maxLength: 9, minLength: 1, pattern: a, nullable: true}
        kind: {$ref: '#/components/schemas/KindEnum'}
        owners: {type: array, items: {type: string, format: uuid}}
        attributes: {type: object, additionalProperties: {}}
        note: {type: string}
      required: [name]
    Thing:
      type: object
      properties:
        pk: {type: integer, readOnly: true}
        name: {type: string, maxLength: 9}
        kind: {$ref: '#/components/schemas/KindEnum'}
        parent: {allOf: [{$ref: '#/components/schemas/Thing'}], readOnly: true}
        twin: {$ref: '#/components/schemas/Twin'}
      required: [pk, name]
    Twin: {type: object, properties: {thing: {$ref: '#/components/schemas/Thing'}}}
    ThingList: {type: object, properties: {results: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}
    KindEnum: {type: string, enum: [plain, odd]}
";

fn edition() -> Value {
    yaml_serde::from_str(EDITION).unwrap()
}

/// The edition with another value at a place, or without the place.
fn with(place: &str, value: Option<Value>) -> Value {
    let mut edition = edition();
    let (parent, key) = place.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/");
    match (edition.pointer_mut(parent).unwrap(), value) {
        (Value::Object(members), Some(value)) => drop(members.insert(key, value)),
        (Value::Object(members), None) => drop(members.remove(&key).unwrap()),
        (Value::Array(items), Some(value)) if key == "-" => items.push(value),
        (Value::Array(items), Some(value)) => items[key.parse::<usize>().unwrap()] = value,
        (Value::Array(items), None) => drop(items.remove(key.parse().unwrap())),
        _ => panic!("{place} has no parent"),
    }
    edition
}

fn assert_breaks(new: &Value, expected: &[&str]) {
    assert_eq!(changes(&edition(), new), expected);
}

/// The change breaks readers; undoing it would not.
fn assert_breaks_one_way(new: &Value, expected: &str) {
    assert_breaks(new, &[expected]);
    assert_eq!(changes(new, &edition()), [""; 0], "undoing: {expected}");
}

fn assert_harmless(place: &str, value: Value) {
    assert_eq!(changes(&edition(), &with(place, Some(value))), [""; 0], "{place}");
}

#[test]
fn operations_and_their_names_must_stay() {
    assert_breaks_one_way(&with(CREATE, None), "POST /things/ is gone");
    assert_breaks_one_way(&with("/paths/~1status~1", None), "GET /status/ is gone");
    assert_breaks(
        &with(&format!("{LIST}/operationId"), Some(json!("all"))),
        &["GET /things/: the operationId is all instead of things_list"],
    );
    let without = with(&format!("{LIST}/tags"), Some(json!([])));
    assert_breaks(&without, &["GET /things/: the first tag is absent instead of core"]);
    assert_harmless(&format!("{LIST}/tags/1"), json!("other"));
}

#[test]
fn names_of_schemas_must_stay() {
    let mut without = with(&format!("{GOT}/properties/twin"), None);
    without["components"]["schemas"].as_object_mut().unwrap().remove("Twin");
    assert_breaks(&without, &["Thing.twin is gone from responses", "the schema Twin is gone"]);
    let renamed = EDITION.replace("ThingList", "ThingPage");
    assert_breaks(&yaml_serde::from_str(&renamed).unwrap(), &["the schema ThingList is gone"]);
    let place = format!("{GOT}/properties/twin");
    assert_breaks(
        &with(&place, Some(json!({"$ref": "#/components/schemas/ThingList"}))),
        &["Thing.twin is ThingList instead of Twin in responses"],
    );
    let place = format!("{GOT}/properties/parent");
    assert_breaks(
        &with(&place, Some(json!({"allOf": [{"$ref": "#/components/schemas/ThingList"}], "readOnly": true}))),
        &["Thing.parent is ThingList instead of Thing in responses"],
    );
    let inline = json!({"allOf": [edition()["components"]["schemas"]["Twin"]]});
    assert_breaks_one_way(
        &with(&format!("{GOT}/properties/twin"), Some(inline)),
        "Thing.twin is a schema without a name instead of Twin in responses",
    );
}

#[test]
fn parameters_must_stay_and_not_become_required() {
    let expected = "GET /things/: the query parameter page is gone";
    assert_breaks_one_way(&with(&format!("{LIST}/parameters/0"), None), expected);
    let required = json!({"name": "id", "in": "query", "required": true,
        "schema": {"type": "array", "items": {"type": "integer"}}});
    let expected = "GET /things/: the query parameter id is required";
    assert_breaks_one_way(&with(&format!("{LIST}/parameters/2"), Some(required)), expected);
    let new = json!({"name": "x", "in": "header", "required": true, "schema": {"type": "string"}});
    let expected = "GET /things/: the header parameter x is required";
    assert_breaks(&with(&format!("{LIST}/parameters/-"), Some(new)), &[expected]);
    let moved = json!({"name": "kind", "in": "header", "schema": {"$ref": "#/components/schemas/KindEnum"}});
    let moved = with(&format!("{LIST}/parameters/1"), Some(moved));
    assert_breaks(&moved, &["GET /things/: the query parameter kind is gone"]);
    assert_harmless(&format!("{LIST}/parameters/-"), json!({"name": "x", "in": "query", "schema": {}}));
}

#[test]
fn the_values_of_parameters_must_still_be_taken() {
    assert_breaks(
        &with(&format!("{LIST}/parameters/2/schema/items/type"), Some(json!("string"))),
        &["GET /things/: the query parameter id[] is string instead of integer in requests"],
    );
    assert_breaks(
        &with(&format!("{LIST}/parameters/2/explode"), Some(json!(false))),
        &["GET /things/: the query parameter id is written in another style"],
    );
    assert_harmless(&format!("{LIST}/parameters/2/style"), json!("form"));
    assert_harmless(&format!("{LIST}/parameters/2/explode"), json!(true));
}

#[test]
fn a_shared_parameter_is_reported_once() {
    let place = "/components/parameters/page/schema";
    for (keyword, value, expected) in [
        ("maximum", 8, "the query parameter page has the maximum 8 instead of 9 in requests"),
        ("minimum", 0, "the query parameter page has the minimum 0 instead of none in requests"),
    ] {
        assert_breaks_one_way(&with(&format!("{place}/{keyword}"), Some(json!(value))), expected);
    }
    let other = with(&format!("{place}/default"), Some(json!(2)));
    assert_breaks(&other, &["the query parameter page has the default 2 instead of 1 in requests"]);
    let here = edition()["components"]["parameters"]["page"].clone();
    assert_harmless(&format!("{LIST}/parameters/0"), here);
}

#[test]
fn a_request_must_not_need_a_body_or_another_media_type() {
    let body = format!("{CREATE}/requestBody");
    let expected = "POST /things/: the body is required";
    assert_breaks_one_way(&with(&format!("{body}/required"), Some(json!(true))), expected);
    assert_breaks_one_way(&with(&body, None), "POST /things/ no longer takes application/json");
    let content = json!({"application/yaml": {"schema": {"$ref": "#/components/schemas/ThingRequest"}}});
    assert_breaks(
        &with(&format!("{body}/content"), Some(content)),
        &["POST /things/ no longer takes application/json"],
    );
    assert_breaks(
        &with(&format!("{body}/content/application~1json/schema"), Some(json!({"type": "string"}))),
        &["POST /things/: body is a schema without a name instead of ThingRequest in requests"],
    );
}

#[test]
fn properties_of_requests_must_stay_and_not_become_required() {
    let properties = format!("{SENT}/properties");
    let expected = "ThingRequest.note is gone from requests";
    assert_breaks_one_way(&with(&format!("{properties}/note"), None), expected);
    assert_breaks_one_way(&with(&format!("{properties}/note/readOnly"), Some(json!(true))), expected);
    let expected = "ThingRequest.note is required in requests";
    assert_breaks_one_way(&with(&format!("{SENT}/required"), Some(json!(["name", "note"]))), expected);
    assert_breaks_one_way(
        &with(&format!("{properties}/attributes/additionalProperties"), None),
        "ThingRequest.attributes has no other properties in requests",
    );
    let closed = with(&format!("{SENT}/additionalProperties"), Some(json!(false)));
    assert_breaks_one_way(&closed, "ThingRequest has no other properties in requests");
    assert_eq!(changes(&closed, &closed), [""; 0]);
    assert_harmless(&format!("{properties}/more"), json!({"type": "string"}));
}

#[test]
fn what_requests_may_send_must_still_be_taken() {
    for (property, keyword, value, expected) in [
        ("name", "nullable", json!(false), "name can't be null"),
        ("name", "maxLength", json!(8), "name has the maxLength 8 instead of 9"),
        ("name", "minLength", json!(2), "name has the minLength 2 instead of 1"),
        ("note", "maxLength", json!(8), "note has the maxLength 8 instead of none"),
        ("note", "minLength", json!(1), "note has the minLength 1 instead of none"),
        ("note", "pattern", json!("b"), "note has the pattern b instead of none"),
        ("note", "enum", json!(["a", "b"]), "note must be one of \"a\", \"b\""),
        ("owners", "maxItems", json!(3), "owners has the maxItems 3 instead of none"),
        ("owners", "minItems", json!(1), "owners has the minItems 1 instead of none"),
    ] {
        let new = with(&format!("{SENT}/properties/{property}/{keyword}"), Some(value));
        assert_breaks_one_way(&new, &format!("ThingRequest.{expected} in requests"));
    }
    for (place, value, expected) in [
        ("name/type", json!("integer"), "name is integer instead of string"),
        ("name/format", json!("uuid"), "name is string (uuid) instead of string"),
        ("name/pattern", json!("b"), "name has the pattern b instead of a"),
        ("owners/items/format", json!("email"), "owners[] is string (email) instead of string (uuid)"),
        ("owners/uniqueItems", json!(true), "owners has another uniqueItems"),
        ("attributes/additionalProperties/type", json!("string"), "attributes.* is string instead of anything"),
    ] {
        let new = with(&format!("{SENT}/properties/{place}"), Some(value));
        assert_breaks(&new, &[&format!("ThingRequest.{expected} in requests")]);
    }
    assert_harmless(&format!("{SENT}/properties/note/minLength"), json!(0));
}

#[test]
fn successful_responses_and_their_media_types_must_stay() {
    let expected = "GET /status/: the response 200 is gone";
    assert_breaks_one_way(&with(&format!("{STATUS}/responses/200"), None), expected);
    let expected = "GET /status/: the response 200 is no longer application/json";
    assert_breaks_one_way(&with(&format!("{STATUS}/responses/200/content"), None), expected);
    for harmless in [format!("{LIST}/responses/404"), "/components/responses/Missing/content".to_owned()] {
        assert_breaks(&with(&harmless, None), &[]);
    }
    assert_harmless(&format!("{LIST}/responses/503"), json!({"description": "Busy."}));
}

#[test]
fn properties_of_responses_must_stay_and_stay_present() {
    let expected = "Thing.pk is gone from responses";
    let mut without = with(&format!("{GOT}/properties/pk"), None);
    without["components"]["schemas"]["Thing"]["required"] = json!(["name"]);
    assert_breaks_one_way(&without, expected);
    let expected = "Thing.pk may be absent from responses";
    assert_breaks_one_way(&with(&format!("{GOT}/required"), Some(json!(["name"]))), expected);
    let expected = "Thing.name is gone from responses";
    assert_breaks_one_way(&with(&format!("{GOT}/properties/name/writeOnly"), Some(json!(true))), expected);
    assert_harmless(&format!("{GOT}/properties/more"), json!({"type": "string"}));
    assert_harmless(&format!("{GOT}/additionalProperties"), json!(false));
}

#[test]
fn responses_must_not_have_what_was_ruled_out() {
    let properties = format!("{GOT}/properties");
    let expected = "Thing.name may be null in responses";
    assert_breaks_one_way(&with(&format!("{properties}/name/nullable"), Some(json!(true))), expected);
    let expected = "Thing.parent may be null in responses";
    assert_breaks_one_way(&with(&format!("{properties}/parent/nullable"), Some(json!(true))), expected);
    let number = with(&format!("{properties}/pk/type"), Some(json!("number")));
    assert_breaks(&number, &["Thing.pk is number instead of integer in responses"]);
    for (keyword, value) in [("maxLength", json!(1)), ("maxLength", json!(99)), ("pattern", json!("b"))] {
        assert_harmless(&format!("{properties}/name/{keyword}"), value);
    }
    assert_breaks(&with(&format!("{properties}/name/maxLength"), None), &[]);
}

#[test]
fn an_enumeration_is_judged_in_each_direction() {
    let place = "/components/schemas/KindEnum/enum";
    assert_breaks(&with(&format!("{place}/-"), Some(json!("new"))), &["KindEnum may be \"new\" in responses"]);
    assert_breaks(&with(&format!("{place}/0"), None), &["KindEnum can't be \"plain\" in requests"]);
    assert_breaks(&with(place, None), &["KindEnum may be something else than \"plain\", \"odd\" in responses"]);
    assert_harmless(place, json!(["odd", "plain"]));
}

#[test]
fn schemas_without_a_name_are_named_by_their_operation_or_response() {
    let items = format!("{STATUS}/responses/200/content/application~1json/schema/items");
    let without = with(&format!("{items}/properties"), Some(json!({})));
    assert_breaks(&without, &["GET /status/: 200[].name is gone from responses"]);
    let schema = "/components/responses/Missing/content/application~1json/schema";
    assert_breaks_one_way(&with(&format!("{schema}/properties/detail"), None), "Missing.detail is gone from responses");
    let open = with(&format!("{schema}/additionalProperties"), Some(json!(false)));
    assert_breaks_one_way(&open, "Missing has no other properties in responses");
    let expected = ["Missing.*[] is integer instead of string in responses"];
    assert_breaks(&with(&format!("{schema}/additionalProperties/items/type"), Some(json!("integer"))), &expected);
}

#[test]
fn each_way_to_be_authenticated_must_still_do() {
    let anonymous = "GET /status/ no longer takes requests with no credentials";
    assert_breaks_one_way(&with(&format!("{STATUS}/security"), Some(json!([{"key": []}]))), anonymous);
    let expected = "POST /things/ no longer takes requests with cookie";
    assert_breaks_one_way(&with(&format!("{CREATE}/security/1"), None), expected);
    let both = json!([{"key": [], "cookie": []}]);
    let expected = "GET /things/ no longer takes requests with key";
    assert_breaks_one_way(&with(&format!("{LIST}/security"), Some(both)), expected);
    assert_harmless(&format!("{LIST}/security/-"), json!({}));
    let mut inherited = with(&format!("{STATUS}/security"), None);
    inherited["security"] = json!([{"key": []}]);
    assert_breaks(&inherited, &[anonymous]);
}

#[test]
fn texts_and_examples_and_extensions_never_count() {
    for place in [LIST, SENT, GOT, &format!("{SENT}/properties/note"), &format!("{LIST}/parameters/1")] {
        for keyword in ["description", "example", "title", "x-codeSamples", "deprecated"] {
            assert_harmless(&format!("{place}/{keyword}"), json!("new"));
        }
    }
    assert_harmless(&format!("{LIST}/summary"), json!("New"));
    let parent = json!({"allOf": [{"$ref": "#/components/schemas/Thing"}], "readOnly": true, "description": "New."});
    assert_harmless(&format!("{GOT}/properties/parent"), parent);
}

#[test]
fn a_reference_to_itself_or_to_nothing_ends() {
    for target in ["Loop", "None"] {
        let mut edition = edition();
        edition["components"]["schemas"]["Loop"] = json!({"$ref": format!("#/components/schemas/{target}")});
        edition["components"]["schemas"]["Thing"]["properties"]["twin"] =
            edition["components"]["schemas"]["Loop"].clone();
        assert_eq!(changes(&edition, &edition), [""; 0]);
    }
}

#[test]
fn only_editions_that_are_present_and_have_readers_are_checked() {
    let root = std::env::temp_dir().join(format!("codegen-breaking-{}", std::process::id()));
    fs::create_dir_all(root.join("openapi/editions")).unwrap();
    for name in ["editions/1.json", "editions/portable.json", "rollcall.json"] {
        fs::write(root.join("openapi").join(name), edition().to_string()).unwrap();
    }
    let new = with(STATUS, None).to_string();
    let names = ["editions/2.json", "editions/portable.json", "rollcall.json"];
    let mut files: Vec<_> = names.map(|name| (Path::new("openapi").join(name), new.clone())).into();
    let harmless = check(&root, &files);
    files.push(("openapi/editions/1.json".into(), new));
    let broken = check(&root, &files);
    fs::write(root.join("openapi/editions/1.json"), "<<<<<<<").unwrap();
    let unreadable = check(&root, &files);
    fs::remove_dir_all(root).unwrap();

    harmless.unwrap();
    assert_eq!(
        broken.unwrap_err().to_string(),
        "this would break readers of published editions:\n  openapi/editions/1.json: GET /status/ is gone\n\
         run `cargo run -p codegen -- --accept-breaking` if it must be"
    );
    assert_eq!(unreadable.unwrap_err().to_string(), "openapi/editions/1.json");
}
