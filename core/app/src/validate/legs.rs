//! Repetitions of a leg against the protocol of a physiotherapy study (`*_shank_session.csv`: ten correct repetitions in
//! the first 100 s, ten hurried ones to 160 s, ten small ones to the end) and against the borders its authors set in
//! `*_shank_template.csv` (`template_times.csv`). The same recordings [`altered`] stand for
//! legs that nobody looked at.

use super::altered::{ALTERATIONS, Alteration, altered};
use super::find;
use super::report::{Figure, Report};
use super::score::{counts, mean, median, overlap};
use super::tables;
use crate::analyse::{exercise_of_name, generic_model, without_tempo};
use crate::files::{self, ImuFile};
use std::path::{Path, PathBuf};
use talus_motion::{Detector, ExerciseModel, Micros, Movement, Rep, Task, Tracker};

const SET: &str = "uci-physio-leg";
/// What the same files give altered.
const ALTERED_SET: &str = "uci-physio-leg altered";
/// The three blocks of a session: correct, fast, low amplitude.
const BLOCKS: [(f64, f64); 3] = [(0.0, 100.0), (100.0, 160.0), (160.0, f64::INFINITY)];
/// Ten repetitions take this long at least, s.
const LAST_BLOCK_S: f64 = 20.0;
/// Repetitions of a block, and of a template file.
const REPS: usize = 10;
const TEMPLATE_REPS: usize = 9;
/// Rate at which the authors counted samples, Hz.
const TEMPLATE_RATE_HZ: f64 = 25.0;
/// The leg keeps still in this exercise.
const STILL: &str = "trunk_bend";

/// What came of the sessions so far.
#[derive(Default)]
struct Sessions {
    known: Vec<(usize, (usize, usize))>,
    /// Whose sets they are.
    people: Vec<String>,
    whole: Vec<(usize, (usize, usize))>,
    fast_flagged: usize,
    small_flagged: usize,
    correct_flagged: usize,
    fast_dropped: usize,
    above_fast_s: Vec<f64>,
    above_ratio: Vec<f64>,
}

pub(super) fn judge(files: &[PathBuf], report: &mut Report) {
    let mut all = Sessions::default();
    let mut recorded = Vec::new();
    for path in find::ending(files, "_shank_session.csv") {
        let Some(file) = report.take(files::read(path, None).map_err(Into::into)) else { continue };
        if file.name.contains(STILL) {
            let found = reps(&file, generic_model(), None, BLOCKS[0].0, f64::INFINITY).len();
            report.put(Figure::new(SET, "still_leg_reps", "reps").of(path).at_most(0.0), found as f64, 1);
            recorded.push((file, None));
        } else if let Some(model) = model(&file.name) {
            let ends_s = end_s_of(&file);
            if ends_s < BLOCKS[2].0 + LAST_BLOCK_S {
                report.unlike(path, format!("it ends after {ends_s:.0} s, before its third block is over"));
                continue;
            }
            session(path, &file, model, &mut all, report);
            recorded.push((file, Some(model)));
        }
    }
    say(&all, report);
    templates(files, report);
    otherwise(&recorded, report);
}

