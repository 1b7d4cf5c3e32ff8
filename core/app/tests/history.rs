//! Looking back as a shell does: traces, changes by hand, retention.
#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp)] // helpers of tests are tests; whole grams

use std::path::{Path, PathBuf};
use talus_app::history::{BestOf, downsample};
use talus_app::{AppError, DemoWish, Opening, Run, Talus};
use talus_coach::{Body, Laterality, Record, SessionPlan, SetEnd, SetResult};
use talus_motion::{Micros, Quality, Side};
use talus_store::{Budget, Edit, Kind, RawState, SessionHead, SessionId, SetEdit, Store, StoreError, Trace};

fn open(folder: &Path) -> Talus {
    let database = folder.join("talus.db");
    Talus::open(Opening { database, language: "en".to_owned(), zone: Some("Europe/Berlin".to_owned()) }).unwrap()
}

/// A finished demo, and where its recording is.
fn recorded(folder: &Path, talus: &Talus) -> PathBuf {
    let mut run = Run::demo(talus, DemoWish { seed: 3 }).unwrap();
    while !run.over() {
        run.advance(run.now().plus(1_000_000)).unwrap();
    }
    run.finish().unwrap();
    folder.join("recordings").join(format!("{}.talus", talus.session("last").unwrap().row.id))
}

#[test]
fn the_trace_of_a_set_rises_to_the_range_of_each_of_its_repetitions() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    recorded(folder.path(), &talus);
    let detail = talus.session("last").unwrap();
    let traces = talus.traces("last").unwrap();
    let sets: Vec<_> = detail.sets.iter().filter(|set| !set.reps.is_empty()).collect();
    assert!(sets.len() >= 4, "{}", sets.len());
    let mut compared = 0;
    for set in sets {
        let trace = traces.iter().find(|one| (one.set_index, one.side) == (set.set_index, set.result.side)).unwrap();
        for rep in set.reps.iter().filter(|rep| rep.quality.ok() && rep.range_deg.is_some()) {
            let inside = trace.points.iter().filter(|(at, _)| *at >= rep.start && *at <= rep.end);
            let top = inside.filter_map(|(_, angle)| *angle).fold(f64::MIN, f64::max);
            let range = rep.range_deg.unwrap();
            assert!((top - range).abs() < 6.0, "set {}: {top} beside {range}", set.set_index);
            compared += 1;
        }
        let (from, to) = (set.result.began, set.result.ended);
        let lines = downsample(&trace.points, from, to, 60);
        assert!(lines.iter().map(Vec::len).sum::<usize>() <= 4 * (60 + lines.len()));
    }
    assert!(compared >= 20, "{compared} repetitions");
    // Kept: they come back the same to a tenth of a degree, and without the recording.
    let kept = talus.traces("last").unwrap();
    assert_eq!(kept.len(), traces.len());
    let close = |a: &(Micros, Option<f64>), b: &(Micros, Option<f64>)| {
        a.0.since(b.0).abs() < 1000 && (a.1.unwrap_or(0.0) - b.1.unwrap_or(0.0)).abs() < 0.06
    };
    for (first, again) in traces.iter().zip(&kept) {
        assert_eq!(first.points.len(), again.points.len());
        assert!(first.points.iter().zip(&again.points).all(|(a, b)| close(a, b)));
    }
}

/// What is kept beside the results of the last session, and what a replay of its recording gives.
fn kept_and_replayed(folder: &Path, talus: &Talus) -> [Vec<Trace>; 2] {
    let store = Store::open(&folder.join("talus.db")).unwrap();
    let id = talus.session("last").unwrap().row.id;
    let kept = store.traces(id).unwrap();
    store.put_traces(id, &[]).unwrap();
    talus.traces("last").unwrap();
    [kept, store.traces(id).unwrap()]
}

#[test]
fn a_session_that_ends_keeps_its_traces_as_a_replay_would_draw_them() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    recorded(folder.path(), &talus);
    let [kept, replayed] = kept_and_replayed(folder.path(), &talus);
    assert_eq!(kept.len(), talus.session("last").unwrap().sets.iter().filter(|set| !set.reps.is_empty()).count());
    assert!(kept.iter().all(|trace| trace.points.len() > 50));
    assert_eq!(kept, replayed);

    // Left in the middle of a set and taken up again.
    let mut run = Run::demo(&talus, DemoWish { seed: 4 }).unwrap();
    while run.now() < Micros(100_000_000) {
        run.advance(run.now().plus(1_000_000)).unwrap();
    }
    let (left, _) = run.leave().unwrap().unwrap();
    let mut run = Run::resume(&talus, "last").unwrap();
    while !run.over() {
        run.advance(run.now().plus(1_000_000)).unwrap();
    }
    assert_eq!(run.finish().unwrap(), Some(left));
    let [kept, replayed] = kept_and_replayed(folder.path(), &talus);
    assert!(kept.len() >= 4, "{}", kept.len());
    assert_eq!(kept, replayed);
}

