//! A session as lines of text: what happens, when it happens. Equal seeds give equal lines.
//!
//! Times are session times; what happens before a session has none.

use crate::domain::{
    CuffLine, Event, LinkState, Micros, NearbyLine, PairedLine, Rep, ReviewReason, SetResult, Side, Stage,
};
use crate::play::{Note, Story};
use crate::sets::{self, SetLine, counted, is_walk};
use crate::table::wrap;
use crate::words::{Words, badge, clock, count, shape};
use std::fmt::Write as _;

/// Strides are told in groups: one line each would drown the rest.
const STRIDES: u32 = 20;

/// Turns notes into lines.
pub(crate) struct Plain<'a> {
    words: &'a Words,
    /// Somebody else's recording is followed: how many sets it holds is known only at its end.
    followed: bool,
    /// Strides since the last line, and the seconds they took, left and right.
    strides: [(u32, u32, f64); 2],
    /// The line of a rest that is told once it is known that something follows it.
    rest: Option<String>,
    /// Cuffs that were lost and have not come back.
    lost: Vec<talus_app::motion::CuffId>,
}

impl<'a> Plain<'a> {
    pub(crate) fn new(words: &'a Words, followed: bool) -> Self {
        Self { words, followed, strides: [(0, 0, 0.0); 2], rest: None, lost: Vec::new() }
    }

    /// The line for a note, if it is worth one. `cuffs` says which cuff sits on which leg.
    pub(crate) fn line(&mut self, note: &Note, name: &dyn Fn(&str) -> String, cuffs: &[CuffLine]) -> Option<String> {
        let words = self.words;
        match note {
            Note::Found(line) => Some(told(None, words.found, &found(line, words))),
            Note::Paired(line) => Some(told(None, words.paired, &paired(line, words))),
            Note::Calibrated { side, range_deg } => {
                let range = words.deg(*range_deg);
                Some(told(None, words.ready, &format!("{}  {} {range}", badge(*side), words.own_range)))
            }
            Note::Event(event) => {
                let line = self.event(event, name, cuffs)?;
                if self.followed && matches!(event, Event::StageChanged { stage: Stage::Rest, .. }) {
                    // After the last set of a recording there is no rest, only its end.
                    self.rest = Some(line);
                    return None;
                }
                Some(match self.rest.take() {
                    Some(rest) => format!("{rest}\n{line}"),
                    None => line,
                })
            }
        }
    }

    fn event(&mut self, event: &Event, name: &dyn Fn(&str) -> String, cuffs: &[CuffLine]) -> Option<String> {
        let words = self.words;
        let worn = |cuff| cuffs.iter().find(|line| line.cuff == cuff).map_or("?", |line| badge(line.side));
        match event {
            Event::StageChanged { at, stage } => {
                let word = match stage {
                    Stage::Rest => words.rest,
                    Stage::Paused => words.paused,
                    _ => return None,
                };
                // German writes its nouns large also within a line.
                let word = if words.code == "de" { word.to_owned() } else { word.to_lowercase() };
                Some(told(Some(*at), &word, ""))
            }
            Event::SetBegan { at, exercise, side, set: (set, sets), .. } => {
                self.strides = [(0, 0, 0.0); 2];
                let [the_set, of] = words.set_of;
                let leg = format!("{} {}", shape(*side), words.leg(*side));
                let mut text = format!("{}, {leg}, {the_set} {set}", name(exercise));
                if !self.followed {
                    let _ = write!(text, " {of} {sets}");
                }
                Some(told(Some(*at), words.set, &text))
            }
            Event::RepEnded { at, seq, rep, .. } => {
                Some(told(Some(*at), &format!("{seq:>8}"), &repetition(rep, words)))
            }
            Event::RepShort { at, rep } => {
                let text = format!("{:<4}  {}", words.deg(rep.range_deg), words.short);
                Some(told(Some(*at), "       –", &text))
            }
            Event::SetEnded { at, result, .. } => Some(told(Some(*at), words.set_done, &outcome(result, words))),
            Event::SetReviewed { at, count, reason: ReviewReason::Person, .. } => {
                Some(told(Some(*at), words.check, &format!("{} {count}", words.corrected)))
            }
            // Nobody corrected it: it is asked for.
            Event::SetReviewed { at, count, reason: ReviewReason::Disagree, .. } => {
                Some(told(Some(*at), words.check, &words.check_count.replacen("{}", &count.to_string(), 1)))
            }
            Event::Strode { at, side, stride } => {
                let (all, group, seconds) = &mut self.strides[usize::from(*side == Side::Right)];
                (*all, *group, *seconds) = (*all + 1, *group + 1, *seconds + stride.stride_s());
                if *group < STRIDES {
                    return None;
                }
                let cadence = words.cadence(Some(120.0 * f64::from(*group) / *seconds));
                let text = format!("{}  {cadence} {}", badge(*side), words.steps_per_min);
                let label = format!("{all:>8}");
                (*group, *seconds) = (0, 0.0);
                Some(told(Some(*at), &label, &text))
            }
            // What stands until somebody goes on is read in full; where the picture says it there is nothing to read.
            Event::Cue(cue) => {
                let text = if cue.stands { cue.text() } else { &cue.short };
                (!text.is_empty()).then(|| told(Some(cue.at), words.cue, text))
            }
            Event::Gapped { at, cuff, gap } => {
                let seconds = words.seconds(gap.end.since(gap.start) as f64 * 1e-6);
                Some(told(Some(*at), words.gap, &format!("{}  {seconds}", worn(*cuff))))
            }
            Event::LinkChanged { at, cuff, state } => {
                let was_lost = self.lost.contains(cuff);
                match state {
                    LinkState::Lost if !was_lost => self.lost.push(*cuff),
                    LinkState::Streaming if was_lost => self.lost.retain(|lost| lost != cuff),
                    LinkState::RadioOff
                    | LinkState::NotAllowed
                    | LinkState::InUseElsewhere
                    | LinkState::BondLost
                    | LinkState::FirmwareTooOld
                    | LinkState::NotFound
                    | LinkState::BatteryLow => {}
                    // On the way to streaming and on the way out: nothing to tell.
                    _ => return None,
                }
                Some(told(Some(*at), words.signal, &format!("{}  {}", worn(*cuff), words.link(*state))))
            }
            // For ears only, told by a cue, and told when everything is over.
            Event::Paced { .. } | Event::Noticed { .. } | Event::Ended { .. } => None,
        }
    }
}