/// The sessions and the still legs, altered.
fn otherwise(recorded: &[(ImuFile, Option<ExerciseModel>)], report: &mut Report) {
    if recorded.is_empty() {
        return;
    }
    for (words, how) in ALTERATIONS {
        let (mut known, mut whole, mut still) = (Vec::new(), Vec::new(), 0);
        for (seed, (file, model)) in recorded.iter().enumerate() {
            let seed = seed as u64 + 1;
            let (pace, late_s) = (how.pace(seed), how.late_s(seed));
            let other = altered(file, how, seed);
            let Some(model) = *model else {
                still += reps(&other, generic_model(), None, late_s, f64::INFINITY).len();
                continue;
            };
            let mut total = (0, 0);
            for (block, (from, to)) in BLOCKS.into_iter().enumerate() {
                let mut right = right(&file.name, block);
                total = (total.0 + right.0, total.1 + right.1);
                if how == Alteration::Late {
                    // Those that had begun when it starts are not there.
                    let early = |rep: &&Rep| rep.start.seconds() < from + late_s;
                    let missed = reps(file, model, None, from, to).iter().filter(early).count();
                    right = (right.0 - missed.min(right.0), right.1 - missed.min(right.1));
                }
                known.push((reps(&other, model, None, pace * from + late_s, pace * to).len(), right));
            }
            if how != Alteration::Late {
                whole.push((reps(&other, model, None, 0.0, f64::INFINITY).len(), total));
            }
        }
        let figure = |metric, unit| Figure::new(ALTERED_SET, metric, unit).under(words);
        if !known.is_empty() {
            report.put(figure("known_sets_within_1", "%"), counts(&known, 1).within, known.len());
            report.put(figure("known_sets_exact", "%"), counts(&known, 1).exact, known.len());
        }
        if !whole.is_empty() {
            report.put(figure("whole_sessions_within_2", "%"), counts(&whole, 2).within, whole.len());
            report.put(figure("whole_sessions_mean_abs_error", "reps"), counts(&whole, 2).mean_abs, whole.len());
        }
        let legs = recorded.iter().filter(|(_, model)| model.is_none()).count();
        if legs > 0 {
            report.put(figure("still_leg_reps", "reps"), still as f64, legs);
        }
    }
}

/// The catalogue's model for the exercise the name speaks of.
fn model(name: &str) -> Option<ExerciseModel> {
    let catalogue = talus_coach::Catalogue::embedded().ok()?;
    Some(without_tempo(catalogue.exercise(exercise_of_name(name)?).ok()?.model))
}

/// The repetitions of one task from `from` to `to` seconds.
fn reps(file: &ImuFile, model: ExerciseModel, own_range_deg: Option<f64>, from: f64, to: f64) -> Vec<Rep> {
    let Ok(mut tracker) = Tracker::for_samples(file.rate_hz) else { return Vec::new() };
    let mut found = Vec::new();
    let inside = |at_us: f64| (from..to).contains(&(at_us * 1e-6));
    tracker.begin(Micros::from_seconds(from), Task::Reps(model), own_range_deg);
    let mut last_us = from * 1e6;
    for sample in file.samples.iter().filter(|sample| inside(sample.at_us)) {
        tracker.push_sample(sample, &mut found);
        last_us = sample.at_us;
    }
    tracker.end(Micros(last_us.round() as i64), &mut found);
    found
        .into_iter()
        .filter_map(|movement| if let Movement::RepEnded(rep) = movement { Some(rep) } else { None })
        .collect()
}

/// What is right: ten, or eleven where the protocol's last block has a cut-off eleventh lift, which one exercise has.
fn right(name: &str, block: usize) -> (usize, usize) {
    if block == 2 && name.contains("prone") { (REPS, REPS + 1) } else { (REPS, REPS) }
}

/// Seconds above half the range: the hold, and the halves of lifting and lowering next to it.
fn above_half_s(reps: &[Rep]) -> f64 {
    median(&reps.iter().map(|rep| rep.hold_s + 0.5 * (rep.lift_s + rep.lower_s)).collect::<Vec<_>>())
}

