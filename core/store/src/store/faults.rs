//! Disks that fail: full, torn, gone. What was acknowledged stays, the rest is said, and the session goes on.

#![allow(clippy::cast_possible_wrap)] // small counts of a test

use super::*;
use crate::recording::Encoder;
use crate::{Counters, Kind, ProfileId};
use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use talus_coach::{Bookmark, Pace, SessionPlan, SessionSummary, Stage};
use talus_motion::Side;

const ADA: ProfileId = ProfileId([1; 16]);
pub(crate) const ID: SessionId = SessionId([2; 16]);

pub(crate) fn head() -> SessionHead {
    SessionHead {
        id: ID,
        profile: ADA,
        kind: Kind::Live,
        started_utc_ms: 1,
        offset_min: 0,
        zone: "UTC".to_owned(),
        local_day: "2026-11-24".to_owned(),
        engine_version: 1,
        catalogue_version: "1".to_owned(),
        plan: SessionPlan {
            blocks: Vec::new(),
            worn: Vec::new(),
            pace: Pace::Guided,
            language: "en".to_owned(),
            known: None,
        },
        source: String::new(),
    }
}

pub(crate) fn store(folder: &Path) -> Store {
    let store = Store::open(&folder.join("talus.db")).unwrap();
    store.ensure_profile(ADA, "Ada").unwrap();
    store
}

/// How often a heavy test goes round: `all` of it in `./test long`, a tenth where everything is run by a machine,
/// otherwise what a person waits for.
pub(crate) fn heavy(all: usize, everyday: usize) -> usize {
    match std::env::var("TALUS_HEAVY").as_deref() {
        Ok("all") => all,
        Ok("tenth") => all / 10,
        _ => everyday,
    }
}

/// What the disk does at the next appends and syncs; when nothing is left it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The append works and its sync too.
    None,
    /// Takes this many bytes, then it is full.
    FullAfter(usize),
    /// Takes all bytes, but the sync fails.
    NoSync,
}

struct FaultyFile {
    file: RecordingFile,
    faults: Arc<Mutex<VecDeque<Fault>>>,
    now: Fault,
}

impl Medium for FaultyFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        self.now = faults.pop_front().unwrap_or(Fault::None);
        match self.now {
            Fault::FullAfter(taken) => {
                self.file.append(&bytes[..taken.min(bytes.len())])?;
                Err(io::ErrorKind::StorageFull.into())
            }
            Fault::None | Fault::NoSync => self.file.append(bytes),
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        match self.now {
            Fault::NoSync => Err(io::Error::other("input/output error")),
            _ => self.file.sync(),
        }
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.cut(length)
    }

    fn in_place(&self) -> bool {
        self.file.in_place()
    }
}

/// One commit a second with these faults, and what settling each said. A fault that stands takes two tries a second:
/// one at the commit, one at the settling.
fn record(store: &Store, faults: &[Fault]) -> (Recorder, Vec<Result<Micros, StoreError>>) {
    let list = Arc::new(Mutex::new(faults.iter().copied().collect()));
    let outfit =
        |file, _: &Connection| -> Box<dyn Medium> { Box::new(FaultyFile { file, faults: list, now: Fault::None }) };
    let mut recorder = store.begin_on(&head(), outfit).unwrap();
    let mut outcomes = Vec::new();
    for second in 1..=5 {
        recorder.push(&Input::Tick { at: Micros(second * 1_000_000 - 1) });
        recorder.records(&[Record::SetBegan {
            set_index: second as u32,
            exercise: "march".to_owned(),
            side: Side::Left,
            mass_g: 0,
            at: Micros(0),
        }]);
        if let Err(error) = recorder.commit(Micros(second * 1_000_000)) {
            assert!(matches!(error, StoreError::Full { .. } | StoreError::NoAccess { .. }), "{error}");
        }
        outcomes.push(recorder.settle());
    }
    (recorder, outcomes)
}

fn all_there(store: &Store, inputs: i64) {
    let reading = store.reading(ID).unwrap();
    assert!(reading.damage.is_empty());
    assert_eq!(reading.whole_bytes, reading.bytes);
    let expected: Vec<_> = (1..=inputs).map(|second| Input::Tick { at: Micros(second * 1_000_000 - 1) }).collect();
    assert_eq!(reading.inputs, expected);
    assert_eq!(store.session(ID).unwrap().sets.len() as i64, inputs);
}

#[test]
fn a_disk_that_is_full_for_a_while_loses_nothing() {
    for taken in [0, 1, 20, 37, 1000] {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let full = Fault::FullAfter(taken);
        let (recorder, outcomes) = record(&store, &[Fault::None, full, full, full, full]);
        assert!(matches!(outcomes[0], Ok(Micros(1_000_000))));
        assert!(matches!(&outcomes[1], Err(StoreError::Full { path }) if *path == store.recording_path(ID)));
        assert!(matches!(outcomes[3], Ok(Micros(4_000_000))), "{outcomes:?}");
        assert!(matches!(outcomes[4], Ok(Micros(5_000_000))));
        recorder.finish(9).unwrap();
        assert!(store.reading(ID).unwrap().intact());
        all_there(&store, 5);
    }
}

