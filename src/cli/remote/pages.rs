//! Lists of any length, printed page by page.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    connection::{Connection, Reply},
    refusal,
};
use crate::cli::{
    Exit, Failure,
    output::{print, print_json},
    table::Table,
};

/// The page size to start with, which is the largest of the server.
const LARGE: i64 = 1_000;

/// The page size if a page of large objects is refused.
const SMALL: i64 = 100;

/// A page, with its objects as they were sent.
#[derive(Deserialize)]
struct Page<'r> {
    pagination: Pagination,
    #[serde(borrow)]
    results: Vec<&'r RawValue>,
}

#[derive(Deserialize)]
struct Pagination {
    next: f64,
}

/// Prints a whole list. `fetch` returns the page with this number and size, `rows` the rows for its objects.
pub async fn print_all<T>(
    connection: &Connection,
    header: &[&'static str],
    fetch: impl AsyncFn(i64, i64) -> Result<Reply<T>, Failure>,
    rows: impl Fn(T) -> Vec<Vec<String>>,
) -> Result<(), Failure> {
    let (mut number, mut size) = (1, LARGE);
    let (mut table, mut is_first) = (Table::new(header), true);
    loop {
        let reply = match fetch(number, size).await {
            Err(failure) if failure.exit == Exit::Rejected && size == LARGE => {
                (number, size) = ((number - 1) * (LARGE / SMALL) + 1, SMALL);
                continue;
            }
            // It was the last page, and the objects on it are deleted by now.
            Err(failure) if failure.exit == Exit::NotFound && number > 1 => break,
            reply => reply?,
        };
        let page: Page = reply.raw()?;
        let next = page.pagination.next;
        if connection.output.json {
            print_json(&array_part(&page.results, &mut is_first))?;
        } else {
            table.print(rows(reply.value))?;
        }
        number += 1;
        if next == 0.0 {
            break;
        }
        if next != number as f64 {
            return Err(refusal::of_stranger(&connection.url));
        }
    }
    if connection.output.json { print(if is_first { "[]\n" } else { "\n]\n" }) } else { Ok(()) }
}

/// A part of a JSON array, with a line for each object.
fn array_part(objects: &[&RawValue], is_first: &mut bool) -> String {
    let mut text = String::new();
    for object in objects {
        text += if std::mem::take(is_first) { "[\n" } else { ",\n" };
        text += object.get();
    }
    text
}