fn session(path: &Path, file: &ImuFile, model: ExerciseModel, all: &mut Sessions, report: &mut Report) {
    let whole = reps(file, model, None, 0.0, f64::INFINITY);
    let middle = |rep: &Rep| 0.5 * (rep.start.seconds() + rep.end.seconds());
    let mut sets = Vec::new();
    let mut total = (0, 0);
    for (block, (from, to)) in BLOCKS.into_iter().enumerate() {
        let (least, most) = right(&file.name, block);
        total = (total.0 + least, total.1 + most);
        let set = reps(file, model, None, from, to);
        report.put(Figure::new(SET, METRICS[block], "reps").of(path), set.len() as f64, 1);
        all.known.push((set.len(), (least, most)));
        all.people.push(file.name.split('_').next().unwrap_or_default().to_owned());
        sets.push(set);
    }
    report.put(Figure::new(SET, "session_reps", "reps").of(path), whole.len() as f64, 1);
    all.whole.push((whole.len(), total));

    // The app knows the person's own range, from before; the correct set stands for it.
    let own = median(&sets[0].iter().filter_map(|rep| rep.range_deg).collect::<Vec<_>>());
    let own = own.is_finite().then_some(own);
    let again = |block: usize| reps(file, model, own, BLOCKS[block].0, BLOCKS[block].1);
    let (correct, fast, small) = (again(0), again(1), again(2));
    let hurried = |rep: &Rep| rep.detectors.iter().any(|d| matches!(d, Detector::NoHold | Detector::Drop));
    let short = |rep: &Rep| !rep.full || rep.detectors.contains(&Detector::ShortRom);
    all.fast_flagged += usize::from(most_of(&fast, hurried));
    all.small_flagged += usize::from(most_of(&small, short));
    all.correct_flagged += usize::from(most_of(&correct, |rep| hurried(rep) || short(rep)));
    all.fast_dropped += usize::from(most_of(&fast, |rep| rep.detectors.contains(&Detector::Drop)));
    let fast_s = above_half_s(&fast);
    all.above_fast_s.push(fast_s);
    all.above_ratio.push(above_half_s(&correct) / fast_s);
    let middle_of_blocks =
        BLOCKS.map(|(from, to)| whole.iter().filter(|rep| (from..to).contains(&middle(rep))).count());
    for (block, found) in middle_of_blocks.into_iter().enumerate() {
        report.put(Figure::new(SET, SESSION_METRICS[block], "reps").of(path), found as f64, 1);
    }
}

const METRICS: [&str; 3] = ["set_reps_correct", "set_reps_fast", "set_reps_low_amplitude"];
const SESSION_METRICS: [&str; 3] = ["session_reps_in_correct", "session_reps_in_fast", "session_reps_in_low_amplitude"];

/// When a recording ends, seconds of its own time.
fn end_s_of(file: &ImuFile) -> f64 {
    file.samples.iter().map(|sample| sample.at_us * 1e-6).fold(f64::NEG_INFINITY, f64::max)
}

/// More than half of the set.
fn most_of(reps: &[Rep], what: impl Fn(&Rep) -> bool) -> bool {
    2 * reps.iter().filter(|rep| what(rep)).count() > reps.len()
}

fn say(all: &Sessions, report: &mut Report) {
    let sessions = all.whole.len();
    if sessions == 0 {
        return;
    }
    let (known, whole) = (counts(&all.known, 1), counts(&all.whole, 2));
    let share = |metric| Figure::new(SET, metric, "%");
    report.put(share("known_sets_within_1").at_least(100.0).peer(97.0), known.within, all.known.len());
    report.put(share("known_sets_exact").at_least(88.0).peer(83.0), known.exact, all.known.len());
    report.put(share("known_sets_exact_worst_person"), worst_person(all), all.known.len());
    report.put(share("whole_sessions_within_2").at_least(100.0), whole.within, sessions);
    report.put(share("whole_sessions_exact").peer(67.0), whole.exact, sessions);
    let error = Figure::new(SET, "whole_sessions_mean_abs_error", "reps").at_most(0.5).peer(0.42);
    report.put(error, whole.mean_abs, sessions);
    // Bars of 11, 10 and 1 in twelve, for however many sessions there are.
    let of = |count: usize| 100.0 * count as f64 / sessions as f64;
    let least = |twelfths: f64| (100.0 * twelfths / 12.0 * 10.0).floor() / 10.0;
    report.put(share("fast_sets_flagged_no_hold_or_drop").at_least(least(11.0)), of(all.fast_flagged), sessions);
    report.put(share("low_amplitude_sets_flagged_short").at_least(least(10.0)), of(all.small_flagged), sessions);
    report.put(share("correct_sets_flagged").at_most(8.4), of(all.correct_flagged), sessions);
    report.put(share("fast_sets_flagged_drop"), of(all.fast_dropped), sessions);
    let seconds = Figure::new(SET, "time_above_half_range_fast", "s").at_most(1.5).peer(1.1);
    report.put(seconds, mean(&all.above_fast_s), sessions);
    let ratio = Figure::new(SET, "time_above_half_range_correct_over_fast", "ratio").at_least(2.2).peer(2.7);
    report.put(ratio, mean(&all.above_ratio), sessions);
}

