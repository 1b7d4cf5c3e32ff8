//! The balance ladder: ten stances, each a little harder, and which one is next.
//!
//! A rung is passed when it was held twice in a row, without a touch and as steadily as is usual for this person. Nearly
//! losing balance, or touching down twice in one try, puts a hand on the counter for the rest of the day.

use crate::condition::Condition;
use crate::screening::{Screening, Why};
use crate::text::Texts;
use serde::{Deserialize, Serialize};

/// Seconds, or steps where it is walked, that a rung is held.
pub const HELD: u32 = 10;
/// Touches in one try from which on a hand stays on the counter today.
const TOUCHES: u32 = 2;

/// A stance or a way of walking, the easiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// Feet apart.
    Wide,
    /// Feet together.
    Narrow,
    /// One foot half a foot further forward.
    HalfTandem,
    /// One foot right before the other.
    Tandem,
    /// The same, turning the head.
    TandemHeadTurns,
    /// On one leg.
    OneLeg,
    /// On one leg, reaching.
    OneLegReach,
    /// Heel to toe.
    TandemWalk,
    /// Backwards.
    BackwardWalk,
    /// Over something low.
    StepOver,
}

impl Rung {
    /// All of them, in their order.
    pub const ALL: [Self; 10] = [
        Self::Wide,
        Self::Narrow,
        Self::HalfTandem,
        Self::Tandem,
        Self::TandemHeadTurns,
        Self::OneLeg,
        Self::OneLegReach,
        Self::TandemWalk,
        Self::BackwardWalk,
        Self::StepOver,
    ];

    /// The stances of the four-stage test, in its order.
    pub const FOUR: [Self; 4] = [Self::Narrow, Self::HalfTandem, Self::Tandem, Self::OneLeg];

    /// Its place on the ladder, from 1.
    pub fn number(self) -> u8 {
        Self::ALL.iter().position(|rung| *rung == self).map_or(0, |at| at as u8 + 1)
    }

    /// The slug it goes by in text keys.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
            Self::HalfTandem => "half_tandem",
            Self::Tandem => "tandem",
            Self::TandemHeadTurns => "tandem_head_turns",
            Self::OneLeg => "one_leg",
            Self::OneLegReach => "one_leg_reach",
            Self::TandemWalk => "tandem_walk",
            Self::BackwardWalk => "backward_walk",
            Self::StepOver => "step_over",
        }
    }

    /// How it is done, in the words of a language.
    pub fn say(self, texts: &Texts) -> String {
        texts.say(&format!("ladder.{}", self.slug()), &[])
    }

    /// Whether it is walked: its steps are counted by the person, no time is taken.
    pub fn walked(self) -> bool {
        self >= Self::TandemWalk
    }

    fn above(self) -> Option<Self> {
        Self::ALL.into_iter().find(|rung| *rung > self)
    }

    fn below(self) -> Self {
        Self::ALL.into_iter().rev().find(|rung| *rung < self).unwrap_or(self)
    }
}

/// One try at a rung.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// Local calendar day, days since 1 January 1970.
    pub day: i64,
    /// Which rung.
    pub rung: Rung,
    /// Seconds held, or steps done.
    pub held: u32,
    /// Times the foot came down or a hand was needed.
    pub touches: u32,
    /// Whether it wobbled more than is usual for this person; not where that was not measured or the usual is not known.
    #[serde(default)]
    pub wobbled: bool,
    /// Whether balance was nearly lost, as the person says.
    pub near_fall: bool,
}

impl Tried {
    fn passed(&self) -> bool {
        self.held >= HELD && self.touches == 0 && !self.wobbled && !self.near_fall
    }
}

/// What is next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Which rung.
    pub rung: Rung,
    /// Whether a hand stays on the counter for the rest of today.
    pub hold_on: bool,
    /// Why.
    pub why: Step,
}

