//! Any person, any programme, any weeks of doing and not doing: muscle groups rest, no load rises by the calendar, there is
//! always a session or a reason, and whoever was away goes on where they were.

#![allow(clippy::unwrap_used)] // helpers of tests are tests

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use talus_coach::calendar::{
    Allowed, Course, Done, History, Lift, Lifted, Measured, Note, Now, Progress, Proposal, RemindAt, RemindOf, Today,
    Worked, reminders, today,
};
use talus_coach::catalogue::{Aim, Load, Muscle, Programme, Support, Until};
use talus_coach::load::{Bound, Ceiling, Kit};
use talus_coach::progression::{Action, Case, Exposure, SetDone, next};
use talus_coach::screening::{Stance, Why};
use talus_coach::{Answers, Body, Catalogue, Condition, Level, Person, Question, Reply, Screening, Texts};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());
static TEXTS: LazyLock<[Texts; 2]> = LazyLock::new(|| ["en", "de"].map(Texts::of));
const REST_MIN: i64 = 48 * 60;
/// What a placeholder that nobody filled begins with.
const OPEN: char = '{';

fn someone(age: u16, level: Level, named: &[Condition]) -> (Person, Screening) {
    let person = Person::new(age, Body::new(170.0, 70.0).unwrap(), level).unwrap();
    let without = |q| if matches!(q, Question::FloorAlone | Question::Reach) { Reply::Yes } else { Reply::No };
    let answers = Answers {
        replies: Question::ALL.into_iter().map(|q| (q, without(q))).collect(),
        named: named.iter().copied().collect(),
        ..Answers::default()
    };
    let screening = Screening::new(&person, &answers, Stance::default(), CATALOGUE.rules()).unwrap();
    (person, screening)
}

/// Everything measured that any programme asks for.
fn all_met() -> Measured {
    let tests = CATALOGUE.protocols().flat_map(|protocol| (0..400).map(|day| (protocol.id.clone(), day)));
    Measured {
        mastered: CATALOGUE.exercises().map(|exercise| exercise.id.clone()).collect(),
        tests: tests.collect(),
        weakest: Some("stand_abd".to_owned()),
        lag_deg: Some(1.0),
        swelling_stable: Some(true),
        gap_percent: Some(4.0),
        stages_opened: 9,
    }
}

struct Life<'a> {
    programme: &'a Programme,
    who: (Person, Screening),
    plan: Option<BTreeSet<String>>,
    keep: BTreeSet<Muscle>,
    measured: Measured,
    done: Vec<Done>,
    lifts: Vec<Lifted>,
}

impl<'a> Life<'a> {
    fn new(programme: &'a Programme, who: (Person, Screening)) -> Self {
        let plan = programme.needs.plan.then(|| CATALOGUE.exercises().map(|e| e.id.clone()).collect());
        let (keep, measured) = (BTreeSet::new(), all_met());
        Self { programme, who, plan, keep, measured, done: Vec::new(), lifts: Vec::new() }
    }

    fn course(&self) -> Course<'_> {
        Course {
            catalogue: &CATALOGUE,
            programme: self.programme,
            person: &self.who.0,
            screening: &self.who.1,
            plan: self.plan.as_ref().map(|exercises| Allowed { exercises, opens: true }),
            keep: &self.keep,
        }
    }

    fn history(&self) -> History<'_> {
        History { done: &self.done, lifts: &self.lifts, measured: Some(&self.measured), locked: None }
    }

    fn today(&self, day: i64, minute: u16) -> Today {
        today(&self.course(), &self.history(), at(day, minute))
    }

    fn do_it(&mut self, proposal: &Proposal, day: i64, minute: u16, pain: Option<u8>) {
        let worked = |id: &String| Worked { exercise: id.clone(), pain };
        self.done.push(Done {
            day,
            at_min: day * 1440 + i64::from(minute),
            programme: proposal.programme.clone(),
            part: proposal.part.clone(),
            snack: self.programme.snacks,
            worked: proposal.work.iter().map(|planned| worked(&planned.exercise)).collect(),
            morning_rise: None,
            checked_in: false,
        });
    }

    /// Does whatever is proposed, once a day at ten, from one day until before another.
    fn live(&mut self, from: i64, until: i64) -> Vec<(i64, Proposal)> {
        let mut all = Vec::new();
        for day in from..until {
            if let Today::Train(proposal) = self.today(day, 600) {
                self.do_it(&proposal, day, 600, Some(0));
                all.push((day, proposal));
            }
        }
        all
    }
}

