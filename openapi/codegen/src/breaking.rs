//! What a change of a published edition breaks for its readers: clients that were generated from it, or written by it.
//!
//! Names count, since generated clients have them: those of operations, first tags and schemas. Else a reader must get
//! nothing that the edition ruled out, and what it may send must still be taken. So a schema is judged by where it is
//! used, in requests or in responses. Texts, examples and `x-` extensions never count.

mod schema;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use schema::Direction;
use serde_json::{Map, Value};

/// Fails if the generated `files` would break readers of the editions that are present under `root`.
///
/// # Errors
///
/// Lists what would break, or names a file that can't be read.
pub fn check(root: &Path, files: &[(PathBuf, String)]) -> Result<()> {
    let mut list = String::new();
    for (path, text) in files.iter().filter(|(path, _)| has_readers(path)) {
        let changes = file_changes(&root.join(path), text).with_context(|| path.display().to_string())?;
        list.extend(changes.iter().map(|change| format!("\n  {}: {change}", path.display())));
    }
    ensure!(
        list.is_empty(),
        "this would break readers of published editions:{list}\nrun `{} -- --accept-breaking` if it must be",
        crate::FIX
    );
    Ok(())
}

/// Whether clients depend on the file: it is an edition of a release of authentik.
fn has_readers(path: &Path) -> bool {
    path.starts_with("openapi/editions") && !path.ends_with("portable.json")
}

