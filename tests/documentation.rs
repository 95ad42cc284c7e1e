//! The documentation names files that exist.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The folders whose files are named by their path from the root.
const FOLDERS: [&str; 9] =
    ["benches", "docs", "examples", "fuzz", "migrations", "openapi", "packaging", "src", "tests"];

/// The documents, but not `openapi/README.md`, whose examples name files that they make.
fn documents() -> Vec<PathBuf> {
    let folders =
        ["", "docs", "examples", "packaging"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "md")).collect()
}

/// The text without its blocks of code, which may name files that are yet to be made.
fn prose(text: &str) -> String {
    text.split("\n```").step_by(2).collect()
}

/// What stands between each `open` and the next `close`.
fn between<'t>(text: &'t str, open: &str, close: char) -> impl Iterator<Item = &'t str> {
    text.split(open).skip(1).filter_map(move |rest| rest.split_once(close)).map(|(inside, _)| inside)
}

#[test]
fn every_file_that_the_documentation_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut missing, mut found) = (Vec::new(), 0);
    for document in documents() {
        let text = prose(&fs::read_to_string(&document).unwrap());
        let links = between(&text, "](", ')').filter(|link| !link.contains("://") && !link.starts_with('#'));
        let links = links.map(|link| document.parent().unwrap().join(link.split('#').next().unwrap_or_default()));
        let is_path = |code: &&str| {
            let folder = code.split('/').next().unwrap_or_default();
            code.contains('/') && FOLDERS.contains(&folder) && !code.contains(['*', ' ', '{', '<'])
        };
        let codes = text.split('`').skip(1).step_by(2).filter(is_path).map(|code| root.join(code));
        for path in links.chain(codes) {
            found += 1;
            if !path.exists() {
                missing.push(format!("{}: {}", document.display(), path.display()));
            }
        }
    }
    assert!(found > 100, "only {found} were found");
    assert!(missing.is_empty(), "{missing:#?}");
}