fn at(day: i64, minute: u16) -> Now {
    Now { day, minute, at_min: day * 1440 + i64::from(minute) }
}

fn programme(id: &str) -> &'static Programme {
    CATALOGUE.programme(id).unwrap()
}

fn adult() -> (Person, Screening) {
    someone(40, Level::Trained, &[])
}

#[test]
fn twelve_weeks_of_steady_are_three_a_week_and_end() {
    let mut life = Life::new(programme("steady"), someone(70, Level::Beginner, &[]));
    let all = life.live(0, 100);
    assert_eq!(all.len(), 36);
    let days: Vec<i64> = all.iter().take(4).map(|(day, _)| *day).collect();
    assert_eq!(days, [0, 2, 4, 7], "a day off in between, and no fourth session in seven days");
    let parts: Vec<&str> = all.iter().take(4).map(|(_, p)| p.part.as_str()).collect();
    assert_eq!(parts, ["a", "b", "a", "b"]);
    // The fourth week is lighter and has its tests; the first is one set of the lightest.
    let (first, fourth) = (&all[0].1, &all[9].1);
    assert!(first.work.iter().all(|planned| planned.sets == 1 && planned.load <= Load::Lightest));
    assert_eq!((fourth.week, fourth.aim, fourth.load_week), (4, Aim::Lighter, 4));
    assert!((10..=40).contains(&first.minutes) && first.beside == [("balance_progress".to_owned(), 8)]);
    // The week that gives a set to whatever is furthest behind.
    let ninth = all.iter().find(|(_, p)| p.week == 9 && p.part == "a").unwrap();
    assert_eq!(ninth.1.work.iter().find(|planned| planned.exercise == "stand_abd").unwrap().sets, 3);
    assert!(matches!(life.today(100, 600), Today::Finished(Note::Finished)));
}

#[test]
fn a_missed_fortnight_changes_nothing_but_the_words() {
    let mut life = Life::new(programme("steady"), someone(70, Level::Beginner, &[]));
    life.live(0, 12);
    let Today::Train(before) = life.today(14, 600) else { panic!() };
    let Today::Train(after) = life.today(27, 600) else { panic!() };
    assert_eq!((after.week, &after.part, &after.work), (before.week, &before.part, &before.work));
    assert_eq!(after.notes, [Note::StepLighter { days: 16 }]);
    assert_eq!(after.notes[0].say(&TEXTS[0]), "You were away for 16 days. Today starts one step lighter.");
    let Today::Train(missed) = life.today(18, 600) else { panic!() };
    assert_eq!(missed.notes[0].say(&TEXTS[0]), "7 days since your last session. Start where you left off.");
    // A missed day is not made up for: the pace is what it was.
    let days: Vec<i64> = life.live(27, 36).iter().map(|(day, _)| *day).collect();
    assert_eq!(days, [27, 29, 31, 34]);
}

#[test]
fn hours_rest_and_not_dates() {
    let mut life = Life::new(programme("first_steps"), adult());
    let Today::Train(first) = life.today(10, 1430) else { panic!() };
    life.do_it(&first, 10, 1430, Some(0));
    let Today::Rest { why, again_in_min, .. } = life.today(12, 30) else { panic!() };
    // Two dates later and a day and ten minutes after it: 23 h 20 min are left.
    assert_eq!(
        (why.say(&TEXTS[0]), again_in_min),
        ("Rest day. Your muscles rest for 24 more hours.".to_owned(), Some(1400))
    );
    assert!(matches!(life.today(12, 1429), Today::Rest { .. }));
    assert!(matches!(life.today(12, 1430), Today::Train(_)));
}

#[test]
fn a_walk_of_ones_own_takes_nothing_away_and_a_session_of_ones_own_fills_the_day() {
    let mut life = Life::new(programme("steady"), someone(70, Level::Beginner, &[]));
    let free = |day: i64, exercise: &str| Done {
        day,
        at_min: day * 1440 + 500,
        programme: String::new(),
        part: String::new(),
        snack: false,
        worked: vec![Worked { exercise: exercise.to_owned(), pain: Some(0) }],
        morning_rise: None,
        checked_in: true,
    };
    life.done = (0..=6).map(|day| free(day, "walk")).collect();
    assert!(matches!(life.today(6, 600), Today::Train(_)));
    life.done.push(free(6, "side_add"));
    let Today::Rest { why, beside, .. } = life.today(6, 600) else { panic!() };
    assert_eq!((why, beside), (Note::DoneToday, vec![]));
    let Today::Train(_) = life.today(7, 600) else { panic!("other muscles, the next day") };
}

