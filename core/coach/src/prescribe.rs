//! [`Circumstances`]: from somebody to a prescription: what is open to them, how much of it, and why.
//!
//! Everything here is a pure function of the person, the answers, the plan in force and what was done before. What a
//! session needs of it to decide on the way goes into its plan as [`Known`](crate::plan::Known).

use crate::calendar::{Lifted, Planned};
use crate::catalogue::{Exercise, Rules};
use crate::load::{Bound, Ceiling, Kit, Reason, Value, ceiling};
use crate::person::Person;
use crate::plan::{KnownLeg, Prescription};
use crate::progression::{Action, Case, Exposure, Step, next};
use crate::screening::{Screening, Verdict, Why};
use crate::text::Texts;
use crate::trusted::TrustedPlan;
use talus_motion::Side;

/// Exposures that are looked back at: enough for a stand-still to be seen to its end, lighter weeks in between. Older ones
/// decide nothing, and a plan stays short.
pub const EXPOSURES_MOST: usize = 20;

/// What a prescription follows from, apart from the exercise and its history.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// Who.
    pub person: &'a Person,
    /// What their answers leave open.
    pub screening: &'a Screening,
    /// The plan in force from someone they trust.
    pub plan: Option<&'a TrustedPlan>,
    /// The weights there are.
    pub kit: &'a Kit,
    /// Thresholds.
    pub rules: &'a Rules,
    /// Day number, local calendar.
    pub today: i64,
    /// What was said at today's check-in.
    pub morning: Today,
    /// Main lifts beside cuff work, in any order.
    pub lifts: &'a [Lifted],
    /// The time it is, minutes on the clock of [`Lifted::at_min`].
    pub at_min: i64,
    /// Week of the programme, from 1; 0 where there is none.
    pub week: u32,
}

/// How somebody is today, as far as they said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Today {
    /// The most pain answered today, 0 to 10.
    pub pain: Option<u8>,
    /// A joint is newly swollen.
    pub swollen: bool,
}

/// What was done before of one exercise on one side.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    /// This side, oldest first.
    pub own: &'a [Exposure],
    /// The other side, where both are trained.
    pub other: Option<&'a [Exposure]>,
    /// The own range, degrees, where it is known.
    pub own_range_deg: Option<f64>,
}

/// A prescription with everything it was decided from.
#[derive(Debug, Clone, PartialEq)]
pub struct Prescribed {
    /// What to do.
    pub prescription: Prescription,
    /// What was decided, and why.
    pub step: Step,
    /// The most this leg may carry in it.
    pub ceiling: Ceiling,
    /// What a session has to know of it.
    pub known: KnownLeg,
}

/// Why there is no prescription.
#[derive(Debug, Clone, PartialEq)]
pub enum Refused {
    /// It is left out, for these reasons.
    LeftOut(Vec<Why>),
    /// Pain stopped it: a check-in comes first.
    CheckInFirst(Reason),
}

impl Refused {
    /// In the words of a language, one sentence or more each.
    pub fn say(&self, texts: &Texts) -> Vec<String> {
        match self {
            Self::LeftOut(whys) => whys.iter().map(|why| why.say(texts)).collect(),
            Self::CheckInFirst(why) => vec![why.say(texts)],
        }
    }
}

