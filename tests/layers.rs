//! The dependencies between the layers, checked by their `use` lines.

use std::{fs, path::Path};

/// Each layer, and the modules of ours it may use.
const LAYERS: [(&str, &[&str]); 7] = [
    ("domain", &[]),
    ("api", &[]),
    ("store", &["domain"]),
    ("operations", &["api", "domain", "store"]),
    ("http", &["api", "operations"]),
    ("config.rs", &["domain", "http", "store"]),
    ("cli.rs", &["api", "config", "domain", "http", "operations", "store"]),
];

/// Libraries that only some layers may use.
const LIBRARIES: [(&str, &[&str]); 4] = [
    ("sea_orm", &["store"]),
    ("migrations", &["store"]),
    ("poem", &["api", "http"]),
    ("poem_openapi", &["api", "http"]),
];

#[test]
fn layers_use_only_what_is_below_them() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut violations = Vec::new();
    for (layer, allowed) in LAYERS {
        for (file, text) in files(&source.join(layer)) {
            for other in LAYERS.map(|(name, _)| name.trim_end_matches(".rs")) {
                let own = layer.trim_end_matches(".rs");
                if other != own && !allowed.contains(&other) && uses(&text, other) {
                    violations.push(format!("{file} uses {other}"));
                }
            }
            for (library, layers) in LIBRARIES {
                if !layers.contains(&layer) && text.contains(&format!("{library}::")) {
                    violations.push(format!("{file} uses {library}"));
                }
            }
        }
    }
    assert!(violations.is_empty(), "{violations:#?}");
}

/// Whether `text` uses the module `other`, as `crate::other` or inside `use crate::{...}`.
fn uses(text: &str, other: &str) -> bool {
    let grouped = text.split("use crate::{").skip(1).filter_map(|rest| rest.split("\n};").next());
    text.contains(&format!("crate::{other}::"))
        || grouped.into_iter().any(|group| group.lines().any(|line| line.starts_with(&format!("    {other}"))))
}

fn files(path: &Path) -> Vec<(String, String)> {
    if path.is_file() {
        return vec![(path.display().to_string(), fs::read_to_string(path).unwrap())];
    }
    fs::read_dir(path).unwrap().flat_map(|entry| files(&entry.unwrap().path())).collect()
}
