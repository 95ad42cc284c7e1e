//! The dependencies between the layers, and between the modules of a layer.

mod paths;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Each layer, and the modules of ours it may use. A layer may be a part of another one, and use more.
const LAYERS: [(&str, &[&str]); 12] = [
    ("domain", &[]),
    ("api", &["telemetry"]),
    ("store", &["domain", "telemetry"]),
    ("operations", &["api", "domain", "store", "telemetry"]),
    ("http", &["api", "domain", "operations", "telemetry"]),
    ("data_dir", &["domain"]),
    ("http::stand_in", &["api", "data_dir", "domain", "http", "operations", "store"]),
    ("log", &["store", "telemetry"]),
    ("panics", &[]),
    ("telemetry", &[]),
    ("config", &["api", "data_dir", "domain", "http", "log", "store"]),
    (
        "cli",
        &[
            "api",
            "config",
            "data_dir",
            "domain",
            "http",
            "http::stand_in",
            "log",
            "operations",
            "panics",
            "store",
            "telemetry",
        ],
    ),
];

/// Libraries that only some layers may use.
const LIBRARIES: [(&str, &[&str]); 7] = [
    ("sea_orm", &["store"]),
    ("migrations", &["store"]),
    ("poem", &["api", "http"]),
    ("poem_openapi", &["api", "http"]),
    ("indicatif", &["cli"]),
    ("reqwest", &["cli"]),
    ("rollcall_client", &["cli"]),
];

/// Folders whose modules must not import each other in a circle. A module and its parent may.
const WITHOUT_CIRCLES: [&str; 6] = [
    "src/domain",
    "src/operations",
    "src/operations/groups",
    "src/operations/tokens",
    "src/operations/users",
    "src/store",
];

/// A source file and its module.
struct Source {
    file: String,
    module: paths::Path,
    text: String,
}

#[test]
fn layers_use_only_what_is_below_them() {
    let violations: Vec<String> = sources().iter().flat_map(violations).collect();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[test]
fn modules_do_not_import_each_other_in_a_circle() {
    let sources = sources();
    let circles: Vec<String> = WITHOUT_CIRCLES.iter().flat_map(|folder| circles(folder, &sources)).collect();
    assert!(circles.is_empty(), "{circles:#?}");
}

fn violations(source: &Source) -> Vec<String> {
    let Source { file, module, text } = source;
    // `lib.rs` and `main.rs`.
    let Some(top) = module.first() else { return Vec::new() };
    let Some((layer, allowed)) = layer(module) else { return vec![format!("{file} is in no layer")] };
    let is_forbidden = |path: &paths::Path| match self::layer(path) {
        Some((other, _)) => other != layer && !allowed.contains(other),
        None => path.is_empty(),
    };
    let names = paths::names(text);
    let libraries = LIBRARIES.iter().filter(|(name, layers)| names.contains(*name) && !layers.contains(&&**top));
    let used = paths::paths(text, module).into_iter().filter(is_forbidden).map(|path| path.join("::"));
    used.map(|path| format!("crate::{path}"))
        .chain(libraries.map(|(name, _)| (*name).to_owned()))
        .map(|used| format!("{file} uses {used}"))
        .collect()
}

/// The layer of a module or of something in it: the innermost, if one is a part of another.
fn layer(path: &paths::Path) -> Option<&'static (&'static str, &'static [&'static str])> {
    let is_inside =
        |name: &str| name.split("::").enumerate().all(|(place, part)| path.get(place).is_some_and(|own| own == part));
    LAYERS.iter().filter(|(name, _)| is_inside(name)).max_by_key(|(name, _)| name.len())
}

/// Returns the circles between the modules of `folder`, each with all modules that import each other, directly or not.
fn circles(folder: &str, sources: &[Source]) -> Vec<String> {
    let parent = module(folder);
    let child = |path: &paths::Path| path.strip_prefix(parent.as_slice())?.first().cloned();
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources {
        let Some(importer) = child(&source.module) else { continue };
        let imported = paths::paths(&source.text, &source.module);
        imports.entry(importer).or_default().extend(imported.iter().filter_map(child));
    }
    assert!(imports.len() > 1, "{folder} has no modules");
    // Everything that is imported by an import is imported too.
    for _ in 0..imports.len() {
        let direct = imports.clone();
        for imported in imports.values_mut() {
            let indirect = imported.iter().filter_map(|name| direct.get(name)).flatten();
            *imported = imported.iter().chain(indirect).cloned().collect();
        }
    }
    let circle = |(name, imported): (&String, &BTreeSet<String>)| {
        let back = imported.iter().filter(|other| imports.get(*other).is_some_and(|theirs| theirs.contains(name)));
        let members: Vec<&str> = back.map(String::as_str).collect();
        (members.len() > 1).then(|| format!("{folder}: {}", members.join(", ")))
    };
    imports.iter().filter_map(circle).collect::<BTreeSet<_>>().into_iter().collect()
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let file = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                sources.push(Source { module: module(&file), text: fs::read_to_string(path).unwrap(), file });
            }
        }
    }
    sources
}

/// The module in a file or folder: `src/store/mod.rs` and `src/store.rs` are `store`.
fn module(file: &str) -> paths::Path {
    let names = file.trim_end_matches(".rs").split('/').skip(1);
    names.filter(|name| !["mod", "lib", "main"].contains(name)).map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(file: &str, text: &str) -> Source {
        Source { file: file.to_owned(), module: module(file), text: text.to_owned() }
    }

    #[test]
    fn a_use_of_a_higher_layer_is_found_in_every_form() {
        for text in [
            "use crate::store;",
            "use crate::{domain::user::User, store::Store};",
            "use crate::{\n    api,\n    domain::{user, group},\n};",
            "use super::super::store::Store;",
            "fn f() { crate::store::open(); }",
            "use crate as root;",
            "use sea_orm::Value;",
        ] {
            assert_eq!(violations(&source("src/domain/user.rs", text)).len(), 1, "{text}");
        }
        assert_eq!(violations(&source("src/new.rs", "")), ["src/new.rs is in no layer"]);
        assert!(
            violations(&source("src/store/mod.rs", "use crate::{domain::user, store::users}; use sea_orm::Value;"))
                .is_empty()
        );
    }

    #[test]
    fn a_part_of_a_layer_has_rules_of_its_own() {
        let found = |file: &str, text: &str| violations(&source(file, text)).len();
        let uses = "use crate::{data_dir::Lock, http::Bound, store::Store}; use poem::Request;";
        assert_eq!(found("src/http/stand_in/instance.rs", uses), 0);
        assert_eq!(found("src/http/guard.rs", uses), 2, "the rest of the layer may use less");
        assert_eq!(found("src/http/guard.rs", "use super::stand_in::StandIn;"), 1);
        assert_eq!(found("src/http/stand_in/mod.rs", "use crate::cli::Exit; use sea_orm::Value;"), 2);
    }

    #[test]
    fn circles_of_any_length_are_found() {
        let cases = [
            ("src/a/mod.rs", "use self::{b::B, c::C};"),
            ("src/a/b.rs", "use super::{A, c::C};"),
            ("src/a/c/mod.rs", "use deep::X;"),
            ("src/a/c/deep.rs", "use crate::a::d;"),
            ("src/a/d.rs", "fn f() { super::b::g() }"),
            ("src/a/e.rs", "use super::d;"),
        ];
        let sources = cases.map(|(file, text)| source(file, text));
        assert_eq!(circles("src/a", &sources), ["src/a: b, c, d"]);
        assert!(circles("src/a", &sources[..4]).is_empty());
    }
}
