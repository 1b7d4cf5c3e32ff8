//! Giant digits from half blocks: the count that can be read across a room.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

/// Rows of three bits, top to bottom.
fn glyph(c: char) -> [u8; 5] {
    match c {
        '0' => [0b111, 0b101, 0b101, 0b101, 0b111],
        '1' => [0b010, 0b110, 0b010, 0b010, 0b111],
        '2' => [0b111, 0b001, 0b111, 0b100, 0b111],
        '3' => [0b111, 0b001, 0b111, 0b001, 0b111],
        '4' => [0b101, 0b101, 0b111, 0b001, 0b001],
        '5' => [0b111, 0b100, 0b111, 0b001, 0b111],
        '6' => [0b111, 0b100, 0b111, 0b101, 0b111],
        '7' => [0b111, 0b001, 0b001, 0b001, 0b001],
        '8' => [0b111, 0b101, 0b111, 0b101, 0b111],
        '9' => [0b111, 0b101, 0b111, 0b001, 0b111],
        ':' => [0b000, 0b010, 0b000, 0b010, 0b000],
        '–' => [0b000, 0b000, 0b111, 0b000, 0b000],
        _ => [0; 5],
    }
}

/// Columns and rows of `text` at `scale` (pixels of a column, or half a row, for each bit).
pub(crate) fn size(text: &str, scale: u16) -> (u16, u16) {
    let n = u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
    let width = n.saturating_mul(3 * scale).saturating_add(n.saturating_sub(1).saturating_mul(scale.div_ceil(2)));
    (width, (5 * scale).div_ceil(2))
}

/// The largest scale at which `text` fits into `width` columns and `height` rows; `None` where none does.
pub(crate) fn scale(text: &str, width: u16, height: u16) -> Option<u16> {
    (1..=6).rev().find(|scale| {
        let (columns, rows) = size(text, *scale);
        columns <= width && rows <= height
    })
}

/// The lines of `text` at `scale`.
pub(crate) fn lines(text: &str, scale: u16) -> Vec<String> {
    let scale = usize::from(scale.max(1));
    let lit = |c: char, x: usize, y: usize| glyph(c).get(y / scale).is_some_and(|row| row >> (2 - x / scale) & 1 == 1);
    (0..(5 * scale).div_ceil(2))
        .map(|row| {
            let mut line = String::new();
            for (index, c) in text.chars().enumerate() {
                if index > 0 {
                    line.push_str(&" ".repeat(scale.div_ceil(2)));
                }
                for x in 0..3 * scale {
                    line.push(match (lit(c, x, 2 * row), lit(c, x, 2 * row + 1)) {
                        (true, true) => '█',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        (false, false) => ' ',
                    });
                }
            }
            line
        })
        .collect()
}

/// Draws `text` as large as fits into `area`, at its left top; returns the part of `area` it covers. Where nothing fits
/// it stands as plain text.
pub(crate) fn draw(frame: &mut Frame<'_>, area: Rect, text: &str, style: Style) -> Rect {
    let Some(scale) = scale(text, area.width, area.height) else {
        let line = Rect { height: area.height.min(1), ..area };
        frame.render_widget(Line::styled(text.to_owned(), style), line);
        let width = u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
        return Rect { width: width.min(area.width), ..line };
    };
    for (line, y) in lines(text, scale).into_iter().zip(area.y..) {
        frame.render_widget(Line::styled(line, style), Rect { y, height: 1, ..area });
    }
    let (width, height) = size(text, scale);
    Rect { width, height, ..area }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_as_large_as_fits_and_never_larger() {
        assert_eq!(scale("7", 6, 5), Some(2));
        assert_eq!(scale("12", 7, 5), Some(1));
        assert_eq!(scale("12", 7, 2), None);
        for text in ["0", "48", "1:30", "–"] {
            for scale in 1..=6 {
                let (width, height) = size(text, scale);
                let lines = lines(text, scale);
                assert_eq!(lines.len(), usize::from(height));
                assert!(lines.iter().all(|line| line.chars().count() == usize::from(width)));
            }
        }
    }

    #[test]
    fn every_digit_looks_like_itself() {
        insta::assert_snapshot!([lines("01234", 2), lines("56789", 2), lines("1:30 –", 2)].concat().join("\n"));
    }
}
