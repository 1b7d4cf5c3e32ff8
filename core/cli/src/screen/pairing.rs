//! Cuffs that are being paired: who they are and whether samples arrive.

use super::{Aside, Room, line};
use crate::domain::PairedLine;
use crate::words::{Words, badge};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::fmt::Write as _;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, cuffs: &[PairedLine], aside: &Aside<'_>) {
    let (words, theme) = (aside.words, &aside.theme);
    let mut room = Room(area);
    line(frame, room.top(1), words.pairing, theme.strong());
    room.top(u16::from(area.height > 8));
    for cuff in cuffs {
        let name = vec![
            Span::styled(badge(cuff.side), theme.side(cuff.side)),
            Span::raw("  "),
            Span::styled(cuff.name.clone(), theme.strong()),
        ];
        frame.render_widget(Line::from(name), room.top(1));
        let battery = format!("{} {}", words.battery, Words::percent(cuff.battery_percent));
        let mut about = format!("{} · {battery}", words.mass(cuff.mass_g));
        if !cuff.firmware.is_empty() {
            let _ = write!(about, " · {} {}", words.firmware, cuff.firmware);
        }
        line(frame, room.top(1), &about, theme.quiet());
        let (mark, word) = if cuff.streaming { ("✓", words.samples_arrive) } else { ("…", words.connecting) };
        let state = vec![
            Span::styled(mark, theme.accent()),
            Span::styled(format!(" {word}"), if cuff.streaming { theme.plain() } else { theme.quiet() }),
        ];
        frame.render_widget(Line::from(state), room.top(1));
        room.top(u16::from(area.height >= 2 + 4 * cuffs.len() as u16));
    }
}
