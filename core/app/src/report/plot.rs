//! One small plot over days as SVG: both legs told apart by shape and line, so that it survives a grey printer.

use jiff::civil::Date;
use std::fmt::Write as _;
use talus_motion::Side;

/// Size of the picture and of its margins, in its own units.
const SIZE: (f64, f64) = (340.0, 116.0);
const LEFT: f64 = 34.0;
const RIGHT: f64 = 6.0;
const TOP: f64 = 21.0;
const BOTTOM: f64 = 14.0;

/// One session of one leg.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mark {
    pub(super) day: Date,
    pub(super) value: f64,
    /// All of it was measured well.
    pub(super) sure: bool,
}

/// One leg.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    pub(super) side: Side,
    pub(super) marks: Vec<Mark>,
}

pub(super) struct Plot<'a> {
    pub(super) title: &'a str,
    pub(super) from: Date,
    pub(super) until: Date,
    pub(super) series: &'a [Series],
    pub(super) number: &'a dyn Fn(f64) -> String,
}

impl Plot<'_> {
    /// The picture; its words are in the page's own numbers.
    pub(super) fn svg(&self) -> String {
        let (width, height) = SIZE;
        let mut out = format!(
            "<svg viewBox=\"0 0 {width} {height}\" role=\"img\"><title>{0}</title><text x=\"0\" y=\"9\">{0}</text>",
            self.title
        );
        let values =
            || self.series.iter().flat_map(|one| &one.marks).map(|mark| mark.value).filter(|value| value.is_finite());
        let (low, high) = bounds(values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        let days = |day: Date| f64::from((day - self.from).get_days());
        let length = days(self.until).max(1.0);
        let x = |day: Date| LEFT + (width - LEFT - RIGHT) * (days(day) / length).clamp(0.0, 1.0);
        let y = |value: f64| TOP + (height - TOP - BOTTOM) * (1.0 - (value - low) / (high - low)).clamp(0.0, 1.0);
        for value in [low, f64::midpoint(low, high), high] {
            let at = y(value);
            let _ = write!(
                out,
                "<path d=\"M{LEFT} {at:.1}H{:.1}\" stroke=\"#ccc\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                width - RIGHT,
                LEFT - 4.0,
                at + 3.0,
                (self.number)(value)
            );
        }
        let base = height - 2.0;
        let _ = write!(
            out,
            "<text x=\"{LEFT}\" y=\"{base}\">{}</text><text x=\"{:.1}\" y=\"{base}\" text-anchor=\"end\">{}</text>",
            self.from,
            width - RIGHT,
            self.until
        );
        for one in self.series {
            let dash = if one.side == Side::Left { "" } else { " stroke-dasharray=\"4 2\"" };
            let mut path = String::new();
            for mark in one.marks.iter().filter(|mark| mark.value.is_finite()) {
                let _ =
                    write!(path, "{}{:.1} {:.1}", if path.is_empty() { "M" } else { "L" }, x(mark.day), y(mark.value));
            }
            let _ = write!(out, "<path d=\"{path}\" fill=\"none\" stroke=\"#111\"{dash}/>");
            for mark in one.marks.iter().filter(|mark| mark.value.is_finite()) {
                let (x, y) = (x(mark.day), y(mark.value));
                let fill = if mark.sure { "#111" } else { "#fff" };
                let _ = match one.side {
                    Side::Left => {
                        write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.6\" fill=\"{fill}\" stroke=\"#111\"/>")
                    }
                    Side::Right => write!(
                        out,
                        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"5\" height=\"5\" fill=\"{fill}\" stroke=\"#111\"/>",
                        x - 2.5,
                        y - 2.5
                    ),
                };
            }
        }
        out.push_str("</svg>\n");
        out
    }
}

/// Bounds with room: a flat line lies in the middle, and nothing makes an empty scale.
fn bounds(low: f64, high: f64) -> (f64, f64) {
    if low > high {
        return (0.0, 1.0);
    }
    let room = ((high - low) * 0.1).max(high.abs() * 0.05).max(0.05);
    ((low - room).max(if low >= 0.0 { 0.0 } else { f64::NEG_INFINITY }), high + room)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn drawn(values: &[f64]) -> String {
        let marks =
            (0..).zip(values).map(|(at, value)| Mark { day: date(2026, 3, 1 + at), value: *value, sure: at != 1 });
        let series = [Series { side: Side::Left, marks: marks.collect() }];
        let number = |value: f64| format!("{value:.1}");
        Plot { title: "Range (°)", from: date(2026, 3, 1), until: date(2026, 3, 10), series: &series, number: &number }
            .svg()
    }

    #[test]
    fn every_measured_session_is_one_mark_inside_the_picture_and_an_unsure_one_is_hollow() {
        let svg = drawn(&[30.0, 42.0, 38.0, f64::NAN]);
        assert_eq!(svg.matches("<circle").count(), 3);
        assert_eq!(svg.matches("fill=\"#fff\"").count(), 1);
        for part in svg.split("cy=\"").skip(1) {
            let y: f64 = part.split('"').next().unwrap().parse().unwrap();
            assert!((TOP..=SIZE.1 - BOTTOM).contains(&y), "{y}");
        }
        assert!(svg.contains("2026-03-01") && svg.contains("2026-03-10"));
    }

    #[test]
    fn nothing_measured_and_one_value_make_a_picture_too() {
        for values in [[].as_slice(), &[0.0], &[5.0, 5.0]] {
            let svg = drawn(values);
            assert!(svg.ends_with("</svg>\n") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}