#[test]
fn the_first_weight_is_waited_for_and_a_week_is_done_again() {
    let mut life = Life::new(programme("first_steps"), adult());
    life.measured.mastered.clear();
    life.live(0, 20);
    let Today::Train(again) = life.today(22, 600) else { panic!() };
    assert_eq!((again.week, &again.notes[1]), (2, &Note::WeekAgain { until: Until::Mastered }));
    assert!(again.work.iter().all(|planned| planned.load == Load::None));
    life.measured = all_met();
    assert!(matches!(life.today(22, 600), Today::Finished(_)));
    life.measured.mastered.clear();
    let steady = Life { programme: programme("steady"), ..life };
    assert_eq!(steady.today(22, 600), Today::Closed(vec![Note::NeedsMastered]));
}

#[test]
fn pain_waits_for_a_check_in_and_screening_puts_something_easier_in_its_place() {
    let mut life = Life::new(programme("steady"), someone(70, Level::Beginner, &[]));
    let Today::Train(first) = life.today(0, 600) else { panic!() };
    life.do_it(&first, 0, 600, Some(0));
    life.done[0].worked[0].pain = Some(6);
    life.do_it(&Proposal { part: "b".to_owned(), ..first.clone() }, 2, 600, Some(0));
    let Today::Train(later) = life.today(4, 600) else { panic!() };
    assert!(later.work.iter().all(|planned| planned.exercise != "knee_ext_seated"));
    assert!(later.left_out[0].check_in_first && later.left_out[0].instead.is_none());
    life.done[0].checked_in = true;
    let Today::Train(after) = life.today(4, 600) else { panic!() };
    assert_eq!(after.work[0].exercise, "knee_ext_seated");
    // Hands and knees need the floor; from there one goes to the bed and to standing.
    let who = someone(40, Level::Beginner, &[]);
    let reply = |q| if q == Question::Reach { Reply::Yes } else { Reply::No };
    let replies = Question::ALL.into_iter().map(|q| (q, reply(q))).collect();
    let answers = Answers { replies, ..Answers::default() };
    let screening = Screening::new(&who.0, &answers, Stance::default(), CATALOGUE.rules()).unwrap();
    let hips = Life::new(programme("hips"), (who.0, screening));
    let Today::Train(proposal) = hips.today(0, 600) else { panic!() };
    let kick = proposal.left_out.iter().find(|left| left.exercise == "donkey_kick").unwrap();
    assert_eq!(kick.instead.as_deref(), Some("prone_hip_ext"));
    assert!(proposal.work.iter().any(|planned| planned.exercise == "prone_hip_ext"));
}

#[test]
fn cuffs_follow_the_main_lifts_of_the_day_and_rest_after_those_of_yesterday() {
    let mut life = Life::new(programme("leg_day"), adult());
    assert!(matches!(life.today(5, 1080), Today::Rest { why: Note::AfterLifts, .. }));
    let squat = |day: i64, minute: i64| Lifted {
        day,
        at_min: day * 1440 + minute,
        lift: Lift::Squat,
        sets: 3,
        reps: 5,
        bar_g: 80_000,
    };
    life.lifts.push(squat(5, 1020));
    let Today::Train(proposal) = life.today(5, 1080) else { panic!() };
    assert_eq!(proposal.part, "a");
    // Another squat yesterday: the front of the thigh rests, and with it both parts.
    life.lifts.push(squat(4, 1020));
    assert!(matches!(life.today(5, 1080), Today::Rest { why: Note::MusclesRest { hours: 23 }, .. }));
    let beginner = Life::new(programme("leg_day"), someone(40, Level::Beginner, &[]));
    assert_eq!(beginner.today(0, 600), Today::Closed(vec![Note::NeedsTrained]));
}

