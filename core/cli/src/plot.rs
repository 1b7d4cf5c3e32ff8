//! Small plots in plain characters: ranges over sets, bars over sessions, the angle of a set over its time.
//!
//! Sides are told apart by shape (● left, ◆ right), never by colour alone; hollow shapes are sets that are kept but
//! feed no progression. Bars start at zero. The axis of a range plot says where it starts and spans at least
//! [`LEAST_SPAN_DEG`], so that noise cannot look like change. Gaps stay gaps.

use crate::domain::{SetDetail, Side, Trace, TrendPoint, downsample};
use crate::table::{fit, wrap};
use crate::words::{Words, count, shape};
use unicode_width::UnicodeWidthStr;

/// Smallest span of an axis, degrees: six times 5°, about what one range on a leg may be off.
const LEAST_SPAN_DEG: f64 = 30.0;
const ROWS: usize = 8;
/// Columns for the axis: three digits, the degree sign, the line.
const AXIS: usize = 6;

/// One exercise's ranges over its sets, oldest left, with a sentence for each side; nothing where there is no set.
pub(crate) fn ranges(title: &str, points: &[TrendPoint], width: usize, words: &Words) -> Vec<String> {
    if points.is_empty() {
        return Vec::new();
    }
    let mut lines = wrap(&format!("{title}: {}", words.range_per_set), width);
    for side in [Side::Left, Side::Right] {
        lines.extend(sentence(points, side, words).into_iter().flat_map(|text| wrap(&text, width)));
    }
    let known: Vec<_> = points.iter().filter_map(|point| finite(point.range_deg)).collect();
    if known.is_empty() {
        return lines;
    }
    let room = width.saturating_sub(AXIS).max(1);
    let columns = columns(points, room);
    if columns.len() < points.len() {
        let [latest, of] = words.latest_of;
        lines.push(format!("({latest} {} {of} {})", columns.len(), points.len()));
    }
    let shown = &points[points.len() - columns.len()..];
    let (low, high) = axis(shown.iter().filter_map(|point| finite(point.range_deg)));
    let end = columns.last().map_or(1, |column| column + 1);
    let mut grid = vec![vec![' '; end]; ROWS];
    for (point, column) in shown.iter().zip(&columns) {
        if let Some(range) = finite(point.range_deg) {
            let row = ((high - range) / (high - low) * (ROWS - 1) as f64).round() as usize;
            grid[row.min(ROWS - 1)][*column] = mark(point);
        }
    }
    for (row, cells) in grid.iter().enumerate() {
        let value = high - (high - low) * row as f64 / (ROWS - 1) as f64;
        let label = if row == 0 || row == ROWS - 1 { format!("{value:.0}°") } else { String::new() };
        let text: String = cells.iter().collect();
        lines.push(format!("{label:>4} │{text}").trim_end().to_owned());
    }
    lines.push(format!("     └{}", "─".repeat(end.max(11))));
    let (first, last) = (shown[0].local_day.as_str(), shown[shown.len() - 1].local_day.as_str());
    let gap = end.saturating_sub(first.width() + last.width());
    lines.push(if first == last || gap == 0 {
        format!("      {last}")
    } else {
        format!("      {first}{}{last}", " ".repeat(gap))
    });
    if shown.iter().any(|point| !point.counts_for_progress) {
        let mut note = wrap(words.not_for_progress, room.saturating_sub(4).max(12)).into_iter();
        lines.extend(note.next().map(|first| format!("      ○ ◇ {first}")));
        lines.extend(note.map(|rest| format!("          {rest}")));
    }
    lines
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

fn mark(point: &TrendPoint) -> char {
    match (point.side, point.counts_for_progress) {
        (side, true) => shape(side),
        (Side::Left, false) => '○',
        (Side::Right, false) => '◇',
    }
}

/// "● left: last 83°, 78–85° over 12 sets".
fn sentence(points: &[TrendPoint], side: Side, words: &Words) -> Option<String> {
    let of_side: Vec<_> = points.iter().filter(|point| point.side == side).collect();
    if of_side.is_empty() {
        return None;
    }
    let known: Vec<_> = of_side.iter().filter_map(|point| finite(point.range_deg)).collect();
    let sets = count(of_side.len() as u32, words.set_count);
    let head = format!("{} {}", shape(side), words.side(side));
    let Some(last) = known.last() else {
        return Some(format!("{head}: {} {} {sets}", words.not_measured, words.over));
    };
    if of_side.len() == 1 {
        return Some(format!("{head}: {} ({sets})", words.deg(Some(*last))));
    }
    let (low, high) = known.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
    let spread = if format!("{low:.0}") == format!("{high:.0}") {
        words.deg(Some(low))
    } else {
        format!("{}–{}", words.number(low, 0), words.deg(Some(high)))
    };
    Some(format!("{head}: {} {}, {spread} {} {sets}", words.last, words.deg(Some(*last)), words.over))
}

/// A column for each of the latest points that fit, one more between sessions; wider apart where there is room.
fn columns(points: &[TrendPoint], room: usize) -> Vec<usize> {
    let new_session = |index: usize| index > 0 && points[index].session != points[index - 1].session;
    // How many fit at one column each, counted from the newest.
    let mut used = 0;
    let mut first = points.len();
    for index in (0..points.len()).rev() {
        let needs = 1 + usize::from(index + 1 < points.len() && new_session(index + 1));
        if used + needs > room && first < points.len() {
            break;
        }
        used += needs;
        first = index;
    }
    let step = (room / used.max(1)).clamp(1, 3);
    let mut column = 0;
    let mut columns = Vec::with_capacity(points.len() - first);
    for index in first..points.len() {
        if index > first {
            column += step * (1 + usize::from(new_session(index)));
        }
        columns.push(column);
    }
    columns
}

/// Lower and upper end of an axis: whole tens around the values, at least [`LEAST_SPAN_DEG`] apart, never below zero.
fn axis(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
    let (mut low, mut high) = ((low / 10.0).floor() * 10.0, (high / 10.0).ceil() * 10.0);
    while high - low < LEAST_SPAN_DEG {
        high += 10.0;
        if high - low < LEAST_SPAN_DEG && low >= 10.0 {
            low -= 10.0;
        }
    }
    (low, high)
}

/// Bars from zero, one line each: label, bar, value.
pub(crate) fn bars(rows: &[(String, u32)], width: usize) -> Vec<String> {
    let label = rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0);
    let value = rows.iter().map(|(_, value)| value.to_string().len()).max().unwrap_or(0);
    let most = rows.iter().map(|(_, value)| *value).max().unwrap_or(0).max(1);
    let room = width.saturating_sub(label + value + 3).clamp(4, 40);
    rows.iter()
        .map(|(text, number)| {
            let bar = bar(f64::from(*number) / f64::from(most), room);
            let filled = bar.trim_end();
            let space = if filled.is_empty() { "" } else { " " };
            format!("{}  {filled}{space}{number}", fit(text, label))
        })
        .collect()
}

