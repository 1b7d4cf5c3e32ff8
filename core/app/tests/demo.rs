//! Sessions in virtual time as a shell drives them: whatever the pace, whenever they are left.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[allow(unreachable_pub)]
#[path = "../../../tests/shared_data.rs"]
mod shared_data;

use shared_data::shared_data;
use std::path::Path;
use talus_app::scene::Scene;
use talus_app::{AppError, DemoWish, Note, Opening, ReplayWish, Run, Talus};
use talus_coach::{Answer, Event, Input, Stage, Tap};
use talus_motion::Micros;
use talus_store::StoreError;

fn open(folder: &Path) -> Talus {
    let database = folder.join("talus.db");
    Talus::open(Opening { database, language: "en".to_owned(), zone: Some("Europe/Berlin".to_owned()) }).unwrap()
}

fn demo(talus: &Talus, seed: u64) -> Run {
    Run::demo(talus, DemoWish { seed }).unwrap()
}

/// Goes on in steps of `step_us` until `done` or the end.
fn go(run: &mut Run, step_us: i64, mut done: impl FnMut(&Run) -> bool) -> Vec<Note> {
    let mut notes = Vec::new();
    while !run.over() && !done(run) {
        assert!(run.now() < Micros(3_600_000_000), "no end in sight: {:?}", run.scene());
        run.advance(run.now().plus(step_us)).unwrap();
        notes.extend(run.notes());
    }
    notes
}

fn stage(run: &Run) -> Option<Stage> {
    match run.scene() {
        Scene::Session(session) => Some(session.frame.stage),
        _ => None,
    }
}

/// What a set came to, without the ids of this run.
fn results(notes: &[Note]) -> Vec<String> {
    let result = |note: &Note| match note {
        Note::Event(Event::SetEnded { result, .. }) => Some(format!("{result:?}")),
        _ => None,
    };
    notes.iter().filter_map(result).collect()
}

#[test]
fn how_fast_a_shell_goes_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    for (name, step_us) in [("a", 50_000), ("b", 250_000), ("c", 400_000_000)] {
        let talus = open(&folder.path().join(name));
        let mut run = demo(&talus, 11);
        let notes = go(&mut run, step_us, |_| false);
        all.push(results(&notes));
        run.finish().unwrap();
    }
    assert_eq!(all[0].len(), 6);
    assert!(all[0] == all[1] && all[0] == all[2]);
}

#[test]
fn a_second_session_cannot_write_into_the_same_database_and_the_first_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let mut first = demo(&talus, 1);
    go(&mut first, 100_000, |run| stage(run) == Some(Stage::Set));
    // Said at once, not after a person has paired and calibrated.
    let error = Run::demo(&open(folder.path()), DemoWish { seed: 2 }).err().expect("refused");
    assert!(matches!(error, AppError::Store(StoreError::InUse { .. })), "{error}");
    go(&mut first, 100_000, |_| false);
    first.finish().unwrap();
    assert_eq!(talus.session("last").unwrap().row.reps, 36);
}

#[test]
fn a_pause_from_the_keyboard_is_ended_only_from_the_keyboard() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let mut run = demo(&talus, 4);
    go(&mut run, 100_000, |run| stage(run) == Some(Stage::Set));
    run.press(Tap::Pause);
    let until = run.now().plus(60_000_000);
    go(&mut run, 100_000, |run| run.now() >= until);
    assert_eq!(stage(&run), Some(Stage::Paused));
    run.press(Tap::GoOn);
    go(&mut run, 100_000, |_| false);
    run.finish().unwrap();
    assert_eq!(talus.session("last").unwrap().row.reps, 36);
}

