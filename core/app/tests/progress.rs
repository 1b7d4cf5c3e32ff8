//! From history to the sets of a session, through the app: what a load follows from is seen in what is lifted, not only in
//! what a rule says.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{KNEE, day};
use std::path::Path;
use talus_app::coach::load::Kit;
use talus_app::coach::progression::Action;
use talus_app::coach::{Event, Record, SessionSummary, SetResult, Worn};
use talus_app::motion::{CuffId, Micros, Side};
use talus_app::store::{About, Kind, SessionHead, SessionId, Store};
use talus_app::{Note, Opening, PracticeWish, Run, Talus, without_a_worry};

const BOTH: [Side; 2] = [Side::Left, Side::Right];

fn open(folder: &Path) -> Talus {
    let database = folder.join("talus.db");
    let talus = Talus::open(Opening { database, language: "en".to_owned(), zone: Some("UTC".to_owned()) }).unwrap();
    talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
    talus
}

fn set(side: Side, mass_g: u32, count: u32, reserve: u8) -> SetResult {
    SetResult { reserve: Some(reserve), ..common::set(side, mass_g, count) }
}

/// A session as the app leaves it behind: two sets of both legs, so many days ago.
fn done(folder: &Path, talus: &Talus, ago: i64, of: &dyn Fn(Side) -> SetResult) {
    let store = Store::open(&folder.join("talus.db")).unwrap();
    let started_utc_ms = talus_app::clock::utc_ms() - ago * 86_400_000 - 120_000;
    let number = store.sessions(talus.person(), None, 1000).unwrap().len() as u64;
    let worn = BOTH.map(|side| Worn { cuff: CuffId([side as u8; 16]), side, mass_g: 0 });
    let head = SessionHead {
        id: SessionId(u128::from(number + 1).to_le_bytes()),
        profile: talus.person(),
        kind: Kind::Live,
        started_utc_ms,
        offset_min: 0,
        zone: "UTC".to_owned(),
        local_day: day(ago),
        engine_version: 1,
        catalogue_version: "1".to_owned(),
        plan: talus.session_plan(&[KNEE], &worn).unwrap(),
        source: String::new(),
    };
    let mut recorder = store.begin(&head).unwrap();
    let mut records = Vec::new();
    for set_index in 0..2 {
        for side in BOTH {
            let (result, exercise) = (of(side), KNEE.to_owned());
            let (mass_g, at) = (result.mass_g, result.began);
            records.push(Record::SetBegan { set_index, exercise, side, mass_g, at });
            records.push(Record::SetEnded { set_index, result });
        }
    }
    records.push(Record::Ended(SessionSummary {
        duration_s: 60.0,
        sets: 4,
        reps: 4,
        strides: 0,
        sentence: String::new(),
        next: Vec::new(),
        walk: Vec::new(),
        walked: None,
        tested: Vec::new(),
        red_flag: false,
    }));
    recorder.records(&records);
    recorder.finish(started_utc_ms + 60_000).unwrap();
}

/// The next session on simulated legs to its end: weights of its sets on the left, what was said of a load that was found,
/// and what comes next on the left.
fn practised(talus: &Talus, seed: u64) -> (Vec<u32>, Vec<String>, String) {
    let mut run = Run::practice(talus, PracticeWish { seed, exercises: vec![KNEE.to_owned()] }).unwrap();
    let mut found = Vec::new();
    while !run.over() {
        run.advance(run.now().plus(5_000_000)).unwrap();
        assert!(run.now() < Micros(3_600_000_000), "no way out");
        found.extend(run.notes().into_iter().filter_map(|note| match note {
            Note::Event(Event::Cue(cue)) if cue.key == "load_found" => cue.voice,
            _ => None,
        }));
    }
    let id = run.finish().unwrap().unwrap();
    let detail = talus.session(&id.to_string()).unwrap();
    let left = detail.sets.iter().filter(|set| set.result.side == Side::Left);
    let next = detail.summary.unwrap().next.into_iter().find(|line| line.contains(", left: ")).unwrap();
    (left.map(|set| set.result.mass_g).collect(), found, next)
}

