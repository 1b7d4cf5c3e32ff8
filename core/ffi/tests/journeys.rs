//! The journeys of `tests/journeys` through the bridge in Rust: what Kotlin and Swift do over it, with the same numbers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Ear, Home};
use std::path::Path;
use std::sync::Arc;
use talus_core::{Event, LinkState, Session, Side, Subscription};
use talus_journeys::{Expect, Step, journeys};

const STEP_US: i64 = 100_000;
/// No journey lasts longer than this in virtual time.
const LONGEST_US: i64 = 3_600_000_000;

struct Walker {
    home: Home,
    ear: Arc<Ear>,
    run: Option<(Arc<Session>, Arc<Subscription>)>,
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
            Step::Demo { seed } => self.take_up(self.home.talus.demo(*seed).unwrap()),
            Step::Replay { .. } => unreachable!("recordings are followed in the journeys of talus-app"),
            Step::Export { .. } | Step::Wipe | Step::Import { .. } => {
                unreachable!("everything goes out and comes back in the journeys of talus-app")
            }
            Step::Person { .. }
            | Step::Become { .. }
            | Step::Plan { .. }
            | Step::Practice { .. }
            | Step::Pain { .. }
            | Step::CheckIn { .. }
            | Step::Prescribed { .. }
            | Step::NotOpen { .. } => unreachable!("people are followed in the journeys of talus-app"),
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
            Step::Resume => self.take_up(self.home.talus.resume("last").unwrap()),
        }
    }

    fn check(&self, expect: &Expect) {
        let sessions = self.home.talus.sessions(100, None).unwrap();
        assert_eq!(sessions.len() as u32, expect.sessions);
        let detail = self.home.talus.session("last").unwrap();
        assert_eq!(detail.row.finished, expect.finished);
        let ear = &self.ear;
        assert_eq!(ear.count(|event| matches!(event, Event::Found { .. })) as u32, expect.paired);
        assert_eq!(ear.count(|event| matches!(event, Event::Paired { .. })) as u32, expect.paired);
        let lost = |event: &Event| matches!(event, Event::LinkChanged { state: LinkState::Lost, .. });
        assert_eq!(ear.count(lost) as u32, expect.lost);
        assert_eq!(detail.sets.len(), expect.set.len());
        for (set, expected) in detail.sets.iter().zip(&expect.set) {
            let result = &set.result;
            let side = if result.side == Side::Left { "left" } else { "right" };
            assert_eq!((result.exercise.as_str(), side), (expected.exercise.as_str(), expected.side.as_str()));
            assert!((expected.count[0]..=expected.count[1]).contains(&result.count), "{result:?}");
            assert_eq!(set.reps.iter().filter(|rep| rep.full).count() as u32, result.count);
            if let Some(short) = expected.short {
                assert_eq!(result.short, short);
            }
            if let Some([least, most]) = expected.range_deg {
                let range = result.range_deg.unwrap();
                assert!(least <= f64::from(range) && f64::from(range) <= most, "{result:?}");
            }
        }
        // Its recording gives the same once more.
        let recording = self.home.folder.path().join("recordings").join(format!("{}.talus", detail.row.id));
        let replayed = self.home.talus.replay_recording(&recording.display().to_string()).unwrap();
        assert_eq!((replayed.damaged, replayed.as_stored), (0, Some(true)));
    }
}

fn journey(number: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/journeys");
    let all = journeys(&folder).unwrap();
    let named = |path: &Path| path.file_name().unwrap().to_string_lossy().starts_with(number);
    let (_, journey) = all.into_iter().find(|(path, _)| named(path)).expect("the file is there");
    let mut walker = Walker { home: Home::new(&journey.language), ear: Arc::default(), run: None };
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
