//! Whether what we give out ourselves fits through what we let in: five years of a person who trains, in small.

use super::{DOCUMENT_MAX, DOCUMENTS_MAX, FILES_MAX, RATIO_MAX};
use crate::store::faults::{head, heavy, store};
use crate::{ExportWish, Job, ProfileId, SessionHead, SessionId, Store};
use std::fs::File;
use talus_coach::{Laterality, Record, SetEnd, SetResult};
use talus_motion::{Measures, Micros, Quality, Rep, Side};

/// Sessions of five years, sets of one, repetitions of a set and leg: two million repetitions.
const SESSIONS: u64 = 1500;
const SETS: u32 = 6;
const REPS: u32 = 111;
/// How often what five years take must fit into each limit: somebody trains for twenty.
const ROOM: u64 = 4;

/// Digits such as measurements have: what is all the same packs better than a person does.
struct Digits(u64);

impl Digits {
    fn between(&mut self, from: f64, to: f64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        from + (to - from) * (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn rep(&mut self, seq: u32) -> Rep {
        let start = Micros(i64::from(seq) * 3_000_000);
        let [lift, hold, lower] = [self.between(0.8, 2.0), self.between(0.1, 1.0), self.between(1.0, 3.0)];
        let after = |s: f64| start.plus((s * 1e6) as i64);
        Rep {
            start,
            top: after(lift),
            turn: after(lift + hold),
            end: after(lift + hold + lower),
            range_deg: Some(self.between(20.0, 80.0)),
            lift_s: lift,
            hold_s: hold,
            lower_s: lower,
            rest_s: Some(self.between(0.1, 1.0)),
            peak_deg_per_s: self.between(40.0, 200.0),
            smoothness_sparc: Some(self.between(-3.0, -1.5)),
            full: true,
            confidence: self.between(0.7, 1.0),
            detectors: Vec::new(),
            measures: Measures::default(),
            quality: Quality::GOOD,
        }
    }
}

fn train(store: &Store, n: u64, digits: &mut Digits) {
    let mut id = [0x70; 16];
    id[8..].copy_from_slice(&n.to_be_bytes());
    let mut recorder = store.begin(&SessionHead { id: SessionId(id), ..head() }).unwrap();
    let mut records = Vec::new();
    for set_index in 0..SETS {
        for side in [Side::Left, Side::Right] {
            let began = Micros(i64::from(set_index) * 600_000_000);
            let exercise = "knee_ext_seated".to_owned();
            records.push(Record::SetBegan { set_index, exercise: exercise.clone(), side, mass_g: 1500, at: began });
            records.extend((1..=REPS).map(|seq| Record::Rep { set_index, side, seq, rep: digits.rep(seq) }));
            let result = SetResult {
                exercise,
                side,
                laterality: Laterality::Each,
                mass_g: 1500,
                began,
                ended: began.plus(500_000_000),
                end: SetEnd::Target,
                count: REPS,
                short: 0,
                target: Some(REPS),
                range_deg: Some(digits.between(20.0, 80.0)),
                tempo_s: Some([1.5, 0.5, 2.0]),
                peak_deg_per_s: Some(120.0),
                cadence_per_min: None,
                reserve: Some(2),
                pain: Some(0),
                counts_for_progress: true,
                quality: Quality::GOOD,
            };
            records.push(Record::SetEnded { set_index, result });
        }
    }
    recorder.records(&records);
    recorder.finish(i64::try_from(n).unwrap()).unwrap();
}

#[test]
fn five_years_that_we_gave_out_are_taken_in_with_room_to_every_limit() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (here, there) = (store(folder.path()), Store::open(&other.path().join("talus.db")).unwrap());
    // A tenth where a machine runs everything, less every day.
    let sessions = heavy(SESSIONS as usize, 30) as u64;
    let times = SESSIONS / sessions;
    let mut digits = Digits(7);
    for n in 0..sessions {
        train(&here, n, &mut digits);
    }
    let zip = folder.path().join("all.zip");
    here.export(&ExportWish { profile: None, recordings: true, written_utc_ms: 1 }, &zip, &Job::new()).unwrap();
    let imported = there.import(&zip, None, &Job::new()).unwrap();
    assert_eq!((imported.sessions_new, imported.recordings), (sessions, sessions));
    let ada = ProfileId([1; 16]);
    let course = |store: &Store| store.trend(ada, "knee_ext_seated", None).unwrap();
    assert_eq!(course(&there), course(&here));
    assert_eq!(course(&there).len() as u64, sessions * u64::from(2 * SETS));

    let mut bundle = zip::ZipArchive::new(File::open(&zip).unwrap()).unwrap();
    let (mut documents, mut largest, mut tightest) = (0, 0, 0);
    for at in 0..bundle.len() {
        let entry = bundle.by_index(at).unwrap();
        if entry.name().unwrap().starts_with("sessions/") {
            documents += entry.size();
            largest = largest.max(entry.size());
            tightest = tightest.max(entry.size() / entry.compressed_size());
        }
    }
    let files = bundle.len() as u64;
    for (what, is, most) in [
        ("all documents", documents * times, DOCUMENTS_MAX),
        ("the largest document", largest, DOCUMENT_MAX),
        ("files", files * times, FILES_MAX),
        ("bytes from one", tightest, RATIO_MAX),
    ] {
        assert!(is > 0 && is * ROOM <= most, "{what}: {is} of {most}");
    }
}
