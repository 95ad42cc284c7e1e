//! Filters, search and ordering of lists.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{attribute_test::AttributeTest, token::Intent, user::UserType};

/// A filter for users; fields that are `None` or empty match all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserFilter {
    pub username: Option<String>,
    pub email: Option<String>,
    pub name: Option<String>,
    pub path: Option<String>,
    pub path_prefix: Option<String>,
    pub is_active: Option<bool>,
    /// Matches direct members of superuser groups, or all others.
    pub in_superuser_group: Option<bool>,
    pub uuid: Option<Uuid>,
    pub date_joined: TimeFilter,
    pub last_updated: TimeFilter,
    pub last_login: TimeFilter,
    /// Matches users who never signed in, or all others.
    pub last_login_is_null: Option<bool>,
    pub kinds: Vec<UserType>,
    pub group_names: Vec<String>,
    pub group_uuids: Vec<Uuid>,
    pub attributes: Vec<AttributeTest>,
    pub search: Vec<String>,
}

/// A filter for a time; fields that are `None` match all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeFilter {
    pub at: Option<DateTime<Utc>>,
    pub after: Option<DateTime<Utc>>,
    pub before: Option<DateTime<Utc>>,
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

/// Splits a search into words, at white space and commas. Quotes keep a word together if they begin and end it; others,
/// as in `'t Hooft` and `it's`, are letters.
///
/// Own code, because `shlex` and `shell-words` reject an unclosed quote and don't split at commas.
pub fn search_words(text: &str) -> Vec<String> {
    let is_end = |c: char| c.is_whitespace() || c == ',';
    let (mut words, mut rest) = (Vec::new(), text);
    loop {
        rest = rest.trim_start_matches(is_end);
        let Some(first) = rest.chars().next() else { return words };
        let quoted = rest.strip_prefix(['"', '\'']).and_then(|inside| {
            let closes = |(at, _): &(usize, &str)| inside[at + 1..].chars().next().is_none_or(is_end);
            inside.match_indices(first).find(closes).map(|(end, _)| (&inside[..end], &inside[end + 1..]))
        });
        let (word, after) = quoted.unwrap_or_else(|| rest.split_at(rest.find(is_end).unwrap_or(rest.len())));
        words.extend(Some(word.to_owned()).filter(|word| !word.is_empty()));
        rest = after;
    }
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
    DateJoined,
    LastUpdated,
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
    use super::*;

    #[test]
    fn words_are_split_at_spaces_and_commas_unless_quoted() {
        assert_eq!(search_words(" a  b,c "), ["a", "b", "c"]);
        assert_eq!(search_words("\"alpha four\" it's"), ["alpha four", "it's"]);
        assert_eq!(search_words("'t Hooft Gerard"), ["'t", "Hooft", "Gerard"]);
        assert_eq!(search_words("'t Hooft's \"open end"), ["'t", "Hooft's", "\"open", "end"]);
        assert_eq!(search_words("'rock 'n' roll \"\" '"), ["rock 'n", "roll", "'"]);
        assert!(search_words("  ").is_empty());
    }
}