#[test]
fn a_session_taken_up_without_its_inputs_ends_without_traces() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let mut run = Run::demo(&talus, DemoWish { seed: 4 }).unwrap();
    while run.now() < Micros(100_000_000) {
        run.advance(run.now().plus(1_000_000)).unwrap();
    }
    let (id, _) = run.leave().unwrap().unwrap();
    std::fs::remove_file(folder.path().join("recordings").join(format!("{id}.talus"))).unwrap();
    let mut run = Run::resume(&talus, "last").unwrap();
    while !run.over() {
        run.advance(run.now().plus(1_000_000)).unwrap();
    }
    assert_eq!(run.finish().unwrap(), Some(id));
    let store = Store::open(&folder.path().join("talus.db")).unwrap();
    assert_eq!((store.session(id).unwrap().row.raw, store.traces(id).unwrap()), (RawState::Incomplete, Vec::new()));
    assert!(talus.traces("last").unwrap().is_empty());
}

#[test]
fn what_is_changed_by_hand_is_seen_everywhere_survives_a_rescore_and_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    recorded(folder.path(), &talus);
    let before = talus.session("last").unwrap();
    let set = before.sets.iter().find(|set| !set.reps.is_empty()).unwrap();
    let (set_index, side, count) = (set.set_index, set.result.side, set.result.count);
    let change = |change| Edit::Set { set_index, side, change };
    talus.edit("last", &change(SetEdit::Count(count + 2))).unwrap();
    talus.edit("last", &Edit::Note("slept badly".to_owned())).unwrap();
    let unknown = talus.edit("last", &change(SetEdit::Exercise("levitation".to_owned())));
    assert!(matches!(unknown, Err(AppError::Exercise(_))), "{unknown:?}");

    let rescore = talus.rescore("last").unwrap();
    assert!(!rescore.changes_anything(), "a change by hand is no change of the engine: {:?}", rescore.changes);
    talus.accept(&rescore).unwrap();
    let after = talus.session("last").unwrap();
    assert_eq!(after.row.reps, before.row.reps + 2);
    assert_eq!(after.row.note, "slept badly");
    let day = talus.local_day();
    assert_eq!(talus.days(&day, &day).unwrap()[0].totals.reps, before.row.reps + 2);
    let replayed = talus.replay_recording(&recording_of(folder.path(), &talus)).unwrap();
    assert_eq!(replayed.as_stored, Some(true));

    talus.undo("last", None).unwrap();
    talus.undo("last", None).unwrap();
    let back = talus.session("last").unwrap();
    assert_eq!((back.sets, back.row.note.as_str()), (before.sets, ""));
    assert_eq!(talus.edits("last").unwrap().len(), 4);
}

fn recording_of(folder: &Path, talus: &Talus) -> PathBuf {
    folder.join("recordings").join(format!("{}.talus", talus.session("last").unwrap().row.id))
}

#[test]
fn keeping_to_a_budget_says_first_what_goes_and_keeps_results_and_the_starred() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let first = recorded(folder.path(), &talus);
    talus.edit("last", &Edit::Starred(true)).unwrap();
    let second = recorded(folder.path(), &talus);
    let nothing = Budget { days: None, bytes: Some(0) };
    let review = talus.outgrown(nothing).unwrap();
    assert_eq!(review.expired.len(), 1);
    assert!(first.exists() && second.exists(), "looking deletes nothing");
    assert!(!talus.traces("last").unwrap().is_empty());
    let before = talus.session("last").unwrap();
    assert_eq!(talus.let_go(&review).unwrap(), [before.row.id]);
    assert!(first.exists() && !second.exists());
    let after = talus.session("last").unwrap();
    assert_eq!((&after.sets, &after.summary), (&before.sets, &before.summary));
    assert_eq!(after.row.raw, RawState::Absent);
    assert!(talus.traces("last").unwrap().is_empty());
    assert!(talus.let_go(&review).unwrap().is_empty());
    assert!(matches!(talus.rescore("last"), Err(AppError::Store(StoreError::NoRecording { .. }))));

    let id = talus.delete_session("last").unwrap();
    assert_eq!(id, before.row.id);
    assert_eq!(talus.sessions(9).unwrap().len(), 1);
    assert!(!talus.trend(&before.sets[0].result.exercise, None).unwrap().is_empty());
}