fn summary() -> Record {
    Record::Ended(SessionSummary {
        duration_s: 5.0,
        sets: 5,
        reps: 0,
        strides: 0,
        sentence: "Five sets.".to_owned(),
        next: Vec::new(),
        walk: Vec::new(),
        walked: None,
        tested: Vec::new(),
        red_flag: false,
    })
}

#[test]
fn a_disk_that_fills_at_any_write_keeps_every_result_and_the_summary_says_so_and_finishes_without_signals() {
    for written in 0..5 {
        for taken in [0, 1, 15, 16, 17, 20] {
            let folder = tempfile::tempdir().unwrap();
            let store = store(folder.path());
            let faults = [vec![Fault::None; written], vec![Fault::FullAfter(taken); 40]].concat();
            let (mut recorder, outcomes) = record(&store, &faults);
            for (second, outcome) in (0..).zip(&outcomes) {
                match outcome {
                    Ok(safe) => assert!(second < written && *safe == Micros((second as i64 + 1) * 1_000_000)),
                    Err(error) => assert!(second >= written && matches!(error, StoreError::Full { .. }), "{error}"),
                }
            }
            assert_eq!(recorder.safe_through(), Micros(written as i64 * 1_000_000), "signals are not called safe");
            recorder.records(&[summary()]);
            let said = recorder.finish(9);
            assert!(matches!(&said, Err(StoreError::WithoutRaw { reason, .. }) if reason.contains("full")), "{said:?}");
            let detail = store.session(ID).unwrap();
            assert!(detail.row.finished && detail.row.raw == RawState::Incomplete);
            assert_eq!((detail.sets.len(), detail.summary.unwrap().sentence.as_str()), (5, "Five sets."));
            let reading = store.reading(ID).unwrap();
            assert_eq!((reading.inputs.len(), reading.damage.len()), (written, 0));
            assert!(matches!(store.resume(ID), Err(StoreError::Finished { .. })));
        }
    }
}

#[test]
fn a_session_that_is_killed_while_the_disk_is_full_is_taken_up_where_it_was_and_finished() {
    for written in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let (mut recorder, _) = record(&store, &[vec![Fault::None; written], vec![Fault::FullAfter(7); 40]].concat());
        let bookmark = Bookmark {
            at: Micros(5_000_000),
            block: 0,
            set_index: 5,
            side: Some(Side::Left),
            stage: Stage::Rest,
            count: 3,
            rest_until: None,
            stopped: vec!["side_abd".to_owned()],
            skipped: Vec::new(),
            eased: Vec::new(),
        };
        recorder.records(&[Record::Bookmark(bookmark.clone())]);
        recorder.abandon();
        // There is room again.
        let (_, inputs, mut recorder) = store.resume(ID).unwrap();
        let taken = recorder.taken().unwrap();
        assert_eq!(
            (inputs.len(), taken.raw, taken.bookmark.as_ref()),
            (written, RawState::Incomplete, Some(&bookmark))
        );
        recorder.push(&Input::Tick { at: Micros(9_000_000) });
        recorder.records(&[summary()]);
        recorder.finish(9).unwrap();
        let detail = store.session(ID).unwrap();
        assert_eq!((detail.sets.len(), detail.row.raw), (5, RawState::Incomplete));
        assert!(detail.row.finished && detail.summary.is_some());
        // What is missing is a marked gap in front of what came later.
        let reading = store.reading(ID).unwrap();
        assert_eq!((reading.inputs.len(), reading.intact()), (written + 1, false));
    }
}

#[test]
fn a_session_does_not_begin_where_its_results_could_not_be_saved() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    // Something that cannot be a file stands where the reserve would be.
    fs::create_dir(folder.path().join("talus.db.reserve")).unwrap();
    assert!(matches!(store.begin(&head()), Err(StoreError::NoAccess { .. })));
    assert!(matches!(store.session(ID), Err(StoreError::NoSession { .. })));
    fs::remove_dir(folder.path().join("talus.db.reserve")).unwrap();
    store.begin(&head()).unwrap().finish(1).unwrap();
    assert!(fs::metadata(folder.path().join("talus.db.reserve")).unwrap().len() >= 2 << 20);
}

#[test]
fn bytes_whose_sync_failed_are_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let (recorder, outcomes) = record(&store, &[Fault::None, Fault::NoSync, Fault::NoSync]);
    assert!(matches!(outcomes[1], Err(StoreError::NoAccess { .. })));
    assert_eq!(recorder.safe_through(), Micros(5_000_000));
    // Five good syncs would be the usual; the failed second went with the third. Its rows did not wait for it.
    let Counters { syncs, commits, waiting, .. } = recorder.counters();
    assert_eq!((syncs, commits, waiting), (4, 6, 0));
    recorder.finish(9).unwrap();
    all_there(&store, 5);
}

