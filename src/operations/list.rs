//! What all lists have in common: their page, their order, their filters.

use crate::{
    api::{Failure, FieldErrors, JsonObject, Pagination},
    domain::{
        filter::{AttributeTest, attribute_tests},
        page::{Page, PageRequest},
    },
};

/// Reads which page is wanted.
///
/// # Errors
///
/// 404 when there can be no such page.
pub fn page(number: Option<i64>, size: Option<i64>) -> Result<PageRequest, Failure> {
    PageRequest::new(number, size).ok_or(Failure::NoPage)
}

/// Describes where a page stands.
pub fn pagination<T>(page: &Page<T>) -> Pagination {
    let (current, total_pages) = (page.request.number, page.total_pages());
    let shown = page.items.len() as u64;
    Pagination {
        next: if current < total_pages { current + 1 } else { 0 },
        previous: current - 1,
        count: page.count,
        current,
        total_pages,
        start_index: if shown == 0 { 0 } else { page.request.offset() + 1 },
        end_index: if shown == 0 { 0 } else { page.request.offset() + shown },
    }
}

/// An empty page, which callers see who may see nothing.
///
/// # Errors
///
/// 404 when it is not the first.
pub fn empty_page<T>(request: PageRequest) -> Result<Page<T>, Failure> {
    if request.exists(0) { Ok(Page { request, count: 0, items: Vec::new() }) } else { Err(Failure::NoPage) }
}

/// Reads an `attributes` filter, a JSON object; what is wrong goes to `errors`.
pub fn attributes(text: Option<&str>, errors: &mut FieldErrors) -> Vec<AttributeTest> {
    let Some(text) = text else { return Vec::new() };
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Object(wanted)) => tests(wanted, errors),
        Ok(_) => {
            errors.add("attributes", "filter: value must be key:value mapping");
            Vec::new()
        }
        Err(_) => {
            errors.add("attributes", "filter: failed to parse JSON");
            Vec::new()
        }
    }
}

fn tests(wanted: JsonObject, errors: &mut FieldErrors) -> Vec<AttributeTest> {
    /// More would make the statement too deep for the engines.
    const MAX_TESTS: usize = 50;
    let tests = attribute_tests(wanted);
    let holds_null = |test: &AttributeTest| {
        test.path.iter().any(|step| step.contains('\0')) || test.value.to_string().contains("\\u0000")
    };
    if tests.len() > MAX_TESTS {
        errors.add("attributes", format!("filter: no more than {MAX_TESTS} attributes"));
    } else if tests.iter().any(holds_null) {
        errors.add("attributes", "Null characters are not allowed.");
    }
    tests
}

/// The message for a value of a filter that no object has.
pub fn not_available(value: impl std::fmt::Display) -> String {
    format!("Select a valid choice. {value} is not one of the available choices.")
}

/// Collects what is wrong with filters.
///
/// # Errors
///
/// 400 when something is.
pub fn check(errors: FieldErrors) -> Result<(), Failure> {
    if errors.is_empty() { Ok(()) } else { Err(Failure::Invalid(errors)) }
}