#[test]
fn pain_ends_an_exercise_and_a_red_flag_everything() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let mut run = demo(&talus, 6);
    go(&mut run, 100_000, |run| stage(run) == Some(Stage::Set));
    run.answer(Answer::Pain(5));
    let notes = go(&mut run, 100_000, |run| stage(run) == Some(Stage::Set));
    assert!(notes.iter().any(|note| matches!(note, Note::Event(Event::Cue(cue)) if cue.key == "pain_stop")));
    run.answer(Answer::RedFlag);
    assert!(run.over());
    run.finish().unwrap();
    let detail = talus.session("last").unwrap();
    assert!(detail.summary.unwrap().red_flag);
    // The other leg of the painful exercise was not begun.
    let exercises: Vec<_> = detail.sets.iter().map(|set| set.result.exercise.as_str()).collect();
    assert_eq!(exercises, ["knee_ext_seated", "stand_abd"]);
}

#[test]
fn a_red_flag_after_the_end_still_locks_the_day() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let mut run = demo(&talus, 2);
    go(&mut run, 250_000, |_| false);
    run.answer(Answer::Pain(3));
    run.answer(Answer::RedFlag);
    let told = run.notes();
    assert!(told.iter().any(|note| matches!(note, Note::Event(Event::Cue(cue)) if cue.key == "red_flag")));
    run.finish().unwrap();
    assert!(talus.session("last").unwrap().summary.unwrap().red_flag);
}

#[test]
fn a_session_left_at_any_moment_can_be_taken_up_and_ends_with_every_repetition() {
    for seed in 0..8_u32 {
        let folder = tempfile::tempdir().unwrap();
        let talus = open(folder.path());
        let mut run = demo(&talus, u64::from(seed));
        // Some 30 to 330 s in: pre-flight, sets of all exercises, reviews, rests, a lost cuff.
        let left_at = Micros(46_000_000 + 41_000_000 * i64::from(seed));
        go(&mut run, 100_000, |run| run.now() >= left_at);
        let (id, safe) = run.leave().unwrap().expect("it had begun");
        assert_eq!(talus.unfinished().unwrap().len(), 1);
        let before = talus.session("last").unwrap();
        assert!(safe.seconds() > 0.5);
        let mut run = Run::resume(&talus, "last").unwrap();
        go(&mut run, 100_000, |_| false);
        assert_eq!(run.finish().unwrap(), Some(id));
        let after = talus.session("last").unwrap();
        assert!(after.row.finished && talus.unfinished().unwrap().is_empty());
        assert_eq!((after.sets.len(), after.row.reps), (6, 36), "left at {left_at:?}");
        // Nothing that was there before is different now.
        for set in before.sets.iter().filter(|set| !set.open) {
            assert!(after.sets.contains(set), "{set:?}");
        }
        for (set, then) in before.sets.iter().zip(&after.sets) {
            assert_eq!(set.reps, then.reps[..set.reps.len()]);
        }
    }
}

#[test]
fn there_is_nothing_to_resume_where_everything_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    assert!(matches!(Run::resume(&talus, "last"), Err(AppError::NothingToResume)));
    assert!(talus.sessions(10).unwrap().is_empty());
    assert!(matches!(talus.session("last"), Err(AppError::Store(StoreError::NoSession { .. }))));
}

#[test]
fn files_and_exercises_that_do_not_pair_up_leave_no_session_behind() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let wish = |files: &[&str], exercises: &[&str]| ReplayWish {
        files: files.iter().map(|name| folder.path().join(name)).collect(),
        exercises: exercises.iter().map(|id| (*id).to_owned()).collect(),
        side: None,
        input_map: None,
    };
    let refused = |wish| Run::replay(&talus, &wish).err().expect("refused");
    assert!(matches!(
        refused(wish(&["a", "b", "c"], &["walk", "walk"])),
        AppError::Unmatched { files: 3, exercises: 2 }
    ));
    assert!(matches!(refused(wish(&["a"], &["wlak"])), AppError::Exercise(unknown) if unknown.nearest[0] == "walk"));
    assert!(matches!(refused(wish(&["a"], &["walk"])), AppError::File(_)));
    assert!(talus.sessions(10).unwrap().is_empty());
}

