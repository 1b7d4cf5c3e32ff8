//! Looking back as a shell does: traces, changes by hand, retention.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use talus_app::history::downsample;
use talus_app::{AppError, DemoWish, Opening, Run, Talus};
use talus_motion::Micros;
use talus_store::{Budget, Edit, RawState, SetEdit, StoreError};

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