#[test]
fn snacks_are_single_sets_for_other_muscles_each() {
    let mut life = Life::new(programme("snacks"), adult());
    let mut parts = Vec::new();
    for day in 0..40 {
        for minute in [480, 720, 960, 1200] {
            if let Today::Train(proposal) = life.today(day, minute) {
                assert!(proposal.work.iter().all(|planned| planned.sets == 1));
                assert!((2..=4).contains(&proposal.minutes), "{}: {}", proposal.part, proposal.minutes);
                life.do_it(&proposal, day, minute, Some(0));
                parts.push((day, proposal.part));
            }
        }
    }
    let on = |day: i64| parts.iter().filter(|(at, _)| *at == day).count();
    assert_eq!((on(0), on(1), on(2)), (1, 1, 1));
    assert!((0..40).all(|day| on(day) <= 3) && parts.len() == 40, "{}", parts.len());
    assert!((7..40).all(|day| (day - 6..=day).map(on).sum::<usize>() <= 10));
    // Beside another programme they leave alone what that one needs rested.
    let mut beside = Life::new(programme("snacks"), adult());
    beside.keep = [Muscle::Calf, Muscle::Quadriceps].into();
    let Today::Train(proposal) = beside.today(0, 480) else { panic!() };
    assert_eq!(proposal.part, "kettle");
}

#[test]
fn a_plan_opens_the_stages_after_knee_surgery_and_measures_move_them() {
    let who = || someone(40, Level::Beginner, &[Condition::Aclr]);
    let mut life = Life::new(programme("knee_rebuild"), who());
    life.measured.stages_opened = 0;
    life.measured.lag_deg = Some(8.0);
    life.live(0, 14);
    let Today::Train(first) = life.today(15, 600) else { panic!() };
    assert_eq!((first.part.as_str(), first.load_week), ("quiet", 0));
    assert_eq!(first.notes[1], Note::WeekAgain { until: Until::NoLag });
    life.measured.lag_deg = Some(4.0);
    life.live(15, 40);
    let Today::Train(second) = life.today(41, 600) else { panic!() };
    assert_eq!(second.part, "window", "whoever wrote the plan has not opened the next");
    // What screening leaves out after cruciate ligament surgery a programme does not bring back (decision 8).
    assert!(second.work.iter().all(|planned| !planned.exercise.starts_with("knee_ext")), "{:?}", second.work);
    let short_arc = second.left_out.iter().find(|out| out.exercise == "knee_ext_short_arc").unwrap();
    assert_eq!(short_arc.why, [Why::Condition(Condition::Aclr)]);
    // Short of straight again: the first stage is the running one again.
    life.measured.lag_deg = None;
    let Today::Train(back) = life.today(41, 600) else { panic!() };
    assert_eq!(back.part, "quiet");
    life.plan = None;
    assert_eq!(life.today(41, 600), Today::Closed(vec![Note::NeedsPlan]));
}

#[test]
fn walking_with_a_weight_ends_where_something_speaks_against_it() {
    let mut life = Life::new(programme("walk_well"), adult());
    let all = life.live(0, 21);
    let walk = |n: usize| all[n].1.walk.unwrap();
    assert_eq!((walk(0).intervals, walk(3).intervals, walk(6).intervals), (0, 1, 2));
    assert!(all.iter().all(|(_, p)| p.protocol.as_deref() == Some("walk_interval")));
    life.who = someone(40, Level::Trained, &[Condition::KneeOa]);
    assert_eq!(life.today(30, 600), Today::Closed(vec![Note::NeedsLoadedWalking]));
}

#[test]
fn reminders_are_what_the_calendar_would_say() {
    let mut life = Life::new(programme("steady"), someone(70, Level::Beginner, &[]));
    // 5 January 1970 was a Monday; Monday, Wednesday, Friday and Saturday at nine.
    let at_nine = RemindAt { weekdays: [true, false, true, false, true, true, false], minute: 540, morning: Some(480) };
    let of = |life: &Life<'_>, now| reminders(&life.course(), &life.history(), now, &at_nine, 7);
    let all = of(&life, at(4, 480));
    let days: Vec<(i64, bool)> = all.iter().map(|r| (r.day, matches!(r.of, RemindOf::Session { .. }))).collect();
    // On the Saturday after Friday there is a walk, a little longer in the second week.
    assert_eq!(days, [(4, true), (6, true), (8, true), (9, false), (11, true)]);
    assert!(all.iter().all(|reminder| reminder.minute == 540));
    assert!(all[0].say(&TEXTS[0], None).starts_with("Steady: about "), "{}", all[0].say(&TEXTS[0], None));
    assert_eq!(all[3].say(&TEXTS[0], None), "Walk without weight: 11 minutes, if you like.");
    // What is past today is not reminded of; what was done is asked about once, the morning after.
    let Today::Train(first) = life.today(4, 600) else { panic!() };
    life.do_it(&first, 4, 600, Some(0));
    let all = of(&life, at(4, 700));
    assert_eq!((all[0].day, all[0].minute, &all[0].of), (5, 480, &RemindOf::CheckIn));
    assert!(all.iter().all(|reminder| reminder.day > 4));
}