#[test]
fn two_good_sessions_without_a_weight_open_the_third_which_finds_the_load_set_by_set() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let (first, found, next) = practised(&talus, 1);
    assert!(first.iter().all(|mass_g| *mass_g == 0) && found.is_empty());
    assert!(next.ends_with("1 more good session without weight comes first."), "{next}");
    let (second, _, next) = practised(&talus, 2);
    assert!(second.iter().all(|mass_g| *mass_g == 0), "{second:?}");
    assert!(next.ends_with("2 good sessions without weight. Now find your load."), "{next}");
    let (third, found, _) = practised(&talus, 3);
    // Without, then the lightest there is: this person always says that three are left.
    assert_eq!(third, [0, 500]);
    assert_eq!(found, ["0.5\u{202f}kg: 3 more would have gone."; 2]);
    // The fourth begins with what was found, and not with anything else.
    assert_eq!(practised(&talus, 4).0[0], 500);
}

#[test]
fn a_break_takes_a_step_and_a_set_off_and_a_long_one_finds_the_load_again() {
    for (ago, masses, why) in [
        (9, vec![1000, 1000], "9 days away. Start where you left off."),
        (20, vec![750], "20 days away. One step lighter: 0.75\u{202f}kg."),
        (40, vec![0, 500], "40 days away. Find your load again."),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let talus = open(folder.path());
        for more in [4, 2, 0] {
            done(folder.path(), &talus, ago + more, &|side| set(side, 1000, 12, 3));
        }
        let asked = talus.prescribe(KNEE, Side::Left, true).unwrap().prescription;
        assert_eq!(asked.why, why);
        assert_eq!(practised(&talus, 5).0, masses, "{ago} days");
    }
}

#[test]
fn where_nothing_moves_one_thing_after_the_other_is_changed_and_the_load_last() {
    let mut order: Vec<Action> = Vec::new();
    for sessions in (3..=18).step_by(3) {
        let folder = tempfile::tempdir().unwrap();
        let talus = open(folder.path());
        for session in 0..sessions {
            done(folder.path(), &talus, 2 * (sessions - session), &|side| set(side, 1000, 11, 3));
        }
        let step = talus.prescribe(KNEE, Side::Left, true).unwrap().step;
        assert!(step.mass_g <= 1000);
        if order.last() != Some(&step.action) {
            order.push(step.action);
        }
    }
    let at = |action| order.iter().position(|one| *one == action);
    let (slower, vary, down) = (at(Action::Slower), at(Action::Vary), at(Action::Down));
    assert!(slower.is_some() && slower < vary && vary < down, "{order:?}");
}

#[test]
fn the_leg_that_is_behind_leads_and_the_other_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    // The right leg meets every check; the left one does not come to the top of its range.
    for ago in [4, 2] {
        done(folder.path(), &talus, ago, &|side| set(side, 500, if side == Side::Left { 11 } else { 15 }, 3));
    }
    let right = |both| talus.prescribe(KNEE, Side::Right, both).unwrap();
    assert_eq!(right(false).step.action, Action::Up);
    assert_eq!((right(true).step.action, right(true).prescription.mass_g), (Action::Hold, 500));
    assert_eq!(right(true).prescription.why, "Same weight. The other side comes first.");
    let (masses, _, next) = practised(&talus, 6);
    assert!(masses.iter().all(|mass_g| *mass_g == 500), "{masses:?}");
    assert!(next.contains(", left: "), "{next}");
}

#[test]
fn whoever_has_outgrown_the_weights_there_are_is_told_and_gets_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.set_about(&About { kit: Some(Kit::new(500, 250, 1000).unwrap()), ..without_a_worry(1980, 70.0) }).unwrap();
    for ago in [4, 2] {
        done(folder.path(), &talus, ago, &|side| set(side, 1000, 15, 5));
    }
    let asked = talus.prescribe(KNEE, Side::Left, true).unwrap();
    assert_eq!((asked.step.action, asked.prescription.mass_g), (Action::Outgrown, 1000));
    assert_eq!(asked.prescription.why, "You have outgrown this cuff here. Try a harder version.");
    assert!(practised(&talus, 7).0.iter().all(|mass_g| *mass_g == 1000));
}
