//! The tempo bar: lift, hold and lower as long as they are asked to take; the running part fills.

use super::theme::Theme;
use crate::domain::Phase;
use crate::plot::bar;
use crate::table::fit;
use crate::words::Words;
use ratatui::text::{Line, Span};

/// The bar and its labels; `None` where no tempo is asked for or there is no room.
pub(crate) fn lines(
    tempo_s: [f64; 3],
    phase: Phase,
    phase_s: f64,
    width: u16,
    theme: &Theme,
    words: &Words,
) -> Option<[Line<'static>; 2]> {
    let widths = widths(tempo_s, usize::from(width))?;
    let running = match phase {
        Phase::Rest => None,
        Phase::Lift => Some(0),
        Phase::Hold => Some(1),
        Phase::Lower => Some(2),
    };
    let (mut bars, mut labels) = (Vec::new(), Vec::new());
    for part in 0..3 {
        if widths[part] == 0 {
            continue;
        }
        if !bars.is_empty() {
            bars.push(Span::raw(" "));
            labels.push(Span::raw(" "));
        }
        let share = match running {
            Some(running) if part < running => 1.0,
            Some(running) if part == running => phase_s / tempo_s[part],
            _ => 0.0,
        };
        let text = bar(share, widths[part]);
        let filled = text.trim_end().to_owned();
        let empty = widths[part] - filled.chars().count();
        let style = if running == Some(part) { theme.accent() } else { theme.quiet() };
        bars.extend([Span::styled(filled, style), Span::styled("░".repeat(empty), theme.faint())]);
        let seconds = format!("{} s", words.number(tempo_s[part], usize::from(tempo_s[part].fract() != 0.0)));
        let full = format!("{} {seconds}", words.tempo[part]);
        let label = [full, words.tempo[part].to_owned(), seconds]
            .into_iter()
            .find(|text| text.chars().count() <= widths[part])
            .unwrap_or_default();
        labels.push(Span::styled(fit(&label, widths[part]), style));
    }
    Some([Line::from(bars), Line::from(labels)])
}

/// Columns for each part in proportion to its seconds, one between; parts that take no time have none.
fn widths(tempo_s: [f64; 3], width: usize) -> Option<[usize; 3]> {
    let seconds = tempo_s.map(|part| if part.is_finite() && part > 0.0 { part } else { 0.0 });
    let parts = seconds.iter().filter(|part| **part > 0.0).count();
    let total: f64 = seconds.iter().sum();
    let room = width.saturating_sub(parts.saturating_sub(1));
    if parts == 0 || room < 3 * parts {
        return None;
    }
    let mut widths = [0; 3];
    let (mut left, mut parts_left, mut total_left) = (room, parts, total);
    for (part, columns) in seconds.iter().zip(&mut widths) {
        if *part > 0.0 {
            parts_left -= 1;
            let most = left - 3 * parts_left;
            *columns = if parts_left == 0 {
                left
            } else {
                ((part / total_left * left as f64).round() as usize).clamp(3, most)
            };
            left -= *columns;
            total_left -= part;
        }
    }
    Some(widths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::theme::Depth;

    fn text(tempo_s: [f64; 3], phase: Phase, phase_s: f64, width: u16) -> Option<[String; 2]> {
        let theme = Theme::new(Depth::None);
        lines(tempo_s, phase, phase_s, width, &theme, Words::of("en")).map(|lines| lines.map(|line| line.to_string()))
    }

    #[test]
    fn parts_are_in_proportion_and_fill_the_width() {
        assert_eq!(widths([2.0, 1.0, 3.0], 32), Some([10, 5, 15]));
        assert_eq!(widths([2.0, 0.0, 2.0], 11), Some([5, 0, 5]));
        assert_eq!(widths([0.1, 0.1, 30.0], 20), Some([3, 3, 12]));
        for nothing in [[0.0; 3], [f64::NAN, -1.0, f64::INFINITY]] {
            assert_eq!(widths(nothing, 40), None);
        }
        assert_eq!(widths([1.0; 3], 8), None);
    }

    #[test]
    fn the_running_part_fills_and_never_overflows() {
        let [bar, labels] = text([2.0, 1.0, 3.0], Phase::Hold, 0.5, 32).unwrap();
        assert_eq!(bar, "██████████ ██▌░░ ░░░░░░░░░░░░░░░");
        assert_eq!(labels, "lift 2 s   hold  lower 3 s      ");
        let [bar, _] = text([2.0, 1.0, 3.0], Phase::Lower, 99.0, 32).unwrap();
        assert_eq!(bar, "██████████ █████ ███████████████");
        let [bar, _] = text([2.0, 1.0, 3.0], Phase::Rest, 5.0, 32).unwrap();
        assert!(!bar.contains('█'));
    }
}