#[test]
fn every_word_of_programmes_and_protocols_is_there() {
    for texts in &*TEXTS {
        let there = |key: String| assert_ne!(texts.say(&key, &[]), key, "{}", texts.language());
        for programme in CATALOGUE.programmes() {
            let parts = programme.parts.iter().map(|part| format!("part.{}", part.id));
            for name in ["name", "whom"].map(str::to_owned).into_iter().chain(parts) {
                there(format!("programme.{}.{name}", programme.id));
            }
        }
        for protocol in CATALOGUE.protocols() {
            let steps = (1..=protocol.steps).map(|n| format!("step_{n}"));
            for name in ["name", "what"].map(str::to_owned).into_iter().chain(steps) {
                there(format!("protocol.{}.{name}", protocol.id));
            }
            assert!(!texts.say(&format!("protocol.{}.step_{}", protocol.id, protocol.steps + 1), &[]).contains(' '));
        }
        let aims = Aim::ALL.map(|aim| format!("programme.aim.{}", aim.slug()));
        let untils = Until::ALL.map(|until| format!("today.again.{}", until.slug()));
        let supports = Support::ALL.map(|support| format!("protocol.support.{}", support.slug()));
        let lifts = Lift::ALL.map(|lift| format!("today.lift.{}", lift.slug()));
        for key in aims.into_iter().chain(untils).chain(supports).chain(lifts) {
            there(key);
        }
    }
    assert_eq!((CATALOGUE.programmes().count(), CATALOGUE.protocols().count()), (7, 17));
}

fn measured() -> impl Strategy<Value = Measured> {
    (any::<bool>(), prop::option::of(0.0..20.0f64), any::<bool>(), 0..4u32).prop_map(
        |(met, lag_deg, stable, opened)| {
            let whole = all_met();
            let mastered = if met { whole.mastered } else { BTreeSet::new() };
            Measured { mastered, lag_deg, swelling_stable: Some(stable), stages_opened: opened, ..whole }
        },
    )
}