#[test]
fn a_zone_nobody_knows_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let opening = |zone: &str| Opening {
        database: folder.path().join("talus.db"),
        language: "en".to_owned(),
        zone: Some(zone.to_owned()),
    };
    let error = Talus::open(opening("Mars/Olympus")).err().expect("refused");
    assert_eq!(error.to_string(), "find the time zone \"Mars/Olympus\"");
    assert!(error.usage() && !error.advice().is_empty());
    assert!(Talus::open(opening("Asia/Kolkata")).is_ok());
}

/// Sets of a session as a list of counts.
fn counts(talus: &Talus) -> Vec<(u32, u32)> {
    talus.session("last").unwrap().sets.iter().map(|set| (set.result.count, set.result.short)).collect()
}

#[test]
fn a_replay_that_was_left_at_any_moment_has_the_sets_of_an_undisturbed_one() {
    let Some(folder) = shared_data("a_replay_that_was_left", "uci-physio-leg") else { return };
    let wish = |name: &str, id: &str| ReplayWish {
        files: vec![folder.join(format!("{name}_shank_session.csv"))],
        exercises: vec![id.to_owned()],
        side: None,
        input_map: None,
    };
    let (mut same, mut all) = (0, 0);
    for (name, id) in [("s1_seated_knee_extension", "knee_ext_seated"), ("s2_supine_leg_raise", "quad_set_slr")] {
        let home = tempfile::tempdir().unwrap();
        let talus = open(home.path());
        let mut run = Run::replay(&talus, &wish(name, id)).unwrap();
        go(&mut run, 1_000_000, |_| false);
        run.finish().unwrap();
        let undisturbed = counts(&talus);
        for moment in 1..20 {
            let home = tempfile::tempdir().unwrap();
            let talus = open(home.path());
            let mut run = Run::replay(&talus, &wish(name, id)).unwrap();
            // Left twice, the second time a little later.
            for later_s in [0, 17] {
                let until = Micros((moment * 12 + later_s) * 1_000_000);
                go(&mut run, 100_000, |run| run.now() >= until);
                run.leave().unwrap().expect("it had begun");
                run = Run::resume(&talus, "last").unwrap();
            }
            go(&mut run, 1_000_000, |_| false);
            run.finish().unwrap();
            let found = counts(&talus);
            all += 1;
            same += u32::from(found == undisturbed);
            // The tracker begins anew at a seam, where the leg may still move: the same sets, and for each of the two
            // seams at most one repetition more or less.
            assert_eq!(found.len(), undisturbed.len(), "{name} left at {} s: {found:?}", moment * 12);
            for (found, undisturbed) in found.iter().zip(&undisturbed) {
                assert!(found.0.abs_diff(undisturbed.0) <= 2, "{name} left at {} s: {found:?}", moment * 12);
            }
        }
    }
    assert!(same * 10 >= all * 9, "{same} of {all} counted every repetition once");
}

/// Without the input that says so, a recording taken up again would look like one that was never left: a replay could not
/// tell a gap of hours from a second.
#[test]
fn each_time_a_session_is_taken_up_again_stands_in_its_recording_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let mut run = demo(&talus, 5);
    go(&mut run, 250_000, |run| stage(run) == Some(Stage::Set));
    let mut left = Vec::new();
    for _ in 0..2 {
        let until = run.now().plus(4_000_000);
        go(&mut run, 250_000, |run| run.now() >= until);
        let (_, safe) = run.leave().unwrap().unwrap();
        left.push(safe);
        run = Run::resume(&talus, "last").unwrap();
    }
    let id = run.finish().unwrap().unwrap();
    let store = talus_store::Store::open(&folder.path().join("talus.db")).unwrap();
    let (_, inputs) = store.inputs(id).unwrap();
    let taken_up: Vec<_> = inputs
        .iter()
        .filter_map(|input| match input {
            Input::Resumed { at, .. } => Some(*at),
            _ => None,
        })
        .collect();
    assert_eq!(taken_up, left);
}