/// Why a rung is next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The first.
    First,
    /// Once more.
    Again,
    /// It was held twice.
    Up,
    /// It was not, on two days.
    Down,
    /// Balance was nearly lost, or a hand was needed twice.
    HoldOn,
    /// The highest that is open to this person.
    Top,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::First, Self::Again, Self::Up, Self::Down, Self::HoldOn, Self::Top];

    /// In the words of a language.
    pub fn say(self, texts: &Texts) -> String {
        let key = match self {
            Self::First => "first",
            Self::Again => "again",
            Self::Up => "up",
            Self::Down => "down",
            Self::HoldOn => "hold_on",
            Self::Top => "top",
        };
        texts.say(&format!("ladder.why.{key}"), &[])
    }
}

/// The highest rung open to somebody: on both feet after falls, in dizziness, and where nobody and no phone is in reach.
pub fn highest(screening: &Screening) -> Rung {
    let unsteady = [Condition::Falls, Condition::Dizziness];
    if screening.conditions().iter().any(|condition| unsteady.contains(condition)) {
        Rung::Tandem
    } else if screening.no_weight_walking().contains(&Why::Alone) {
        Rung::TandemHeadTurns
    } else {
        Rung::StepOver
    }
}

/// Why the rungs above [`highest`] are not open; empty where all of them are.
pub fn why_no_higher(screening: &Screening) -> Vec<Why> {
    let unsteady = [Condition::Falls, Condition::Dizziness].into_iter();
    let unsteady = unsteady.filter(|one| screening.conditions().contains(one)).map(Why::Condition);
    unsteady.chain(screening.no_weight_walking().contains(&Why::Alone).then_some(Why::Alone)).collect()
}

/// Whether a rung was passed: held twice in a row, later than a day.
pub fn passed_since(tries: &[Tried], rung: Rung, day: i64) -> bool {
    let here: Vec<&Tried> = tries.iter().filter(|one| one.rung == rung && one.day > day).collect();
    here.windows(2).any(|pair| pair.iter().all(|one| one.passed()))
}

