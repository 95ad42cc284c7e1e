//! Derives an edition from the contract with an OpenAPI Overlay.
//!
//! This implements the OpenAPI Overlay Specification 1.0.0, with these differences:
//!
//! - `extends` names another overlay, whose result is the target document. Without it, that is the contract.
//! - An action can have `x-rename` instead of `update` or `remove`: it renames a component, also in all references to it.
//!   The specification has no way to do that without repeating the component.
//! - A target that selects nothing is an error: it is outdated or misspelled.

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    overlay: String,
    #[serde(rename = "info")]
    _info: Info,
    /// The file name of the overlay to apply before this one.
    pub extends: Option<String>,
    actions: Vec<Action>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Info {
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "version")]
    _version: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    target: JsonPath,
    /// For readers of the overlay.
    #[serde(default, rename = "description")]
    _description: String,
    #[serde(default)]
    update: Value,
    #[serde(default)]
    remove: bool,
    /// The new name of the component.
    #[serde(rename = "x-rename")]
    rename: Option<String>,
}

impl Overlay {
    /// Parses an overlay in YAML.
    ///
    /// # Errors
    ///
    /// If it is not an Overlay 1.0.0 document.
    pub fn load(text: &str) -> Result<Self> {
        let overlay: Self = yaml_serde::from_str(text)?;
        ensure!(overlay.overlay == "1.0.0", "overlay: {} is not 1.0.0", overlay.overlay);
        Ok(overlay)
    }

    /// Applies its actions to `document`, in order.
    ///
    /// # Errors
    ///
    /// Names the target that selects nothing, or something that can't be updated.
    pub fn apply(&self, document: &mut Value) -> Result<()> {
        self.actions
            .iter()
            .try_for_each(|action| action.apply(document).with_context(|| format!("the target {}", action.target)))
    }
}

impl Action {
    fn apply(&self, document: &mut Value) -> Result<()> {
        let located = self.target.query_located(document);
        let mut pointers: Vec<String> = located.locations().map(|location| location.to_json_pointer()).collect();
        ensure!(!pointers.is_empty(), "selects nothing");
        // From the end, so that removing an item of a list moves none that is still to go.
        pointers.reverse();
        for pointer in pointers {
            if self.remove {
                remove(document, &pointer)?;
            } else if let Some(name) = &self.rename {
                rename(document, &pointer, name)?;
            } else {
                let target = document.pointer_mut(&pointer).context("is gone")?;
                update(target, &self.update)?;
            }
        }
        Ok(())
    }
}

fn remove(document: &mut Value, pointer: &str) -> Result<()> {
    let (parent, last) = pointer.rsplit_once('/').context("is the whole document")?;
    match document.pointer_mut(parent).context("is gone")? {
        Value::Object(members) => {
            members.shift_remove(&last.replace("~1", "/").replace("~0", "~"));
        }
        Value::Array(items) => {
            items.remove(last.parse()?);
        }
        _ => bail!("has no parent"),
    }
    Ok(())
}

/// Renames a component, which keeps its place among the others, and the references to it.
fn rename(document: &mut Value, pointer: &str, name: &str) -> Result<()> {
    let (parent, last) = pointer.rsplit_once('/').context("is the whole document")?;
    let components = document.pointer_mut(parent).and_then(Value::as_object_mut).context("is no component")?;
    ensure!(!components.contains_key(name), "there is a {name} already");
    let renamed = |(key, value)| (if key == last { name.to_owned() } else { key }, value);
    *components = std::mem::take(components).into_iter().map(renamed).collect();
    redirect(document, &format!("#{pointer}"), &format!("#{parent}/{name}"));
    Ok(())
}

/// Replaces references.
fn redirect(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| redirect(item, from, to)),
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref").filter(|reference| **reference == from) {
                to.clone_into(reference);
            }
            members.values_mut().for_each(|member| redirect(member, from, to));
        }
        _ => {}
    }
}

/// Merges `update` into an object, or appends it to a list.
fn update(target: &mut Value, update: &Value) -> Result<()> {
    match (target, update) {
        (Value::Array(items), update) => items.push(update.clone()),
        (target @ Value::Object(_), Value::Object(_)) => merge(target, update),
        _ => bail!("is neither a list nor an object that can be merged with the update"),
    }
    Ok(())
}

/// Merges objects key by key and concatenates lists; anything else is replaced.
fn merge(target: &mut Value, update: &Value) {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => {
            for (key, value) in update {
                match target.get_mut(key) {
                    Some(present) => merge(present, value),
                    None => {
                        target.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(target), Value::Array(update)) => target.extend(update.iter().cloned()),
        (target, update) => *target = update.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn apply(actions: &str, mut document: Value) -> Result<Value> {
        Overlay::load(&format!("{{overlay: 1.0.0, info: {{title: T, version: '1'}}, actions: {actions}}}"))?
            .apply(&mut document)?;
        Ok(document)
    }

    #[test]
    fn removing_takes_every_match_and_nothing_else() {
        let document = json!({"a/b": {"list": [1, 2, 3, 2], "c": 1}});
        let without = apply("[{target: \"$['a/b'].list[?@ == 2]\", remove: true}]", document.clone()).unwrap();
        assert_eq!(without, json!({"a/b": {"list": [1, 3], "c": 1}}));
        assert_eq!(apply("[{target: $.*.list, remove: true}]", document).unwrap(), json!({"a/b": {"c": 1}}));
    }

    #[test]
    fn updating_merges_objects_and_appends_to_lists() {
        let document = json!({"x": {"tags": ["a"], "keep": 1, "change": 2}, "tags": [{"name": "a"}]});
        let updated = apply(
            "[{target: $.x, update: {tags: [b], change: 3, new: {}}}, {target: $.tags, update: {name: b}}]",
            document,
        );
        let expected = json!({
            "x": {"tags": ["a", "b"], "keep": 1, "change": 3, "new": {}},
            "tags": [{"name": "a"}, {"name": "b"}],
        });
        assert_eq!(updated.unwrap(), expected);
    }

    #[test]
    fn a_renamed_component_keeps_its_place_and_its_references() {
        let document =
            json!({"schemas": {"A": {"$ref": "#/schemas/B"}, "B": {"x": 1}, "C": [{"$ref": "#/schemas/B"}]}});
        let renamed = apply("[{target: $.schemas.B, x-rename: D}]", document.clone()).unwrap();
        let expected =
            json!({"schemas": {"A": {"$ref": "#/schemas/D"}, "D": {"x": 1}, "C": [{"$ref": "#/schemas/D"}]}});
        assert_eq!(renamed.to_string(), expected.to_string());
        assert!(apply("[{target: $.schemas.B, x-rename: C}]", document).is_err());
    }

    #[test]
    fn a_target_that_selects_nothing_is_an_error_that_names_it() {
        let error = apply("[{target: $.gone, remove: true}]", json!({"here": 1})).unwrap_err();
        assert_eq!(format!("{error:#}"), "the target $.gone: selects nothing");
        assert!(apply("[{target: $.here, update: {a: 1}}]", json!({"here": 1})).is_err());
        assert!(Overlay::load("{overlay: 2.0.0, info: {title: T, version: '1'}, actions: []}").is_err());
    }
}
