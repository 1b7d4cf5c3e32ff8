//! A disk whose power is cut: what was synced is there afterwards, what was not may be there in part.
//!
//! The recording goes through [`Medium`], so each of its appends and syncs is seen. SQLite's files are looked at
//! whenever the writer comes back for the next second, when all of the last commit is synced; a cut in between leaves
//! a mixture of both pictures by sectors of 512 bytes, in the order SQLite keeps: the recording's sync, then the log
//! with its sync, then what a checkpoint moves. That SQLite does sync is asked of it elsewhere (`synchronous` is FULL).

#![allow(clippy::cast_possible_wrap)] // small counts of a test

use super::faults::{ID, head, heavy, store};
use super::*;
use crate::writer::Medium;
use std::sync::{Mutex, PoisonError};
use talus_coach::Record;
use talus_motion::{BlockFlags, CuffId, Quality, Rep, SampleBlock, Side};

/// A session of a quarter of an hour.
const SECONDS: i64 = 900;
const SECTOR: usize = 512;

/// Xorshift.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    /// What of `now` reached the disk that held `before`: each sector or not, all with the same chance.
    fn torn(&mut self, before: &[u8], now: &[u8]) -> Vec<u8> {
        let of_ten = [0, 5, 9, 10][self.below(4)];
        let mut disk = before.to_vec();
        for (index, sector) in now.chunks(SECTOR).enumerate() {
            let at = index * SECTOR;
            if before.get(at..at + sector.len()) == Some(sector) || self.below(10) >= of_ten {
                continue;
            }
            if disk.len() < at + sector.len() {
                disk.resize(at + sector.len(), 0);
            }
            disk[at..at + sector.len()].copy_from_slice(sector);
        }
        disk
    }
}

#[derive(Clone, Default)]
struct Picture {
    db: Vec<u8>,
    log: Vec<u8>,
    recording: Vec<u8>,
}

/// What a cut left, and how far the session was safe and received by then, seconds.
struct Cut {
    disk: Picture,
    acknowledged: i64,
    received: i64,
}

/// A recording whose folder is looked at between two seconds.
struct CrashDisk {
    file: RecordingFile,
    folder: PathBuf,
    before: Picture,
    second: i64,
    /// Seconds in which the power goes, one entry for each cut, sorted; the next is last.
    when: Vec<i64>,
    chance: Chance,
    /// A disk that lies about its syncs, to show that the test would see it.
    lies: bool,
    cuts: Arc<Mutex<Vec<Cut>>>,
}

impl CrashDisk {
    fn look(&self) -> Picture {
        let read = |name: &str| fs::read(self.folder.join(name)).unwrap_or_default();
        let recording = read(&format!("recordings/{ID}.talus"));
        Picture { db: read("talus.db"), log: read("talus.db-wal"), recording }
    }

    /// The second is over: everything of it is synced. The cuts within it are made up now that both ends are known.
    fn turn(&mut self) {
        let now = self.look();
        while self.when.last() == Some(&self.second) {
            self.when.pop();
            let mut disk = self.before.clone();
            let phase = self.chance.below(3);
            if phase == 0 || self.lies {
                disk.recording = self.chance.torn(&self.before.recording, &now.recording);
            } else {
                disk.recording.clone_from(&now.recording);
            }
            if phase == 1 {
                disk.log = self.chance.torn(&self.before.log, &now.log);
            }
            if phase == 2 {
                disk.log.clone_from(&now.log);
                disk.db = self.chance.torn(&self.before.db, &now.db);
            }
            // In the last phase the commit is safe, and may be acknowledged at any moment.
            let acknowledged = self.second - i64::from(phase < 2);
            let cut = Cut { disk, acknowledged, received: self.second };
            self.cuts.lock().unwrap_or_else(PoisonError::into_inner).push(cut);
        }
        self.before = now;
        self.second += 1;
    }
}

impl Medium for CrashDisk {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.turn();
        self.file.append(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        // The power is never really cut here, so nothing needs to reach a real disk.
        Ok(())
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.cut(length)
    }

    fn in_place(&self) -> bool {
        self.file.in_place()
    }
}

/// The inputs of one second (from 1): two cuffs, a tick.
fn second(second: i64) -> Vec<Input> {
    let mut noise = Chance(second.unsigned_abs() + 77);
    let base = (second - 1) * 1_000_000;
    let block = |block: i64, cuff: u8, noise: &mut Chance| SampleBlock {
        cuff: CuffId([cuff; 16]),
        stream: 1,
        first_index: (second * 50 + block * 10) as u64,
        device_us: None,
        arrival_us: base + block * 200_000,
        flags: BlockFlags::default(),
        counts: (0..10).map(|_| std::array::from_fn(|_| noise.below(400) as i16 - 200)).collect(),
    };
    let mut inputs: Vec<_> =
        (0..5).flat_map(|n| [1, 2].map(|cuff| Input::Samples(block(n, cuff, &mut noise)))).collect();
    inputs.push(Input::Tick { at: Micros(base + 999_999) });
    inputs
}