#[test]
fn a_database_without_room_is_said_and_what_was_safe_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let outfit = |file: RecordingFile, connection: &Connection| -> Box<dyn Medium> {
        let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        connection.pragma_update_and_check(None, "max_page_count", pages + 4, |_| Ok(())).unwrap();
        Box::new(file)
    };
    let mut recorder = store.begin_on(&head(), outfit).unwrap();
    let (mut full, mut safe) = (false, Micros(0));
    for second in 1..=60 {
        recorder.push(&Input::Tick { at: Micros(second * 1_000_000 - 1) });
        let set = |n: i64| Record::SetBegan {
            set_index: (second * 20 + n) as u32,
            exercise: "march".to_owned(),
            side: Side::Left,
            mass_g: 0,
            at: Micros(0),
        };
        recorder.records(&(0..20).map(set).collect::<Vec<_>>());
        let said = recorder.commit(Micros(second * 1_000_000));
        match said.and_then(|()| recorder.settle()) {
            Ok(now) => safe = now,
            Err(error) => {
                assert!(matches!(&error, StoreError::Full { path } if path == store.path()), "{error}");
                full = true;
                break;
            }
        }
    }
    assert!(full && safe > Micros(0));
    assert_eq!(recorder.safe_through(), safe);
    recorder.abandon();
    assert_eq!(store.session(ID).unwrap().sets.len() as i64, safe.0 / 1_000_000 * 20);
    // The recording is ahead of the rows: taken up again, everything can be derived once more.
    let (_, inputs, recorder) = store.resume(ID).unwrap();
    assert_eq!(inputs.len() as i64, safe.0 / 1_000_000 + 1);
    assert_eq!(recorder.taken().unwrap().raw, RawState::Complete);
}

#[test]
fn files_that_vanish_are_said_and_go_on_once_they_are_back() {
    for vanishing in ["recordings", "talus.db"] {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let mut recorder = store.begin(&head()).unwrap();
        let second = |recorder: &mut Recorder, second: i64| {
            recorder.push(&Input::Tick { at: Micros(second * 1_000_000 - 1) });
            recorder.commit(Micros(second * 1_000_000)).and_then(|()| recorder.settle())
        };
        assert!(second(&mut recorder, 1).is_ok());
        let (here, away) = (folder.path().join(vanishing), folder.path().join("elsewhere"));
        fs::rename(&here, &away).unwrap();
        assert!(matches!(second(&mut recorder, 2), Err(StoreError::Vanished { .. })), "{vanishing}");
        assert_eq!(recorder.safe_through(), Micros(1_000_000));
        fs::rename(&away, &here).unwrap();
        assert_eq!(second(&mut recorder, 3).unwrap(), Micros(3_000_000));
        recorder.finish(1).unwrap();
        assert_eq!(store.inputs(ID).unwrap().1.len(), 3);
    }
}

#[test]
fn a_slow_disk_makes_commit_wait_only_when_the_queue_is_full() {
    struct SlowFile(RecordingFile, std::sync::mpsc::Receiver<()>);
    impl Medium for SlowFile {
        fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
            // Stands until the test lets it go, or the test is over.
            let _ = self.1.recv();
            self.0.append(bytes)
        }
        fn sync(&mut self) -> io::Result<()> {
            self.0.sync()
        }
        fn cut(&mut self, length: u64) -> io::Result<()> {
            self.0.cut(length)
        }
        fn in_place(&self) -> bool {
            self.0.in_place()
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let (go, gate) = std::sync::mpsc::channel();
    // The medium crosses to the writer's thread; a receiver may do that, it is only not shared.
    let mut recorder = store.begin_on(&head(), |file, _| Box::new(SlowFile(file, gate))).unwrap();
    for second in 1..=4 {
        recorder.push(&Input::Tick { at: Micros(second * 1_000_000) });
        recorder.commit(Micros(second * 1_000_000)).unwrap();
    }
    let counters = recorder.counters();
    assert_eq!((counters.waits, counters.waiting, counters.commits), (0, 4, 0));
    assert_eq!(recorder.safe_through(), Micros(0));
    drop(go);
    assert_eq!(recorder.settle().unwrap(), Micros(4_000_000));
    assert_eq!(recorder.counters().waiting, 0);
    recorder.finish(1).unwrap();
}

#[test]
fn a_recording_that_goes_on_after_its_end_was_written_is_open_again() {
    // Finishing wrote the end into the file, then the database had no room: the session stayed open.
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    store.begin(&head()).unwrap().abandon();
    let mut encoder = Encoder::new(0);
    encoder.push(&Input::Tick { at: Micros(1) }).unwrap();
    encoder.end(5);
    let mut file = File::options().append(true).open(store.recording_path(ID)).unwrap();
    Write::write_all(&mut file, &encoder.take()).unwrap();
    assert!(store.reading(ID).unwrap().ended.is_some());
    let (_, inputs, mut recorder) = store.resume(ID).unwrap();
    assert_eq!(inputs.len(), 1);
    recorder.push(&Input::Tick { at: Micros(2_000_000) });
    recorder.commit(Micros(2_000_000)).unwrap();
    recorder.settle().unwrap();
    let reading = store.reading(ID).unwrap();
    assert!(reading.ended.is_none() && reading.intact());
    recorder.finish(6).unwrap();
    assert_eq!(store.reading(ID).unwrap().ended.map(|ended| ended.inputs), Some(2));
}