#[test]
fn nobody_gets_at_another_persons_session_and_who_is_deleted_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ada = open(folder.path());
    let recording = recorded(folder.path(), &ada);
    let id = ada.session("last").unwrap().row.id.to_string();
    let ben = ada.for_person(ada.add_person("Ben").unwrap()).unwrap();
    let unknown = |outcome: Result<(), AppError>| match outcome {
        Err(AppError::Store(StoreError::NoSession { .. })) => {}
        other => panic!("{other:?}"),
    };
    let rescore = ada.rescore("last").unwrap();
    unknown(ben.session(&id).map(drop));
    unknown(ben.traces(&id).map(drop));
    unknown(ben.rescore(&id).map(drop));
    unknown(ben.accept(&rescore));
    unknown(ben.edit(&id, &Edit::Starred(true)).map(drop));
    unknown(ben.undo(&id, None).map(drop));
    unknown(ben.edits(&id).map(drop));
    unknown(ben.recording_bytes(&id).map(drop));
    unknown(ben.delete_session(&id).map(drop));
    unknown(Run::resume(&ben, &id).map(drop));
    unknown(talus_app::live::Live::resume(&ben, ada.session("last").unwrap().row.id).map(drop));
    assert!(ben.sessions(9).unwrap().is_empty() && ben.pains().unwrap().is_empty());
    ada.accept(&rescore).unwrap();

    let [first, second] = [ada.person(), ben.person()];
    let has = ada.belongings(first).unwrap();
    assert_eq!((has.sessions, has.recordings), (1, 1));
    assert_eq!(has.recording_bytes, std::fs::metadata(&recording).unwrap().len());
    ada.delete_person(first).unwrap();
    assert!(!recording.exists() && ada.person() == second, "the app goes on as somebody who is there");
    assert!(matches!(ada.belongings(first), Err(AppError::NoPerson(_))));
    assert!(matches!(ada.delete_person(first), Err(AppError::NoPerson(_))));
    ada.delete_person(second).unwrap();
    let people = ada.people().unwrap();
    assert!(people.len() == 1 && people[0].id == ada.person() && people[0].name.is_empty());
    recorded(folder.path(), &ada);
}

/// Sessions of one exercise, one set of each leg a session, two days apart; `set` says what each had.
fn course_of(folder: &Path, talus: &Talus, sessions: u8, set: impl Fn(u8, Side) -> SetResult) {
    let store = Store::open(&folder.join("talus.db")).unwrap();
    for n in 0..sessions {
        let head = SessionHead {
            id: SessionId([n + 1; 16]),
            profile: talus.person(),
            kind: Kind::Live,
            started_utc_ms: 1_780_000_000_000 + i64::from(n) * 2 * 86_400_000,
            offset_min: 120,
            zone: "Europe/Berlin".to_owned(),
            local_day: format!("2026-{:02}-{:02}", 1 + n / 14, 1 + n % 14 * 2),
            engine_version: 1,
            catalogue_version: "1".to_owned(),
            plan: talus.session("last").map_or_else(|_| empty_plan(), |detail| detail.plan),
            source: String::new(),
        };
        let mut recorder = store.begin(&head).unwrap();
        for side in [Side::Left, Side::Right] {
            let result = set(n, side);
            let (exercise, mass_g, at) = (result.exercise.clone(), result.mass_g, result.began);
            recorder.records(&[
                Record::SetBegan { set_index: 0, exercise, side, mass_g, at },
                Record::SetEnded { set_index: 0, result },
            ]);
        }
        recorder.finish(head.started_utc_ms + 600_000).unwrap();
    }
}

