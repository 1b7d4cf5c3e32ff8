//! `talus show`: one session, its sets with their traces, each repetition, and strides and cadence of a walk.

use crate::app;
use crate::args::Common;
use crate::commands::history::{kind, resume, short_id, when};
use crate::domain::{RawState, Rep, SessionDetail, SetDetail, Trace};
use crate::failure::Failure;
use crate::json;
use crate::output::Output;
use crate::plot;
use crate::sets::{self, SetLine, is_walk};
use crate::table::{Align, Table, clip, wrap};
use crate::words::{UNKNOWN, Words, badge, capital, clock, count};

pub(crate) fn run(common: &Common, asked: &str, demo: bool, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = app::words(common);
    let Some(talus) = app::open_to_look(common, demo)? else {
        let code = app::nothing_yet(common, &json::nothing_to_show(), out)?;
        if !common.json && app::demo_is_apart(common, demo) {
            out.line(words.demo_is_apart)?;
        }
        return Ok(code);
    };
    let detail = talus.session(asked)?;
    let traces = talus.traces(asked)?;
    if common.json {
        out.json(&json::show(&detail, &traces))?;
    } else {
        let name = |id: &str| talus.exercise_name(id);
        out.lines(lines(&detail, &traces, &name, &app::resume_command(common, demo), out.width(), words))?;
    }
    Ok(0)
}

/// The page; `resume_command` is how an unfinished session is taken up again, up to its id.
pub(crate) fn lines(
    detail: &SessionDetail,
    traces: &[Trace],
    name: &dyn Fn(&str) -> String,
    resume_command: &str,
    width: usize,
    words: &Words,
) -> Vec<String> {
    let row = &detail.row;
    let head = format!("{} · {} · {}", when(row), kind(row.kind, words), clock(row.duration_s));
    let mut lines = wrap(&format!("{head} · {}", short_id(row)), width);
    if !detail.source.is_empty() {
        lines.push(clip(&format!("{} {}", words.source, detail.source), width));
    }
    if let Some(summary) = &detail.summary {
        lines.extend(wrap(&summary.sentence, width));
    }
    if !row.finished {
        lines.push(format!("{}. {} {}", capital(words.unfinished), words.resume_with, resume(resume_command, row)));
    }
    if row.edits > 0 {
        let [one, more] = words.by_hand;
        lines.push(if row.edits == 1 { one } else { more }.replacen("{}", &row.edits.to_string(), 1));
    }
    if !row.note.is_empty() {
        lines.extend(wrap(&format!("{} {}", words.note_is, row.note.replace(['\n', '\t'], " ")), width));
    }
    if !row.tags.is_empty() {
        lines.extend(wrap(&row.tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" "), width));
    }
    match row.raw {
        RawState::Complete => {}
        RawState::Incomplete => lines.extend(wrap(words.raw_incomplete, width)),
        RawState::Absent => lines.extend(wrap(words.raw_absent, width)),
    }
    if !detail.sets.is_empty() {
        lines.push(String::new());
        let sets: Vec<_> = detail
            .sets
            .iter()
            .map(|set| SetLine { set_index: set.set_index, result: &set.result, open: set.open })
            .collect();
        lines.extend(sets::lines(&sets, name, width, words));
    }
    for set in &detail.sets {
        let body = if is_walk(&set.result) { strides(set, words) } else { reps(set, width, words) };
        if !body.is_empty() {
            let title = format!(
                "{} {} · {} · {}",
                words.set,
                set.set_index + 1,
                badge(set.result.side),
                name(&set.result.exercise)
            );
            lines.extend([String::new(), clip(&title, width)]);
            lines.extend(wrap(&ending(set, words), width));
            let trace = traces.iter().find(|one| (one.set_index, one.side) == (set.set_index, set.result.side));
            if let Some(trace) = trace {
                lines.extend(plot::trace(trace, set, width));
            }
            lines.extend(body);
        }
    }
    lines.push(String::new());
    lines.extend(wrap(words.not_reviewed, width));
    lines
}