impl Circumstances<'_> {
    /// Whether an exercise is open on a side: screening, then the plan, which only ever takes away.
    pub fn verdict(&self, exercise: &Exercise, side: Side) -> Verdict {
        let verdict = self.screening.of(exercise);
        let outside = self.plan.is_some_and(|plan| plan.allowance(&exercise.id, side).is_none());
        match verdict {
            Verdict::LeftOut(mut whys) => {
                whys.extend(outside.then_some(Why::Plan));
                Verdict::LeftOut(whys)
            }
            _ if outside => Verdict::LeftOut(vec![Why::Plan]),
            open => open,
        }
    }

    /// The most this side may carry in an exercise.
    pub fn ceiling(&self, exercise: &Exercise, side: Side) -> Ceiling {
        let allowance = self.plan.and_then(|plan| plan.allowance(&exercise.id, side));
        // A plan that leaves the exercise out allows no weight in it either.
        if self.plan.is_some() && allowance.is_none() {
            return Ceiling { mass_g: 0, bound: Bound::Plan };
        }
        ceiling(exercise, self.person, self.screening, allowance, self.kit, self.rules)
    }

    /// What to do of an exercise on a side today, and why.
    ///
    /// # Errors
    /// [`Refused`] where it is left out or waits for a check-in.
    pub fn prescribe(
        &self,
        exercise: &Exercise,
        side: Side,
        past: Past<'_>,
        texts: &Texts,
    ) -> Result<Prescribed, Refused> {
        self.prescribe_within(exercise, side, past, None, texts)
    }

    /// As [`Circumstances::prescribe`], as far as a programme's week lets it through.
    ///
    /// # Errors
    /// As [`Circumstances::prescribe`].
    pub fn prescribe_within(
        &self,
        exercise: &Exercise,
        side: Side,
        past: Past<'_>,
        planned: Option<&Planned>,
        texts: &Texts,
    ) -> Result<Prescribed, Refused> {
        if let Verdict::LeftOut(whys) = self.verdict(exercise, side) {
            return Err(Refused::LeftOut(whys));
        }
        let ceiling = self.ceiling(exercise, side);
        let range_deg = self.plan.and_then(|plan| plan.range_deg(&exercise.id, side));
        // What was agreed for this leg comes to an end where two of its lines have nothing in common.
        if range_deg.is_some_and(|(from, to)| from >= to) {
            return Err(Refused::LeftOut(vec![Why::Plan]));
        }
        let own_range_deg = match range_deg {
            Some((_, to)) => Some(past.own_range_deg.unwrap_or(exercise.model.range_deg).min(to)),
            None => past.own_range_deg,
        };
        let case = case(exercise, &ceiling, self.person.body(), self.screening.care(), self.kit, self.rules, self.week);
        let case = match planned {
            Some(planned) => Case { reps: planned.reps, sets: planned.sets, rest_s: planned.rest_s, ..case },
            None => case,
        };
        let mut step = self.held(exercise, decide(&case, past, self.today), past);
        if let Some(planned) = planned.filter(|_| step.action != Action::CheckInFirst) {
            let last_g = past.own.last().map_or(0, |last| last.mass_g);
            step = planned.held(step, last_g, self.kit);
        }
        if step.action == Action::CheckInFirst {
            return Err(Refused::CheckInFirst(step.why));
        }
        let (sets, reps, rest_s) = match step.action {
            Action::FindLoad => {
                let find = &self.rules.find;
                (find.sets_most.whole() as u8, find.reps.whole(), find.rest_s.whole())
            }
            _ => (step.sets, step.reps, step.rest_s),
        };
        let prescription = Prescription {
            exercise: exercise.id.clone(),
            side,
            mass_g: step.mass_g,
            sets,
            reps: (!exercise.walks()).then_some(reps),
            rest_s,
            own_range_deg,
            why: step.why.say(texts),
        };
        let known = KnownLeg {
            exercise: exercise.id.clone(),
            side,
            ceiling: ceiling.clone(),
            action: step.action,
            reserve: step.reserve,
            range_deg,
            own: recent(past.own).to_vec(),
        };
        Ok(Prescribed { prescription, step, ceiling, known })
    }

    /// Why nothing at all is done before another check-in, by what was said today; `None` where nothing speaks against it.
    pub fn check_in_first(&self) -> Option<Reason> {
        match self.morning.pain {
            _ if self.morning.swollen => Some(Reason::own("swollen", &[])),
            Some(pain) if self.rules.pain.stop_from.reached(pain) => {
                Some(Reason::own("pain_today", &[("pain", Value::Count(u32::from(pain)))]))
            }
            _ => None,
        }
    }

    /// Whole hours that muscles of an exercise still rest after a main lift, rounded up; `None` where they have rested.
    fn rests_after_lift(&self, exercise: &Exercise) -> Option<u32> {
        let rests_min = (self.rules.rest.muscle_hours.value * 60.0) as i64;
        let worked = |lifted: &&Lifted| lifted.lift.muscles().iter().any(|muscle| exercise.muscles.contains(muscle));
        let left = self.lifts.iter().filter(worked).map(|lifted| {
            // A lift that a clock set back has left in the future asks for the same distance.
            rests_min.saturating_sub(self.at_min.saturating_sub(lifted.at_min).saturating_abs())
        });
        left.max().filter(|left| *left > 0).map(|left| u32::try_from((left + 59) / 60).unwrap_or(u32::MAX))
    }

    /// What today leaves of a step: nothing from pain that stops or a joint that is swollen, no more weight than last time
    /// from pain that asks for care, and none while its muscles rest after a main lift.
    fn held(&self, exercise: &Exercise, step: Step, past: Past<'_>) -> Step {
        let (pain, last) = (self.morning.pain, past.own.last().map_or(0, |last| last.mass_g));
        if let Some(why) = self.check_in_first() {
            return Step { action: Action::CheckInFirst, why, ..step };
        }
        let why = match (pain, self.rests_after_lift(exercise)) {
            (Some(pain), _) if self.rules.pain.lighter_from.reached(pain) => {
                Reason::own("pain_hold", &[("pain", Value::Count(u32::from(pain)))])
            }
            (_, Some(hours)) => Reason::own("lift_rests", &[("count", Value::Count(hours))]),
            _ => return step,
        };
        if step.mass_g > last || step.action == Action::FindLoad {
            Step { action: Action::Hold, mass_g: step.mass_g.min(last), why, ..step }
        } else {
            step
        }
    }
}

