//! The journeys of `tests/journeys` through the bridge in Rust: what Kotlin and Swift do over it, with the same numbers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
#[path = "../../../tests/signed_plan.rs"]
mod signed_plan;

use common::{Ear, Home};
use futures::executor::block_on;
use signed_plan::signed_plan;
use std::path::Path;
use std::sync::Arc;
use talus_core::{
    About, Answer, Answered, Answers, Beginning, CheckIn, Event, ExportWish, Goal, Level, LinkState, Moment,
    PersonChange, PlanChange, Question, Reply, Session, SessionDetail, SessionWish, Side, Subscription, Talus,
    TalusError, Work,
};
use talus_journeys::{Expect, Step, journeys};

const STEP_US: i64 = 100_000;
/// No journey lasts longer than this in virtual time.
const LONGEST_US: i64 = 3_600_000_000;

struct Walker {
    home: Home,
    /// The app of the person whose turn it is.
    talus: Arc<Talus>,
    ear: Arc<Ear>,
    run: Option<(Arc<Session>, Arc<Subscription>)>,
    /// The session as it was when it went out.
    exported: Option<SessionDetail>,
}

impl Walker {
    fn take_up(&mut self, session: Arc<Session>) {
        let observation = session.observe(self.ear.clone()).unwrap();
        self.run = Some((session, observation));
    }

    fn session(&self) -> &Session {
        &self.run.as_ref().expect("a journey begins before it goes on").0
    }

    fn over(&self) -> bool {
        self.session().latest_frame(0).unwrap().unwrap().over
    }

    fn go(&self, done: impl Fn(i64, &[Event]) -> bool) {
        let mut gone_us = 0;
        while !self.over() && !done(gone_us, &self.ear.heard()) {
            assert!(gone_us < LONGEST_US, "no end");
            self.session().advance(STEP_US).unwrap();
            gone_us += STEP_US;
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Demo { seed } => self.take_up(self.talus.begin(Beginning::Demo { seed: *seed }).unwrap()),
            Step::Person { birth_year, height_cm, mass_kg } => {
                let about = about(&self.talus, *birth_year, *height_cm as f32, *mass_kg as f32);
                self.talus.change_person(PersonChange::About { about }).unwrap();
            }
            Step::Become { name } => {
                let known = self.talus.profiles().unwrap().into_iter().find(|person| person.name == *name);
                let id = known.map_or_else(
                    || self.talus.change_person(PersonChange::Add { name: name.clone() }).unwrap(),
                    |person| person.id,
                );
                self.talus = self.talus.for_person(&id).unwrap();
            }
            Step::Practice { seed, exercises } => {
                self.practise(*seed, SessionWish::Exercises { exercises: exercises.clone() });
            }
            Step::Examine { seed, tests } => self.practise(*seed, SessionWish::Tests { tests: tests.clone() }),
            Step::Pain { level } => self.session().answer(Answer::Pain { level: *level }).unwrap(),
            Step::CheckIn { pain } => {
                let how =
                    CheckIn { pain: Some(*pain), slept_badly: false, sore: false, swollen: false, signs: Vec::new() };
                self.talus.check_in(Moment::Before, how).unwrap();
            }
            Step::Prescribed { exercise, side, mass_g, ceiling_g, why } => {
                let side = if side == "left" { Side::Left } else { Side::Right };
                let found = self.talus.prescribe(exercise, side, true).unwrap();
                assert_eq!((found.mass_g, found.most_g, &found.why), (*mass_g, *ceiling_g, why), "{exercise} {side:?}");
            }
            Step::NotOpen { exercise, why } => {
                let refused = self.talus.prescribe(exercise, Side::Left, true).unwrap_err();
                let TalusError::Invalid { what, .. } = &refused else { panic!("{refused:?}") };
                assert!(what.ends_with(why.as_str()), "{what}");
            }
            Step::Export { passphrase } => self.export(passphrase.clone()),
            Step::Wipe => self.wipe(),
            Step::Import { passphrase } => self.import(passphrase.as_ref()),
            Step::Plan { exercise, mass_most_g, range_deg } => {
                let (text, words) = signed_plan(exercise, *mass_most_g, *range_deg);
                let shown = self.talus.plan(Some(text.clone())).unwrap().unwrap();
                assert_eq!((&shown.words, shown.known, shown.lines[0].most_g), (&words, false, *mass_most_g));
                let accept = |words| self.talus.change_plan(PlanChange::Accept { text: text.clone(), words });
                assert!(accept(None).is_err(), "nobody has compared the words yet");
                assert_eq!(accept(Some(words)).unwrap().unwrap().not_now, None);
            }
            Step::Replay { .. } => unreachable!("recordings are followed in the journeys of talus-app"),
            Step::Go { seconds } => {
                let us = (seconds * 1e6) as i64;
                self.go(|gone_us, _| gone_us >= us);
            }
            Step::Until { set, count } => self.go(|_, heard| {
                let begun = heard.iter().filter(|event| matches!(event, Event::SetBegan { .. })).count();
                let last = heard.rsplit(|event| matches!(event, Event::SetBegan { .. })).next().unwrap_or_default();
                let counted = last.iter().filter(|event| matches!(event, Event::RepEnded { .. })).count();
                begun as u32 == *set && counted as u32 >= *count
            }),
            Step::Finish => {
                self.go(|_, _| false);
                let (session, _observation) = self.run.take().unwrap();
                assert!(session.finish().unwrap().is_some());
            }
            Step::Save => {
                assert!(self.session().save().unwrap() > 0);
            }
            Step::Kill => self.run.take().unwrap().0.abandon(),
            Step::Resume => self.take_up(self.talus.begin(Beginning::Resume { asked: "last".to_owned() }).unwrap()),
        }
    }