/// Which rung is next, from the tries so far in their order.
pub fn next_rung(tries: &[Tried], screening: &Screening, today: i64) -> Next {
    let top = highest(screening);
    let shaky = |one: &Tried| one.near_fall || one.touches >= TOUCHES;
    let hold_on = tries.iter().any(|one| one.day == today && shaky(one));
    let at = |rung: Rung, why| Next { rung: rung.min(top), hold_on, why };
    let Some(last) = tries.last() else { return at(Rung::Wide, Step::First) };
    if last.near_fall {
        return at(last.rung.below(), Step::HoldOn);
    }
    if hold_on {
        // Nothing harder today, however well the next try goes.
        let easiest = tries.iter().filter(|one| one.day == today && shaky(one)).map(|one| one.rung).min();
        return at(easiest.map_or(last.rung, |rung| rung.min(last.rung)), Step::HoldOn);
    }
    let mut here = tries.iter().rev().take_while(|one| one.rung == last.rung);
    let (newest, before) = (here.next(), here.next());
    if newest.zip(before).is_some_and(|(a, b)| a.passed() && b.passed()) {
        return match last.rung.above().filter(|above| *above <= top) {
            Some(above) => at(above, Step::Up),
            None => at(last.rung, Step::Top),
        };
    }
    let half = |one: &Tried| one.held < HELD / 2;
    if newest.zip(before).is_some_and(|(a, b)| half(a) && half(b) && a.day != b.day) {
        return at(last.rung.below(), Step::Down);
    }
    at(last.rung, Step::Again)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::person::{Body, Level, Person};
    use crate::screening::{Answers, Question, Reply, Stance};
    use crate::text::LANGUAGES;

    fn screened(named: &[Condition], reach: Reply) -> Screening {
        let catalogue = Catalogue::embedded().unwrap();
        let person = Person::new(70, Body::new(170.0, 70.0).unwrap(), Level::Beginner).unwrap();
        let reply = |q| match q {
            Question::FloorAlone => Reply::Yes,
            Question::Reach => reach,
            _ => Reply::No,
        };
        let answers = Answers {
            replies: Question::ALL.into_iter().map(|q| (q, reply(q))).collect(),
            named: named.iter().copied().collect(),
            ..Answers::default()
        };
        Screening::new(&person, &answers, Stance::default(), catalogue.rules()).unwrap()
    }

    fn tried(day: i64, rung: Rung, held: u32) -> Tried {
        Tried { day, rung, held, touches: 0, wobbled: false, near_fall: false }
    }

    #[test]
    fn a_rung_is_passed_when_it_was_held_twice_in_a_row_and_steadily() {
        let who = screened(&[], Reply::Yes);
        let next = |tries: &[Tried]| next_rung(tries, &who, 9);
        assert_eq!(next(&[]), Next { rung: Rung::Wide, hold_on: false, why: Step::First });
        let good = tried(9, Rung::Tandem, 10);
        assert_eq!((next(&[good]).rung, next(&[good, good]).rung), (Rung::Tandem, Rung::TandemHeadTurns));
        for poor in [Tried { held: 9, ..good }, Tried { touches: 1, ..good }, Tried { wobbled: true, ..good }] {
            assert_eq!(next(&[good, poor]), Next { rung: Rung::Tandem, hold_on: false, why: Step::Again });
            assert_eq!(next(&[poor, good]).why, Step::Again);
        }
        let short = |day| tried(day, Rung::Tandem, 4);
        assert_eq!(
            (next(&[short(7), short(9)]).rung, next(&[short(9), short(9)]).rung),
            (Rung::HalfTandem, Rung::Tandem)
        );
        let last = tried(9, Rung::StepOver, 10);
        assert_eq!(next(&[last, last]).why, Step::Top);
    }

    #[test]
    fn nearly_losing_balance_puts_a_hand_on_the_counter_for_the_day() {
        let who = screened(&[], Reply::Yes);
        let near = Tried { near_fall: true, ..tried(9, Rung::OneLeg, 3) };
        assert_eq!(next_rung(&[near], &who, 9), Next { rung: Rung::TandemHeadTurns, hold_on: true, why: Step::HoldOn });
        let good = tried(9, Rung::TandemHeadTurns, 10);
        let after = next_rung(&[near, good, good], &who, 9);
        assert!(after.hold_on && after.rung == Rung::TandemHeadTurns, "nothing harder today: {after:?}");
        assert_eq!(next_rung(&[near, good, good], &who, 10).rung, Rung::OneLeg);
        let twice = Tried { touches: 2, ..tried(9, Rung::OneLeg, 10) };
        assert_eq!(next_rung(&[twice], &who, 9), Next { rung: Rung::OneLeg, hold_on: true, why: Step::HoldOn });
    }

    #[test]
    fn whoever_has_fallen_or_is_out_of_reach_stays_on_both_feet() {
        let good = tried(9, Rung::Tandem, 10);
        for (named, reach, top) in [
            (&[Condition::Falls][..], Reply::Yes, Rung::Tandem),
            (&[Condition::Dizziness], Reply::Yes, Rung::Tandem),
            (&[], Reply::No, Rung::TandemHeadTurns),
            (&[], Reply::NotSure, Rung::TandemHeadTurns),
        ] {
            let who = screened(named, reach);
            let mut tries = vec![good];
            for _ in 0..30 {
                let next = next_rung(&tries, &who, 9);
                assert!(next.rung <= top, "{named:?}: {next:?}");
                tries.push(Tried { rung: next.rung, ..good });
            }
            // What was open before and no longer is comes down at once.
            assert_eq!(next_rung(&[tried(9, Rung::StepOver, 10)], &who, 9).rung, top);
        }
    }

    #[test]
    fn every_rung_and_reason_has_words() {
        for language in LANGUAGES {
            let texts = Texts::of(language);
            let said = Rung::ALL.map(|rung| rung.say(&texts)).into_iter().chain(Step::ALL.map(|why| why.say(&texts)));
            for line in said {
                assert!(line.ends_with('.') && !line.starts_with("ladder."), "{language}: {line}");
            }
        }
    }
}