/// What comes next of an exercise on a side, of everything that was done. What no weight can be decided by stays without:
/// a walk is compared with the own baseline, not with repetitions, and what is not counted passes no gate. Pain is heard
/// all the same.
pub(crate) fn decide(case: &Case<'_>, past: Past<'_>, today: i64) -> Step {
    let exercise = case.exercise;
    let hurt = past.own.last().and_then(Exposure::pain).is_some_and(|pain| case.rules.pain.stop_from.reached(pain));
    let rule = match (exercise.walks(), exercise.measured()) {
        (true, _) => "walk_unloaded",
        (false, false) => "not_counted",
        (false, true) => "",
    };
    if !hurt && !rule.is_empty() {
        return Step {
            action: Action::Hold,
            mass_g: 0,
            sets: case.sets,
            reps: case.reps.0.max(1),
            rest_s: case.rest_s,
            reserve: case.reserve,
            why: Reason::own(rule, &[]),
        };
    }
    next(case, recent(past.own), past.other.map(recent), today)
}

/// The newest of them.
pub(crate) fn recent(all: &[Exposure]) -> &[Exposure] {
    &all[all.len().saturating_sub(EXPOSURES_MOST)..]
}

/// What progression looks at, for an exercise as the catalogue has it.
pub(crate) fn case<'a>(
    exercise: &'a Exercise,
    ceiling: &'a Ceiling,
    body: &'a crate::person::Body,
    care: bool,
    kit: &'a Kit,
    rules: &'a Rules,
    week: u32,
) -> Case<'a> {
    Case {
        exercise,
        body,
        care,
        ceiling,
        kit,
        rules,
        reps: exercise.reps,
        sets: exercise.sets,
        rest_s: exercise.rest_s,
        reserve: rules.find.reserve.whole() as u8,
        week,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Lift;
    use crate::catalogue::Catalogue;
    use crate::person::{Body, Level};
    use crate::progression::SetDone;
    use crate::screening::{Answers, Question, Reply, Stance};
    use crate::trusted::{Day, blank, sign};

    const SECRET: [u8; 32] = [7; 32];

    struct Somebody {
        catalogue: Catalogue,
        person: Person,
        screening: Screening,
        kit: Kit,
        plan: Option<TrustedPlan>,
        morning: Today,
        lifts: Vec<Lifted>,
    }

    impl Somebody {
        fn new(age: u16, plan: Option<&str>) -> Self {
            let catalogue = Catalogue::embedded().unwrap();
            let person = Person::new(age, Body::new(170.0, 70.0).unwrap(), Level::Beginner).unwrap();
            let without = |q| if matches!(q, Question::FloorAlone | Question::Reach) { Reply::Yes } else { Reply::No };
            let replies = Question::ALL.into_iter().map(|q| (q, without(q))).collect();
            let answers = Answers { replies, ..Answers::default() };
            let screening = Screening::new(&person, &answers, Stance::default(), catalogue.rules()).unwrap();
            let plan = plan.map(|exercises| {
                let from = Day::new(2026, 11, 25).unwrap();
                let head = blank("Physio", from, Day::new(2027, 3, 1).unwrap());
                let text = format!("{}{exercises}", head.split("[[exercise]]").next().unwrap());
                TrustedPlan::read(&sign(&text, &SECRET, &catalogue).unwrap(), &catalogue).unwrap()
            });
            Self {
                catalogue,
                person,
                screening,
                kit: Kit::new(500, 250, 5000).unwrap(),
                plan,
                morning: Today::default(),
                lifts: Vec::new(),
            }
        }

        fn prescribe(&self, id: &str, own: &[Exposure], range: Option<f64>) -> Result<Prescribed, Refused> {
            let circumstances = Circumstances {
                person: &self.person,
                screening: &self.screening,
                plan: self.plan.as_ref(),
                kit: &self.kit,
                rules: self.catalogue.rules(),
                today: 10,
                morning: self.morning,
                lifts: &self.lifts,
                at_min: 10 * 1440,
                week: 0,
            };
            let past = Past { own, other: None, own_range_deg: range };
            circumstances.prescribe(self.catalogue.exercise(id).unwrap(), Side::Left, past, &Texts::of("en"))
        }
    }

    fn exposure(day: i64, mass_g: u32, pain: u8) -> Exposure {
        let set = SetDone {
            count: 15,
            reserve: Some(3),
            pain: Some(pain),
            form: Some(95),
            range_share: Some(1.0),
            rate_deg_per_s: None,
            measured: true,
        };
        Exposure {
            day,
            mass_g,
            sets: vec![set; 2],
            morning_rise: None,
            checked_in: false,
            lighter: false,
            rough: false,
        }
    }

    #[test]
    fn the_first_time_is_without_a_weight_and_the_third_looks_for_one() {
        let somebody = Somebody::new(40, None);
        let first = somebody.prescribe("knee_ext_seated", &[], None).unwrap();
        assert_eq!((first.step.action, first.prescription.mass_g), (Action::Learn, 0));
        assert_eq!(first.prescription.why, "First 2 sessions without weight.");
        let two = [exposure(6, 0, 0), exposure(8, 0, 1)];
        let third = somebody.prescribe("knee_ext_seated", &two, Some(80.0)).unwrap();
        let asked = &third.prescription;
        assert_eq!((third.step.action, asked.mass_g, asked.sets, asked.reps), (Action::FindLoad, 0, 4, Some(8)));
        assert_eq!((third.ceiling.mass_g, third.known.own.len()), (4750, 2));
    }

    #[test]
    fn a_plan_narrows_what_is_done_how_far_and_with_how_much() {
        let knee = "[[exercise]]\nid = \"knee_ext_seated\"\nside = \"left\"\nmass_most_g = 1000\nrange_deg = [0, 60]\n";
        let somebody = Somebody::new(40, Some(knee));
        let narrowed = somebody.prescribe("knee_ext_seated", &[exposure(8, 1500, 0)], Some(80.0)).unwrap();
        assert_eq!((narrowed.step.action, narrowed.prescription.mass_g), (Action::Down, 1000));
        assert_eq!(narrowed.prescription.why, "1\u{202f}kg is the most your plan allows.");
        assert_eq!(narrowed.prescription.own_range_deg, Some(60.0));
        assert_eq!(narrowed.known.range_deg, Some((0.0, 60.0)));
        let other = somebody.prescribe("side_abd", &[], None).unwrap_err();
        assert_eq!(other, Refused::LeftOut(vec![Why::Plan]));
        // Two lines that have nothing in common leave nothing.
        let apart = format!("{knee}[[exercise]]\nid = \"knee_ext_seated\"\nmass_most_g = 1000\nrange_deg = [70, 80]\n");
        let apart = Somebody::new(40, Some(&apart)).prescribe("knee_ext_seated", &[], None).unwrap_err();
        assert_eq!(apart, Refused::LeftOut(vec![Why::Plan]));
    }

    #[test]
    fn pain_waits_for_the_check_in_in_every_kind_of_exercise() {
        let somebody = Somebody::new(40, None);
        for id in ["knee_ext_seated", "walk", "calf_raise"] {
            let hurt = somebody.prescribe(id, &[exposure(8, 0, 6)], None).unwrap_err();
            assert!(matches!(&hurt, Refused::CheckInFirst(_)), "{id}: {hurt:?}");
            assert_eq!(hurt.say(&Texts::of("en")), ["Not until your next check-in. Pain was 6 of 10."]);
        }
    }

    #[test]
    fn what_was_said_this_morning_only_takes_away() {
        let mut somebody = Somebody::new(40, None);
        let met = [exposure(6, 500, 0), exposure(8, 500, 0)];
        assert_eq!(somebody.prescribe("knee_ext_seated", &met, Some(80.0)).unwrap().prescription.mass_g, 750);
        somebody.morning = Today { pain: Some(4), swollen: false };
        let held = somebody.prescribe("knee_ext_seated", &met, Some(80.0)).unwrap().prescription;
        assert_eq!((held.mass_g, held.why.as_str()), (500, "Same weight at most. Pain was 4 of 10."));
        // Nobody looks for a load on such a day.
        let found = [exposure(6, 0, 0), exposure(8, 0, 0)];
        assert_eq!(somebody.prescribe("knee_ext_seated", &found, Some(80.0)).unwrap().step.action, Action::Hold);
        for (morning, says) in [
            (Today { pain: Some(5), swollen: false }, "Not today. Pain is 5 of 10."),
            (Today { pain: None, swollen: true }, "Not today. A swollen joint rests."),
        ] {
            somebody.morning = morning;
            let refused = somebody.prescribe("knee_ext_seated", &met, Some(80.0)).unwrap_err();
            assert_eq!(refused.say(&Texts::of("en")), [says]);
        }
    }

    #[test]
    fn muscles_that_rest_after_a_main_lift_get_no_step_up_until_they_have() {
        let mut somebody = Somebody::new(40, None);
        let met = [exposure(6, 500, 0), exposure(8, 500, 0)];
        let squat = |hours_ago: i64| Lifted {
            day: 9,
            at_min: 10 * 1440 - 60 * hours_ago,
            lift: Lift::Squat,
            sets: 3,
            reps: 5,
            bar_g: 100_000,
        };
        let asked = |somebody: &Somebody, id: &str| {
            let asked = somebody.prescribe(id, &met, Some(80.0)).unwrap();
            (asked.prescription.mass_g, asked.step.action)
        };
        somebody.lifts = vec![squat(20)];
        assert_eq!(asked(&somebody, "knee_ext_seated"), (500, Action::Hold));
        let why = somebody.prescribe("knee_ext_seated", &met, Some(80.0)).unwrap().prescription.why;
        assert_eq!(why, "Same weight. After your main lift it does not rise for 28 more hours.");
        // Nobody looks for a load on such a day, and what is no more than last time is not held.
        let found = [exposure(6, 0, 0), exposure(8, 0, 0)];
        assert_eq!(somebody.prescribe("knee_ext_seated", &found, Some(80.0)).unwrap().step.action, Action::Hold);
        // Other muscles are free, and after 48 hours these are.
        assert_eq!(asked(&somebody, "stand_abd").1, Action::Up);
        somebody.lifts = vec![squat(48)];
        assert_eq!(asked(&somebody, "knee_ext_seated"), (750, Action::Up));
        // A clock that was set back does not free them.
        somebody.lifts = vec![squat(-30)];
        assert_eq!(asked(&somebody, "knee_ext_seated").1, Action::Hold);
    }

    #[test]
    fn what_is_not_measured_gets_no_weight_and_says_why() {
        let somebody = Somebody::new(40, None);
        for (id, why) in [
            ("walk", "First without weight. That walk is what later ones are compared with."),
            ("clam_note", "The cuff cannot count this one. No weight with it."),
        ] {
            let asked = somebody.prescribe(id, &[exposure(8, 0, 0), exposure(9, 0, 0)], None).unwrap().prescription;
            assert_eq!((asked.mass_g, asked.why.as_str()), (0, why), "{id}");
        }
        assert_eq!(somebody.prescribe("walk", &[], None).unwrap().prescription.reps, None);
    }

    #[test]
    fn only_the_newest_exposures_decide() {
        let many: Vec<Exposure> = (0..40).map(|day| exposure(day - 60, 1000, 0)).collect();
        let known = Somebody::new(40, None).prescribe("knee_ext_seated", &many, Some(80.0)).unwrap().known;
        assert_eq!((known.own.len(), known.own[0].day), (EXPOSURES_MOST, -40));
    }
}