    fn practise(&mut self, seed: u64, wish: SessionWish) {
        self.ear = Arc::default();
        self.take_up(self.talus.begin(Beginning::Practice { seed, wish }).unwrap());
    }

    fn file(&self) -> String {
        self.home.folder.path().join("everything").display().to_string()
    }

    fn export(&mut self, passphrase: Option<String>) {
        let work = Work::new();
        let wish = ExportWish { everyone: true, recordings: true, passphrase };
        let exported = block_on(self.talus.export(self.file(), wish, work.clone())).unwrap();
        assert_eq!((exported.sessions, exported.recordings, work.progress()), (1, 1, Some(1.0)));
        self.exported = Some(self.talus.session("last").unwrap());
    }

    fn wipe(&mut self) {
        self.talus = self.home.wiped();
        assert_eq!(self.talus.sessions(10, None, false).unwrap(), []);
    }

    fn import(&mut self, passphrase: Option<&String>) {
        let contents = self.talus.look_into(self.file(), passphrase.cloned()).unwrap();
        assert_eq!((contents.sealed, contents.sessions), (passphrase.is_some(), 1));
        let here = self.talus.sessions(10, None, false).unwrap().len() as u64;
        let imported = block_on(self.talus.take_in(self.file(), passphrase.cloned(), Work::new())).unwrap();
        assert_eq!((imported.sessions_new, imported.sessions_kept), (1 - here, here));
        assert_eq!(self.exported, Some(self.talus.session("last").unwrap()), "it is not what went out");
    }