fn empty_plan() -> SessionPlan {
    serde_json::from_str(r#"{"blocks":[],"worn":[],"pace":"guided","language":"en"}"#).unwrap()
}

fn result(side: Side, mass_g: u32, range_deg: f64, good: bool) -> SetResult {
    SetResult {
        exercise: "knee_ext_seated".to_owned(),
        side,
        laterality: Laterality::Each,
        mass_g,
        began: Micros(0),
        ended: Micros(40_000_000),
        end: SetEnd::Target,
        count: 10,
        short: 0,
        target: Some(10),
        range_deg: Some(range_deg),
        tempo_s: Some([1.9, 0.9, 2.8]),
        peak_deg_per_s: Some(80.0),
        cadence_per_min: None,
        reserve: Some(2),
        pain: Some(1),
        counts_for_progress: good,
        quality: Quality::GOOD,
    }
}

#[test]
fn the_course_of_an_exercise_says_what_is_best_what_changed_and_what_did_not() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    course_of(folder.path(), &talus, 12, |n, side| {
        // The left leg gains half a kilo every four sessions, the right one wobbles by a degree or two. A set nobody
        // measured well lies far outside, and must not matter.
        let wobble = f64::from(n % 3) - 1.0;
        match side {
            Side::Left => result(side, 1000 + u32::from(n / 4) * 500, 70.0 + wobble, true),
            Side::Right if n == 7 => result(side, 5000, 175.0, false),
            Side::Right => result(side, 1000, 72.0 + wobble, true),
        }
    });
    let body = Body::new(170.0, 70.0).unwrap();
    let courses = talus.course("knee_ext_seated", Some(&body)).unwrap();
    assert_eq!(courses.len(), 2);
    let [left, other] = &courses[..] else { panic!("two legs") };
    assert_eq!((left.points.len(), left.points[0].sets, left.points[0].count), (12, (1, 1), 10));
    assert!(left.points[11].torque_nm > left.points[0].torque_nm && left.points[0].torque_nm > Some(5.0));
    // 5° more of the range, and a tenth of the limb.
    assert!(left.points.iter().all(|one| one.torque_error_nm.is_some_and(|error| (0.2..2.0).contains(&error))));
    assert_eq!(other.points[7].torque_error_nm, None, "not measured");
    let point = &left.points[0];
    assert_eq!(point.torque_reps_nm, point.torque_nm.map(|nm| nm * 10.0));
    assert_eq!((point.form, point.tempo_s), (None, Some([1.9, 0.9, 2.8])), "without an own range there is no form");
    assert!(left.told[0].text.starts_with("Left: up "), "{}", left.told[0].text);
    assert_eq!(left.told[1].text, "Left: no clear change yet.");
    assert!(other.told.iter().all(|told| told.text == "Right: no clear change yet."), "{:?}", other.told);
    let of = |course: &talus_app::history::Course, of| course.bests.iter().find(|best| best.of == of).unwrap().clone();
    assert_eq!((of(left, BestOf::Load).value, of(left, BestOf::Load).session), (2000.0, SessionId([9; 16])));
    assert_eq!(of(other, BestOf::Load).value, 1000.0);
    assert_eq!((other.points[7].sets, other.points[7].mass_g, other.points[7].range_deg), ((1, 0), 5000, None));

    let sides = talus.sides("knee_ext_seated", Some(&body)).unwrap();
    assert_eq!(sides.len(), 11, "a session of which a leg was not measured has no pair");
    assert!(sides.last().unwrap().ratio > 1.2 && sides.last().unwrap().weaker == Some(Side::Right));
    let without = talus.course("knee_ext_seated", None).unwrap();
    assert!(without[0].points.iter().all(|point| point.torque_nm.is_none()));
    assert!(without[0].told[0].text.contains("kg"), "{}", without[0].told[0].text);
    assert!(matches!(talus.course("levitation", None), Err(AppError::Exercise(_))));

    // A set corrected by hand leaves best and change.
    let best = of(left, BestOf::Load).session;
    let change = SetEdit::Mass(1500);
    talus.edit(&best.to_string(), &Edit::Set { set_index: 0, side: Side::Left, change }).unwrap();
    let again = talus.course("knee_ext_seated", Some(&body)).unwrap();
    assert_eq!(of(&again[0], BestOf::Load).session, SessionId([10; 16]));
}

#[test]
fn the_calendar_has_every_day_of_its_weeks_and_ends_today() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    recorded(folder.path(), &talus);
    let calendar = talus.calendar(6).unwrap();
    assert_eq!(calendar.len(), 6);
    assert!(calendar.windows(2).all(|pair| pair[0].monday < pair[1].monday));
    let days: Vec<_> = calendar.iter().flat_map(|week| &week.days).collect();
    let past = days.iter().filter(|day| day.is_some()).count();
    assert!((36..=42).contains(&past), "{past}");
    let today = days.iter().rev().find_map(|day| **day).unwrap();
    let row = talus.sessions(1).unwrap().remove(0);
    assert_eq!((today.sessions, today.reps, today.sets, today.planned), (1, row.reps, row.sets, row.planned));
    assert_eq!(calendar[5].totals, today);
    assert!(row.planned >= row.sets, "{} of {}", row.sets, row.planned);
}
