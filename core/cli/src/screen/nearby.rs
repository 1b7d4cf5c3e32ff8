//! Cuffs nearby, while looking for them.

use super::{Aside, Room, line, text};
use crate::domain::NearbyLine;
use crate::words::{Words, badge};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, cuffs: &[NearbyLine], aside: &Aside<'_>) {
    let (words, theme) = (aside.words, &aside.theme);
    let mut room = Room(area);
    line(frame, room.top(1), words.near_you, theme.strong());
    room.top(u16::from(area.height > 8));
    if cuffs.is_empty() {
        text(frame, room.0, words.looking, theme.quiet());
        return;
    }
    let each = if area.height >= 2 + 3 * cuffs.len() as u16 { 3 } else { 2 };
    for cuff in cuffs {
        let mut name = Vec::new();
        if let Some(side) = cuff.side {
            name.extend([Span::styled(badge(side), theme.side(side)), Span::raw("  ")]);
        }
        name.push(Span::styled(cuff.name.clone(), theme.strong()));
        if let Some(mass_g) = cuff.mass_g {
            name.push(Span::styled(format!("  {}", words.mass(mass_g)), theme.quiet()));
        }
        frame.render_widget(Line::from(name), room.top(1));
        let mut about = vec![
            Span::styled(words.signal, theme.quiet()),
            Span::styled(bars(cuff.rssi_dbm), theme.accent()),
            Span::styled(format!(" {}", words.strength(cuff.rssi_dbm)), theme.quiet()),
        ];
        if cuff.battery_percent.is_some() {
            let battery = format!(" · {} {}", words.battery, Words::percent(cuff.battery_percent));
            about.push(Span::styled(battery, theme.quiet()));
        }
        frame.render_widget(Line::from(about), room.top(1));
        room.top(each - 2);
    }
}

/// Three steps that fill with the signal.
fn bars(rssi_dbm: Option<i16>) -> &'static str {
    match rssi_dbm {
        None => "",
        Some(-65..) => " ▂▄▆",
        Some(-80..=-66) => " ▂▄ ",
        Some(_) => " ▂  ",
    }
}
