//! The published documents: the whole contract, and the edition of each overlay.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{examples, model::Contract, overlay::Overlay, samples};

/// Where the overlays and the editions are.
const EDITIONS: &str = "openapi/editions";

/// The published documents, with their paths under `root`. `json` is the contract.
///
/// # Errors
///
/// If a code sample lacks an example, an overlay can't be applied, or nothing makes a document any more.
pub fn all(root: &Path, contract: &Contract, mut json: Value) -> Result<Vec<(PathBuf, String)>> {
    remove_notes(&mut json);
    samples::add(contract, &mut json)?;
    let mut documents = vec![("openapi/rollcall.json".into(), text(&json)?)];
    let overlays = overlays(root)?;
    let is_extended = |name: &str| overlays.values().any(|overlay| overlay.extends.as_deref() == Some(name));
    for name in overlays.keys().filter(|name| !is_extended(name)) {
        let path = Path::new(EDITIONS).join(name);
        let edition = edition(&json, &overlays, name).and_then(|edition| text(&edition));
        documents.push((path.with_extension("json"), edition.with_context(|| path.display().to_string())?));
    }
    for entry in fs::read_dir(root.join(EDITIONS)).context(EDITIONS)? {
        let path = Path::new(EDITIONS).join(entry?.file_name());
        let is_made = documents.iter().any(|(document, _)| *document == path);
        let is_stray = !is_made && path.extension().is_some_and(|extension| extension == "json");
        ensure!(!is_stray, "{}: nothing makes it: its overlay is gone, or extended by another", path.display());
    }
    Ok(documents)
}

/// The overlays, by file name.
fn overlays(root: &Path) -> Result<BTreeMap<String, Overlay>> {
    let mut overlays = BTreeMap::new();
    for entry in fs::read_dir(root.join(EDITIONS)).context(EDITIONS)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".yaml") {
            let path = Path::new(EDITIONS).join(&name);
            let overlay =
                fs::read_to_string(root.join(&path)).map_err(Into::into).and_then(|text| Overlay::load(&text));
            overlays.insert(name, overlay.with_context(|| path.display().to_string())?);
        }
    }
    Ok(overlays)
}

/// Applies an overlay to the contract, after those that it extends.
fn edition(contract: &Value, overlays: &BTreeMap<String, Overlay>, name: &str) -> Result<Value> {
    let mut chain = Vec::new();
    let mut next = Some(name);
    while let Some(name) = next {
        let overlay = overlays.get(name).with_context(|| format!("extends: {name} does not exist"))?;
        ensure!(chain.len() < overlays.len(), "extends: overlays extend each other");
        chain.push(overlay);
        next = overlay.extends.as_deref();
    }
    let mut edition = contract.clone();
    chain.into_iter().rev().try_for_each(|overlay| overlay.apply(&mut edition))?;
    examples::fit(&mut edition);
    remove_unused_components(&mut edition);
    Ok(edition)
}

fn text(document: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(document)? + "\n")
}

/// Removes the extensions of the contract, which are only for the generator.
fn remove_notes(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(remove_notes),
        Value::Object(members) => {
            members.retain(|key, _| !key.starts_with("x-"));
            // Examples are data, whatever their keys.
            members.iter_mut().filter(|(key, _)| *key != "value").for_each(|(_, member)| remove_notes(member));
        }
        _ => {}
    }
}

/// Removes the components that nothing refers to since an overlay removed what did.
fn remove_unused_components(document: &mut Value) {
    loop {
        let mut used = BTreeSet::new();
        collect_references(document, &mut used);
        let Some(components) = document["components"].as_object_mut() else { return };
        let mut is_complete = true;
        for (kind, named) in components.iter_mut().filter(|(kind, _)| *kind != "securitySchemes") {
            let Some(named) = named.as_object_mut() else { continue };
            let before = named.len();
            named.retain(|name, _| used.contains(&format!("#/components/{kind}/{name}")));
            is_complete &= named.len() == before;
        }
        if is_complete {
            return;
        }
    }
}

fn collect_references(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, references)),
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str).map(ToOwned::to_owned));
            members.values().for_each(|member| collect_references(member, references));
        }
        _ => {}
    }
}