/// Columns for the time and for what kind of line it is.
fn told(at: Option<Micros>, label: &str, text: &str) -> String {
    let at = at.map(|at| clock(at.seconds())).unwrap_or_default();
    format!("{at:>7}  {label:<10}{text}").trim_end().to_owned()
}

/// A cuff nearby: name, side, signal, battery.
pub(crate) fn found(line: &NearbyLine, words: &Words) -> String {
    let mut text = line.name.clone();
    if let Some(side) = line.side {
        let _ = write!(text, ", {}", badge(side));
    }
    if let Some(mass_g) = line.mass_g {
        let _ = write!(text, ", {}", words.mass(mass_g));
    }
    let _ = write!(text, ", {} {}", words.signal, words.strength(line.rssi_dbm));
    if line.battery_percent.is_some() {
        let _ = write!(text, ", {}", words.battery_at(line.battery_percent));
    }
    text
}

/// A cuff that was paired: side, name, weight, battery, firmware.
pub(crate) fn paired(line: &PairedLine, words: &Words) -> String {
    let mut text = format!("{}  {}, {}", badge(line.side), line.name, words.mass(line.mass_g));
    let _ = write!(text, ", {}", words.battery_at(line.battery_percent));
    if !line.firmware.is_empty() {
        let _ = write!(text, ", {} {}", words.firmware, line.firmware);
    }
    text
}

/// Range and tempo of a repetition.
fn repetition(rep: &Rep, words: &Words) -> String {
    let tempo = words.tempo_of(Some([rep.lift_s, rep.hold_s, rep.lower_s]));
    let mut text = format!("{:<4}  {tempo}", words.deg(rep.range_deg));
    if !rep.quality.ok() {
        let _ = write!(text, "  ({})", words.quality(rep.quality));
    }
    text
}

/// What a set came to, in one line.
fn outcome(result: &SetResult, words: &Words) -> String {
    let mut parts = vec![counted(result, false, words)];
    if result.target.is_none() && !is_walk(result) {
        parts[0] = count(result.count, words.rep_count);
        if result.short > 0 {
            parts.push(count(result.short, words.short_count));
        }
    }
    if is_walk(result) {
        parts.push(format!("{} {}", words.cadence(result.cadence_per_min), words.steps_per_min));
    } else {
        parts.push(format!("{} {}", words.range, words.deg(result.range_deg)));
        parts.push(words.tempo_of(result.tempo_s));
    }
    parts.push(words.end(result.end).to_owned());
    if !result.quality.ok() {
        parts.push(format!("{}: {}", words.signal, words.quality(result.quality)));
    }
    parts.join(", ")
}

/// What stands when a session is over: a red flag first, what was done, and who has not looked at what Talus says.
pub(crate) fn summary(story: &Story, name: &dyn Fn(&str) -> String, width: usize, words: &Words) -> Vec<String> {
    let mut lines = vec![String::new()];
    if story.is_flagged() {
        lines.extend(wrap(words.red_flag, width));
        lines.push(String::new());
    }
    lines.extend(done(story, name, width, words));
    lines.push(String::new());
    lines.extend(wrap(words.not_reviewed, width));
    lines
}

