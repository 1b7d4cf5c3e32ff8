//! What the result of a test says: which try counts, what is usual at an age, and whether it changed by more than its
//! error. No result is a diagnosis or a forecast; what is flagged is worth showing to a professional, and no more.

use crate::catalogue::{Better, FunctionTest, Of, Protocol, ProtocolKind, ResultOf, Support, Unit, Whose};
use crate::ladder::{HELD, Rung};
use crate::plan::TestAsked;
use crate::review::Change;
use crate::session::io::Tested;
use crate::text::{Arg, Texts};

/// Two measurements of the same thing differ by less than this many standard errors in 95 of 100 pairs: 1.96 times the
/// square root of two.
const PAIR_95: f64 = 2.772;
/// Student's t for 95 of 100, two-sided, from two degrees of freedom on; the last is taken for all that are more.
const T_95: [f64; 11] = [4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179];
/// Fewest own results that say how far they scatter.
const OWN_LEAST: usize = 4;

/// A result against what is usual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Whether it is worth showing to a professional.
    pub flagged: bool,
    /// What is usual at that age, in the unit of the result; the women's and men's as a range where sex is not said.
    pub usual: Option<(f64, f64)>,
}

impl Protocol {
    /// The instructions in their order: what keeps it safe first.
    pub fn lines(&self, texts: &Texts) -> Vec<String> {
        let support = texts.say(&format!("protocol.support.{}", self.support.slug()), &[]);
        let steps = (1..=self.steps).map(|n| texts.say(&format!("protocol.{}.step_{n}", self.id), &[]));
        std::iter::once(support).chain(steps).collect()
    }

    /// The result of some tries; `None` where nothing was measured or nothing comes out. A try that was not measured is
    /// left out of a best; a mean needs every try, because the better ones alone would flatter it.
    pub fn result_of(&self, tries: &[Option<f64>]) -> Option<f64> {
        let ResultOf { better, of, .. } = self.result?;
        let good = |value: &f64| value.is_finite() && *value >= 0.0;
        let known: Vec<f64> = tries.iter().flatten().copied().filter(good).collect();
        if known.is_empty() {
            return None;
        }
        match (of, better) {
            (Of::Mean, _) if known.len() < tries.len() => None,
            (Of::Mean, _) => Some(known.iter().sum::<f64>() / known.len() as f64),
            (Of::Best, Better::More) => known.into_iter().reduce(f64::max),
            (Of::Best, Better::Less) => known.into_iter().reduce(f64::min),
        }
    }

    /// Whether it is the balance ladder, whose result is a rung.
    pub fn is_ladder(&self) -> bool {
        self.test.is_none() && self.kind == ProtocolKind::Balance
    }

    /// Whether a try of it is a stance, whose sway is measured.
    pub fn stands(&self) -> bool {
        self.is_ladder() || self.test == Some(FunctionTest::FourStage)
    }

    /// The stance of a try, by its number from 1; `None` where a try is none.
    pub fn stance(&self, asked: &TestAsked, number: u8) -> Option<Rung> {
        match self.test {
            Some(FunctionTest::FourStage) => Rung::FOUR.get(usize::from(number.max(1)) - 1).copied(),
            Some(_) => None,
            None => Some(asked.rung),
        }
    }

    /// What keeps a try safe: whoever is to hold on has a hand on the counter that is otherwise in reach.
    pub fn support_of(&self, asked: &TestAsked) -> Support {
        match self.support {
            Support::CounterInReach if asked.hold_on => Support::HandOnCounter,
            support => support,
        }
    }

    /// Whether its result is a count of what the cuff sees one by one.
    pub fn counts(&self) -> bool {
        matches!(self.test, Some(FunctionTest::ChairStand30s | FunctionTest::HeelRises))
    }

    /// The result of what was done of it in a session: the best or the mean of its tries, the stances that were held, or
    /// the rung that was passed; `None` where it was not measured.
    pub fn value_of(&self, tested: &Tested) -> Option<f64> {
        let values: Vec<Option<f64>> = tested.tries.iter().map(|one| one.value).collect();
        match (tested.rung, self.test) {
            (Some(rung), _) => {
                let whole = tested.tries.len() >= usize::from(self.trials)
                    && tested.tries.iter().all(|one| one.held() && !one.wobbled);
                Some(f64::from(rung.number() - u8::from(!whole)))
            }
            (None, Some(FunctionTest::FourStage)) => self.stances_of(&values),
            _ => self.result_of(&values),
        }
    }

