//! Twelve weeks of following a programme by people who never lived: calendar, progression and finding the load together.
//! Nobody is led past a cap, muscles rest, nobody is left without a session or a reason, and whoever may follow a programme
//! gets on in it.
//!
//! The people are invented to move the rules about, and say nothing about anybody.

#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::collections::{BTreeMap, BTreeSet};
use talus_coach::calendar::{
    Allowed, Course, Done, History, Lift, Lifted, Measured, Now, Planned, Progress, Today, Worked, today,
};
use talus_coach::catalogue::Programme;
use talus_coach::load::{Find, Kit, Try, ceiling, find_my_load};
use talus_coach::progression::{Action, Case, Exposure, SetDone, next};
use talus_coach::screening::Stance;
use talus_coach::{Answers, Body, Catalogue, Condition, Level, Person, Question, Reply, Screening};

const DAYS: i64 = 84;
/// For each programme; a tenth in the usual run, all where many cases are asked for (`./test long`).
const PEOPLE: u64 = 1000;

/// splitmix64: equal seeds give equal people.
struct Chance(u64);

impl Chance {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, n: f64) -> f64 {
        self.unit() * n
    }

    fn once_in(&mut self, n: f64) -> bool {
        self.unit() * n < 1.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Honest,
    Forgetful,
    InPain,
    OverEager,
}

fn someone(chance: &mut Chance, catalogue: &Catalogue) -> (Person, Screening) {
    let body = Body::new(150.0 + chance.below(45.0), 45.0 + chance.below(75.0)).unwrap();
    let level = if chance.once_in(2.0) { Level::Trained } else { Level::Beginner };
    let person = Person::new(14 + chance.below(76.0) as u16, body, level).unwrap();
    let without = |q| if matches!(q, Question::FloorAlone | Question::Reach) { Reply::Yes } else { Reply::No };
    let mut answers =
        Answers { replies: Question::ALL.into_iter().map(|q| (q, without(q))).collect(), ..Answers::default() };
    if chance.once_in(4.0) {
        answers.named.insert(Condition::ALL[chance.below(Condition::ALL.len() as f64) as usize]);
    }
    if chance.once_in(6.0) {
        answers.replies.insert(Question::FloorAlone, Reply::NotSure);
    }
    let screening = Screening::new(&person, &answers, Stance::default(), catalogue.rules()).unwrap();
    (person, screening)
}

fn do_set(kind: Kind, asked: u32, mass_g: u32, chance: &mut Chance) -> SetDone {
    // Every half kilogram takes a repetition off twenty.
    let has = (20.0 - f64::from(mass_g) / 500.0) * (0.9 + chance.below(0.4));
    let count = f64::from(asked).min(has).max(1.0);
    let pain = if kind == Kind::InPain { chance.below(7.0) } else { chance.below(2.4) };
    SetDone {
        count: count as u32,
        reserve: Some(if kind == Kind::OverEager { 5 } else { (has - count).clamp(0.0, 5.0) as u8 }),
        pain: (kind != Kind::Forgetful || !chance.once_in(3.0)).then_some(pain as u8),
        form: Some(if has - count < 1.0 { 70 } else { 92 }),
        range_share: Some(0.95 + chance.below(0.05)),
        rate_deg_per_s: Some(90.0 + chance.below(20.0)),
        measured: !chance.once_in(20.0),
    }
}

struct Life<'a> {
    catalogue: &'a Catalogue,
    programme: &'a Programme,
    kind: Kind,
    person: Person,
    screening: Screening,
    plan: Option<BTreeSet<String>>,
    kit: Kit,
    done: Vec<Done>,
    lifts: Vec<Lifted>,
    measured: Measured,
    carried: BTreeMap<String, Vec<Exposure>>,
    heaviest_g: u32,
}

