//! [`Cues`]: what is said and when: one at a time, none nagging.

use talus_motion::{Detector, Micros, Rep};

/// How long a cue stands, µs.
const STANDS_US: i64 = 4_000_000;
/// Least time between two tips, µs.
const APART_US: i64 = 8_000_000;
/// How often the same tip is given in a set.
const SAME_MOST: u8 = 2;

#[derive(Debug, Clone, Default)]
pub(super) struct Cues {
    standing: Option<(Micros, String)>,
    /// Tips of this set: key and how often.
    given: Vec<(&'static str, u8)>,
    last_tip: Option<Micros>,
}

impl Cues {
    /// A set begins: tips may be given anew.
    pub(super) fn fresh(&mut self) {
        self.given.clear();
        self.last_tip = None;
    }

    /// Whether this tip may be given now; if so it is taken as given.
    pub(super) fn tip(&mut self, key: &'static str, now: Micros) -> bool {
        let busy = self.standing(now).is_some();
        let close = self.last_tip.is_some_and(|at| now.since(at) < APART_US);
        if busy || close {
            return false;
        }
        match self.given.iter_mut().find(|(given, _)| *given == key) {
            Some((_, times)) if *times >= SAME_MOST => return false,
            Some((_, times)) => *times += 1,
            None => self.given.push((key, 1)),
        }
        self.last_tip = Some(now);
        true
    }

    /// These words stand from now on.
    pub(super) fn stand(&mut self, now: Micros, text: String) {
        self.standing = Some((now.plus(STANDS_US), text));
    }

    /// The words that stand.
    pub(super) fn standing(&self, now: Micros) -> Option<&str> {
        self.standing.as_ref().filter(|(until, _)| now < *until).map(|(_, text)| text.as_str())
    }
}

/// The tip a repetition calls for: how it comes down matters more than how far it goes up.
pub(super) fn tip_for(rep: &Rep) -> Option<&'static str> {
    let has = |detector| rep.detectors.contains(&detector);
    if has(Detector::Drop) || has(Detector::FastLower) {
        Some("cue.lower_slowly")
    } else if has(Detector::ShortRom) || !rep.full {
        Some("cue.further")
    } else if has(Detector::FastLift) {
        Some("cue.lift_slower")
    } else if has(Detector::NoHold) {
        Some("cue.hold_a_moment")
    } else if has(Detector::NoReturn) {
        Some("cue.come_back")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_tip_is_given_at_most_twice_in_a_set_and_eight_seconds_apart() {
        let mut cues = Cues::default();
        let given: Vec<i64> = (0..60).filter(|s| cues.tip("cue.further", Micros(s * 1_000_000))).collect();
        assert_eq!(given, [0, 8]);
        assert!(cues.tip("cue.lower_slowly", Micros(60_000_000)));
        cues.fresh();
        assert!(cues.tip("cue.further", Micros(61_000_000)));
    }

    #[test]
    fn no_tip_is_given_over_words_that_stand() {
        let mut cues = Cues::default();
        cues.stand(Micros(0), "Three to go.".to_owned());
        assert!(!cues.tip("cue.further", Micros(3_999_999)));
        assert_eq!(cues.standing(Micros(3_999_999)), Some("Three to go."));
        assert_eq!(cues.standing(Micros(4_000_000)), None);
        assert!(cues.tip("cue.further", Micros(4_000_000)));
    }
}
