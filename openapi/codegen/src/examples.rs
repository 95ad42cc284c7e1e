//! Examples of an edition: an overlay that removes a property from a schema needn't remove it from every example too.

use serde_json::Value;

/// Removes the properties that an example has and its schema doesn't know.
pub fn fit(document: &mut Value) {
    let source = document.clone();
    let mut examples = Vec::new();
    collect(&source, &mut examples);
    for (schema, reference) in examples {
        if let Some(value) = document.pointer_mut(&format!("{}/value", reference.trim_start_matches('#'))) {
            shorten(&source, schema, value);
        }
    }
}

/// Collects the references to examples, each with its schema.
fn collect<'d>(value: &'d Value, examples: &mut Vec<(&'d Value, &'d str)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, examples)),
        Value::Object(members) => {
            if let (Some(schema), Some(named)) = (members.get("schema"), members.get("examples")) {
                let references = named.as_object().into_iter().flat_map(|named| named.values());
                let references = references.filter_map(|example| example.get("$ref")?.as_str());
                examples.extend(references.map(|reference| (schema, reference)));
            }
            members.values().for_each(|member| collect(member, examples));
        }
        _ => {}
    }
}

fn shorten(source: &Value, schema: &Value, value: &mut Value) {
    let schema = resolve(source, schema);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| shorten(source, &schema["items"], item)),
        Value::Object(members) => {
            let Some(properties) = schema["properties"].as_object() else { return };
            if schema.get("additionalProperties").is_none() {
                members.retain(|name, _| properties.contains_key(name));
            }
            for (name, member) in members {
                if let Some(property) = properties.get(name) {
                    shorten(source, property, member);
                }
            }
        }
        _ => {}
    }
}

/// The schema that a `$ref`, or an `allOf` with one, refers to.
fn resolve<'s>(source: &'s Value, schema: &'s Value) -> &'s Value {
    let schema = schema.pointer("/allOf/0").unwrap_or(schema);
    let referred = schema["$ref"].as_str().and_then(|reference| source.pointer(reference.trim_start_matches('#')));
    referred.unwrap_or(schema)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn examples_lose_what_their_schemas_lost_and_nothing_else() {
        let mut document = json!({
            "content": {
                "schema": {"type": "array", "items": {"$ref": "#/schemas/User"}},
                "examples": {"some": {"$ref": "#/examples/Some"}},
            },
            "schemas": {
                "User": {"properties": {
                    "name": {"type": "string"},
                    "group": {"allOf": [{"$ref": "#/schemas/Group"}], "readOnly": true},
                    "attributes": {"type": "object", "additionalProperties": {}},
                }},
                "Group": {"properties": {"name": {"type": "string"}}},
            },
            "examples": {
                "Some": {"value": [
                    {"name": "a", "gone": 1, "group": {"name": "b", "gone": 2}, "attributes": {"gone": 3}},
                ]},
                "Unused": {"value": {"gone": 4}},
            },
        });
        fit(&mut document);
        let expected = json!({
            "Some": {"value": [{"name": "a", "group": {"name": "b"}, "attributes": {"gone": 3}}]},
            "Unused": {"value": {"gone": 4}},
        });
        assert_eq!(document["examples"], expected);
    }
}