fn set(reps: u32, pain: u8) -> SetDone {
    SetDone {
        count: reps,
        reserve: Some(5),
        pain: Some(pain),
        form: Some(95),
        range_share: Some(1.0),
        rate_deg_per_s: Some(100.0),
        measured: true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn muscles_rest_loads_do_not_rise_by_the_calendar_and_there_is_always_a_reason(
        pick in any::<prop::sample::Index>(),
        (age, trained, condition) in (5..110u16, any::<bool>(), prop::option::weighted(0.3, 0..Condition::ALL.len())),
        measured in measured(),
        // Hours until the next look, whether it is done, pain, whether they checked in, whether they lifted before.
        looks in prop::collection::vec((0..200i64, prop::bool::weighted(0.7), 0..8u8, any::<bool>(), any::<bool>()), 1..50),
        back in prop::option::weighted(0.2, (0..50usize, 1..3000i64)),
    ) {
        let all: Vec<&Programme> = CATALOGUE.programmes().collect();
        let level = if trained { Level::Trained } else { Level::Beginner };
        let named: Vec<Condition> = condition.map(|i| Condition::ALL[i]).into_iter().collect();
        let mut life = Life::new(all[pick.index(all.len())], someone(age, level, &named));
        life.measured = measured;
        let kit = Kit::new(500, 250, 5000).unwrap();
        let ceiling = Ceiling { mass_g: 2500, bound: Bound::Body };
        let mut carried = BTreeMap::<String, Vec<Exposure>>::new();
        let mut hours = 0i64;
        for (n, (pause, does, pain, checked, lifts)) in looks.into_iter().enumerate() {
            hours += pause;
            // A clock that somebody sets back once.
            if let Some((_, by)) = back.filter(|(at, _)| *at == n) {
                hours -= by;
            }
            let (day, minute) = (hours.div_euclid(24), (hours.rem_euclid(24) * 60) as u16);
            if checked {
                life.done.iter_mut().for_each(|done| done.checked_in = true);
            }
            if lifts {
                life.lifts.push(Lifted { day, at_min: hours * 60, lift: Lift::HeelRaise, sets: 3, reps: 8, bar_g: 40_000 });
            }
            let before = Progress::of(&life.course(), &life.history());
            let proposal = match life.today(day, minute) {
                Today::Train(proposal) => proposal,
                Today::Rest { why, again_in_min, .. } => {
                    for texts in &*TEXTS {
                        let said = why.say(texts);
                        prop_assert!(said.contains(' ') && !said.contains(OPEN), "{said}");
                    }
                    // Rest is over when it says, not a minute before; seldom another rest follows, and never many.
                    let mut then = hours * 60;
                    for hop in 0.. {
                        let look = |min: i64| life.today(min.div_euclid(1440), min.rem_euclid(1440) as u16);
                        let Today::Rest { again_in_min: Some(wait), .. } = look(then) else { break };
                        prop_assert!(wait > 0 && hop < 4, "{wait} {hop}");
                        prop_assert!(!matches!(look(then + wait - 1), Today::Train(_)), "{wait}");
                        then += wait;
                    }
                    prop_assert!(again_in_min.is_none_or(|min| min > 0));
                    continue;
                }
                Today::Closed(notes) => {
                    prop_assert!(!notes.is_empty());
                    for note in notes {
                        let (en, de) = (note.say(&TEXTS[0]), note.say(&TEXTS[1]));
                        prop_assert!(de.contains(' ') && !en.contains(OPEN), "{en} {de}");
                    }
                    continue;
                }
                Today::Finished(note) => {
                    prop_assert!(note.say(&TEXTS[0]).contains(' '));
                    continue;
                }
            };
            prop_assert!(!proposal.notes.is_empty());
            prop_assert!(!proposal.work.is_empty() || proposal.protocol.is_some());
            prop_assert!(!proposal.title(&TEXTS[0], None).contains("programme."));
            let named = proposal.tests.iter().chain(proposal.beside.iter().map(|(id, _)| id)).chain(&proposal.protocol);
            for protocol in named.map(|id| CATALOGUE.protocol(id).unwrap()) {
                prop_assert!(!protocol.supervised && (!protocol.needs_plan || life.plan.is_some()), "{}", protocol.id);
            }
            // However long the pause, no week was skipped.
            prop_assert_eq!(proposal.week as usize, before.week + 1);
            let muscles = proposal.muscles(&CATALOGUE);
            for done in &life.done {
                let worked = done.worked.iter().flat_map(|w| &CATALOGUE.exercise(&w.exercise).unwrap().muscles);
                if worked.clone().any(|muscle| muscles.contains(muscle)) {
                    prop_assert!((hours * 60 - done.at_min).abs() >= REST_MIN, "{hours} h after {}", done.at_min / 60);
                }
            }
            prop_assert!(life.programme.snacks || life.done.iter().all(|done| done.day != day));
            for planned in &proposal.work {
                let exercise = CATALOGUE.exercise(&planned.exercise).unwrap();
                prop_assert!(!life.who.1.of(exercise).left_out(), "{}", planned.exercise);
                let own = carried.entry(planned.exercise.clone()).or_default();
                let case = Case {
                    exercise,
                    body: life.who.0.body(),
                    care: life.who.1.care(),
                    ceiling: &ceiling,
                    kit: &kit,
                    rules: CATALOGUE.rules(),
                    reps: planned.reps,
                    sets: planned.sets,
                    rest_s: planned.rest_s,
                    reserve: planned.reserve,
                    week: proposal.load_week,
                };
                let step = next(&case, own, None, day);
                let last_g = own.last().map_or(0, |one| one.mass_g);
                let held = planned.held(step.clone(), last_g, &kit);
                prop_assert!(held.mass_g <= step.mass_g && held.sets <= step.sets && held.reserve >= step.reserve);
                prop_assert!(planned.steps || held.mass_g <= last_g || held.action == Action::Back);
                prop_assert!(planned.load != Load::None || held.mass_g == 0);
                let (en, de) = (held.why.say(&TEXTS[0]), held.why.say(&TEXTS[1]));
                prop_assert!(!en.contains(OPEN) && !de.starts_with("reason."), "{en} {de}");
                if does {
                    let lighter = held.action == Action::Lighter;
                    own.push(Exposure {
                        day,
                        mass_g: held.mass_g.max(if own.len() == 3 { 500 } else { 0 }),
                        sets: vec![set(planned.reps.1, pain); usize::from(held.sets)],
                        morning_rise: None,
                        checked_in: checked,
                        lighter,
                        rough: false,
                    });
                }
            }
            if does {
                life.do_it(&proposal, day, minute, Some(pain));
            }
        }
    }
}
