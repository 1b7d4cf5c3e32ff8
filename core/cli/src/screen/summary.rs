//! The end of a session: one true sentence, what was done, what comes next.

use super::{Aside, Room, rows_of, text};
use crate::plain::done;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, aside: &Aside<'_>) {
    let (words, theme) = (aside.words, &aside.theme);
    let mut room = Room(area);
    if aside.story.is_flagged() {
        let rows = rows_of(words.red_flag, area.width);
        text(frame, room.top(rows), words.red_flag, theme.stop());
    }
    let rows = rows_of(words.not_reviewed, area.width);
    text(frame, room.bottom(rows), words.not_reviewed, theme.quiet());
    let mut lines = done(aside.story, aside.name, usize::from(area.width), words);
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