impl Life<'_> {
    fn course<'b>(&'b self, keep: &'b BTreeSet<talus_coach::catalogue::Muscle>) -> Course<'b> {
        Course {
            catalogue: self.catalogue,
            programme: self.programme,
            person: &self.person,
            screening: &self.screening,
            plan: self.plan.as_ref().map(|exercises| Allowed { exercises, opens: true }),
            keep,
        }
    }

    /// One exercise of a session, as everything together decides it. Panics where a rule is broken.
    fn work(&mut self, planned: &Planned, day: i64, load_week: u32, chance: &mut Chance) -> Worked {
        let rules = self.catalogue.rules();
        let exercise = self.catalogue.exercise(&planned.exercise).unwrap();
        assert!(!self.screening.of(exercise).left_out(), "{}", exercise.id);
        let most = ceiling(exercise, &self.person, &self.screening, None, &self.kit, rules);
        let own = self.carried.entry(exercise.id.clone()).or_default();
        let case = Case {
            exercise,
            body: self.person.body(),
            care: self.screening.care(),
            ceiling: &most,
            kit: &self.kit,
            rules,
            reps: planned.reps,
            sets: planned.sets,
            rest_s: planned.rest_s,
            reserve: planned.reserve,
            week: load_week,
        };
        let last_g = own.last().map_or(0, |one| one.mass_g);
        let step = planned.held(next(&case, own, None, day), last_g, &self.kit);
        let mut mass_g = step.mass_g;
        if step.action == Action::FindLoad {
            let mut tries: Vec<Try> = Vec::new();
            mass_g = loop {
                match find_my_load(&tries, &most, &self.kit, rules) {
                    Find::Found { mass_g, .. } => break mass_g,
                    Find::Set { mass_g, reps, .. } => {
                        let SetDone { count, reserve, pain, form, measured, .. } =
                            do_set(self.kind, reps, mass_g, chance);
                        tries.push(Try { mass_g, count, reserve, pain, form, measured });
                    }
                }
            };
            self.measured.mastered.insert(exercise.id.clone());
        } else if mass_g > last_g {
            assert!(matches!(step.action, Action::Up | Action::Back), "{step:?}");
            assert!(planned.steps || step.action == Action::Back, "a step up in a week without: {step:?}");
        }
        assert!(mass_g <= most.mass_g && mass_g <= 5000, "{mass_g} g of {}", exercise.id);
        self.heaviest_g = self.heaviest_g.max(mass_g);
        let sets: Vec<SetDone> = (0..step.sets).map(|_| do_set(self.kind, step.reps, mass_g, chance)).collect();
        let exposure = Exposure {
            day,
            mass_g,
            sets,
            morning_rise: None,
            checked_in: true,
            lighter: step.action == Action::Lighter,
            rough: false,
        };
        let pain = exposure.pain();
        own.push(exposure);
        if own.iter().filter(|one| one.mastered(rules)).count() >= 2 {
            self.measured.mastered.insert(exercise.id.clone());
        }
        Worked { exercise: exercise.id.clone(), pain }
    }

    /// Twelve weeks. Whether the programme was finished, and the first reason there was none, if there was none.
    fn live(&mut self, chance: &mut Chance) -> (u32, bool, bool) {
        let keep = BTreeSet::new();
        let (mut sessions, mut told, mut away) = (0, false, 0);
        for day in 0..DAYS {
            for minute in if self.programme.snacks { vec![480, 780, 1140] } else { vec![600] } {
                if self.programme.after_lifts && chance.once_in(3.0) {
                    let at_min = day * 1440 + minute - 30;
                    self.lifts.push(Lifted { day, at_min, lift: Lift::HeelRaise, sets: 3, reps: 5, bar_g: 60_000 });
                }
                if self.kind == Kind::Forgetful && away == 0 && chance.once_in(20.0) {
                    away = 1 + chance.below(25.0) as i64;
                }
                away = (away - 1).max(0);
                let skips = away > 0 || (self.kind != Kind::Honest && chance.once_in(3.0));
                let now = Now { day, minute: minute as u16, at_min: day * 1440 + minute };
                let history =
                    History { done: &self.done, lifts: &self.lifts, measured: Some(&self.measured), locked: None };
                let proposal = match today(&self.course(&keep), &history, now) {
                    Today::Train(proposal) => proposal,
                    Today::Closed(notes) => {
                        assert!(!notes.is_empty());
                        told = true;
                        // The check-in is the way on.
                        self.done.iter_mut().for_each(|done| done.checked_in = true);
                        continue;
                    }
                    Today::Rest { .. } | Today::Finished(_) => continue,
                };
                if skips {
                    continue;
                }
                sessions += 1;
                self.measured.tests.extend(proposal.tests.iter().map(|id| (id.clone(), day)));
                let worked =
                    proposal.work.iter().map(|planned| self.work(planned, day, proposal.load_week, chance)).collect();
                let muscles = proposal.muscles(self.catalogue);
                for done in self.done.iter().filter(|done| now.at_min - done.at_min < 2880) {
                    let before = done.worked.iter().map(|w| self.catalogue.exercise(&w.exercise).unwrap());
                    assert!(before.flat_map(|e| &e.muscles).all(|muscle| !muscles.contains(muscle)));
                }
                self.done.push(Done {
                    day,
                    at_min: now.at_min,
                    programme: proposal.programme,
                    part: proposal.part,
                    snack: self.programme.snacks,
                    worked,
                    morning_rise: chance.once_in(3.0).then_some(0),
                    checked_in: chance.once_in(2.0),
                });
            }
        }
        let history = History { done: &self.done, lifts: &self.lifts, measured: Some(&self.measured), locked: None };
        let finished = Progress::of(&self.course(&keep), &history).finished(self.programme.weeks.len());
        (sessions, finished, told)
    }
}

