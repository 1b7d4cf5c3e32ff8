//! How the cuffs are: side, battery, the way to it, what was lost. Amber always has its word.

use super::theme::Theme;
use crate::domain::{LinkState, SessionScene};
use crate::words::{Words, badge};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// At and below this a battery is called low, per cent: a word for the eye, nothing is decided by it.
const LOW: u8 = 15;

/// A line for each cuff: `brief` leaves out what is as it should be.
fn lines(scene: &SessionScene, brief: bool, theme: &Theme, words: &Words) -> Vec<Line<'static>> {
    let cuffs = scene.frame.cuffs.iter().enumerate();
    cuffs
        .map(|(index, cuff)| {
            let mut spans = vec![Span::styled(badge(cuff.side), theme.side(cuff.side))];
            let mut add = |text: String, style| spans.extend([Span::raw("  "), Span::styled(text, style)]);
            let fine = cuff.link == LinkState::Streaming;
            if !(brief && fine) {
                add(words.link(cuff.link).to_owned(), if fine { theme.quiet() } else { theme.warn() });
            }
            let battery = scene.batteries.get(index).copied().flatten();
            let percent = Words::percent(battery);
            match battery {
                Some(level) if level <= LOW => add(format!("{percent} {}", words.low), theme.warn()),
                _ => add(if brief { percent } else { format!("{} {percent}", words.battery) }, theme.quiet()),
            }
            if fine && !brief {
                let style = if cuff.loss > 0.05 { theme.warn() } else { theme.quiet() };
                add(words.loss(cuff.loss), style);
            }
            Line::from(spans)
        })
        .collect()
}

/// The lines as they fit: side by side where there is room, in brief where there is little.
pub(super) fn fitting(scene: &SessionScene, width: u16, rows: u16, theme: &Theme, words: &Words) -> Vec<Line<'static>> {
    let beside = |lines: &[Line<'static>]| {
        let mut spans = Vec::new();
        for line in lines {
            if !spans.is_empty() {
                spans.push(Span::raw("    "));
            }
            spans.extend(line.spans.iter().cloned());
        }
        Line::from(spans)
    };
    let full = lines(scene, false, theme, words);
    let one = beside(&full);
    if one.width() <= usize::from(width) {
        return vec![one];
    }
    if full.len() <= usize::from(rows) && full.iter().all(|line| line.width() <= usize::from(width)) {
        return full;
    }
    vec![beside(&lines(scene, true, theme, words))]
}

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, lines: Vec<Line<'static>>) {
    for (line, y) in lines.into_iter().zip(area.y..area.bottom()) {
        frame.render_widget(line, Rect { y, height: 1, ..area });
    }
}