    /// Stances that were held for their time, easiest first, until the first that was not.
    pub fn stances_of(&self, held_s: &[Option<f64>]) -> Option<f64> {
        let held = held_s.iter().take_while(|held| held.is_some_and(|held_s| held_s >= f64::from(HELD))).count();
        held_s.iter().all(Option::is_some).then_some(held as f64)
    }

    /// A result against what is usual for an age, and for women or men where that is said; `None` where nothing is known
    /// for that age. Where sex is not said, only what is flagged for both is flagged.
    pub fn standing(&self, value: f64, age: u8, whose: Option<Whose>) -> Option<Standing> {
        let result = self.result?;
        let at = |ages: (u8, u8)| (ages.0..=ages.1).contains(&age);
        let theirs = |row: Option<Whose>| row.is_none() || whose.is_none() || row == whose;
        let flags: Vec<bool> = self
            .flag
            .iter()
            .filter(|flag| at(flag.ages) && theirs(flag.whose))
            .map(|flag| flag.below.is_some_and(|least| value < least) || flag.from.is_some_and(|from| value >= from))
            .collect();
        let means = self.usual.iter().filter(|usual| at(usual.ages) && theirs(usual.whose)).map(|usual| usual.mean);
        let usual = means.fold(None, |range: Option<(f64, f64)>, mean| {
            Some(range.map_or((mean, mean), |(low, high)| (low.min(mean), high.max(mean))))
        });
        let known = value.is_finite() && (!flags.is_empty() || usual.is_some());
        // A degree or a rung of a ladder has no age.
        (known && result.unit != Unit::Degrees)
            .then(|| Standing { flagged: !flags.is_empty() && flags.iter().all(|flag| *flag), usual })
    }

    /// The smallest difference between two results that is more than error: the largest of what the sources say, the
    /// sensor's own (`sensor_error`, one standard deviation) and what the person's `own` earlier results scatter by. `None`
    /// where neither a source nor enough own results say anything.
    pub fn least_change(&self, own: &[f64], sensor_error: Option<f64>) -> Option<f64> {
        let published = self.change.iter().map(|change| change.least);
        let sensor = sensor_error.filter(|error| error.is_finite() && *error > 0.0).map(|error| PAIR_95 * error);
        let scatter = scatter_95(own);
        // A sensor alone does not know how a person differs from day to day.
        let known = !self.change.is_empty() || scatter.is_some();
        known.then(|| published.chain(sensor).chain(scatter).fold(0.0, f64::max))
    }

    /// Whether the latest result differs from the one before by more than its error.
    pub fn changed(&self, own: &[f64], sensor_error: Option<f64>) -> Change {
        let [earlier @ .., now] = own else { return Change::TooFew };
        let Some(before) = earlier.last() else { return Change::TooFew };
        match self.least_change(earlier, sensor_error) {
            Some(least) => Change::by(now - before, least),
            None => Change::TooFew,
        }
    }

    /// A value in its unit.
    pub fn say_value(&self, value: f64, texts: &Texts) -> String {
        let Some(result) = self.result else { return texts.say("session.unit.unknown", &[]) };
        let whole = value.max(0.0).round() as u32;
        let number = |decimals: usize, key: &str| {
            let number = texts.number(value, decimals);
            texts.say(key, &[("value", Arg::Text(&number))])
        };
        match result.unit {
            Unit::Times => texts.say("review.unit.times", &[("count", Arg::Count(whole))]),
            Unit::Stages => texts.say("review.unit.stages", &[("count", Arg::Count(whole))]),
            Unit::Seconds => texts.seconds(Some(value)),
            Unit::MetresPerSecond => number(2, "review.unit.m_per_s"),
            Unit::Degrees => texts.degrees(Some(value)),
        }
    }