/// Rows of a trace, four dots each.
const TRACE_ROWS: usize = 4;

/// The angle of a set over its time, from the start pose up; below it the repetitions by their numbers, short ones as a
/// hollow mark. Nothing where there is no line.
pub(crate) fn trace(trace: &Trace, set: &SetDetail, width: usize) -> Vec<String> {
    let (from, to) = (set.result.began, set.result.ended);
    // A second of a repetition wants more than a column; a short set is not drawn out over the whole width.
    let seconds = (to.since(from) as f64 * 1e-6).max(1.0);
    let columns = width.saturating_sub(AXIS).min((seconds * 3.0) as usize).max(1);
    let lines = downsample(&trace.points, from, to, 2 * columns);
    let highest = lines.iter().flatten().map(|(_, angle)| *angle).fold(0.0, f64::max);
    if lines.is_empty() || highest <= 0.0 {
        return Vec::new();
    }
    let (dots, rows) = (2 * columns, 4 * TRACE_ROWS);
    let mut canvas = vec![vec![false; rows]; dots];
    let place = |(at, angle): (f64, f64)| {
        let x = ((at - from.seconds()) / seconds * dots as f64).clamp(0.0, (dots - 1) as f64) as usize;
        let y = ((highest - angle) / highest * (rows - 1) as f64).round().clamp(0.0, (rows - 1) as f64) as usize;
        (x, y)
    };
    for line in &lines {
        let mut before = None;
        for point in line {
            let (x, y) = place(*point);
            let (x0, y0) = before.unwrap_or((x, y));
            for (column, dots) in canvas.iter_mut().enumerate().take(x + 1).skip(x0) {
                // The way from the point before, column by column, with what lies between two of them.
                let share = |at: usize| if x > x0 { (at - x0) as f64 / (x - x0) as f64 } else { 1.0 };
                let row = |share: f64| (y0 as f64 + (y as f64 - y0 as f64) * share).round() as usize;
                let start = if column > x0 { row(share(column - 1)) } else { y0 };
                let end = row(share(column));
                dots[start.min(end)..=start.max(end)].fill(true);
            }
            before = Some((x, y));
        }
    }
    let mut drawn: Vec<String> = (0..TRACE_ROWS)
        .map(|row| {
            let label = match row {
                0 => format!("{highest:.0}°"),
                _ if row == TRACE_ROWS - 1 => "0°".to_owned(),
                _ => String::new(),
            };
            let text: String = (0..columns).map(|column| braille(&canvas, row, column)).collect();
            format!("{label:>4} │{text}").trim_end().to_owned()
        })
        .collect();
    let mut numbers = vec![' '; columns + 3];
    let (mut counted, mut free) = (0, 0);
    for rep in &set.reps {
        counted += usize::from(rep.full);
        let column = place((rep.top.seconds(), 0.0)).0 / 2;
        let text = if rep.full { counted.to_string() } else { "○".to_owned() };
        if column >= free && column + text.width() <= numbers.len() {
            free = column + text.width() + 1;
            for (at, character) in (column..).zip(text.chars()) {
                numbers[at] = character;
            }
        }
    }
    let numbers: String = numbers.into_iter().collect();
    drawn.push(format!("      {}", numbers.trim_end()).trim_end().to_owned());
    drawn
}

