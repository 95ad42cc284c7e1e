//! Lists as tables.

use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table as Layout, Width, presets};
use terminal_size::terminal_size_of;

use super::{
    Failure,
    output::{BOLD, print},
};
use crate::telemetry::visible;

/// A table that is printed in parts, one for each page of a list.
#[derive(Debug)]
pub struct Table {
    /// `None` once it is printed.
    header: Option<Vec<&'static str>>,
    /// The widest content of each column so far.
    widths: Vec<u16>,
    /// The width of the terminal. In a file or pipe, lines are as long as they need to be.
    width: Option<u16>,
}

impl Table {
    pub fn new(header: &[&'static str]) -> Self {
        let width = terminal_size_of(std::io::stdout()).map(|(width, _)| width.0).filter(|width| *width > 0);
        Self { header: Some(header.to_vec()), widths: vec![0; header.len()], width }
    }

    /// Prints rows below those that were printed already.
    pub fn print(&mut self, rows: Vec<Vec<String>>) -> Result<(), Failure> {
        let text = self.part(rows);
        print(&text)
    }

    fn part(&mut self, rows: Vec<Vec<String>>) -> String {
        let mut layout = Layout::new();
        layout.load_style(presets::NOTHING);
        let header = self.header.take();
        let has_header = header.is_some();
        if let Some(header) = header {
            let mut row = Row::from(header);
            row.max_height(1);
            layout.add_row(row);
        }
        for row in rows {
            layout.add_row(row.iter().map(|text| visible(text)).collect::<Vec<_>>());
        }
        if layout.row_count() == 0 {
            return String::new();
        }
        let needed = layout.column_max_content_widths();
        self.widths = self.widths.iter().zip(needed).map(|(before, now)| now.max(*before)).collect();
        let fits = |width: u16| self.widths.iter().map(|column| u32::from(*column) + 2).sum::<u32>() <= width.into();
        if let Some(width) = self.width.filter(|width| !fits(*width)) {
            layout.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        } else {
            layout.set_content_arrangement(ContentArrangement::Disabled);
            for (column, width) in layout.column_iter_mut().zip(&self.widths) {
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(*width + 2)));
            }
        }
        for column in layout.column_iter_mut() {
            column.set_padding((0, 2));
        }
        let line = |(number, line): (usize, String)| {
            let line = line.trim_end();
            if has_header && number == 0 { format!("{BOLD}{line}{BOLD:#}\n") } else { format!("{line}\n") }
        };
        layout.lines().enumerate().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(width: Option<u16>) -> Table {
        Table { header: Some(vec!["PK", "NAME", "GROUP"]), widths: vec![0; 3], width }
    }

    fn row(cells: [&str; 3]) -> Vec<String> {
        cells.map(ToOwned::to_owned).to_vec()
    }

    #[test]
    fn columns_stay_aligned_from_page_to_page() {
        let mut table = table(None);
        assert_eq!(
            table.part(vec![row(["1", "王小明", "a"]), row(["22", "ada\u{1b}", ""])]),
            "\u{1b}[1mPK  NAME       GROUP\u{1b}[0m\n1   王小明     a\n22  ada\\u{1b}\n"
        );
        assert_eq!(table.part(vec![row(["3", "x", "b"])]), "3   x          b\n");
        assert_eq!(table.part(vec![]), "");
    }

    #[test]
    fn a_narrow_terminal_wraps_and_a_pipe_does_not() {
        let long = "Engineering and operations of the northern hemisphere";
        let rows = || vec![row(["1", "ada", long])];
        let wrapped = table(Some(40)).part(rows());
        assert!(wrapped.lines().all(|line| line.chars().count() <= 40 + "\u{1b}[1m\u{1b}[0m".len()), "{wrapped}");
        assert!(wrapped.lines().count() > 2, "{wrapped}");
        assert_eq!(table(None).part(rows()).lines().nth(1), Some(&*format!("1   ada   {long}")));
    }
}