    /// What a result says, in words: the flag, and what is usual.
    pub fn say_standing(&self, standing: &Standing, texts: &Texts) -> Vec<String> {
        let mut said = Vec::new();
        if standing.flagged {
            let better = self.result.map(|result| result.better);
            let key = if better == Some(Better::Less) { "review.flag_less" } else { "review.flag_more" };
            said.push(texts.say(key, &[]));
        }
        if let Some((low, high)) = standing.usual {
            let (from, to) = (self.say_value(low, texts), self.say_value(high, texts));
            if low == high {
                said.push(texts.say("review.usual", &[("value", Arg::Text(&from))]));
            } else {
                said.push(texts.say("review.usual_between", &[("from", Arg::Text(&from)), ("to", Arg::Text(&to))]));
            }
        }
        said
    }
}

/// The difference between two of a person's own results that scatter alone makes in five of a hundred pairs: from
/// successive differences, so that a slow change does not count as scatter, and wider the fewer there are. `None` for too
/// few to say.
pub(crate) fn scatter_95(own: &[f64]) -> Option<f64> {
    if own.len() < OWN_LEAST || !own.iter().all(|value| value.is_finite()) {
        return None;
    }
    let differences: Vec<f64> = own.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let free = differences.len() - 1;
    let mean = differences.iter().sum::<f64>() / differences.len() as f64;
    let squares: f64 = differences.iter().map(|difference| (difference - mean) * (difference - mean)).sum();
    let t = T_95[(free - 2).min(T_95.len() - 1)];
    Some(t * libm::sqrt(squares / free as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Catalogue, FunctionTest};
    use std::collections::BTreeSet;
    use std::sync::LazyLock;

    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());

    fn protocol(id: &str) -> &'static Protocol {
        CATALOGUE.protocol(id).unwrap()
    }

    #[test]
    fn the_best_is_compared_with_bests_and_a_mean_needs_every_try() {
        let stand = protocol("balance_sls");
        assert_eq!(stand.result_of(&[Some(12.0), None, Some(30.0)]), Some(30.0));
        assert_eq!(protocol("tug").result_of(&[Some(9.0), Some(8.0)]), Some(8.0));
        let walk = protocol("walk_test_10m");
        assert_eq!(walk.result_of(&[Some(1.0), Some(1.1), Some(1.2)]).map(|v| (v * 100.0).round()), Some(110.0));
        assert_eq!((walk.result_of(&[Some(1.0), None, Some(1.2)]), walk.result_of(&[])), (None, None));
        assert_eq!(walk.result_of(&[Some(f64::NAN)]), None);
        assert_eq!(protocol("walk_interval").result_of(&[Some(1.0)]), None);
    }

    #[test]
    fn what_is_flagged_is_below_what_was_read_for_that_age() {
        let chair = protocol("chair_stand_30");
        let flagged = |value, age, whose| chair.standing(value, age, whose).map(|standing| standing.flagged);
        assert_eq!(flagged(11.0, 72, Some(Whose::Men)), Some(true));
        assert_eq!(flagged(12.0, 72, Some(Whose::Men)), Some(false));
        assert_eq!(flagged(10.0, 72, Some(Whose::Women)), Some(false));
        // Sex not said: 11 would be flagged for a man only.
        assert_eq!((flagged(11.0, 72, None), flagged(9.0, 72, None)), (Some(false), Some(true)));
        assert_eq!((flagged(3.0, 40, None), flagged(3.0, 95, None)), (None, None), "nothing was read for these ages");
        let tug = protocol("tug");
        assert!(tug.standing(12.0, 75, None).unwrap().flagged && !tug.standing(11.9, 75, None).unwrap().flagged);
        assert_eq!(tug.standing(9.0, 75, None).unwrap().usual, Some((9.2, 9.2)));
        let walk = protocol("walk_test_10m").standing(1.2, 65, None).unwrap();
        assert_eq!((walk.flagged, walk.usual), (false, Some((1.24, 1.34))));
        assert_eq!(
            protocol("balance_sls").standing(20.0, 45, None).unwrap(),
            Standing { flagged: false, usual: Some((41.9, 41.9)) }
        );
        assert!(protocol("balance_4stage").standing(2.0, 70, None).unwrap().flagged);
        assert_eq!(protocol("rom_knee").standing(120.0, 40, None), None);
        assert_eq!(tug.standing(f64::NAN, 75, None), None);
    }

    #[test]
    fn a_change_is_told_only_beyond_the_largest_error_that_is_known() {
        let walk = protocol("walk_test_10m");
        // What matters is 0.10 m/s, what scatters is 0.195: the larger counts.
        assert_eq!(walk.changed(&[1.00, 1.15], None), Change::None);
        assert_eq!(walk.changed(&[1.00, 1.20], None), Change::Up);
        assert_eq!(walk.changed(&[1.20, 1.00], None), Change::Down);
        assert_eq!(walk.changed(&[1.00], None), Change::TooFew);
        // Somebody who scatters more than the published: 0.3 from one to the next.
        let own = [1.0, 1.3, 1.0, 1.3, 1.0, 1.3];
        assert_eq!(walk.changed(&own, None), Change::None);
        // Without a source the own results decide, and a sensor alone does not.
        let knee = protocol("rom_knee");
        assert_eq!(knee.changed(&[110.0, 130.0], Some(2.0)), Change::TooFew);
        // Differences of 2, -2, 2: a standard deviation of 2.31, times 4.3 for three of them.
        let few = [110.0, 112.0, 110.0, 112.0];
        assert!((scatter_95(&few).unwrap() - 9.94).abs() < 0.01);
        assert_eq!(knee.changed(&[few.as_slice(), &[121.0]].concat(), Some(2.0)), Change::None);
        assert_eq!(knee.changed(&[few.as_slice(), &[123.0]].concat(), Some(2.0)), Change::Up);
        assert_eq!(knee.changed(&[few.as_slice(), &[123.0]].concat(), Some(5.0)), Change::None, "a poor sensor");
        assert!(scatter_95(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap() < 1e-12, "a slow change is no scatter");
        assert_eq!(scatter_95(&[1.0, f64::NAN, 1.0, 1.0]), None);
    }

    #[test]
    fn results_are_said_in_their_unit_without_a_forecast() {
        let (en, de) = (Texts::of("en"), Texts::of("de"));
        let chair = protocol("chair_stand_30");
        let low = chair.standing(8.0, 66, Some(Whose::Women)).unwrap();
        assert_eq!(
            chair.say_standing(&low, &en),
            ["Below what is usual at your age. Worth showing to a professional."]
        );
        let walk = protocol("walk_test_10m");
        let said = walk.say_standing(&walk.standing(1.3, 65, None).unwrap(), &de);
        assert_eq!(said, ["Üblich sind in Ihrem Alter 1,24\u{202f}m/s bis 1,34\u{202f}m/s."]);
        let tug = protocol("tug");
        assert_eq!(tug.say_standing(&tug.standing(14.0, 85, None).unwrap(), &en).len(), 2);
        assert_eq!(
            (chair.say_value(1.0, &en), chair.say_value(12.0, &en)),
            ("1 time".to_owned(), "12 times".to_owned())
        );
        for texts in [&en, &de] {
            for protocol in CATALOGUE.protocols() {
                let lines = protocol.lines(texts);
                assert_eq!(lines.len(), usize::from(protocol.steps) + 1);
                assert!(lines.iter().all(|line| line.ends_with(['.', '?']) && !line.contains('{')), "{lines:?}");
            }
        }
    }

    #[test]
    fn every_test_of_the_tracker_has_its_protocol() {
        let seen: BTreeSet<&str> = CATALOGUE.protocols().filter_map(|p| p.test).map(FunctionTest::slug).collect();
        let agreed =
            ["chair_stand_30s", "four_stage", "heel_rises", "knee_to_wall", "one_leg_stand", "rom", "tug", "walk_10m"];
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), agreed);
        // A test of balance or function never has a weight on, and has something to hold or a clear way.
        for protocol in CATALOGUE.protocols().filter(|protocol| protocol.test.is_some()) {
            assert!(!protocol.weight && protocol.support != Support::AsExercise, "{}", protocol.id);
        }
    }
}