/// What was done: its sentence, its sets, what comes next.
pub(crate) fn done(story: &Story, name: &dyn Fn(&str) -> String, width: usize, words: &Words) -> Vec<String> {
    let mut lines = Vec::new();
    let summary = story.summary.as_ref();
    let sentence = summary.map_or(words.summary, |summary| summary.sentence.as_str());
    let sentence = if sentence.is_empty() { words.summary } else { sentence };
    lines.extend(wrap(sentence, width));
    if !story.sets.is_empty() {
        lines.push(String::new());
        let sets: Vec<_> = story
            .sets
            .iter()
            .map(|(set_index, result)| SetLine { set_index: *set_index, result, open: false })
            .collect();
        lines.extend(sets::lines(&sets, name, width, words));
    }
    if let Some(summary) = summary.filter(|summary| !summary.walk.is_empty()) {
        lines.push(String::new());
        lines.extend(summary.walk.iter().flat_map(|line| wrap(line, width)));
    }
    if let Some(summary) = summary.filter(|summary| !summary.next.is_empty()) {
        lines.push(String::new());
        lines.push(format!("{}:", words.next));
        for next in &summary.next {
            let mut parts = wrap(next, width.saturating_sub(2)).into_iter();
            lines.extend(parts.next().map(|first| format!("- {first}")));
            lines.extend(parts.map(|rest| format!("  {rest}")));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;

    fn all(language: &str) -> String {
        let words = Words::of(language);
        let mut plain = Plain::new(words, false);
        let name = examples::name(language);
        let cuffs = examples::cuffs();
        examples::notes(language)
            .iter()
            .filter_map(|note| plain.line(note, &name, &cuffs))
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_whole_session_reads_as_lines_in_english() {
        insta::assert_snapshot!(all("en"));
    }

    #[test]
    fn a_whole_session_reads_as_lines_in_german() {
        insta::assert_snapshot!(all("de"));
    }

    #[test]
    fn a_summary_says_what_was_done_and_what_comes_next_at_every_width() {
        let story = examples::story("en");
        let name = examples::name("en");
        for width in [40, 80] {
            let lines = summary(&story, &name, width, Words::of("en"));
            assert!(
                lines.iter().all(|line| unicode_width::UnicodeWidthStr::width(line.as_str()) <= width),
                "{lines:?}"
            );
        }
        insta::assert_snapshot!(summary(&story, &name, 100, Words::of("en")).join("\n"));
    }

    #[test]
    fn a_red_flag_comes_before_everything_else() {
        let mut story = examples::story("en");
        story.summary.as_mut().unwrap().red_flag = true;
        assert_eq!(
            summary(&story, &examples::name("en"), 80, Words::of("en"))[1],
            "Stop. Sit or lie down. Call for help now."
        );
    }

    #[test]
    fn a_flag_said_here_stands_first_even_where_the_session_was_over() {
        let story = Story { flagged: true, ..examples::story("de") };
        let lines = summary(&story, &examples::name("de"), 80, Words::of("de"));
        assert_eq!(lines[1], "Stopp. Setz oder leg dich hin. Ruf jetzt Hilfe.");
        assert_eq!(lines.last().unwrap(), "Von keiner klinischen Fachperson geprüft.");
    }

    #[test]
    fn a_count_two_counters_disagree_on_is_asked_about_and_not_called_corrected() {
        let said = |language, reason| {
            let event = Event::SetReviewed { at: Micros(0), set_index: 0, count: 50, reason };
            Plain::new(Words::of(language), false).line(&Note::Event(event), &examples::name(language), &[]).unwrap()
        };
        let asked = said("en", ReviewReason::Disagree);
        assert!(asked.ends_with("check     please check the count of 50"), "{asked}");
        assert!(said("en", ReviewReason::Person).ends_with("count corrected to 50"));
        assert_ne!(said("de", ReviewReason::Disagree), said("de", ReviewReason::Person));
    }

    #[test]
    fn a_recording_that_is_over_is_no_rest() {
        let name = examples::name("en");
        let mut plain = Plain::new(Words::of("en"), true);
        let mut tell = |event| plain.line(&Note::Event(event), &name, &[]);
        let rest = |at| Event::StageChanged { at: Micros(at), stage: Stage::Rest };
        let began = |at| Event::SetBegan {
            at: Micros(at),
            set_index: 1,
            exercise: "side_abd".into(),
            side: Side::Left,
            set: (1, 1),
        };
        assert_eq!(tell(rest(1_000_000)), None);
        let lines = tell(began(60_000_000)).unwrap();
        assert!(lines.starts_with("   0:01  rest\n   1:00  set"), "{lines}");
        assert_eq!(tell(rest(90_000_000)), None);
        assert_eq!(tell(Event::StageChanged { at: Micros(91_000_000), stage: Stage::Summary }), None);
    }

    #[test]
    fn a_session_without_sets_says_no_more_than_that_it_is_over() {
        let lines = summary(&Story::default(), &examples::name("en"), 80, Words::of("en"));
        assert_eq!(lines, ["", "Session done", "", "Not reviewed by a clinician."]);
    }
}
