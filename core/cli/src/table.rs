//! Text tables that fit a width: columns where there is room, cards where there is not.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A table: heads and rows of the same length, and what gives way when room is short.
pub(crate) struct Table {
    heads: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
    /// Columns that may wrap, each with the least width at which it is still a pleasure to read.
    flexible: Vec<(usize, usize)>,
    /// Columns that are left out, first to last, before rows become cards.
    spare: Vec<usize>,
}

/// Columns between columns.
const BETWEEN: usize = 2;

impl Table {
    pub(crate) fn new(heads: &[(&str, Align)]) -> Self {
        let heads = heads.iter().map(|(head, align)| ((*head).to_owned(), *align)).collect();
        Self { heads, rows: Vec::new(), flexible: Vec::new(), spare: Vec::new() }
    }

    /// Lets `columns` wrap, each down to a least width.
    pub(crate) fn wrapping(mut self, columns: &[(usize, usize)]) -> Self {
        self.flexible = columns.to_vec();
        self
    }

    /// Lets `columns` be left out where they do not fit.
    pub(crate) fn sparing(mut self, columns: &[usize]) -> Self {
        self.spare = columns.to_vec();
        self
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.heads.len());
        self.rows.push(cells);
    }

    /// The lines, none wider than `width` unless a single word is. Columns in which no row says anything are left out.
    pub(crate) fn lines(&self, width: usize) -> Vec<String> {
        self.columns(width).unwrap_or_else(|| self.cards(width))
    }

    /// As [`Table::lines`], but `None` where columns do not fit.
    pub(crate) fn columns(&self, width: usize) -> Option<Vec<String>> {
        let says = |column: &usize| self.rows.iter().any(|row| !row[*column].is_empty());
        let mut columns: Vec<_> = (0..self.heads.len()).filter(says).collect();
        for spared in 0..=self.spare.len() {
            columns.retain(|column| !self.spare[..spared].contains(column));
            if let Some(widths) = self.fitting(&columns, width) {
                return Some(self.grid(&columns, &widths));
            }
        }
        None
    }

    /// Widths of `columns` that fit into `width` together; `None` where none do.
    fn fitting(&self, columns: &[usize], width: usize) -> Option<Vec<usize>> {
        let natural = |column: &usize| {
            let cells = self.rows.iter().map(|row| row[*column].width());
            cells.chain([self.heads[*column].0.width()]).max().unwrap_or(0)
        };
        let mut widths: Vec<_> = columns.iter().map(natural).collect();
        let least =
            |column: usize| self.flexible.iter().find(|(flexible, _)| *flexible == column).map(|(_, least)| *least);
        let mut excess =
            (widths.iter().sum::<usize>() + BETWEEN * columns.len().saturating_sub(1)).saturating_sub(width);
        while excess > 0 {
            // The one with most to give gives first.
            let slack = |at: usize| least(columns[at]).map_or(0, |least| widths[at].saturating_sub(least));
            let most = (0..columns.len()).max_by_key(|at| slack(*at)).filter(|at| slack(*at) > 0)?;
            widths[most] -= 1;
            excess -= 1;
        }
        Some(widths)
    }

    fn grid(&self, columns: &[usize], widths: &[usize]) -> Vec<String> {
        let heads: Vec<_> = self.heads.iter().map(|(head, _)| head.clone()).collect();
        let mut lines = self.row_lines(&heads, columns, widths);
        lines.push("─".repeat(widths.iter().sum::<usize>() + BETWEEN * columns.len().saturating_sub(1)));
        for row in &self.rows {
            lines.extend(self.row_lines(row, columns, widths));
        }
        lines
    }

    fn row_lines(&self, cells: &[String], columns: &[usize], widths: &[usize]) -> Vec<String> {
        let wrapped: Vec<_> = columns.iter().zip(widths).map(|(column, width)| wrap(&cells[*column], *width)).collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or(0).max(1);
        (0..height)
            .map(|line| {
                let mut text = String::new();
                for ((column, width), cell) in columns.iter().zip(widths).zip(&wrapped) {
                    let cell = cell.get(line).map_or("", String::as_str);
                    let pad = " ".repeat(width.saturating_sub(cell.width()));
                    match self.heads[*column].1 {
                        Align::Left => text.extend([cell, &pad]),
                        Align::Right => text.extend([pad.as_str(), cell]),
                    }
                    text.push_str(&" ".repeat(BETWEEN));
                }
                text.trim_end().to_owned()
            })
            .collect()
    }

    /// Each row on its own, label over value side by side; empty cells are left out.
    fn cards(&self, width: usize) -> Vec<String> {
        let label = self.heads.iter().map(|(head, _)| head.width()).max().unwrap_or(0);
        let mut lines = Vec::new();
        for row in &self.rows {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            for ((head, _), cell) in self.heads.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
                let value = width.saturating_sub(label + BETWEEN).max(1);
                for (index, part) in wrap(cell, value).into_iter().enumerate() {
                    let head = if index == 0 { head.as_str() } else { "" };
                    lines.push(format!("{}{part}", fit(head, label + BETWEEN)));
                }
            }
        }
        lines
    }
}

/// `text` in lines of at most `width` columns, broken between words where it can be, within a word where it must.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if !line.is_empty() && line.width() + c.width().unwrap_or(0) > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// `text` in exactly `width` columns: padded on the right, or cut with an ellipsis.
pub(crate) fn fit(text: &str, width: usize) -> String {
    let mut cut = clip(text, width);
    cut.push_str(&" ".repeat(width.saturating_sub(cut.width())));
    cut
}

/// `text` in at most `width` columns, cut with an ellipsis.
pub(crate) fn clip(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > width {
            break;
        }
        used += wide;
        cut.push(c);
    }
    if width > 0 {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let heads = [("date", Align::Left), ("sets", Align::Right), ("exercises", Align::Left), ("note", Align::Left)];
        let mut table = Table::new(&heads).wrapping(&[(2, 12)]).sparing(&[1]);
        table.row(vec!["2026-11-05".into(), "12".into(), "Seated knee extension, 膝の伸展".into(), String::new()]);
        table.row(vec!["2026-11-06".into(), "3".into(), String::new(), String::new()]);
        table
    }

    #[test]
    fn a_table_fits_every_width_as_columns_wrapped_columns_or_cards() {
        for width in [20, 28, 34, 40, 60, 100] {
            for line in table().lines(width) {
                assert!(line.width() <= width, "{width}: {line:?}");
            }
        }
        let wide = table().lines(60);
        assert_eq!(wide[2], "2026-11-05    12  Seated knee extension, 膝の伸展");
        assert!(table().lines(40).len() > wide.len(), "the exercises wrap");
        assert_eq!(table().lines(20)[0], "date       2026-11-0", "cards begin with a label");
    }

    #[test]
    fn columns_that_say_nothing_are_left_out_and_spare_ones_where_they_do_not_fit() {
        assert_eq!(table().lines(60)[0], "date        sets  exercises");
        assert_eq!(table().lines(28)[0], "date        exercises");
        assert_eq!(Table::new(&[("date", Align::Left)]).lines(40), ["", ""]);
    }

    #[test]
    fn wide_characters_are_never_cut_in_half() {
        assert_eq!(clip("膝の伸展", 5), "膝の…");
        assert_eq!(fit("膝の伸展", 6), "膝の… ");
        assert_eq!(clip("abc", 0), "");
        assert_eq!(wrap("膝の伸展 abc", 5), ["膝の", "伸展", "abc"]);
        assert_eq!(wrap("", 5), Vec::<String>::new());
    }
}