/// How the set ended and what was answered.
fn ending(set: &SetDetail, words: &Words) -> String {
    let result = &set.result;
    let mut parts = vec![if set.open { words.open_set } else { words.end(result.end) }.to_owned()];
    if let Some(reserve) = result.reserve {
        // Five stands for five or more.
        let number = if reserve >= 5 { "5+".to_owned() } else { reserve.to_string() };
        parts.push(words.in_reserve.replacen("{}", &number, 1));
    }
    if let Some(pain) = result.pain {
        parts.push(words.pain_was.replacen("{}", &pain.to_string(), 1));
    }
    if !result.counts_for_progress && !set.open {
        parts.push(words.not_for_progress.to_owned());
    }
    parts.join(" · ")
}

/// A line for each repetition; short ones have no number, as on screen.
fn reps(set: &SetDetail, width: usize, words: &Words) -> Vec<String> {
    if set.reps.is_empty() {
        return Vec::new();
    }
    let heads = &words.columns;
    let mut table = Table::new(&[
        (heads.rep, Align::Right),
        (heads.at, Align::Right),
        (heads.range, Align::Right),
        (heads.tempo, Align::Left),
        (heads.peak, Align::Right),
        ("", Align::Left),
    ])
    .wrapping(&[(3, 15), (5, 8)])
    .sparing(&[4, 1]);
    let mut counted = 0;
    for rep in &set.reps {
        let number = if rep.full {
            counted += 1;
            counted.to_string()
        } else {
            UNKNOWN.to_owned()
        };
        table.row(vec![
            number,
            clock(rep.start.seconds()),
            words.deg(rep.range_deg),
            words.tempo_in_table(Some([rep.lift_s, rep.hold_s, rep.lower_s])),
            words.rate(Some(rep.peak_deg_per_s)),
            remarks(rep, words),
        ]);
    }
    table.lines(width)
}

/// What stood out and can be said in neutral words. Detector ids are never shown.
fn remarks(rep: &Rep, words: &Words) -> String {
    let mut parts = Vec::new();
    if !rep.full {
        parts.push(words.short.to_owned());
    }
    if !rep.quality.ok() {
        parts.push(words.quality(rep.quality));
    }
    parts.join(", ")
}

/// Strides of a walk: how many, how long, how much of it in swing.
fn strides(set: &SetDetail, words: &Words) -> Vec<String> {
    if set.strides.is_empty() {
        return Vec::new();
    }
    let n = set.strides.len();
    let mean = |of: &dyn Fn(usize) -> f64| (0..n).map(of).sum::<f64>() / n as f64;
    let stride_s = mean(&|index| set.strides[index].stride_s());
    let swing = mean(&|index| set.strides[index].swing_fraction);
    vec![
        count(n as u32, words.stride_count),
        format!("{} {}", words.cadence(set.result.cadence_per_min), words.steps_per_min),
        format!("{} s {}", words.number(stride_s, 2), words.stride_time),
        format!("{} % {}", words.number(swing * 100.0, 0), words.swing),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;
    use unicode_width::UnicodeWidthStr;

    fn page(width: usize, language: &str) -> Vec<String> {
        lines(
            &examples::detail(),
            &examples::traces(),
            &examples::name(language),
            "talus session --resume",
            width,
            Words::of(language),
        )
    }

    #[test]
    fn a_session_reads_well_at_100_columns() {
        insta::assert_snapshot!(page(100, "en").join("\n"));
    }

    #[test]
    fn a_session_reads_well_at_40_columns_in_german() {
        insta::assert_snapshot!(page(40, "de").join("\n"));
    }

    #[test]
    fn a_session_never_exceeds_its_width() {
        for width in [40, 64, 80, 120] {
            for line in page(width, "de").iter().filter(|line| !line.contains("talus session")) {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
}
