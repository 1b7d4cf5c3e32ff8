//! How the cuffs are: side, battery, the way to it, what was lost. Amber always has its word.

use super::theme::Theme;
use crate::domain::{LinkState, SessionScene};
use crate::words::{Words, badge};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use talus_app::scene::BATTERY_LOW_PERCENT;

/// How much is said: less where there is less room, but never less than what is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Detail {
    Brief,
    Usual,
    Full,
}

/// A line for each cuff.
fn lines(scene: &SessionScene, detail: Detail, theme: &Theme, words: &Words) -> Vec<Line<'static>> {
    let cuffs = scene.frame.cuffs.iter().enumerate();
    cuffs
        .map(|(index, cuff)| {
            let mut spans = vec![Span::styled(badge(cuff.side), theme.side(cuff.side))];
            let mut add = |text: String, style| spans.extend([Span::raw("  "), Span::styled(text, style)]);
            let fine = cuff.link == LinkState::Streaming;
            if !fine || detail > Detail::Brief {
                add(words.link(cuff.link).to_owned(), if fine { theme.quiet() } else { theme.warn() });
            }
            let battery = scene.batteries.get(index).copied().flatten();
            let mut said = Words::percent(battery);
            if detail > Detail::Brief {
                said = format!("{} {said}", words.battery);
            }
            match battery {
                Some(level) if level <= BATTERY_LOW_PERCENT => add(format!("{said} {}", words.low), theme.warn()),
                _ => add(said, theme.quiet()),
            }
            let loss = words.loss(cuff.loss);
            if fine && (detail == Detail::Full || detail == Detail::Usual && loss != words.no_loss) {
                add(loss, if cuff.loss > 0.05 { theme.warn() } else { theme.quiet() });
            }
            Line::from(spans)
        })
        .collect()
}

/// The lines as they fit: side by side where there is room, in brief where there is little.
pub(super) fn fitting(scene: &SessionScene, width: u16, rows: u16, theme: &Theme, words: &Words) -> Vec<Line<'static>> {
    let beside = |detail| {
        let mut spans = Vec::new();
        for line in lines(scene, detail, theme, words) {
            if !spans.is_empty() {
                spans.push(Span::raw("    "));
            }
            spans.extend(line.spans);
        }
        Line::from(spans)
    };
    for detail in [Detail::Full, Detail::Usual] {
        let one = beside(detail);
        if one.width() <= usize::from(width) {
            return vec![one];
        }
    }
    for detail in [Detail::Full, Detail::Usual] {
        let each = lines(scene, detail, theme, words);
        if each.len() <= usize::from(rows) && each.iter().all(|line| line.width() <= usize::from(width)) {
            return each;
        }
    }
    vec![beside(Detail::Brief)]
}

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, lines: Vec<Line<'static>>) {
    for (line, y) in lines.into_iter().zip(area.y..area.bottom()) {
        frame.render_widget(line, Rect { y, height: 1, ..area });
    }
}