fn rep(second: i64) -> Rep {
    let start = Micros((second - 1) * 1_000_000);
    Rep {
        start,
        top: start,
        turn: start.plus(300_000),
        end: start.plus(700_000),
        range_deg: Some(second as f64),
        lift_s: 0.0,
        hold_s: Micros(300_000).seconds(),
        lower_s: Micros(400_000).seconds(),
        rest_s: None,
        peak_deg_per_s: 90.0,
        smoothness_sparc: None,
        full: true,
        confidence: 1.0,
        detectors: Vec::new(),
        measures: talus_motion::Measures::default(),
        quality: Quality::GOOD,
    }
}

/// Records a whole session and cuts the power `count` times.
fn cuts(count: usize, lies: bool) -> Vec<Cut> {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut chance = Chance(0xc0ffee);
    let mut when: Vec<_> = (0..count).map(|_| 1 + chance.below(SECONDS as usize) as i64).collect();
    when.sort_unstable_by(|a, b| b.cmp(a));
    let cuts = Arc::new(Mutex::new(Vec::new()));
    let (kept, path) = (Arc::clone(&cuts), folder.path().to_owned());
    let outfit = move |file, connection: &Connection| -> Box<dyn Medium> {
        // The writer's connection asks nothing of a real disk either; when it syncs is what is made up here.
        connection.pragma_update(None, "synchronous", 0).unwrap();
        let before = Picture::default();
        Box::new(CrashDisk { file, folder: path, before, second: 0, when, chance, lies, cuts: kept })
    };
    let mut recorder = store.begin_on(&head(), outfit).unwrap();
    for at in 1..=SECONDS {
        if at == 1 {
            let (exercise, side, at) = ("march".to_owned(), Side::Left, Micros(0));
            recorder.records(&[Record::SetBegan { set_index: 0, exercise, side, mass_g: 0, at }]);
        }
        for input in second(at) {
            recorder.push(&input);
        }
        recorder.records(&[Record::Rep { set_index: 0, side: Side::Left, seq: at as u32, rep: rep(at) }]);
        recorder.commit(Micros(at * 1_000_000)).unwrap();
        assert_eq!(recorder.settle().unwrap(), Micros(at * 1_000_000));
    }
    recorder.finish(1).unwrap();
    std::mem::take(&mut *cuts.lock().unwrap_or_else(PoisonError::into_inner))
}

/// What comes back after a cut: seconds of inputs and of rows, and whether the recording is as far as the rows.
fn reopened(cut: &Cut) -> (i64, i64, RawState) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("recordings")).unwrap();
    fs::write(folder.path().join("talus.db"), &cut.disk.db).unwrap();
    fs::write(folder.path().join("talus.db-wal"), &cut.disk.log).unwrap();
    fs::write(folder.path().join(format!("recordings/{ID}.talus")), &cut.disk.recording).unwrap();
    let store = Store::open(&folder.path().join("talus.db")).unwrap();
    let sound: String = store.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    let (found, back, recorder) = store.resume(ID).unwrap();
    assert_eq!(found, head());
    let mut expected = (1..=SECONDS).flat_map(second);
    let mut count = 0;
    while count < back.len() && expected.next().as_ref() == back.get(count) {
        count += 1;
    }
    assert!(count == back.len() || recorder.taken().unwrap().raw == RawState::Incomplete, "inputs as they were");
    let sets = store.session(ID).unwrap().sets;
    let reps = sets.first().map_or(&[][..], |set| set.reps.as_slice());
    assert!(reps.iter().zip(1..).all(|(found, at)| *found == rep(at)));
    ((count / second(1).len()) as i64, reps.len() as i64, recorder.taken().unwrap().raw)
}

#[test]
fn a_power_cut_at_any_moment_loses_nothing_acknowledged_and_at_most_a_second_of_the_rest() {
    let count = heavy(1_000, 100);
    let cuts = cuts(count, false);
    assert_eq!(cuts.len(), count);
    let (mut torn, mut most) = (0, 0);
    for cut in &cuts {
        let (seconds, rows, raw) = reopened(cut);
        assert_eq!(raw, RawState::Complete, "rows are never ahead of the recording");
        assert!(
            seconds >= cut.acknowledged && rows >= cut.acknowledged,
            "{seconds} s and {rows} rows of {}",
            cut.acknowledged
        );
        most = most.max(cut.received - seconds);
        torn += u32::from(seconds < cut.received);
    }
    assert!(most <= 1, "{most} s of what was received");
    // Worth something only where cuts hit what was under way.
    assert!(torn as usize > count / 10, "{torn} of {count} lost the second under way");
}

#[test]
fn a_disk_that_lies_about_its_syncs_is_noticed() {
    let noticed = cuts(60, true).iter().map(reopened).filter(|(_, _, raw)| *raw == RawState::Incomplete).count();
    assert!(noticed > 5, "{noticed} of 60 cuts");
}