fn file_changes(present: &Path, text: &str) -> Result<Vec<String>> {
    match fs::read_to_string(present) {
        Ok(old) => Ok(changes(&serde_json::from_str(&old)?, &serde_json::from_str(text)?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// What readers of `old` could trip over in `new`, one sentence a change, sorted.
pub fn changes(old: &Value, new: &Value) -> Vec<String> {
    let mut comparison = Comparison { old, new, found: BTreeSet::new(), compared: HashSet::new() };
    comparison.schema_names();
    comparison.operations();
    comparison.found.into_iter().collect()
}

struct Comparison<'a> {
    old: &'a Value,
    new: &'a Value,
    found: BTreeSet<String>,
    /// The pairs of schemas that were compared, since schemas can contain each other.
    compared: HashSet<(*const Value, *const Value, Direction)>,
}

impl<'a> Comparison<'a> {
    fn report(&mut self, change: String) {
        self.found.insert(change);
    }

    fn schema_names(&mut self) {
        let new = &self.new["components"]["schemas"];
        for (name, _) in members(&self.old["components"]["schemas"]).filter(|(name, _)| new.get(name).is_none()) {
            self.report(format!("the schema {name} is gone"));
        }
    }

    fn operations(&mut self) {
        let remaining = operations(self.new);
        for (name, old) in operations(self.old) {
            match remaining.get(&name) {
                Some(new) => self.operation(&name, old, new),
                None => self.report(format!("{name} is gone")),
            }
        }
    }

    fn operation(&mut self, name: &str, old: &'a Value, new: &'a Value) {
        for (what, pointer) in [("operationId", "/operationId"), ("first tag", "/tags/0")] {
            let (old, new) = (old.pointer(pointer), new.pointer(pointer));
            if old != new {
                self.report(format!("{name}: the {what} is {} instead of {}", text(new), text(old)));
            }
        }
        self.security(name, old, new);
        self.parameters(name, old, new);
        self.body(name, old, new);
        self.responses(name, old, new);
    }

    /// Each way to be authenticated must still do.
    fn security(&mut self, name: &str, old: &Value, new: &Value) {
        let accepted = alternatives(self.new, new);
        for schemes in alternatives(self.old, old) {
            if !accepted.iter().any(|needed| needed.is_subset(&schemes)) {
                let schemes = schemes.into_iter().collect::<Vec<_>>().join(" and ");
                let credentials = if schemes.is_empty() { "no credentials" } else { &schemes };
                self.report(format!("{name} no longer takes requests with {credentials}"));
            }
        }
    }

    fn parameters(&mut self, name: &str, old: &'a Value, new: &'a Value) {
        let (old, new) = (parameters(self.old, old), parameters(self.new, new));
        for (which, parameter) in &new {
            if is_required(parameter.value) && !old.get(which).is_some_and(|old| is_required(old.value)) {
                self.report(format!("{name}: {which} is required"));
            }
        }
        for (which, old) in old {
            let Some(new) = new.get(&which) else {
                self.report(format!("{name}: {which} is gone"));
                continue;
            };
            let place = if old.component == new.component && old.component.is_some() {
                which
            } else {
                format!("{name}: {which}")
            };
            if notation(old.value) != notation(new.value) {
                self.report(format!("{place} is written in another style"));
            }
            self.schema(&place, &old.value["schema"], &new.value["schema"], Direction::Request);
        }
    }

    fn body(&mut self, name: &str, old: &'a Value, new: &'a Value) {
        let (old, new) = (resolve(self.old, &old["requestBody"]), resolve(self.new, &new["requestBody"]));
        if is_required(new.value) && !is_required(old.value) {
            self.report(format!("{name}: the body is required"));
        }
        for (media, old) in members(&old.value["content"]) {
            match new.value["content"].get(media) {
                Some(new) => {
                    self.schema(&format!("{name}: body"), &old["schema"], &new["schema"], Direction::Request);
                }
                None => self.report(format!("{name} no longer takes {media}")),
            }
        }
    }

    fn responses(&mut self, name: &str, old: &'a Value, new: &'a Value) {
        for (status, old) in members(&old["responses"]) {
            match new["responses"].get(status) {
                Some(new) => self.response(name, status, old, new),
                None if status.starts_with('2') => self.report(format!("{name}: the response {status} is gone")),
                None => {}
            }
        }
    }

    fn response(&mut self, name: &str, status: &str, old: &'a Value, new: &'a Value) {
        let (old, new) = (resolve(self.old, old), resolve(self.new, new));
        let place = match old.component {
            Some(component) if new.component == Some(component) => component.to_owned(),
            _ => format!("{name}: {status}"),
        };
        for (media, old) in members(&old.value["content"]) {
            match new.value["content"].get(media) {
                Some(new) => self.schema(&place, &old["schema"], &new["schema"], Direction::Response),
                None if status.starts_with('2') => {
                    self.report(format!("{name}: the response {status} is no longer {media}"));
                }
                None => {}
            }
        }
    }
}

/// A parameter, a request body or a response.
struct Resolved<'a> {
    value: &'a Value,
    /// The name of the component that it is.
    component: Option<&'a str>,
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> Resolved<'a> {
    let reference = value["$ref"].as_str();
    match reference.and_then(|reference| document.pointer(reference.strip_prefix('#')?)) {
        Some(value) => Resolved { value, component: reference.and_then(|reference| reference.rsplit('/').next()) },
        None => Resolved { value, component: None },
    }
}

fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flat_map(Map::iter)
}

/// The operations, by method and path. Paths have nothing else.
fn operations(document: &Value) -> BTreeMap<String, &Value> {
    let paths = members(&document["paths"]).flat_map(|(path, item)| members(item).map(move |member| (path, member)));
    paths.map(|(path, (method, operation))| (format!("{} {path}", method.to_uppercase()), operation)).collect()
}

/// The parameters of an operation, by location and name.
fn parameters<'a>(document: &'a Value, operation: &'a Value) -> BTreeMap<String, Resolved<'a>> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters
        .map(|parameter| {
            let parameter = resolve(document, parameter);
            let [location, name] = ["in", "name"].map(|key| text(parameter.value.get(key)));
            (format!("the {location} parameter {name}"), parameter)
        })
        .collect()
}

/// How a list is written into a parameter: its style, and whether each item has a key of its own.
fn notation(parameter: &Value) -> (&str, bool) {
    let default = if matches!(parameter["in"].as_str(), Some("query" | "cookie")) { "form" } else { "simple" };
    let style = parameter["style"].as_str().unwrap_or(default);
    (style, parameter["explode"].as_bool().unwrap_or(style == "form"))
}

fn is_required(value: &Value) -> bool {
    value["required"] == true
}

/// The sets of security schemes of which a request needs one; the empty set needs no credentials.
fn alternatives<'a>(document: &'a Value, operation: &'a Value) -> Vec<BTreeSet<&'a str>> {
    let alternatives = operation.get("security").or_else(|| document.get("security")).and_then(Value::as_array);
    match alternatives {
        Some(alternatives) if !alternatives.is_empty() => alternatives
            .iter()
            .map(|alternative| members(alternative).map(|(scheme, _)| scheme.as_str()).collect())
            .collect(),
        _ => vec![BTreeSet::new()],
    }
}

/// A value in a sentence.
fn text(value: Option<&Value>) -> String {
    match value {
        None => "absent".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}
