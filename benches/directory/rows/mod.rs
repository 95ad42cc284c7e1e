//! The rows of the table, one file each.

mod all;
mod change;
mod create;
mod growth;
mod list;
mod lone;
mod retrieve;
mod seeded;
mod start;

use self::seeded::Seeded;
use crate::{
    BoxError,
    bench::Bench,
    options::{Engine, Part},
    report::Row,
};

/// Measures the rows of these parts. A part that can't be measured counts as a failure and has no rows.
pub fn measure(bench: &Bench, engine: Engine, parts: impl Iterator<Item = Part>) -> Vec<Row> {
    let (mut rows, mut seeded) = (Vec::new(), None);
    for part in parts {
        eprintln!("{engine}: {part}");
        match measure_part(bench, engine, part, &mut seeded) {
            Ok(measured) => rows.extend(measured),
            Err(error) => bench.failures.add(format!("{engine}: {part}: {error}")),
        }
    }
    if let Some(seeded) = seeded {
        bench.failures.note(seeded.stop());
    }
    rows
}

fn measure_part<'b>(
    bench: &'b Bench,
    engine: Engine,
    part: Part,
    seeded: &mut Option<Seeded<'b>>,
) -> Result<Vec<Row>, BoxError> {
    match part {
        Part::Create => create::measure(bench, engine),
        Part::Lone => lone::measure(bench, engine),
        Part::Change => change::measure(bench, engine),
        Part::All => all::measure(bench, seed(bench, engine, seeded, bench.scale.all)?),
        Part::List => list::measure(bench, seed(bench, engine, seeded, bench.scale.listed)?),
        Part::Retrieve => retrieve::measure(bench, seed(bench, engine, seeded, bench.scale.listed)?),
        Part::Start => start::measure(bench, engine),
        Part::Growth => growth::measure(bench, engine),
    }
}

/// Returns the directory for reading, with at least `total` users. All rows share it.
fn seed<'s, 'b>(
    bench: &'b Bench,
    engine: Engine,
    seeded: &'s mut Option<Seeded<'b>>,
    total: usize,
) -> Result<&'s Seeded<'b>, BoxError> {
    let mut directory = seeded.take().map_or_else(|| Seeded::new(bench, engine), Ok)?;
    directory.grow(total)?;
    Ok(seeded.insert(directory))
}
