//! The documents as OpenAPI 3.1, through utoipa's typed model. `nullable` in 3.0.3 becomes a type in 3.1.

use serde_json::{Value, json};
use utoipa::openapi::OpenApi;

/// Converts one of this program's OpenAPI 3.0.3 documents.
///
/// # Panics
///
/// If the document isn't valid.
pub fn openapi_31(document: &str) -> String {
    let converted = convert(document).and_then(|document| serde_json::to_string_pretty(&document));
    converted.unwrap_or_else(|error| panic!("the document converts to OpenAPI 3.1: {error}"))
}

fn convert(document: &str) -> serde_json::Result<Value> {
    let mut contract: Value = serde_json::from_str(document)?;
    to_31(&mut contract);
    contract["openapi"] = json!("3.1.0");
    let typed: OpenApi = serde_json::from_value(contract.clone())?;
    let mut document = serde_json::to_value(typed)?;
    restore_lost_keys(&mut document, &contract);
    Ok(document)
}

/// Restores the keys of `contract` that utoipa's model lacks, such as `readOnly` of an array.
fn restore_lost_keys(document: &mut Value, contract: &Value) {
    match (document, contract) {
        (Value::Object(document), Value::Object(contract)) => {
            for (key, value) in contract {
                restore_lost_keys(document.entry(key).or_insert_with(|| value.clone()), value);
            }
        }
        (Value::Array(document), Value::Array(contract)) => {
            document.iter_mut().zip(contract).for_each(|(document, contract)| restore_lost_keys(document, contract));
        }
        _ => {}
    }
}

fn to_31(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(to_31),
        Value::Object(members) => {
            if members.get("nullable") == Some(&json!(true)) {
                members.shift_remove("nullable");
                if let Some(kind) = members.get_mut("type") {
                    *kind = json!([kind.take(), "null"]);
                }
            }
            // utoipa writes the schema that allows anything as `true`.
            if members.get("additionalProperties") == Some(&json!({})) {
                members["additionalProperties"] = json!(true);
            }
            // utoipa requires the key.
            if members.get("in") == Some(&json!("query")) {
                members.entry("required").or_insert(json!(false));
            }
            // Examples are data, not schemas.
            members
                .iter_mut()
                .filter(|(key, _)| *key != "value" && *key != "example")
                .for_each(|(_, member)| to_31(member));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::CONTRACT_JSON;

    #[test]
    fn nullable_becomes_a_type_and_nothing_is_lost() {
        let document = convert(CONTRACT_JSON).unwrap();
        let last_login = &document["components"]["schemas"]["User"]["properties"]["last_login"];
        assert_eq!(last_login["type"], json!(["string", "null"]));
        let mut contract: Value = serde_json::from_str(CONTRACT_JSON).unwrap();
        to_31(&mut contract);
        contract["openapi"] = json!("3.1.0");
        let mut lost = Vec::new();
        compare("", &contract, &document, &mut lost);
        assert_eq!(lost, Vec::<String>::new());
    }

    /// Collects the places where `document` differs from `contract`.
    fn compare(place: &str, contract: &Value, document: &Value, lost: &mut Vec<String>) {
        match (contract, document) {
            (Value::Object(contract), Value::Object(document)) => {
                for (key, value) in contract {
                    compare(&format!("{place}/{key}"), value, document.get(key).unwrap_or(&Value::Null), lost);
                }
            }
            (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
            _ if contract == document => {}
            _ => lost.push(format!("{place}: {contract} became {document}")),
        }
    }
}
