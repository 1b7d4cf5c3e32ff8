//! The screen: one scene at a time, drawn from plain values. Drawing decides nothing.
//!
//! [`draw`] is the most important item. Below [`LEAST`] it says so; from there to any size nothing is cut that one
//! trains by: the trace gives way first, then the arc, never count, phase or cue.

mod arc;
mod calibrate;
mod cuffs;
mod digits;
pub(crate) mod hints;
mod nearby;
mod pairing;
mod session;
mod summary;
mod tempo;
pub(crate) mod theme;
mod trace;

use crate::args::Speed;
use crate::domain::{Scene, Stage};
use crate::keys::Question;
use crate::play::Story;
use crate::table::{clip, wrap};
use crate::words::{Words, clock};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph};
use theme::Theme;

/// Columns and lines below which there is nothing to train by.
pub(crate) const LEAST: (u16, u16) = (40, 12);

/// What the shell adds to a scene.
pub(crate) struct Aside<'a> {
    pub(crate) words: &'a Words,
    pub(crate) theme: Theme,
    pub(crate) demo: bool,
    pub(crate) speed: Speed,
    /// Share of the files that was played.
    pub(crate) progress: Option<f64>,
    pub(crate) story: &'a Story,
    /// The question that stands.
    pub(crate) asked: Option<&'a Question>,
    pub(crate) name: &'a dyn Fn(&str) -> String,
}

/// A key and what it does.
pub(crate) struct Hint {
    pub(crate) key: &'static str,
    pub(crate) word: String,
}

/// Rows from the top and from the bottom of an area, as they are taken.
#[derive(Debug, Clone, Copy)]
struct Room(Rect);

impl Room {
    fn top(&mut self, rows: u16) -> Rect {
        let rows = rows.min(self.0.height);
        let taken = Rect { height: rows, ..self.0 };
        self.0 = Rect { y: self.0.y + rows, height: self.0.height - rows, ..self.0 };
        taken
    }

    fn bottom(&mut self, rows: u16) -> Rect {
        let rows = rows.min(self.0.height);
        self.0.height -= rows;
        Rect { y: self.0.bottom(), height: rows, ..self.0 }
    }
}

/// Draws `scene` over the whole frame.
pub(crate) fn draw(frame: &mut Frame<'_>, scene: &Scene, aside: &Aside<'_>) {
    let area = frame.area();
    let theme = &aside.theme;
    frame.render_widget(Block::new().style(Style::new().bg(theme.ground).fg(theme.text)), area);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let lines = wrap(aside.words.too_small, usize::from(area.width));
        frame.render_widget(Paragraph::new(lines.into_iter().map(Line::from).collect::<Vec<_>>()), area);
        return;
    }
    let margin = u16::from(area.width >= 60);
    let mut room = Room(Rect { x: area.x + margin, width: area.width - 2 * margin, ..area });
    head(frame, room.top(1), scene, aside);
    if area.height >= 20 {
        rule(frame, room.top(1), theme);
    }
    let rows = if area.width < 70 && area.height >= 20 { 2 } else { 1 };
    let one_narrow_row = rows == 1 && area.width < 70;
    let hints = hints::lines(&hints::of(scene, aside, one_narrow_row), room.0.width, rows, theme);
    let below = room.bottom(hints.len() as u16);
    frame.render_widget(Paragraph::new(hints), below);
    if area.height >= 20 {
        rule(frame, room.bottom(1), theme);
    }
    let body = room.0;
    match scene {
        Scene::Nearby(cuffs) => nearby::draw(frame, body, cuffs, aside),
        Scene::Pairing { cuffs } => pairing::draw(frame, body, cuffs, aside),
        Scene::Calibrate(calibrate) => calibrate::draw(frame, body, calibrate, aside),
        // What may be an emergency has the room to itself.
        Scene::Session(_) if aside.asked == Some(&Question::Flag) => {
            text(frame, body, aside.words.flag_ask, theme.stop());
        }
        Scene::Session(session) if session.frame.stage == Stage::Summary => summary::draw(frame, body, aside),
        Scene::Session(session) => session::draw(frame, body, session, aside),
    }
}

fn rule(frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
    frame.render_widget(Line::styled("─".repeat(usize::from(area.width)), theme.faint()), area);
}

/// Name, Demo pill, share played; on the right what is safe on disk.
fn head(frame: &mut Frame<'_>, area: Rect, scene: &Scene, aside: &Aside<'_>) {
    let (words, theme) = (aside.words, &aside.theme);
    let mut spans = vec![Span::styled("Talus", theme.strong())];
    if aside.demo {
        spans.extend([Span::raw(" "), Span::styled(format!(" {} ", words.demo), theme.pill())]);
    }
    if let Some(progress) = aside.progress.filter(|progress| progress.is_finite()) {
        let percent = (progress.clamp(0.0, 1.0) * 100.0) as u8;
        spans.push(Span::styled(format!(" {percent} % {}", words.played), theme.quiet()));
    }
    let left = Line::from(spans);
    let used = left.width();
    frame.render_widget(left, area);
    let Scene::Session(session) = scene else { return };
    let safe = format!("{} {}", words.safe_to, clock(session.safe_s));
    let time = clock(session.frame.at.seconds());
    let rest = usize::from(area.width).saturating_sub(used + 2);
    for (text, style) in [(format!("{time} · {safe}"), theme.quiet()), (safe, theme.quiet())] {
        if unicode_width::UnicodeWidthStr::width(text.as_str()) <= rest {
            frame.render_widget(Line::styled(text, style).right_aligned(), area);
            return;
        }
    }
}

/// One line of text, cut with an ellipsis where it must be.
fn line(frame: &mut Frame<'_>, area: Rect, text: &str, style: Style) {
    if area.height > 0 {
        frame.render_widget(Line::styled(clip(text, usize::from(area.width)), style), area);
    }
}

/// Text over as many rows as it needs, at most those of the area.
fn text(frame: &mut Frame<'_>, area: Rect, text: &str, style: Style) {
    let lines = wrap(text, usize::from(area.width)).into_iter().map(|line| Line::styled(line, style));
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), area);
}

/// Rows that `text` needs in `width` columns.
fn rows_of(text: &str, width: u16) -> u16 {
    wrap(text, usize::from(width)).len() as u16
}

#[cfg(test)]
mod tests;
