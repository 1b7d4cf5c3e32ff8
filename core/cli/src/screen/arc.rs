//! The range arc: the one picture of a movement. It opens from the start pose (straight down) as the leg lifts; the
//! band outside is the target zone, the mark is the leg now, short ticks are the last three peaks.

use super::theme::Theme;
use crate::domain::Side;
use crate::words::{Words, shape};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::canvas::{Canvas, Points};
use talus_app::coach::TARGET_ZONE;

/// What the arc shows; angles in degrees from the start pose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Arc {
    pub(crate) side: Option<Side>,
    /// `None` where not measured: the arc is then broken.
    pub(crate) now_deg: Option<f64>,
    pub(crate) target_deg: Option<f64>,
    pub(crate) scale_deg: f64,
    pub(crate) last_deg: [Option<f64>; 3],
    /// How far a set went that is over: said instead of where the leg is now.
    pub(crate) reached_deg: Option<f64>,
    /// Paused or not begun: all in grey.
    pub(crate) idle: bool,
}

/// How far the target zone reaches, as a share of where the core says that the target begins.
const ZONE: f64 = TARGET_ZONE.1 / TARGET_ZONE.0;
/// The leg is drawn this far behind the start pose at most, degrees.
const BEHIND_DEG: f64 = 12.0;
const BAND: f64 = 1.14;

/// A point of the arc: 0° is straight down, growing counter-clockwise towards the right.
fn point(angle_deg: f64, radius: f64) -> (f64, f64) {
    let angle = angle_deg.to_radians();
    (radius * libm::sin(angle), -radius * libm::cos(angle))
}

fn arc(from_deg: f64, to_deg: f64, radius: f64, step_deg: f64) -> impl Iterator<Item = (f64, f64)> {
    let steps = ((to_deg - from_deg) / step_deg).max(0.0) as usize;
    (0..=steps).map(move |step| point(from_deg + step as f64 * step_deg, radius))
}

fn ray(angle_deg: f64, from: f64, to: f64) -> impl Iterator<Item = (f64, f64)> {
    (0..=60).map(move |step| point(angle_deg, from + (to - from) * f64::from(step) / 60.0))
}

impl Arc {
    /// Draws into `area`, with a line of words below where there is room.
    pub(crate) fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme, words: &Words) {
        if area.width < 8 || area.height < 3 {
            return;
        }
        let words_below = area.height >= 5;
        let picture = Rect { height: area.height - u16::from(words_below), ..area };
        self.picture(frame, picture, theme);
        if words_below {
            let below = Rect { y: area.bottom() - 1, height: 1, ..area };
            frame.render_widget(self.said(area.width, theme, words).centered(), below);
        }
    }

    /// "52° · target 65°", or as much of it as fits.
    fn said(&self, width: u16, theme: &Theme, words: &Words) -> Line<'static> {
        let now = match (self.reached_deg, self.now_deg) {
            (Some(reached), _) => format!("{} {}", words.range, words.deg(Some(reached))),
            (None, Some(angle)) => words.deg(Some(angle)),
            (None, None) => words.not_measured.to_owned(),
        };
        let target = self.target_deg.map(|target| format!(" · {} {}", words.target, words.deg(Some(target))));
        let target = target.unwrap_or_default();
        let style = if self.idle { theme.quiet() } else { theme.strong() };
        let line = Line::from(vec![Span::styled(now.clone(), style), Span::styled(target, theme.quiet())]);
        if line.width() <= usize::from(width) { line } else { Line::styled(now, style) }
    }

    fn picture(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let scale_deg = if self.scale_deg.is_finite() { self.scale_deg.clamp(10.0, 170.0) } else { 90.0 };
        let within = |angle: f64| angle.clamp(-BEHIND_DEG, scale_deg);
        let now = self.now_deg.filter(|angle| angle.is_finite()).map(within);
        let (x_bounds, y_bounds) = window(area, scale_deg);
        let accent = if self.idle { theme.muted } else { theme.accent };
        let mut layers: Vec<(Color, Vec<(f64, f64)>)> = Vec::new();
        // A broken arc where the leg is not measured.
        let whole = now.is_some() || self.reached_deg.is_some();
        layers.push((theme.hairline, arc(0.0, scale_deg, 1.0, if whole { 0.5 } else { 6.0 }).collect()));
        layers.push((theme.outline, ray(0.0, 0.12, 1.0).collect()));
        if let Some(target) = self.target_deg.filter(|target| target.is_finite() && *target > 0.0) {
            let end = within(target * ZONE);
            let rings = [1.07, 1.105, BAND];
            let band = rings.into_iter().flat_map(|radius| arc(within(target), end, radius, 0.5));
            layers.push((theme.muted, band.collect()));
        }
        for (age, peak) in self.last_deg.into_iter().enumerate().rev() {
            if let Some(peak) = peak.filter(|peak| peak.is_finite()) {
                let colour = if age == 0 { theme.text } else { theme.outline };
                layers.push((colour, ray(within(peak), 0.84, 0.95).collect()));
            }
        }
        if let Some(now) = now {
            let travelled = [0.985, 1.015].into_iter().flat_map(|radius| arc(0.0, now, radius, 0.5));
            layers.push((accent, travelled.collect()));
            layers.push((accent, ray(now, 0.0, 1.0).collect()));
        }
        let mark = self.side.map_or('●', shape);
        let canvas = Canvas::default()
            .marker(Marker::Braille)
            .background_color(theme.ground)
            .x_bounds(x_bounds)
            .y_bounds(y_bounds)
            .paint(move |context| {
                for (color, coords) in &layers {
                    context.draw(&Points { coords, color: *color });
                }
                if let Some(now) = now {
                    let (x, y) = point(now, 1.0);
                    let mark = Span::styled(mark.to_string(), ratatui::style::Style::new().fg(accent));
                    context.print(x, y, Line::from(mark));
                }
            });
        frame.render_widget(canvas, area);
    }
}

/// Bounds of the canvas, so that a degree is as long sideways as upwards: a cell is two dots wide and four high, and
/// about twice as high as wide.
fn window(area: Rect, scale_deg: f64) -> ([f64; 2], [f64; 2]) {
    let (mut x, mut y) = ([0.0f64; 2], [0.0f64; 2]);
    for (px, py) in arc(-BEHIND_DEG, scale_deg, BAND + 0.03, 1.0) {
        (x, y) = ([x[0].min(px), x[1].max(px)], [y[0].min(py), y[1].max(py)]);
    }
    let (width, height) = (x[1] - x[0], y[1] - y[0]);
    let unit = (width / f64::from(area.width)).max(height / (2.0 * f64::from(area.height)));
    let (more_x, more_y) =
        ((unit * f64::from(area.width) - width) / 2.0, (unit * 2.0 * f64::from(area.height) - height) / 2.0);
    ([x[0] - more_x, x[1] + more_x], [y[0] - more_y, y[1] + more_y])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_pose_hangs_and_the_leg_lifts_to_the_right() {
        assert_eq!(point(0.0, 1.0), (0.0, -1.0));
        let (x, y) = point(90.0, 1.0);
        assert!((x - 1.0).abs() < 1e-12 && y.abs() < 1e-12);
    }

    #[test]
    fn a_degree_is_as_long_sideways_as_upwards_in_every_area() {
        for (width, height) in [(20, 6), (60, 20), (24, 24)] {
            let (x, y) = window(Rect::new(0, 0, width, height), 95.0);
            let (across, up) = ((x[1] - x[0]) / f64::from(width), (y[1] - y[0]) / (2.0 * f64::from(height)));
            assert!((across - up).abs() < 1e-12);
        }
    }
}