#[test]
fn whoever_follows_a_programme_gets_on_or_is_told_why_not() {
    let many = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse::<u32>().ok()).is_some_and(|n| n >= 4096);
    let people = if many { PEOPLE } else { PEOPLE / 10 };
    let catalogue = Catalogue::embedded().unwrap();
    println!("programme people followed sessions finished heaviest_g");
    for programme in catalogue.programmes() {
        let (mut followed, mut sessions, mut finished, mut heaviest_g) = (0, 0, 0, 0);
        let (mut free, mut free_followed) = (0, 0);
        for number in 0..people {
            let mut chance = Chance(number ^ (programme.id.len() as u64 * 7919));
            let kind = [Kind::Honest, Kind::Forgetful, Kind::InPain, Kind::OverEager][number as usize % 4];
            let (person, screening) = someone(&mut chance, &catalogue);
            let plan = (programme.needs.plan && chance.once_in(2.0))
                .then(|| catalogue.exercises().map(|exercise| exercise.id.clone()).collect());
            let past_the_gate = programme.needs.mastered.then(|| "heel_slide".to_owned());
            let measured = Measured {
                mastered: past_the_gate.into_iter().collect(),
                tests: vec![("gait_baseline".to_owned(), 0)],
                lag_deg: Some(chance.below(8.0)),
                swelling_stable: Some(!chance.once_in(5.0)),
                gap_percent: Some(chance.below(30.0)),
                stages_opened: chance.below(4.0) as u32,
                ..Measured::default()
            };
            let none_in_the_way = screening.conditions().is_empty() && plan.is_some() == programme.needs.plan;
            let may = none_in_the_way && (!programme.needs.trained || person.level() == Level::Trained);
            let mut life = Life {
                catalogue: &catalogue,
                programme,
                kind,
                person,
                screening,
                plan,
                kit: Kit::new(500, 250, 5000).unwrap(),
                done: Vec::new(),
                lifts: Vec::new(),
                measured,
                carried: BTreeMap::new(),
                heaviest_g: 0,
            };
            let (did, done, told) = life.live(&mut chance);
            assert!(did > 0 || told, "{} leaves somebody without a word", programme.id);
            followed += u32::from(did > 0);
            sessions += did;
            finished += u32::from(done);
            heaviest_g = heaviest_g.max(life.heaviest_g);
            if may && kind != Kind::Forgetful {
                free += 1;
                free_followed += u32::from(did >= 4);
            }
        }
        println!("{} {people} {followed} {sessions} {finished} {heaviest_g}", programme.id);
        assert_eq!(free, free_followed, "{}: whoever has nothing in the way follows it", programme.id);
        let loaded = programme.id == "first_steps" || heaviest_g > 0;
        assert!(loaded, "{}: nobody comes to a weight", programme.id);
        assert!(finished > 0 || programme.needs.plan, "{} is finished by somebody", programme.id);
    }
}
