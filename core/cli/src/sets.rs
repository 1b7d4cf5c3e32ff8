//! Sets as a table: the same for a summary just after a session and for a session looked back at.

use crate::domain::SetResult;
use crate::table::{Align, Table, wrap};
use crate::words::{Words, badge, count};
use std::fmt::Write as _;

/// One line of the table.
pub(crate) struct SetLine<'a> {
    pub(crate) set_index: u32,
    pub(crate) result: &'a SetResult,
    /// The set was never ended.
    pub(crate) open: bool,
}

/// The sets: a table where there is room for one, else two lines for each set.
pub(crate) fn lines(sets: &[SetLine<'_>], name: &dyn Fn(&str) -> String, width: usize, words: &Words) -> Vec<String> {
    let table = table(sets, name, words);
    table.columns(width).unwrap_or_else(|| sets.iter().flat_map(|line| brief(line, name, width, words)).collect())
}

/// Walks have strides and steps per minute instead of reps, range and tempo.
fn table(sets: &[SetLine<'_>], name: &dyn Fn(&str) -> String, words: &Words) -> Table {
    let heads = &words.columns;
    // Where only walks stand below, the head would speak of lifting.
    let tempo = if sets.iter().all(|line| is_walk(line.result)) { "" } else { heads.tempo };
    let mut table = Table::new(&[
        (heads.set, Align::Right),
        (heads.exercise, Align::Left),
        (heads.side, Align::Left),
        (heads.weight, Align::Right),
        (heads.count, Align::Left),
        (heads.range, Align::Right),
        (tempo, Align::Left),
        (heads.peak, Align::Right),
        (heads.quality, Align::Left),
    ])
    .wrapping(&[(1, 12), (3, 7), (4, 7), (6, 15), (8, 10)])
    .sparing(&[7]);
    for line in sets {
        let result = line.result;
        let walk = is_walk(result);
        let of_reps = |text: String| if walk { String::new() } else { text };
        table.row(vec![
            (line.set_index + 1).to_string(),
            name(&result.exercise),
            badge(result.side).to_owned(),
            words.mass(result.mass_g),
            counted(result, line.open, words),
            of_reps(words.deg(result.range_deg)),
            if walk { cadence(result, words) } else { words.tempo_in_table(result.tempo_s) },
            of_reps(words.rate(result.peak_deg_per_s)),
            words.quality(result.quality),
        ]);
    }
    table
}

fn cadence(result: &SetResult, words: &Words) -> String {
    format!("{} {}", words.cadence(result.cadence_per_min), words.steps_per_min)
}

/// Side, exercise and weight; below what was done.
fn brief(line: &SetLine<'_>, name: &dyn Fn(&str) -> String, width: usize, words: &Words) -> Vec<String> {
    let result = line.result;
    let head = format!("{}  {}, {}", badge(result.side), name(&result.exercise), words.mass(result.mass_g));
    let mut parts = vec![counted(result, line.open, words)];
    if is_walk(result) {
        parts.push(cadence(result, words));
    } else {
        parts.push(words.deg(result.range_deg));
        parts.push(words.tempo_of(result.tempo_s).replace(" · ", "–"));
    }
    if !result.quality.ok() {
        parts.push(format!("{}: {}", words.columns.quality, words.quality(result.quality)));
    }
    let mut lines = wrap(&head, width);
    lines.extend(wrap(&parts.join(" · "), width.saturating_sub(5)).into_iter().map(|part| format!("     {part}")));
    lines
}

/// Whether the set is a walk: its count are strides.
pub(crate) fn is_walk(result: &SetResult) -> bool {
    result.exercise == "walk"
}

/// "6 of 6, 1 short"; strides have their word, because reps stand above and below them.
pub(crate) fn counted(result: &SetResult, open: bool, words: &Words) -> String {
    let mut text = match result.target {
        _ if is_walk(result) => count(result.count, words.stride_count),
        Some(target) => format!("{} {} {target}", result.count, words.of),
        None => result.count.to_string(),
    };
    if result.short > 0 {
        let _ = write!(text, ", {}", count(result.short, words.short_count));
    }
    if open {
        let _ = write!(text, ", {}", words.open_set);
    }
    text
}
