//! The figures as a table.

use crate::report::{Figures, Row};

const HEAD: [&str; 8] = ["row", "engine", "measured", "p50, p99 ms", "compared with", "ratio", "target", ""];

/// Renders the rows as a plain-text table.
pub fn render(rows: &[Row]) -> String {
    let mut lines = vec![HEAD.map(str::to_owned)];
    lines.extend(rows.iter().map(|row| cells(&row.figures())));
    let widths: [usize; 8] =
        std::array::from_fn(|column| lines.iter().map(|cells| cells[column].chars().count()).max().unwrap_or_default());
    let line = |cells: &[String; 8]| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn cells(row: &Figures) -> [String; 8] {
    let both = row.p50_ms.zip(row.p99_ms);
    let compared = row.compared_with.as_ref();
    [
        row.name.to_owned(),
        row.engine.to_owned(),
        format!("{} {}", short(row.value), row.unit),
        both.map_or(String::new(), |(p50, p99)| format!("{}, {}", short(p50), short(p99))),
        compared.map_or(String::new(), |other| format!("{} ({})", short(other.value), other.name)),
        row.ratio.map_or(String::new(), |ratio| format!("{ratio:.2} x")),
        row.target.clone().unwrap_or_default(),
        row.met.map_or("", |met| if met { "met" } else { "missed" }).to_owned(),
    ]
}

/// Formats a number with three significant digits, or all integer digits.
fn short(value: f64) -> String {
    let decimals = if value < 10.0 {
        2
    } else if value < 100.0 {
        1
    } else {
        0
    };
    format!("{value:.decimals$}")
}
