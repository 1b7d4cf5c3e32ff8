//! [`page`]: the figures as the page `docs/accuracy.md`.

use super::report::{Bar, Line, Report};
use std::fmt::Write;

const HEAD: &str = "# How accurate Talus is

Written by `talus validate --data ../shared/data --page`; `./test validate` compares it. Every figure was computed on recordings
of real legs and sensors with a reference, by the code a session runs. What only a simulation shows does not stand here.

A bar is what a figure has to reach; ✗ marks one that does not. The last column is what the best other program or published
method reaches on the same files, where somebody measured it; its source stands below.
";

const SOURCES: &str = "
## Where the peers' figures come from

| set | peer | source |
|---|---|---|
| broad | VQF 2.1.2, C++ extension, six axes, default parameters; offline: its two-pass variant | README of the set: computed on the same eight files |
| imucal-ferraris | imucal 2.6.0 is the reference itself | README of the set |
| uci-physio-leg | counts: the best of four plain counters (turning points of the gyroscope's first principal axis; autocorrelation); borders and times: a prototype | measured on the same files |
| qmt-legs | turning points of the plain gyroscope, shank against foot | measured on the same file |
| gaitmap-foot | gaitmap 2.6.0, both feet | README of the set; borders: computed on the same file |

`largest_difference_to_reference` is what a difference does to a reading: scales and axes as they are, biases as shares of
gravity and of a turn at 100 °/s. The session is stored with four and five digits, so that single numbers near zero differ from the
reference by up to a thousandth of themselves, whatever computes them.

`alignment_quality` is the share of the turning across the leg that is about the flexion axis. Turning about the long axis does
not count: the flexion axis is orthogonal to it by construction, and a heel that strikes turns the cuff about it.

`stride_borders_f1` counts strides where somebody set borders, with one shift for a whole file and 100 ms of tolerance.

`correct_sets_flagged` takes a set with most repetitions short, not held or dropped for flagged. A drop is a leg let go: faster down
than up, and in less than 1.4 times the time of a free fall. A time of lifting or lowering other than the catalogue's is guidance in
a session that asked for it; the study asked for none.

`time_above_half_range` is the hold and the halves of lifting and lowering next to it.

## What does not hold, and what was tried

`template_files_with_nine_reps`: both misses are prone hip extension, where people roll the leg and look for the next pose
between the kinds, by as much and for as long as they lift it. Leaving out an excursion that goes more than 37° beside the set's
own direction and turns more about another axis takes one wrong repetition from each of the two and four right ones from other
files, since the same people change how they move from kind to kind. A repetition too many between sets is the smaller harm, and a
session counts only within a set.
";

/// How sets of altered recordings are told from others.
const ALTERED: &str = " altered";
const ALTERED_HEAD: &str = "
## The same recordings, altered

What other people, sensors and mountings would have given, as far as physics says: turned at random, mirrored, read at other
rates, quicker and slower (what accelerates the leg goes with the square), by a sensor with biases, scales and noise of its own,
from a random moment of the first eight seconds on, and all at once. Nothing is tuned on these. Strides: the worst file.
";

/// The figures of `report` as a page in Markdown: those of whole sets and those with a bar; the rest is in the JSON.
pub fn page(report: &Report) -> String {
    let mut text = HEAD.to_owned();
    let mut set = "";
    let of_a_set = |line: &&Line| line.file == "*" || line.bar.is_some();
    for line in report.lines.iter().filter(of_a_set) {
        if line.set != set {
            set = line.set;
            let _ =
                write!(text, "\n## {set}\n\n| figure | file | value | n | bar | peer |\n|---|---|---|---|---|---|\n");
        }
        let _ = writeln!(text, "{}", row(line));
    }
    let judged = report.lines.iter().filter(|line| line.pass.is_some()).count();
    let held = report.lines.iter().filter(|line| line.pass == Some(true)).count();
    let _ = write!(text, "\n{held} of {judged} bars hold.\n{}{SOURCES}", altered(report));
    text
}

/// What the same recordings give altered: a table for each set, a row for each way.
fn altered(report: &Report) -> String {
    let mut sets: Vec<&str> = report.lines.iter().map(|line| line.set).filter(|set| set.ends_with(ALTERED)).collect();
    sets.dedup();
    let mut text = if sets.is_empty() { String::new() } else { ALTERED_HEAD.to_owned() };
    for set in sets {
        let lines: Vec<&Line> = report.lines.iter().filter(|line| line.set == set).collect();
        let (mut ways, mut metrics) = (Vec::new(), Vec::new());
        for line in &lines {
            if !ways.contains(&line.file.as_str()) {
                ways.push(&line.file);
            }
            if !metrics.contains(&(line.metric, line.unit)) {
                metrics.push((line.metric, line.unit));
            }
        }
        let _ = write!(text, "\n### {set}\n\n| altered by |");
        for (metric, unit) in &metrics {
            let _ = write!(text, " `{metric}`, {unit} |");
        }
        let _ = writeln!(text, "\n|---|{}", "---|".repeat(metrics.len()));
        for way in ways {
            let _ = write!(text, "| {way} |");
            for (metric, _) in &metrics {
                let line = lines.iter().find(|line| line.file == way && line.metric == *metric);
                let _ = write!(text, " {} |", line.map_or_else(|| "-".to_owned(), |line| line.shown()));
            }
            text.push('\n');
        }
    }
    text
}

fn row(line: &Line) -> String {
    let value = match (line.value, line.unit) {
        (None, _) => "not measured".to_owned(),
        (_, "share" | "ratio" | "F1" | "IoU") => line.shown(),
        (_, "deg") => format!("{}°", line.shown()),
        (_, unit) => format!("{} {unit}", line.shown()),
    };
    let bar = line.bar.map_or_else(String::new, Bar::shown);
    let peer = line.peer.map_or_else(String::new, |peer| peer.to_string());
    let mark = if line.pass == Some(false) { " ✗" } else { "" };
    let file = if line.file == "*" { "all" } else { &line.file };
    format!("| `{}` | {file} | {value}{mark} | {} | {bar} | {peer} |", line.metric, line.n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::report::Figure;
    use std::path::Path;

    #[test]
    fn a_page_has_bars_misses_and_whole_sets_and_leaves_single_files_without_a_bar_out() {
        let mut report = Report::default();
        let time = Figure::new("gait", "stride_time", "ms").of(Path::new("a.csv"));
        report.put(time.at_most(8.0).peer(9.7), 8.1, 40);
        report.put(Figure::new("gait", "speed", "m/s").of(Path::new("a.csv")), 1.2, 40);
        report.put(Figure::new("reps", "exact", "%").at_least(88.0), 91.666, 36);
        report.put(Figure::new("reps", "overlap", "IoU").at_least(0.85), f64::NAN, 0);
        let page = page(&report);
        for row in [
            "## gait\n",
            "| `stride_time` | a.csv | 8.1 ms ✗ | 40 | ≤ 8 | 9.7 |\n",
            "| `exact` | all | 91.67 % | 36 | ≥ 88 |  |\n",
            "| `overlap` | all | not measured ✗ | 0 | ≥ 0.85 |  |\n",
            "1 of 3 bars hold.",
        ] {
            assert!(page.contains(row), "{row}\n{page}");
        }
        assert!(!page.contains("speed"));
    }
}
