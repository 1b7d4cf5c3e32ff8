//! Looking back through the bridge, and what a person changes about what was done.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Home;
use talus_core::{Beginning, Deletion, Edit, SessionDetail, TalusError};

/// A finished demo session of this seed.
fn done(home: &Home, seed: u64) -> SessionDetail {
    let session = home.talus.begin(Beginning::Demo { seed }).unwrap();
    session.advance(3_600_000_000).unwrap();
    session.finish().unwrap();
    home.talus.session("last").unwrap()
}

#[test]
fn a_count_is_changed_and_taken_back_and_a_page_begins_where_the_last_ended() {
    let home = Home::new("en");
    let (first, second) = (done(&home, 1), done(&home, 2));
    let newest = home.talus.sessions(1, None, false).unwrap();
    assert_eq!(newest[0].id, second.row.id);
    let next = home.talus.sessions(5, Some(newest[0].id.clone()), false).unwrap();
    assert_eq!(next.iter().map(|row| &row.id).collect::<Vec<_>>(), [&first.row.id]);
    assert!(matches!(home.talus.sessions(5, Some("ffff".to_owned()), false), Err(TalusError::NotFound { .. })));

    let set = &second.sets[0];
    let (set_index, side) = (set.set_index, set.result.side);
    home.talus.edit("last", Edit::Count { set_index, side, count: set.result.count + 2 }).unwrap();
    home.talus.edit("last", Edit::Note { text: "with shoes".to_owned() }).unwrap();
    let changed = home.talus.session("last").unwrap();
    assert_eq!(changed.sets[0].result.count, set.result.count + 2);
    assert!(changed.sets[0].edited && !changed.sets[0].result.counts_for_progress && !set.edited);
    assert_eq!((changed.row.note.as_str(), changed.row.edits), ("with shoes", 2));
    home.talus.edit("last", Edit::Undo).unwrap();
    home.talus.edit("last", Edit::Undo).unwrap();
    let back = home.talus.session("last").unwrap();
    assert_eq!((back.sets[0].result.count, back.row.note.as_str()), (set.result.count, ""));
    assert!(home.talus.edit("last", Edit::Undo).is_err(), "nothing is left to take back");
    assert!(home.talus.edit("last", Edit::Count { set_index: 99, side, count: 1 }).is_err());
}

#[test]
fn calendar_course_and_traces_say_what_was_done() {
    let home = Home::new("en");
    let detail = done(&home, 3);
    let weeks = home.talus.calendar(2).unwrap();
    assert_eq!((weeks.len(), weeks[1].days.len()), (2, 7));
    assert_eq!((weeks[1].totals.sessions, weeks[1].totals.reps), (1, detail.row.reps));
    assert_eq!(weeks[1].days.iter().map(|day| day.totals.reps).sum::<u32>(), detail.row.reps);

    let exercise = &detail.sets[0].result.exercise;
    let course = home.talus.course(exercise).unwrap();
    assert_eq!(course.len(), 2, "one a leg");
    for leg in &course {
        let counted: u32 = detail
            .sets
            .iter()
            .filter(|set| set.result.exercise == *exercise && set.result.side == leg.side)
            .map(|set| set.result.count)
            .sum();
        assert_eq!((leg.points.len(), leg.points[0].count), (1, counted));
        assert!(leg.told.iter().all(|told| !told.text.is_empty() && !told.beyond_error), "one session is no change");
    }
    assert!(matches!(home.talus.course("nowhere"), Err(TalusError::NotFound { .. })));
    assert!(home.talus.noted().unwrap().walking.points.is_empty());

    let traces = home.talus.traces("last", 200).unwrap();
    assert!(!traces.is_empty());
    for trace in &traces {
        let bytes: usize = trace.lines.iter().map(Vec::len).sum();
        assert!(bytes > 8 * 20 && bytes <= 8 * 4 * 200 && bytes.is_multiple_of(8), "{bytes} bytes");
    }
    assert!(matches!(home.talus.traces("last", 0), Err(TalusError::Invalid { .. })));
}

#[test]
fn today_s_engine_gives_the_same_again_and_a_deleted_session_is_gone() {
    let home = Home::new("en");
    let detail = done(&home, 4);
    let rescored = home.talus.rescore("last", false).unwrap();
    assert_eq!((rescored.changed_sets, rescored.same_sets), (0, detail.sets.len() as u32));
    assert!(!rescored.changes_anything && !rescored.accepted);
    assert!(home.talus.rescore("last", true).unwrap().accepted);
    assert_eq!(home.talus.session("last").unwrap().sets, detail.sets);
    assert_eq!(
        home.talus.delete(Deletion::Session { asked: detail.row.id.clone() }).unwrap(),
        std::slice::from_ref(&detail.row.id)
    );
    assert!(home.talus.sessions(10, None, false).unwrap().is_empty());
    assert!(matches!(home.talus.session(&detail.row.id), Err(TalusError::NotFound { .. })));
}