    fn check(&self, expect: &Expect) {
        let sessions = self.talus.sessions(100, None, false).unwrap();
        assert_eq!(sessions.len() as u32, expect.sessions);
        let detail = self.talus.session("last").unwrap();
        assert_eq!(detail.row.finished, expect.finished);
        let ear = &self.ear;
        assert_eq!(ear.count(|event| matches!(event, Event::Found { .. })) as u32, expect.paired);
        assert_eq!(ear.count(|event| matches!(event, Event::Paired { .. })) as u32, expect.paired);
        let lost = |event: &Event| matches!(event, Event::LinkChanged { state: LinkState::Lost, .. });
        assert_eq!(ear.count(lost) as u32, expect.lost);
        for words in &expect.said {
            let said = |event: &Event| matches!(event, Event::Said { text, .. } if text == words);
            assert!(ear.count(said) > 0, "nobody said: {words}");
        }
        assert_eq!(detail.sets.len(), expect.set.len());
        for (set, expected) in detail.sets.iter().zip(&expect.set) {
            let result = &set.result;
            let side = if result.side == Side::Left { "left" } else { "right" };
            assert_eq!((result.exercise.as_str(), side), (expected.exercise.as_str(), expected.side.as_str()));
            assert!((expected.count[0]..=expected.count[1]).contains(&result.count), "{result:?}");
            let full = set.reps.iter().filter(|rep| rep.full).count();
            let kept = if result.exercise == "walk" { set.strides.len() } else { full };
            assert_eq!(kept as u32, result.count);
            if let Some(ended_by) = &expected.ended_by {
                assert_eq!(&format!("{:?}", result.ended_by).to_lowercase(), ended_by);
            }
            if let Some(short) = expected.short {
                assert_eq!(result.short, short);
            }
            if let Some([least, most]) = expected.range_deg {
                let range = result.range_deg.unwrap();
                assert!(least <= f64::from(range) && f64::from(range) <= most, "{result:?}");
            }
            if let Some([least, most]) = expected.cadence_per_min {
                let cadence = f64::from(result.cadence_per_min.unwrap());
                assert!((least..=most).contains(&cadence), "{result:?}");
            }
        }
        assert_eq!(detail.tested.len(), expect.tested.len(), "{:?}", detail.tested);
        for (sheet, expected) in detail.tested.iter().zip(&expect.tested) {
            assert_eq!(sheet.name, expected.name);
            let [least, most] = expected.value;
            assert!((least..=most).contains(&f64::from(sheet.value.unwrap())), "{sheet:?}");
            assert!(sheet.lines.contains(&expected.says), "{sheet:?}");
        }
        // Its recording gives the same once more.
        let recording = self.home.household().join("recordings").join(format!("{}.talus", detail.row.id));
        let replayed = self.talus.replay_recording(&recording.display().to_string()).unwrap();
        assert_eq!((replayed.damaged, replayed.as_stored), (0, Some(true)));
    }
}

/// Somebody without a worry.
fn about(talus: &Talus, birth_year: i16, height_cm: f32, mass_kg: f32) -> About {
    let safe = |question| match question {
        Question::FloorAlone | Question::Reach => Reply::Yes,
        _ => Reply::No,
    };
    let asked = talus.book().questionnaire.questions.into_iter();
    let replies = asked.map(|one| Answered { question: one.question, reply: safe(one.question) }).collect();
    About {
        birth_year,
        height_cm,
        mass_kg,
        sex: None,
        goal: Goal::Strength,
        level: Level::Beginner,
        weights: None,
        answers: Some(Answers { replies, named: Vec::new(), falls: None, pain: None, surgery_cleared: false }),
        one_leg_s: None,
        tandem_s: None,
    }
}

fn journey(number: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/journeys");
    let all = journeys(&folder).unwrap();
    let named = |path: &Path| path.file_name().unwrap().to_string_lossy().starts_with(number);
    let (_, journey) = all.into_iter().find(|(path, _)| named(path)).expect("the file is there");
    let home = Home::new(&journey.language);
    let mut walker = Walker { talus: home.talus.clone(), home, ear: Arc::default(), run: None, exported: None };
    for step in &journey.step {
        walker.step(step);
    }
    walker.check(&journey.expect);
}

#[test]
fn a_session_from_pairing_to_history_is_the_same_through_the_bridge() {
    journey("01");
}

#[test]
fn a_lost_cuff_comes_back_through_the_bridge() {
    journey("02");
}

#[test]
fn a_killed_session_is_taken_up_again_through_the_bridge() {
    journey("03");
}

#[test]
fn pain_ends_an_exercise_until_somebody_checks_in_through_the_bridge() {
    journey("04");
}

#[test]
fn a_plan_from_somebody_trusted_narrows_a_load_and_a_range_through_the_bridge() {
    journey("05");
}

#[test]
fn a_walk_with_a_weight_begins_without_one_and_a_changed_stride_takes_it_off_through_the_bridge() {
    journey("07");
}

#[test]
fn tests_of_balance_and_function_are_done_kept_and_told_through_the_bridge() {
    journey("09");
}

#[test]
fn two_people_of_a_household_have_nothing_of_each_other_through_the_bridge() {
    journey("08");
}

#[test]
fn everything_goes_out_is_wiped_and_comes_back_the_same_through_the_bridge() {
    journey("06");
}
