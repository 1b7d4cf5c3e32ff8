//! Teaching a cuff where it sits: what to do, how far it is, and the arc opening.

use super::arc::Arc;
use super::{Aside, Room, rows_of, text};
use crate::domain::CalibrateScene;
use crate::plot::bar;
use crate::words::badge;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, scene: &CalibrateScene, aside: &Aside<'_>) {
    let (words, theme) = (aside.words, &aside.theme);
    let mut room = Room(area);
    let title = vec![
        Span::styled(badge(scene.side), theme.side(scene.side)),
        Span::styled(format!("  {}", words.calibrating), theme.plain()),
    ];
    frame.render_widget(Line::from(title), room.top(1));
    room.top(u16::from(area.height > 10));
    let rows = rows_of(&scene.instruction, area.width).min(3);
    text(frame, room.top(rows), &scene.instruction, theme.strong());
    let bar_width = usize::from(area.width.min(48)).saturating_sub(8);
    let share = if scene.progress.is_finite() { scene.progress.clamp(0.0, 1.0) } else { 0.0 };
    let filled = bar(share, bar_width).trim_end().to_owned();
    let empty = "░".repeat(bar_width - filled.chars().count());
    let progress = vec![
        Span::styled(filled, theme.accent()),
        Span::styled(empty, theme.faint()),
        Span::styled(format!("  {:.0} %", share * 100.0), theme.quiet()),
    ];
    frame.render_widget(Line::from(progress), room.top(1));
    let own = format!("{} {}", words.own_range, words.deg(scene.range_deg));
    let own_style = if scene.range_deg.is_some() { theme.strong() } else { theme.quiet() };
    let below = room.bottom(1);
    frame.render_widget(Line::styled(own, own_style), below);
    let reach = [scene.angle_deg, scene.range_deg].into_iter().flatten().fold(90.0, f64::max);
    let arc = Arc {
        side: Some(scene.side),
        now_deg: scene.angle_deg,
        target_deg: None,
        scale_deg: reach,
        last_deg: [scene.range_deg, None, None],
        reached_deg: None,
        idle: false,
    };
    let width = room.0.width.min(room.0.height.saturating_mul(3));
    arc.draw(frame, Rect { width, ..room.0 }, theme, words);
}
