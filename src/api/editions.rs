//! The editions: the documents of the releases of authentik whose API is served.

use std::{str::FromStr, sync::LazyLock};

use serde_json::Value;

use super::{Enumeration, SchemaRetrieveEdition as Edition};

/// An edition that doesn't exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such edition; there are {}", Edition::names().join(" and "))]
pub struct UnknownEdition;

impl FromStr for Edition {
    type Err = UnknownEdition;
    fn from_str(text: &str) -> Result<Self, UnknownEdition> {
        Self::from_text(text).ok_or(UnknownEdition)
    }
}

impl Edition {
    /// All editions, the oldest first.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::VARIANTS.iter().map(|(_, edition)| *edition)
    }

    fn names() -> Vec<&'static str> {
        Self::all().map(Self::as_str).collect()
    }

    /// The document as JSON: the one that clients of this release are generated from.
    pub const fn json(self) -> &'static str {
        match self {
            Self::V2024_8 => include_str!("../../openapi/editions/2024.8.json"),
            Self::V2026_8 => include_str!("../../openapi/editions/2026.8.json"),
        }
    }

    /// The release, such as `2024.8.3`.
    pub fn version(self) -> &'static str {
        static VERSIONS: LazyLock<Vec<String>> = LazyLock::new(|| Edition::all().map(version).collect());
        &VERSIONS[self as usize]
    }
}

fn version(edition: Edition) -> String {
    let document: Value = serde_json::from_str(edition.json()).expect("an edition is JSON");
    document["info"]["version"].as_str().expect("a document has a version").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edition_has_the_version_of_its_release() {
        assert_eq!(Edition::all().map(Edition::version).collect::<Vec<_>>(), ["2024.8.3", "2026.8.5"]);
        for edition in Edition::all() {
            assert!(edition.version().starts_with(&format!("{}.", edition.as_str())));
            assert_eq!(edition.as_str().parse(), Ok(edition));
        }
        assert_eq!(
            "2025.2".parse::<Edition>().unwrap_err().to_string(),
            "no such edition; there are 2024.8 and 2026.8"
        );
    }

    #[test]
    fn every_document_that_is_made_is_an_edition() {
        let files = std::fs::read_dir("openapi/editions").unwrap().map(|file| file.unwrap().file_name());
        let names = files.filter_map(|file| Some(file.to_str()?.strip_suffix(".json")?.to_owned()));
        for name in names.filter(|name| name != "portable") {
            assert!(name.parse::<Edition>().is_ok(), "the parameter `edition` lacks {name}");
        }
    }
}
