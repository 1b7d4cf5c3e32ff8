//! The angle of the last ten seconds as a line. Where nothing was measured there is no line.

use super::theme::Theme;
use crate::words::Words;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::symbols::Marker;
use ratatui::text::Line;
use ratatui::widgets::canvas::{Canvas, Line as Stroke, Points};

/// Seconds shown.
const SPAN_S: f64 = 10.0;
/// Points further apart than this are not joined, seconds.
const GAP_S: f64 = 0.4;
/// Columns for the scale.
const AXIS: u16 = 5;

/// Draws the trace into `area`: `trace` is seconds before now (negative) and degrees.
pub(crate) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    trace: &[(f64, f64)],
    (scale_deg, target_deg): (f64, Option<f64>),
    theme: &Theme,
    words: &Words,
) {
    if area.height < 3 || area.width < 20 {
        return;
    }
    let known: Vec<_> = trace.iter().copied().filter(|(t, angle)| t.is_finite() && angle.is_finite()).collect();
    let scale_deg = if scale_deg.is_finite() { scale_deg } else { 90.0 };
    let low = known.iter().fold(0.0f64, |low, (_, angle)| low.min(*angle));
    let high = known.iter().fold(scale_deg.max(10.0), |high, (_, angle)| high.max(*angle));
    let picture = Rect { x: area.x + AXIS, width: area.width - AXIS, height: area.height - 1, ..area };
    let label = |frame: &mut Frame<'_>, y, angle| {
        let text = format!("{:>4}", words.deg(Some(angle)));
        frame.render_widget(Line::styled(text, theme.quiet()), Rect { y, height: 1, width: AXIS, ..area });
    };
    label(frame, picture.y, high);
    label(frame, picture.bottom() - 1, low);
    let axis = Rect { y: picture.bottom(), height: 1, ..picture };
    frame.render_widget(Line::styled(format!("−{SPAN_S:.0} s"), theme.quiet()), axis);
    frame.render_widget(Line::styled(words.now, theme.quiet()).right_aligned(), axis);
    let target: Vec<_> = target_deg
        .filter(|target| target.is_finite())
        .map(|target| (0..60).map(|step| (-SPAN_S + SPAN_S * f64::from(step) / 60.0, target)).collect())
        .unwrap_or_default();
    let (line, mark) = (theme.accent, theme.outline);
    let canvas = Canvas::default()
        .marker(Marker::Braille)
        .background_color(theme.ground)
        .x_bounds([-SPAN_S, 0.0])
        .y_bounds([low, high])
        .paint(move |context| {
            context.draw(&Points { coords: &target, color: mark });
            for pair in known.windows(2) {
                let ((t1, a1), (t2, a2)) = (pair[0], pair[1]);
                if t2 - t1 <= GAP_S {
                    context.draw(&Stroke { x1: t1, y1: a1, x2: t2, y2: a2, color: line });
                }
            }
        });
    frame.render_widget(canvas, picture);
}
