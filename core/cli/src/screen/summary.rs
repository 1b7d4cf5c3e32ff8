//! The end of a session: one true sentence, what was done, what comes next.

use super::{Aside, Room, rows_of, text};
use crate::plain::summary;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, aside: &Aside<'_>) {
    let (words, theme) = (aside.words, &aside.theme);
    let mut room = Room(area);
    if aside.story.summary.as_ref().is_some_and(|summary| summary.red_flag) {
        let rows = rows_of(words.red_flag, area.width);
        text(frame, room.top(rows), words.red_flag, theme.stop());
    }
    let told = summary(aside.story, aside.name, usize::from(area.width), words);
    let mut lines: Vec<_> = told.into_iter().skip_while(String::is_empty).collect();
    if lines.first().is_some_and(|first| first == words.red_flag) {
        lines.drain(..lines.len().min(2));
    }
    // What does not fit is told again after the screen, in full.
    let cut = lines.len() > usize::from(room.0.height);
    lines.truncate(usize::from(room.0.height).saturating_sub(usize::from(cut)));
    let mut lines: Vec<_> = lines
        .into_iter()
        .enumerate()
        .map(|(index, line)| Line::styled(line, if index == 0 { theme.accent() } else { theme.plain() }))
        .collect();
    if cut {
        lines.push(Line::styled("…", theme.quiet()));
    }
    frame.render_widget(Paragraph::new(lines), room.0);
}
