//! Shared by all lists: pagination, search and attribute filters.

use serde_json::{Map, Value};

use crate::{
    api::{AdditionalProperties, Autocomplete, Failure, FieldErrors, Pagination, Timestamp},
    domain::{
        attribute_test::AttributeTest,
        filter::{Ordering, TimeFilter, search_words},
        page::{Page, PageRequest},
    },
};

/// Parses `page` and `page_size`.
///
/// # Errors
///
/// 404 if no such page can exist.
pub fn page(number: Option<i64>, size: Option<i64>) -> Result<PageRequest, Failure> {
    PageRequest::new(number, size).ok_or(Failure::NoPage)
}

/// Returns the pagination object of a page.
pub fn pagination<T>(page: &Page<T>) -> Pagination {
    let (current, total_pages) = (page.request.number, page.total_pages());
    let length = page.items.len() as u64;
    Pagination {
        next: if current < total_pages { current + 1 } else { 0 },
        previous: current - 1,
        count: page.count,
        current,
        total_pages,
        start_index: if length == 0 { 0 } else { page.request.offset() + 1 },
        end_index: if length == 0 { 0 } else { page.request.offset() + length },
    }
}

/// Returns the suggestions that come with every page: none.
pub fn autocomplete() -> Autocomplete {
    Autocomplete { additional: AdditionalProperties::new() }
}

/// Combines the filters for a time.
pub fn time(at: Option<Timestamp>, after: Option<Timestamp>, before: Option<Timestamp>) -> TimeFilter {
    let moment = |timestamp: Option<Timestamp>| timestamp.map(|timestamp| timestamp.0);
    TimeFilter { at: moment(at), after: moment(after), before: moment(before) }
}

/// Parses an `attributes` filter, a JSON object. Adds errors to `errors`.
pub fn attributes(text: Option<&str>, errors: &mut FieldErrors) -> Vec<AttributeTest> {
    let Some(text) = text else { return Vec::new() };
    let parsed = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(wanted)) => tests(wanted),
        Ok(_) => Err("filter: value must be key:value mapping".to_owned()),
        Err(_) => Err("filter: failed to parse JSON".to_owned()),
    };
    parsed.unwrap_or_else(|message| {
        errors.add("attributes", message);
        Vec::new()
    })
}

/// The maximum number of comparisons per filter. SQLite limits the depth of an expression to 1,000.
const MAX_COMPARISONS: usize = 50;

/// The maximum length of a compared string, in code points. SQLite limits patterns to 50,000 bytes.
const MAX_PATTERN: usize = 1_000;

fn tests(wanted: Map<String, Value>) -> Result<Vec<AttributeTest>, String> {
    let parse = |(key, value): (String, Value)| AttributeTest::parse(&key, value).map_err(|error| error.to_string());
    let tests: Vec<AttributeTest> = wanted.into_iter().map(parse).collect::<Result<_, _>>()?;
    let comparisons: usize = tests.iter().map(|test| test.value.as_array().map_or(1, Vec::len)).sum();
    let texts = || tests.iter().flat_map(|test| test.path.iter().cloned().chain([test.value.to_string()]));
    if comparisons > MAX_COMPARISONS {
        Err(format!("filter: at most {MAX_COMPARISONS} values are allowed"))
    } else if texts().any(|text| text.chars().count() > MAX_PATTERN) {
        Err(format!("filter: values are limited to {MAX_PATTERN} characters"))
    } else if texts().any(|text| text.contains('\0') || text.contains("\\u0000")) {
        Err("Null characters are not allowed.".to_owned())
    } else {
        Ok(tests)
    }
}

/// Splits a `search` into words. Adds errors to `errors`.
pub fn search(text: Option<&str>, errors: &mut FieldErrors) -> Vec<String> {
    let text = text.unwrap_or_default();
    if text.chars().count() > MAX_PATTERN {
        errors.add("search", format!("Ensure this value has at most {MAX_PATTERN} characters."));
        return Vec::new();
    }
    let words = search_words(text);
    if words.len() > MAX_COMPARISONS {
        errors.add("search", format!("Ensure this value has at most {MAX_COMPARISONS} words."));
    }
    words
}

/// Rejects the request if there are errors.
///
/// # Errors
///
/// 400 with all of them.
pub fn check(errors: FieldErrors) -> Result<(), Failure> {
    if errors.is_empty() { Ok(()) } else { Err(Failure::Invalid(errors)) }
}

/// Parses an `ordering`, such as `type,-username`. Fields for which `field` returns `None` are ignored; the first mention
/// of a field counts.
pub fn ordering<F: PartialEq>(text: Option<&str>, field: impl Fn(&str) -> Option<F>) -> Ordering<F> {
    let mut ordering = Ordering::new();
    for name in text.unwrap_or_default().split(',').map(str::trim) {
        let (name, descending) = name.strip_prefix('-').map_or((name, false), |name| (name, true));
        let field = field(name).filter(|field| ordering.iter().all(|(present, _)| present != field));
        ordering.extend(field.map(|field| (field, descending)));
    }
    ordering
}

#[cfg(test)]
mod tests {
    use super::ordering;

    #[test]
    fn an_ordering_names_fields_and_directions_and_ignores_unknown_fields() {
        let field = |name: &str| ["type", "username"].iter().position(|known| *known == name);
        assert_eq!(ordering(Some(" type , -username ,,other,-"), field), [(0, false), (1, true)]);
        assert_eq!(ordering(Some("-type,type,username,-type"), field), [(0, true), (1, false)]);
        assert!(ordering(None, field).is_empty());
    }
}