/// Two by four dots as one character (Unicode block Braille Patterns).
fn braille(canvas: &[Vec<bool>], row: usize, column: usize) -> char {
    const BITS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
    let dot = |y: usize, x: usize| if canvas[2 * column + x][4 * row + y] { BITS[y][x] } else { 0 };
    let bits = (0..4).map(|y| dot(y, 0) | dot(y, 1)).sum::<u32>();
    if bits == 0 { ' ' } else { char::from_u32(0x2800 + bits).unwrap_or(' ') }
}

/// A bar of `share` (0 to 1) of `width` columns, to an eighth of a column, padded with spaces.
pub(crate) fn bar(share: f64, width: usize) -> String {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let eighths = (share * (width * 8) as f64).round() as usize;
    let mut text = "█".repeat(eighths / 8);
    text.extend([None, Some('▏'), Some('▎'), Some('▍'), Some('▌'), Some('▋'), Some('▊'), Some('▉')][eighths % 8]);
    fit(&text, width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SessionId;

    fn point(session: u8, side: Side, range_deg: Option<f64>) -> TrendPoint {
        TrendPoint {
            local_day: format!("2026-11-{:02}", session + 1),
            started_utc_ms: i64::from(session),
            session: SessionId([session; 16]),
            set_index: 0,
            side,
            mass_g: 1000,
            count: 10,
            short: 0,
            target: None,
            range_deg,
            own_range_deg: None,
            tempo_s: None,
            peak_deg_per_s: None,
            reserve: None,
            pain: None,
            counts_for_progress: true,
            quality: crate::domain::Quality::GOOD,
            edited: false,
        }
    }

    fn course(sessions: u8) -> Vec<TrendPoint> {
        (0..sessions)
            .flat_map(|session| {
                let lift = f64::from(session);
                [
                    point(session, Side::Left, Some(70.0 + lift)),
                    point(session, Side::Right, if session == 1 { None } else { Some(80.0 + lift * 0.5) }),
                ]
            })
            .collect()
    }

    #[test]
    fn a_few_sessions_make_a_plot_one_can_read() {
        let mut points = course(5);
        points[7].counts_for_progress = false;
        insta::assert_snapshot!(ranges("Seated knee extension", &points, 60, Words::of("en")).join("\n"));
    }

    #[test]
    fn a_plot_never_exceeds_its_width_and_says_what_it_leaves_out() {
        for (width, left_out) in [(38, true), (60, true), (100, true), (140, false)] {
            let lines = ranges("Knee", &course(40), width, Words::of("de"));
            assert!(
                lines.iter().filter(|line| !line.contains("Sätze")).all(|line| line.width() <= width),
                "{width}: {lines:?}"
            );
            assert_eq!(lines.iter().any(|line| line.starts_with("(die letzten")), left_out, "{lines:?}");
        }
    }

    #[test]
    fn what_was_never_measured_is_said_and_not_drawn() {
        let points = [point(0, Side::Left, None), point(0, Side::Left, Some(f64::NAN))];
        let lines = ranges("Clam", &points, 60, Words::of("en"));
        assert_eq!(lines, ["Clam: range of each set", "● left: not measured over 2 sets"]);
        assert!(ranges("Clam", &[], 60, Words::of("en")).is_empty());
    }

    #[test]
    fn an_axis_spans_more_than_its_noise_and_never_goes_below_zero() {
        assert_eq!(axis([84.0, 85.0].into_iter()), (70.0, 100.0));
        assert_eq!(axis([3.0].into_iter()), (0.0, 30.0));
        assert_eq!(axis([10.0, 90.0].into_iter()), (10.0, 90.0));
    }

    #[test]
    fn bars_start_at_zero_and_fill_by_eighths() {
        assert_eq!(bar(0.5, 4), "██  ");
        assert_eq!(bar(0.0, 2), "  ");
        assert_eq!(bar(1.0 / 16.0, 2), "▏ ");
        assert_eq!(bar(f64::NAN, 2), "  ");
        let rows = [("11-05".to_owned(), 40), ("11-06".to_owned(), 20), ("11-07".to_owned(), 0)];
        assert_eq!(bars(&rows, 18), ["11-05  ████████ 40", "11-06  ████ 20", "11-07  0"]);
    }
}