/// The share of exact sets of the person with the fewest, %: what somebody may meet whom nobody looked at before. Nothing
/// is fitted to a person, so that leaving one out changes no other figure.
fn worst_person(all: &Sessions) -> f64 {
    let people: std::collections::BTreeSet<&String> = all.people.iter().collect();
    let share = |person: &String| {
        let mine = all.known.iter().zip(&all.people).filter(|(_, of)| *of == person).map(|(pair, _)| *pair);
        counts(&mine.collect::<Vec<_>>(), 0).exact
    };
    people.into_iter().map(share).fold(f64::INFINITY, f64::min)
}

/// Borders of the chosen repetitions of one template file, s.
fn borders(path: &Path, name: &str) -> Result<Vec<(f64, f64)>, super::ValidateError> {
    let [starts, ends, subjects, exercises] = tables::words(path, ["start", "end", "subject", "exercise"])?;
    let mut found = Vec::new();
    for (((start, end), subject), exercise) in starts.iter().zip(&ends).zip(&subjects).zip(&exercises) {
        if !exercise.is_empty() && name.contains(exercise.as_str()) && is_of(name, subject) {
            let at = |text: &String| text.parse::<f64>().ok().map(|sample| sample / TEMPLATE_RATE_HZ);
            found.extend(at(start).zip(at(end)).filter(|(start, end)| start < end));
        }
    }
    Ok(found)
}

/// Whether a file of this name is of a subject: `s4_…` of the subject 4, `anna_…` of anna.
fn is_of(name: &str, subject: &str) -> bool {
    let whose = name.split('_').next().unwrap_or_default();
    !subject.is_empty() && (whose == subject || whose.strip_prefix('s').is_some_and(|number| number == subject))
}

fn templates(files: &[PathBuf], report: &mut Report) {
    let (mut overlaps, mut nine, mut judged) = (Vec::new(), 0, 0);
    for path in find::ending(files, "_shank_template.csv") {
        let times = path.with_file_name("template_times.csv");
        if !times.is_file() {
            continue;
        }
        let Some(file) = report.take(files::read(path, None).map_err(Into::into)) else { continue };
        let Some(model) = model(&file.name) else { continue };
        let Some(wanted) = report.take(borders(&times, &file.name)) else { continue };
        if wanted.iter().any(|(_, end_s)| *end_s > end_s_of(&file)) {
            report.unlike(path, "it ends before the last of its repetitions with borders");
            continue;
        }
        let found = reps(&file, model, None, 0.0, f64::INFINITY);
        report.put(Figure::new(SET, "template_reps", "reps").of(path), found.len() as f64, 1);
        judged += 1;
        nine += usize::from(found.len() == TEMPLATE_REPS);
        let best = |wanted: &(f64, f64)| {
            let spans = found.iter().map(|rep| (rep.start.seconds(), rep.end.seconds()));
            spans.map(|span| overlap(*wanted, span)).fold(0.0, f64::max)
        };
        overlaps.extend(wanted.iter().map(best));
    }
    if judged > 0 {
        let share = 100.0 * nine as f64 / judged as f64;
        report.put(Figure::new(SET, "template_files_with_nine_reps", "%").at_least(100.0).peer(91.7), share, judged);
        let iou = Figure::new(SET, "template_overlap_median", "IoU").at_least(0.85).peer(0.82);
        report.put(iou, median(&overlaps), overlaps.len());
    }
}
