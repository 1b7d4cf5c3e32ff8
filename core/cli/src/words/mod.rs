//! Words and numbers of this shell: its own chrome in English and German, and how measures read.
//!
//! What is said about a movement (cues, names, summaries) comes rendered from the core; here are labels, hints and
//! states. [`Words`] is the most important item. An unknown measure reads `–`, never zero; a minus is a true minus.
//! Spaces before units are plain ones, so that `grep '1.5 kg'` finds what the eye sees.

mod by_hand;
mod cuffs;
mod de;
mod en;
mod keeping;
mod own;
mod person;

pub(crate) use by_hand::ByHandWords;
pub(crate) use cuffs::CuffWords;
pub(crate) use keeping::KeepingWords;
pub(crate) use own::{OwnWords, fill};
pub(crate) use person::PersonWords;

use crate::domain::{LinkState, Phase, Quality, Reason, SetEnd, Side};
use talus_app::coach::MassUnit;
use talus_app::files::FileNote;
use talus_app::scene::BATTERY_LOW_PERCENT;

/// What stands where nothing was measured.
pub(crate) const UNKNOWN: &str = "–";

/// One language's chrome. Every field is set in both languages, which the compiler checks.
pub(crate) struct Words {
    pub(crate) code: &'static str,
    /// Whether weights are told in pounds.
    pub(crate) pounds: bool,
    pub(crate) decimal: char,
    // sides
    pub(crate) left_leg: &'static str,
    pub(crate) right_leg: &'static str,
    pub(crate) left: &'static str,
    pub(crate) right: &'static str,
    pub(crate) no_weight: &'static str,
    // pairing and calibration
    pub(crate) near_you: &'static str,
    pub(crate) looking: &'static str,
    pub(crate) pairing: &'static str,
    pub(crate) calibrating: &'static str,
    pub(crate) found: &'static str,
    pub(crate) paired: &'static str,
    pub(crate) ready: &'static str,
    pub(crate) samples_arrive: &'static str,
    pub(crate) connecting: &'static str,
    pub(crate) own_range: &'static str,
    pub(crate) signal: &'static str,
    pub(crate) signals: [&'static str; 3],
    pub(crate) battery: &'static str,
    pub(crate) low: &'static str,
    pub(crate) firmware: &'static str,
    // a session
    pub(crate) demo: &'static str,
    pub(crate) set: &'static str,
    pub(crate) set_of: [&'static str; 2],
    pub(crate) of: &'static str,
    pub(crate) phases: [&'static str; 4],
    pub(crate) tempo: [&'static str; 3],
    pub(crate) get_ready: &'static str,
    pub(crate) paused: &'static str,
    pub(crate) rest: &'static str,
    pub(crate) preflight: &'static str,
    pub(crate) preflight_ask: &'static str,
    pub(crate) review: &'static str,
    pub(crate) reserve_ask: &'static str,
    pub(crate) pain_ask: &'static str,
    pub(crate) flag_ask: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) target: &'static str,
    pub(crate) now: &'static str,
    pub(crate) not_measured: &'static str,
    pub(crate) not_measured_now: &'static str,
    pub(crate) steps_per_min: &'static str,
    pub(crate) up_next: &'static str,
    pub(crate) safe_to: &'static str,
    pub(crate) lost_share: &'static str,
    pub(crate) no_loss: &'static str,
    pub(crate) too_small: &'static str,
    pub(crate) short: &'static str,
    pub(crate) range: &'static str,
    pub(crate) cue: &'static str,
    pub(crate) gap: &'static str,
    pub(crate) corrected: &'static str,
    pub(crate) check_count: &'static str,
    pub(crate) check: &'static str,
    pub(crate) next: &'static str,
    pub(crate) played: &'static str,
    pub(crate) red_flag: &'static str,
    pub(crate) not_reviewed: &'static str,
    pub(crate) set_done: &'static str,
    pub(crate) session_safe: &'static str,
    pub(crate) nothing_recorded: &'static str,
    pub(crate) demo_head: &'static str,
    pub(crate) none_near: &'static str,
    pub(crate) nothing_found: &'static str,
    pub(crate) note: &'static str,
    pub(crate) looking_for: &'static str,
    // keys
    pub(crate) key_pause: &'static str,
    pub(crate) key_go_on: &'static str,
    pub(crate) key_speed: &'static str,
    pub(crate) key_leave: &'static str,
    pub(crate) key_quit: &'static str,
    pub(crate) key_end_set: &'static str,
    pub(crate) key_pain: &'static str,
    pub(crate) key_count: &'static str,
    pub(crate) key_longer: &'static str,
    pub(crate) key_history: &'static str,
    pub(crate) key_cancel: &'static str,
    pub(crate) key_answer: &'static str,
    pub(crate) key_stop: &'static str,
    pub(crate) key_skip: &'static str,
    pub(crate) key_undo: &'static str,
    pub(crate) key_swap: &'static str,
    pub(crate) key_weight: &'static str,
    pub(crate) key_by_hand: &'static str,
    pub(crate) key_flag: &'static str,
    /// Said to a question with its own key, because `y` is not every language's.
    pub(crate) key_yes: [&'static str; 2],
    // states
    pub(crate) links: [&'static str; 13],
    pub(crate) reasons: [&'static str; 12],
    pub(crate) good: &'static str,
    pub(crate) ends: [&'static str; 7],
    // looking back
    pub(crate) kinds: [&'static str; 3],
    pub(crate) columns: Columns,
    pub(crate) rep_count: [&'static str; 2],
    pub(crate) stride_count: [&'static str; 2],
    pub(crate) set_count: [&'static str; 2],
    pub(crate) session_count: [&'static str; 2],
    pub(crate) short_count: [&'static str; 2],
    pub(crate) unfinished: &'static str,
    pub(crate) resume_with: &'static str,
    pub(crate) no_sessions: &'static str,
    pub(crate) no_sessions_of: &'static str,
    pub(crate) demo_is_apart: &'static str,
    pub(crate) raw_incomplete: &'static str,
    pub(crate) replay_incomplete: &'static str,
    pub(crate) raw_absent: &'static str,
    pub(crate) range_per_set: &'static str,
    pub(crate) weeks: &'static str,
    pub(crate) weekdays: &'static str,
    pub(crate) bests: &'static str,
    pub(crate) best_of: [&'static str; 4],
    pub(crate) between_legs: &'static str,
    pub(crate) by_hand: [&'static str; 2],
    pub(crate) note_is: &'static str,
    pub(crate) reps_per_session: &'static str,
    pub(crate) strides_per_session: &'static str,
    pub(crate) last: &'static str,
    pub(crate) over: &'static str,
    pub(crate) latest_of: [&'static str; 2],
    pub(crate) in_reserve: &'static str,
    pub(crate) pain_was: &'static str,
    pub(crate) not_for_progress: &'static str,
    pub(crate) open_set: &'static str,
    pub(crate) source: &'static str,
    pub(crate) input_count: [&'static str; 2],
    pub(crate) replay_same: &'static str,
    pub(crate) replay_differs: &'static str,
    pub(crate) replay_alone: &'static str,
    pub(crate) checksum: &'static str,
    pub(crate) rescore_none: &'static str,
    pub(crate) rescore_same: &'static str,
    pub(crate) rescore_with: &'static str,
    pub(crate) rescore_done: &'static str,
    pub(crate) rescore_new_set: &'static str,
    pub(crate) rescore_no_set: &'static str,
    pub(crate) rescore_rows: &'static str,
    pub(crate) stride_time: &'static str,
    pub(crate) swing: &'static str,
}

/// Heads of table columns.
#[derive(Clone, Copy)]
pub(crate) struct Columns {
    pub(crate) date: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) minutes: &'static str,
    pub(crate) sets: &'static str,
    pub(crate) reps: &'static str,
    pub(crate) strides: &'static str,
    pub(crate) exercises: &'static str,
    pub(crate) set: &'static str,
    pub(crate) exercise: &'static str,
    pub(crate) side: &'static str,
    pub(crate) weight: &'static str,
    pub(crate) count: &'static str,
    pub(crate) range: &'static str,
    pub(crate) tempo: &'static str,
    pub(crate) peak: &'static str,
    pub(crate) quality: &'static str,
    pub(crate) rep: &'static str,
    pub(crate) at: &'static str,
    pub(crate) session: &'static str,
    pub(crate) week: &'static str,
    pub(crate) planned: &'static str,
    pub(crate) torque: &'static str,
    pub(crate) form: &'static str,
    pub(crate) pain: &'static str,
}

impl Words {
    /// The chrome for a language tag: German for `de…`, English for every other.
    pub(crate) fn of(language: &str) -> &'static Self {
        let first = language.split(['-', '_', '.']).next().unwrap_or_default();
        match (first.eq_ignore_ascii_case("de"), language.ends_with("-u-ms-ussystem")) {
            (true, false) => &de::WORDS,
            (true, true) => &de::IN_POUNDS,
            (false, false) => &en::WORDS,
            (false, true) => &en::IN_POUNDS,
        }
    }

    /// `value` with `places` decimals, the language's decimal mark and a true minus; [`UNKNOWN`] for what is no number.
    pub(crate) fn number(&self, value: f64, places: usize) -> String {
        if !value.is_finite() {
            return UNKNOWN.to_owned();
        }
        let text = format!("{value:.places$}");
        // "-0" would say a direction that was not measured.
        let text = match text.strip_prefix('-') {
            Some(zero) if zero.chars().all(|c| matches!(c, '0' | '.')) => zero.to_owned(),
            Some(rest) => format!("−{rest}"),
            None => text,
        };
        text.replace('.', self.decimal.encode_utf8(&mut [0; 4]))
    }

    /// A weight: kilograms with as many decimals as it needs, at most two, or pounds where those were asked for.
    pub(crate) fn mass(&self, mass_g: u32) -> String {
        if mass_g == 0 {
            return self.no_weight.to_owned();
        }
        let pounds = MassUnit::pounds(mass_g);
        // What is too little for half a pound is told as if nobody had asked for pounds.
        if self.pounds && pounds > 0.0 {
            let text = self.number(pounds, 1);
            return format!("{} lb", text.trim_end_matches('0').trim_end_matches(self.decimal));
        }
        let text = self.number(f64::from(mass_g) / 1000.0, 2);
        let text = text.trim_end_matches('0').trim_end_matches(self.decimal);
        if text == "0" { format!("{mass_g} g") } else { format!("{text} kg") }
    }

    /// An angle in whole degrees.
    pub(crate) fn deg(&self, angle_deg: Option<f64>) -> String {
        match angle_deg {
            Some(angle) if angle.is_finite() => format!("{}°", self.number(angle, 0)),
            _ => UNKNOWN.to_owned(),
        }
    }

    /// An angular rate in whole degrees per second.
    pub(crate) fn rate(&self, deg_per_s: Option<f64>) -> String {
        match deg_per_s {
            Some(rate) if rate.is_finite() => format!("{}°/s", self.number(rate, 0)),
            _ => UNKNOWN.to_owned(),
        }
    }

    /// Seconds with one decimal, for tables.
    pub(crate) fn seconds(&self, seconds: f64) -> String {
        if seconds.is_finite() { format!("{} s", self.number(seconds, 1)) } else { UNKNOWN.to_owned() }
    }

    /// Seconds of lift, hold and lower where the head says what they are.
    pub(crate) fn tempo_in_table(&self, tempo_s: Option<[f64; 3]>) -> String {
        self.tempo_of(tempo_s).trim_end_matches(" s").to_owned()
    }

    /// Seconds of lift, hold and lower.
    pub(crate) fn tempo_of(&self, tempo_s: Option<[f64; 3]>) -> String {
        match tempo_s {
            Some(parts) if parts.iter().all(|part| part.is_finite()) => {
                format!("{} s", parts.map(|part| self.number(part, 1)).join(" · "))
            }
            _ => UNKNOWN.to_owned(),
        }
    }

    /// Whole per cent; [`UNKNOWN`] when not known.
    pub(crate) fn percent(percent: Option<u8>) -> String {
        percent.map_or_else(|| UNKNOWN.to_owned(), |percent| format!("{percent} %"))
    }

    /// A cuff's battery, and the word where it is low.
    pub(crate) fn battery_at(&self, percent: Option<u8>) -> String {
        let said = format!("{} {}", self.battery, Self::percent(percent));
        let low = percent.is_some_and(|percent| percent <= BATTERY_LOW_PERCENT);
        if low { format!("{said} {}", self.low) } else { said }
    }

    /// Steps per minute.
    pub(crate) fn cadence(&self, per_min: Option<f64>) -> String {
        per_min.map_or_else(|| UNKNOWN.to_owned(), |value| self.number(value, 0))
    }

    /// The share of samples that were lost, in words.
    pub(crate) fn loss(&self, share: f64) -> String {
        if !share.is_finite() {
            return format!("{UNKNOWN} {}", self.lost_share);
        }
        let percent = share * 100.0;
        if percent < 0.05 {
            return self.no_loss.to_owned();
        }
        format!("{} % {}", self.number(percent, usize::from(percent < 9.95)), self.lost_share)
    }

    /// The leg, in words.
    pub(crate) fn leg(&self, side: Side) -> &'static str {
        match side {
            Side::Left => self.left_leg,
            Side::Right => self.right_leg,
        }
    }

    /// The side alone, in a word.
    pub(crate) fn side(&self, side: Side) -> &'static str {
        match side {
            Side::Left => self.left,
            Side::Right => self.right,
        }
    }

    /// The phase of a repetition with its sign.
    pub(crate) fn phase(&self, phase: Phase) -> &'static str {
        match phase {
            Phase::Rest => self.phases[0],
            Phase::Lift => self.phases[1],
            Phase::Hold => self.phases[2],
            Phase::Lower => self.phases[3],
        }
    }

    /// The way to a cuff, in words.
    pub(crate) fn link(&self, link: LinkState) -> &'static str {
        match link {
            LinkState::RadioOff => self.links[0],
            LinkState::NotAllowed => self.links[1],
            LinkState::Searching => self.links[2],
            LinkState::Connecting => self.links[3],
            LinkState::Preparing => self.links[4],
            LinkState::Streaming => self.links[5],
            LinkState::Lost => self.links[6],
            LinkState::InUseElsewhere => self.links[7],
            LinkState::BondLost => self.links[8],
            LinkState::FirmwareTooOld => self.links[9],
            LinkState::Closed => self.links[10],
            LinkState::NotFound => self.links[11],
            LinkState::BatteryLow => self.links[12],
        }
    }

    /// What speaks against a measure, in words; "good" when nothing does.
    pub(crate) fn quality(&self, quality: Quality) -> String {
        if quality.ok() {
            return self.good.to_owned();
        }
        let words: Vec<_> = quality.reasons().map(|reason| self.reason(reason)).collect();
        // Bits a newer engine may know and this shell does not still say that something is wrong.
        if words.is_empty() { self.check.to_owned() } else { words.join(", ") }
    }

    fn reason(&self, reason: Reason) -> &'static str {
        self.reasons.get(reason as usize).copied().unwrap_or(self.check)
    }

    /// How a set ended.
    pub(crate) fn end(&self, end: SetEnd) -> &'static str {
        match end {
            SetEnd::Target => self.ends[0],
            SetEnd::Rested => self.ends[1],
            SetEnd::Person => self.ends[2],
            SetEnd::Pain => self.ends[3],
            SetEnd::Stopped => self.ends[4],
            SetEnd::StreamEnded => self.ends[5],
            SetEnd::Rule => self.ends[6],
        }
    }

    /// How strong a cuff is heard; thresholds only choose a word, nothing is decided by them.
    pub(crate) fn strength(&self, rssi_dbm: Option<i16>) -> &'static str {
        match rssi_dbm {
            None => UNKNOWN,
            Some(-65..) => self.signals[0],
            Some(-80..=-66) => self.signals[1],
            Some(_) => self.signals[2],
        }
    }
}

/// A number with its word: the first for one, the second for every other.
pub(crate) fn count(number: u32, [one, other]: [&str; 2]) -> String {
    format!("{number} {}", if number == 1 { one } else { other })
}

/// `text` with its first letter large.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// What was found in a file, as a line.
pub(crate) fn file_note(file: &str, note: &FileNote, words: &Words) -> String {
    format!("{}: {file}: {}", words.note, note.told(words.code))
}

/// The shape that stands for a side wherever colour could be missed.
pub(crate) fn shape(side: Side) -> char {
    match side {
        Side::Left => '●',
        Side::Right => '◆',
    }
}

/// Shape and letter of a side: the same letters in both languages (links, rechts).
pub(crate) fn badge(side: Side) -> &'static str {
    match side {
        Side::Left => "● L",
        Side::Right => "◆ R",
    }
}

/// Seconds as `2:05` or `1:02:05`; [`UNKNOWN`] for what is no time.
pub(crate) fn clock(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return UNKNOWN.to_owned();
    }
    let whole = seconds as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_the_language_writes_them_and_never_as_a_false_zero() {
        let (en, de) = (Words::of("en"), Words::of("de-AT"));
        assert_eq!((en.mass(1500), de.mass(1500)), ("1.5 kg".into(), "1,5 kg".into()));
        assert_eq!(
            (en.mass(750), en.mass(2000), en.mass(4), en.mass(10_000)),
            ("0.75 kg".into(), "2 kg".into(), "4 g".into(), "10 kg".into())
        );
        assert_eq!((en.mass(0), de.mass(0)), ("no weight".into(), "kein Gewicht".into()));
        assert_eq!(en.number(-0.2, 0), "0");
        assert_eq!(de.number(-2.5, 1), "−2,5");
        for unknown in [
            en.deg(None),
            en.deg(Some(f64::NAN)),
            en.rate(None),
            en.tempo_of(None),
            en.seconds(f64::INFINITY),
            Words::percent(None),
            en.cadence(None),
            clock(f64::NAN),
        ] {
            assert_eq!(unknown, UNKNOWN);
        }
        assert_eq!(en.tempo_of(Some([2.04, 1.0, 2.96])), "2.0 · 1.0 · 3.0 s");
    }

    #[test]
    fn loss_is_said_with_no_more_digits_than_it_needs() {
        let en = Words::of("en");
        assert_eq!([en.loss(0.0), en.loss(0.0021), en.loss(0.12)], ["no loss", "0.2 % lost", "12 % lost"]);
    }

    #[test]
    fn every_reason_and_every_link_has_a_word_of_its_own() {
        for words in [Words::of("en"), Words::of("de")] {
            for (index, reason) in Reason::ALL.into_iter().enumerate() {
                assert_eq!(words.quality(Quality::because(reason)), words.reasons[index]);
            }
            for list in [&words.links[..], &words.reasons[..], &words.ends[..], &words.phases[..]] {
                let distinct: std::collections::BTreeSet<_> = list.iter().collect();
                assert_eq!(distinct.len(), list.len(), "{list:?}");
            }
            assert_eq!(words.quality(Quality::GOOD), words.good);
            assert_eq!(words.quality(Quality(1 << 15)), words.check);
        }
    }

    #[test]
    fn times_of_an_hour_and_more_show_the_hour() {
        assert_eq!([clock(0.0), clock(125.9), clock(3725.0)], ["0:00", "2:05", "1:02:05"]);
    }

    #[test]
    fn one_is_one_and_the_rest_are_many() {
        let en = Words::of("en");
        assert_eq!(
            [count(0, en.rep_count), count(1, en.rep_count), count(2, en.rep_count)],
            ["0 reps", "1 rep", "2 reps"]
        );
    }
}
