//! Filters, search and ordering of lists.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Attributes, token::Intent, user::UserType};

/// A filter for users; fields that are `None` or empty match all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserFilter {
    pub username: Option<String>,
    pub email: Option<String>,
    pub name: Option<String>,
    pub path: Option<String>,
    pub path_prefix: Option<String>,
    pub is_active: Option<bool>,
    /// Matches users with a direct group that has this value of `is_superuser`, as in authentik.
    pub has_group_with_superuser: Option<bool>,
    pub uuid: Option<Uuid>,
    pub kinds: Vec<UserType>,
    pub group_names: Vec<String>,
    pub group_uuids: Vec<Uuid>,
    pub attributes: Vec<AttributeTest>,
    pub search: Vec<String>,
}

/// A filter for groups; fields that are `None` or empty match all.
#[derive(Clone, Debug, Default)]
pub struct GroupFilter {
    pub name: Option<String>,
    pub is_superuser: Option<bool>,
    pub member_ids: Vec<i64>,
    pub member_names: Vec<String>,
    pub attributes: Vec<AttributeTest>,
    pub search: Vec<String>,
}

/// A filter for tokens; fields that are `None` or empty match all.
#[derive(Clone, Debug, Default)]
pub struct TokenFilter {
    pub identifier: Option<String>,
    pub description: Option<String>,
    pub intent: Option<Intent>,
    pub managed: Option<String>,
    pub expires: Option<DateTime<Utc>>,
    pub expiring: Option<bool>,
    pub username: Option<String>,
    pub search: Vec<String>,
}

/// A condition on one attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeTest {
    /// Object keys and list indexes, outermost first.
    pub path: Vec<String>,
    pub comparison: Comparison,
    pub value: Value,
}

/// Django's field lookups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Exact,
    Gt,
    Gte,
    Lt,
    Lte,
    In,
    IsNull,
    IContains,
    StartsWith,
    IStartsWith,
    EndsWith,
    IEndsWith,
    IExact,
}

impl Comparison {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "exact" => Self::Exact,
            "gt" => Self::Gt,
            "gte" => Self::Gte,
            "lt" => Self::Lt,
            "lte" => Self::Lte,
            "in" => Self::In,
            "isnull" => Self::IsNull,
            "icontains" => Self::IContains,
            "startswith" => Self::StartsWith,
            "istartswith" => Self::IStartsWith,
            "endswith" => Self::EndsWith,
            "iendswith" => Self::IEndsWith,
            "iexact" => Self::IExact,
            _ => return None,
        })
    }
}

/// Parses an `attributes` filter, whose keys are paths separated by `__`, optionally ending in a lookup.
pub fn attribute_tests(wanted: Attributes) -> Vec<AttributeTest> {
    let test = |(key, value): (String, Value)| {
        let mut path: Vec<String> = key.split("__").map(Into::into).collect();
        let comparison = path.last().filter(|_| path.len() > 1).and_then(|last| Comparison::from_name(last));
        if comparison.is_some() {
            path.pop();
        }
        AttributeTest { path, comparison: comparison.unwrap_or(Comparison::Exact), value }
    };
    wanted.into_iter().map(test).collect()
}

/// Splits a search into words; quotes keep words together.
///
/// Own code, because `shlex` and `shell-words` reject an unclosed quote, as in `it's`, and don't split at commas.
pub fn search_words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.push(c),
            None if word.is_empty() && (c == '"' || c == '\'') => quote = Some(c),
            None if c.is_whitespace() || c == ',' => words.extend(Some(std::mem::take(&mut word))),
            None => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Removes letter case. Each character is folded on its own, so that a substring folds to a substring.
pub fn fold_case(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            folded.push(character.to_ascii_lowercase());
        } else {
            folded.extend(character.to_uppercase().flat_map(char::to_lowercase));
        }
    }
    folded
}

/// The fields to sort by, and whether in descending order.
pub type Ordering<F> = Vec<(F, bool)>;

/// What users can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserField {
    Id,
    Uuid,
    Username,
    Name,
    Email,
    IsActive,
    LastLogin,
    Path,
    Kind,
}

/// What groups can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupField {
    Id,
    Uuid,
    Name,
    IsSuperuser,
}

/// What tokens can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenField {
    Id,
    Identifier,
    Intent,
    Owner,
    Description,
    Expires,
    Expiring,
    Managed,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_split_at_spaces_and_commas_unless_quoted() {
        assert_eq!(search_words(" a  b,c "), ["a", "b", "c"]);
        assert_eq!(search_words("\"alpha four\" it's"), ["alpha four", "it's"]);
        assert_eq!(search_words("\"open end"), ["open end"]);
        assert!(search_words("  ").is_empty());
    }

    #[test]
    fn a_key_is_a_path_with_an_optional_lookup() {
        let tests = attribute_tests(json!({"a__b__0__gte": 1, "gte": 2, "c__d": 3}).as_object().unwrap().clone());
        let seen: Vec<_> = tests.iter().map(|test| (test.path.join("/"), test.comparison)).collect();
        assert_eq!(
            seen,
            [("a/b/0".into(), Comparison::Gte), ("gte".into(), Comparison::Exact), ("c/d".into(), Comparison::Exact)]
        );
    }

    #[test]
    fn case_is_folded_beyond_ascii() {
        assert_eq!(fold_case("ÀÉ Straße ΌΔΟΣ"), fold_case("àé STRASSE όδος"));
        assert!(fold_case("ΣΑΣΑ").contains(&fold_case("ΑΣ")));
    }
}
